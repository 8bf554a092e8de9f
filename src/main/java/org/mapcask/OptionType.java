package org.mapcask;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the values of an option look like: how a text becomes a value and back, and which values are allowed.
 * Immutable.
 *
 * <p>The values themselves are {@link Long} for sizes and counts, {@link Boolean} for switches, a constant of an enum
 * for choices.
 */
abstract class OptionType {
    private static final String[] SIZE_SUFFIXES = {"", "KiB", "MiB", "GiB"};

    private final String allowed;

    private OptionType(final String allowed) {
        this.allowed = allowed;
    }

    /** A length in bytes between two bounds, both allowed, that is a multiple of a unit. */
    static OptionType size(final long min, final long max, final long multipleOf) {
        final String unit = multipleOf == 1 ? "" : ", a multiple of " + multipleOf;
        return new Whole(min, max, multipleOf, sizeText(min) + " to " + sizeText(max) + unit) {
            @Override
            Object parse(final String text) {
                return parseSize(text);
            }

            @Override
            String format(final Object value) {
                return sizeText((Long)value);
            }
        };
    }

    /** A whole number between two bounds, both allowed. */
    static OptionType count(final long min, final long max) {
        return new Whole(min, max, 1, min + " to " + max) {
            @Override
            Object parse(final String text) {
                return Long.valueOf(text);
            }

            @Override
            String format(final Object value) {
                return value.toString();
            }
        };
    }

    /** A switch: true or false. */
    static OptionType flag() {
        return new OptionType("true or false") {
            @Override
            Object parse(final String text) {
                if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
                    return Boolean.valueOf(text);
                }
                throw new IllegalArgumentException(text);
            }

            @Override
            String format(final Object value) {
                return value.toString();
            }

            @Override
            boolean allows(final Object value) {
                return true;
            }
        };
    }

    /** One of the constants of an enum, written in lower case. */
    static <E extends Enum<E>> OptionType choice(final Class<E> constants) {
        final String names = Arrays.stream(constants.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(" or "));
        return new OptionType(names) {
            @Override
            Object parse(final String text) {
                return Enum.valueOf(constants, text.toUpperCase(Locale.ROOT));
            }

            @Override
            String format(final Object value) {
                return ((Enum<?>)value).name().toLowerCase(Locale.ROOT);
            }

            @Override
            boolean allows(final Object value) {
                return true;
            }
        };
    }

    /** The allowed values, as told in an error and in the help. */
    final String allowed() {
        return allowed;
    }

    /**
     * The value that a text stands for; it may still be one that is not allowed.
     *
     * @throws IllegalArgumentException if the text is of another form.
     */
    abstract Object parse(String text);

    /** The text of a value; {@link #parse} makes the same value of it again. */
    abstract String format(Object value);

    /** Whether a value is within the allowed ones. */
    abstract boolean allows(Object value);

    /** Bytes of a text such as {@code 4096}, {@code 64m}, {@code 8MiB} or {@code 1 g}; each step of suffix is 1024. */
    static long parseSize(final String text) {
        final String lower = text.toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < lower.length() && Character.isDigit(lower.charAt(digits))) {
            digits++;
        }
        final long number = Long.parseLong(lower.substring(0, digits));
        final long factor = switch (lower.substring(digits).trim()) {
            case "" -> 1L;
            case "k", "kib" -> 1L << 10;
            case "m", "mib" -> 1L << 20;
            case "g", "gib" -> 1L << 30;
            default -> throw new IllegalArgumentException(text);
        };
        return number > Long.MAX_VALUE / factor ? Long.MAX_VALUE : number * factor;
    }

    /** The shortest exact text of a length in bytes, with the largest suffix that divides it. */
    static String sizeText(final long bytes) {
        long number = bytes;
        int suffix = 0;
        while (number != 0 && number % 1024 == 0 && suffix < SIZE_SUFFIXES.length - 1) {
            number /= 1024;
            suffix++;
        }
        return number + SIZE_SUFFIXES[suffix];
    }

    /** Sizes and counts: both are a long between bounds. */
    private abstract static class Whole extends OptionType {
        private final long min;
        private final long max;
        private final long multipleOf;

        private Whole(final long min, final long max, final long multipleOf, final String allowed) {
            super(allowed);
            this.min = min;
            this.max = max;
            this.multipleOf = multipleOf;
        }

        @Override
        final boolean allows(final Object value) {
            final long number = (Long)value;
            return number >= min && number <= max && number % multipleOf == 0;
        }
    }
}
