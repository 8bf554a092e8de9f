package org.mapcask.lab.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * Draws quantities over time as SVG: lines on a logarithmic or a linear axis, or cells whose darkness is a count, and
 * behind them the times in which something ran. Not thread-safe.
 */
public final class TimeChart {
    private static final int HEIGHT = 236;
    private static final int BOTTOM = SvgPlot.TOP + HEIGHT;
    private static final int AXIS_HEIGHT = 60;
    private static final int GRID_LINES_MIN = 4;
    private static final double HEAD_ROOM = 1.12;
    private static final double CELL_OPACITY_MIN = 0.1;

    private final String title;
    private final String subtitle;
    private final DoubleFunction<String> format;
    private final boolean logarithmic;
    private String unit = "s";
    private final List<Line> lines = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();
    private final List<double[]> cells = new ArrayList<>();
    private double low = Double.MAX_VALUE;
    private double high;
    private double end;

    private TimeChart(
        final String title, final String subtitle, final boolean logarithmic, final DoubleFunction<String> format) {
        this.title = title;
        this.subtitle = subtitle;
        this.logarithmic = logarithmic;
        this.format = format;
    }

    /**
     * A chart whose axis goes from one power of ten to another.
     *
     * @param title    what is shown.
     * @param subtitle one line on it.
     * @param format   text of a value.
     */
    public static TimeChart logarithmic(
        final String title, final String subtitle, final DoubleFunction<String> format) {
        return new TimeChart(title, subtitle, true, format);
    }

    /** A chart whose axis begins at zero. */
    public static TimeChart linear(
        final String title, final String subtitle, final DoubleFunction<String> format) {
        return new TimeChart(title, subtitle, false, format);
    }

    /**
     * Adds a line.
     *
     * @param name    for the legend.
     * @param seconds of each point.
     * @param values  of each point; what is not a number is left out.
     * @param colour  number of a colour.
     */
    public TimeChart line(
        final String name, final List<Double> seconds, final List<Double> values, final int colour) {
        lines.add(new Line(name, seconds, values, colour));
        for (int i = 0; i < values.size(); i++) {
            take(seconds.get(i), values.get(i));
        }
        return this;
    }

    /** Adds a cell; {@code share} of 1 is the darkest one. */
    public TimeChart cell(
        final double from, final double until, final double bottom, final double top, final double share) {
        cells.add(new double[] {from, until, bottom, top, share});
        take(until, bottom);
        take(until, top);
        return this;
    }

    /** Makes the axis one of something else than seconds. */
    public TimeChart across(final String newUnit) {
        unit = newUnit;
        return this;
    }

    /**
     * Shades a time in which something ran.
     *
     * @param kind  what: {@code merge} or {@code checkpoint}.
     * @param from  seconds.
     * @param until seconds.
     */
    public TimeChart span(final String kind, final double from, final double until) {
        spans.add(new Span(kind, from, until));
        return this;
    }

    private void take(final double seconds, final double value) {
        if (Double.isFinite(value)) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        end = Math.max(end, seconds);
    }

    /** Draws the chart as a whole SVG document. */
    public String render() {
        if (logarithmic) {
            low = Math.pow(10, Math.floor(Math.log10(low == Double.MAX_VALUE ? 1 : Math.max(1, low))));
            high = Math.max(low * 10, Math.pow(10, Math.ceil(Math.log10(Math.max(1, high)))));
        } else {
            low = 0;
            high = high == 0 ? 1 : high * HEAD_ROOM;
        }
        end = end == 0 ? 1 : end;
        final SvgPlot plot =
            new SvgPlot(title, subtitle, SvgPlot.LEFT, SvgPlot.RIGHT, HEIGHT, AXIS_HEIGHT);
        grid(plot);
        for (final Span span : spans) {
            final double from = x(Math.max(0, span.from));
            if (span.until >= 0 && span.from <= end) {
                plot.draw("<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>", span.kind,
                    from, SvgPlot.TOP, Math.max(1, x(Math.min(end, span.until)) - from), HEIGHT);
            }
        }
        for (final double[] cell : cells) {
            plot.draw("<rect class=\"heat\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                + "fill-opacity=\"%.2f\"/>", x(cell[0]), y(cell[3]), x(cell[1]) - x(cell[0]), y(cell[2]) - y(cell[3]),
                CELL_OPACITY_MIN + (1 - CELL_OPACITY_MIN) * cell[4]);
        }
        for (final Line line : lines) {
            plot.draw("<path class=\"line c%d\" d=\"%s\"/>", line.colour, path(line));
            plot.legendLine("line c" + line.colour, line.name);
        }
        plot.frame();
        spans.stream().map(Span::kind).distinct().forEach(kind -> plot.legendArea(kind, "a " + kind + " runs"));
        return plot.render();
    }

    private void grid(final SvgPlot plot) {
        if (logarithmic) {
            for (double decade = low; decade <= high * 1.01; decade *= 10) {
                plot.across("grid", y(decade), format.apply(decade));
            }
        } else {
            final double step = step(high);
            for (double value = 0; value <= high; value += step) {
                plot.across("grid", y(value), format.apply(value));
            }
        }
        final double step = step(end);
        for (int i = 0; i * step <= end * 1.001; i++) {
            plot.down("minor", x(i * step), number(i * step) + " " + unit);
        }
    }

    private String path(final Line line) {
        final StringBuilder out = new StringBuilder();
        boolean drawn = false;
        for (int i = 0; i < line.values.size(); i++) {
            final double value = line.values.get(i);
            if (Double.isFinite(value)) {
                out.append(String.format(
                    Locale.ROOT, "%s%.1f %.1f ", drawn ? "L" : "M", x(line.seconds.get(i)), y(value)));
            }
            drawn = Double.isFinite(value);
        }
        return out.toString().strip();
    }

    private double x(final double seconds) {
        return SvgPlot.LEFT + Math.max(0, Math.min(end, seconds)) / end * (SvgPlot.RIGHT - SvgPlot.LEFT);
    }

    private double y(final double value) {
        final double share = logarithmic
            ? Math.log10(Math.max(low, Math.min(high, value)) / low) / Math.log10(high / low)
            : Math.max(0, Math.min(high, value)) / high;
        return BOTTOM - share * HEIGHT;
    }

    /** The widest of 1, 2 and 5 times a power of ten that gives enough lines. */
    static double step(final double range) {
        final double power = Math.pow(10, Math.floor(Math.log10(range)));
        for (final double factor : new double[] {5, 2, 1, 0.5, 0.2}) {
            if (range / (power * factor) >= GRID_LINES_MIN) {
                return power * factor;
            }
        }
        return power / 10;
    }

    static String number(final double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
    }

    /** A time in which something ran. */
    private record Span(String kind, double from, double until) {
    }

    /** One line. */
    private record Line(String name, List<Double> seconds, List<Double> values, int colour) {
    }
}
