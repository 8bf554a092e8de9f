package org.mapcask.lab.results;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes maps, lists, strings, numbers and booleans as JSON, and anything else as its text. Maps keep their order.
 * Not-a-number and infinity become null. Stateless.
 */
public final class Json {
    private static final String INDENT = "  ";
    private static final int DIGITS_MIN = 4;
    private static final int DIGITS_THAT_COUNT = 7;
    private static final int DIGITS_MAX = 20;

    private Json() {
    }

    /**
     * Renders a value, ending with a line feed.
     *
     * @param value a map with string keys, a list, a string, a number, a boolean or null.
     * @return indented JSON.
     */
    public static String render(final Object value) {
        final StringBuilder out = new StringBuilder();
        append(out, value, "");
        return out.append('\n').toString();
    }

    /**
     * Renders a value without a blank or a line feed.
     *
     * @param value as for {@link #render}.
     * @return JSON.
     */
    public static String compact(final Object value) {
        final StringBuilder out = new StringBuilder();
        appendCompact(out, value);
        return out.toString();
    }

    private static void appendCompact(final StringBuilder out, final Object value) {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (final Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                appendString(out, entry.getKey().toString());
                out.append(':');
                appendCompact(out, entry.getValue());
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (final Object element : list) {
                out.append(separator);
                appendCompact(out, element);
                separator = ",";
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else {
            append(out, value, "");
        }
    }

    private static void append(final StringBuilder out, final Object value, final String indent) {
        if (value instanceof Map<?, ?> map) {
            appendMap(out, map, indent);
        } else if (value instanceof List<?> list) {
            appendList(out, list, indent);
        } else if (value instanceof Double number) {
            out.append(Double.isFinite(number) ? decimal(number) : "null");
        } else if (value instanceof Number || value instanceof Boolean || value == null) {
            out.append(value);
        } else {
            appendString(out, value.toString());
        }
    }

    /** Four digits behind the point, and as many more as it takes for seven digits that count. */
    private static String decimal(final double number) {
        if (number == 0) {
            return "0";
        }
        final int exponent = (int) Math.floor(Math.log10(Math.abs(number)));
        final int digits = Math.min(DIGITS_MAX, Math.max(DIGITS_MIN, DIGITS_THAT_COUNT - 1 - exponent));
        final BigDecimal rounded = BigDecimal.valueOf(number).setScale(digits, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    private static void appendMap(final StringBuilder out, final Map<?, ?> map, final String indent) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        final String inner = indent + INDENT;
        String separator = "{\n";
        for (final Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator).append(inner);
            appendString(out, entry.getKey().toString());
            out.append(": ");
            append(out, entry.getValue(), inner);
            separator = ",\n";
        }
        out.append('\n').append(indent).append('}');
    }

    private static void appendList(final StringBuilder out, final List<?> list, final String indent) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        final String inner = indent + INDENT;
        String separator = "[\n";
        for (final Object element : list) {
            out.append(separator).append(inner);
            append(out, element, inner);
            separator = ",\n";
        }
        out.append('\n').append(indent).append(']');
    }

    private static void appendString(final StringBuilder out, final String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
