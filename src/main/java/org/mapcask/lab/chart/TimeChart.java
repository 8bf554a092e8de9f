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
    private static final int WIDTH = 960;
    private static final int HEIGHT = 400;
    private static final int TOP = 84;
    private static final int BOTTOM = 320;
    private static final int LEFT = 78;
    private static final int RIGHT = 936;
    private static final int LEGEND_Y = 380;
    private static final int LEGEND_WIDTH = 150;
    private static final int GRID_LINES_MIN = 4;
    private static final double HEAD_ROOM = 1.12;
    private static final double CELL_OPACITY_MIN = 0.1;

    private final String title;
    private final String subtitle;
    private final DoubleFunction<String> format;
    private final boolean logarithmic;
    private String unit = "s";
    private final List<Line> lines = new ArrayList<>();
    private final List<double[]> spans = new ArrayList<>();
    private final List<double[]> cells = new ArrayList<>();
    private String spanName = "";
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

    /** Shades a time in which something ran. */
    public TimeChart span(final String name, final double from, final double until) {
        spanName = name;
        spans.add(new double[] {from, until});
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
        final StringBuilder out = new StringBuilder();
        Svg.line(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"",
            WIDTH, HEIGHT, WIDTH, HEIGHT);
        Svg.line(out, "     role=\"img\">");
        Svg.line(out, "  <title>%s</title>", Svg.escape(title));
        out.append(Svg.STYLE);
        Svg.line(out, "  <rect class=\"paper\" width=\"%d\" height=\"%d\"/>", WIDTH, HEIGHT);
        Svg.line(out, "  <text class=\"ink title\" x=\"%d\" y=\"32\">%s</text>", LEFT, Svg.escape(title));
        Svg.line(out, "  <text class=\"dim\" x=\"%d\" y=\"56\">%s</text>", LEFT, Svg.escape(subtitle));
        grid(out);
        for (final double[] span : spans) {
            final double from = x(Math.max(0, span[0]));
            Svg.line(out, "  <rect class=\"span\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                from, TOP, Math.max(1, x(Math.min(end, span[1])) - from), BOTTOM - TOP);
        }
        for (final double[] cell : cells) {
            Svg.line(out, "  <rect class=\"heat\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                + "fill-opacity=\"%.2f\"/>", x(cell[0]), y(cell[3]), x(cell[1]) - x(cell[0]), y(cell[2]) - y(cell[3]),
                CELL_OPACITY_MIN + (1 - CELL_OPACITY_MIN) * cell[4]);
        }
        for (final Line line : lines) {
            Svg.line(out, "  <path class=\"line c%d\" d=\"%s\"/>", line.colour, path(line));
        }
        Svg.line(out, "  <rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
            LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP);
        legend(out);
        return out.append("</svg>\n").toString();
    }

    private void grid(final StringBuilder out) {
        if (logarithmic) {
            for (double decade = low; decade <= high * 1.01; decade *= 10) {
                horizontal(out, decade);
            }
        } else {
            final double step = step(high);
            for (double value = 0; value <= high; value += step) {
                horizontal(out, value);
            }
        }
        final double step = step(end);
        for (int i = 0; i * step <= end * 1.001; i++) {
            Svg.line(out, "  <line class=\"minor\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                x(i * step), x(i * step), TOP, BOTTOM);
            Svg.line(out, "  <text class=\"dim\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s %s</text>",
                x(i * step), BOTTOM + 20, number(i * step), Svg.escape(unit));
        }
    }

    private void horizontal(final StringBuilder out, final double value) {
        Svg.line(out, "  <line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
            LEFT, RIGHT, y(value), y(value));
        Svg.line(out, "  <text class=\"dim\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>",
            LEFT - 8, y(value) + 4, Svg.escape(format.apply(value)));
    }

    private void legend(final StringBuilder out) {
        int left = LEFT;
        for (final Line line : lines) {
            Svg.line(out, "  <line class=\"line c%d\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
                line.colour, left, left + 28, LEGEND_Y - 4, LEGEND_Y - 4);
            Svg.line(out, "  <text class=\"ink\" x=\"%d\" y=\"%d\">%s</text>", left + 36, LEGEND_Y,
                Svg.escape(line.name));
            left += LEGEND_WIDTH;
        }
        if (!spans.isEmpty()) {
            Svg.line(out, "  <rect class=\"span\" x=\"%d\" y=\"%d\" width=\"28\" height=\"12\"/>", left, LEGEND_Y - 11);
            Svg.line(out, "  <text class=\"ink\" x=\"%d\" y=\"%d\">%s</text>", left + 36, LEGEND_Y,
                Svg.escape(spanName));
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
        return LEFT + Math.max(0, Math.min(end, seconds)) / end * (RIGHT - LEFT);
    }

    private double y(final double value) {
        final double share = logarithmic
            ? Math.log10(Math.max(low, Math.min(high, value)) / low) / Math.log10(high / low)
            : Math.max(0, Math.min(high, value)) / high;
        return BOTTOM - share * (BOTTOM - TOP);
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

    /** One line. */
    private record Line(String name, List<Double> seconds, List<Double> values, int colour) {
    }
}
