package org.mapcask.cli;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Writes one JSON object, member by member, in the order of the calls. One thread. */
final class Json {
    private final StringJoiner members = new StringJoiner(",", "{", "}");

    Json text(final String name, final String value) {
        return raw(name, quote(value));
    }

    Json number(final String name, final long value) {
        return raw(name, Long.toString(value));
    }

    Json flag(final String name, final boolean value) {
        return raw(name, Boolean.toString(value));
    }

    Json texts(final String name, final List<String> values) {
        return raw(name, of(values));
    }

    Json objects(final String name, final List<Json> values) {
        return raw(name, of(values));
    }

    /** A member whose value is JSON already. */
    Json raw(final String name, final String json) {
        members.add(quote(name) + ':' + json);
        return this;
    }

    /** JSON of a value: maps and lists of these, numbers, booleans and null as such, and anything else as its text. */
    static String of(final Object value) {
        if (value instanceof Map<?, ?>) {
            final Json object = new Json();
            ((Map<?, ?>) value).forEach((name, member) -> object.raw(name.toString(), of(member)));
            return object.toString();
        }
        if (value instanceof Iterable<?>) {
            final StringJoiner array = new StringJoiner(",", "[", "]");
            ((Iterable<?>) value).forEach(element -> array.add(of(element)));
            return array.toString();
        }
        final boolean noNumber = value instanceof Double && !Double.isFinite((Double) value);
        final boolean plain = value instanceof Number && !noNumber || value instanceof Boolean || value instanceof Json;
        return value == null || noNumber ? "null" : plain ? value.toString() : quote(value.toString());
    }

    /** A string with its quotation marks and escapes. */
    static String quote(final String value) {
        final StringBuilder text = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c == '\n') {
                text.append("\\n");
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
