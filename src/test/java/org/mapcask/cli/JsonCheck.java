package org.mapcask.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A strict little JSON reader: tests hold what the commands print against the grammar, not against a substring. */
final class JsonCheck {
    private final String text;
    private int at;

    private JsonCheck(final String text) {
        this.text = text;
    }

    /** The one object that the text is; a single line break after it is allowed. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(final String text) {
        final JsonCheck check = new JsonCheck(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        final Object value = check.value();
        if (check.at != check.text.length() || !(value instanceof Map)) {
            throw check.wrong("the end of an object");
        }
        return (Map<String, Object>) value;
    }

    private Object value() {
        if (at >= text.length()) {
            throw wrong("a value");
        }
        switch (text.charAt(at)) {
            case '{':
                return members();
            case '[':
                return elements();
            case '"':
                return string();
            default:
                return literal();
        }
    }

    private Map<String, Object> members() {
        final Map<String, Object> members = new LinkedHashMap<>();
        at++;
        while (text.charAt(at) != '}') {
            if (!members.isEmpty()) {
                expect(',');
            }
            final String name = string();
            expect(':');
            if (members.containsKey(name)) {
                throw wrong("another name than " + name);
            }
            members.put(name, value());
        }
        at++;
        return members;
    }

    private List<Object> elements() {
        final List<Object> elements = new ArrayList<>();
        at++;
        while (text.charAt(at) != ']') {
            if (!elements.isEmpty()) {
                expect(',');
            }
            elements.add(value());
        }
        at++;
        return elements;
    }

    private String string() {
        final StringBuilder string = new StringBuilder();
        expect('"');
        while (text.charAt(at) != '"') {
            final char c = text.charAt(at++);
            if (c < ' ') {
                throw wrong("no bare control character");
            }
            string.append(c == '\\' ? escaped() : c);
        }
        at++;
        return string.toString();
    }

    private char escaped() {
        final char c = text.charAt(at++);
        switch (c) {
            case 'n':
                return '\n';
            case '"':
            case '\\':
                return c;
            case 'u':
                at += 4;
                return (char) Integer.parseInt(text.substring(at - 4, at), 16);
            default:
                throw wrong("an escape");
        }
    }

    private Object literal() {
        final int start = at;
        while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        final String literal = text.substring(start, at);
        switch (literal) {
            case "true":
                return true;
            case "false":
                return false;
            case "null":
                return null;
            default:
                if (!literal.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
                    throw wrong("a number");
                }
                return Double.valueOf(literal);
        }
    }

    private void expect(final char c) {
        if (text.charAt(at) != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    private AssertionError wrong(final String expected) {
        return new AssertionError("expected " + expected + " at " + at + " of: " + text);
    }
}
