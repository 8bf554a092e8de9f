package org.mapcask.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time to live: a number with {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}. Stateless. */
final class TimeToLive implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d+)(ms|s|m|h|d)");

    @Override
    public Duration convert(final String text) {
        final Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            try {
                final Duration time = time(Long.parseLong(matcher.group(1)), matcher.group(2));
                if (!time.isZero()) {
                    return time;
                }
            } catch (final NumberFormatException | ArithmeticException | DateTimeException ex) {
                throw refused("a shorter time", text);
            }
        }
        throw refused("a whole number above 0 and a unit (ms, s, m, h, d), as in 10m", text);
    }

    private static TypeConversionException refused(final String expected, final String text) {
        return new TypeConversionException("expected: " + expected + "; found: '" + text + "'");
    }

    private static Duration time(final long count, final String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
