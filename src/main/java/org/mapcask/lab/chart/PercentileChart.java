package org.mapcask.lab.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.mapcask.lab.results.SummaryTable;

/**
 * Draws latency by percentile as SVG: percentiles on an axis of nines, latency on a logarithmic axis, several series,
 * the hiccup baseline as an area beneath them. Plain SVG with one style sheet; colours follow the reader's light or
 * dark scheme.
 *
 * <p>Not thread-safe.
 */
public final class PercentileChart {
    private static final int WIDTH = 960;
    private static final int PLOT_TOP = 84;
    private static final int PLOT_HEIGHT = 380;
    private static final int PLOT_LEFT = 78;
    private static final int PLOT_RIGHT = 24;
    private static final int LEGEND_COLUMNS = 2;
    private static final int LEGEND_ROW_HEIGHT = 22;
    private static final int AXIS_HEIGHT = 64;
    private static final int NINES_MAX = 7;
    private static final int ITERATION_TICKS = 20;
    private static final int COLOURS = 7;
    private static final String[] NINES = {"0", "90", "99", "99.9", "99.99", "99.999", "99.9999", "99.99999"};

    private final String title;
    private final String subtitle;
    private final List<Series> series = new ArrayList<>();
    private Histogram hiccup;

    private double lowNs;
    private double highNs;
    private int nines;

    /**
     * Begins a chart.
     *
     * @param title    what is shown.
     * @param subtitle one line on how it was measured.
     */
    public PercentileChart(final String title, final String subtitle) {
        this.title = title;
        this.subtitle = subtitle;
    }

    /**
     * Adds a curve. Empty histograms are left out.
     *
     * @param name      for the legend.
     * @param histogram values in nanoseconds.
     * @param colour    number of a colour; equal numbers belong together.
     * @param dashed    true for a curve of second rank.
     * @return this.
     */
    public PercentileChart add(final String name, final Histogram histogram, final int colour, final boolean dashed) {
        if (histogram.getTotalCount() > 0) {
            series.add(new Series(name, histogram, Math.floorMod(colour, COLOURS), dashed));
        }
        return this;
    }

    /**
     * Sets the baseline that is drawn beneath the curves.
     *
     * @param histogram values in nanoseconds; empty ones are left out.
     * @return this.
     */
    public PercentileChart hiccup(final Histogram histogram) {
        hiccup = histogram.getTotalCount() > 0 ? histogram : null;
        return this;
    }

    /** True if there is no curve to draw. */
    public boolean isEmpty() {
        return series.isEmpty();
    }

    /** Draws the chart as a whole SVG document. */
    public String render() {
        scale();
        final int entries = series.size() + (hiccup == null ? 0 : 1);
        final int legendRows = (entries + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
        final int height = PLOT_TOP + PLOT_HEIGHT + AXIS_HEIGHT + legendRows * LEGEND_ROW_HEIGHT;
        final StringBuilder out = new StringBuilder();
        Svg.line(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"",
            WIDTH, height, WIDTH, height);
        Svg.line(out, "     role=\"img\">");
        Svg.line(out, "  <title>%s</title>", Svg.escape(title));
        out.append(Svg.STYLE);
        Svg.line(out, "  <rect class=\"paper\" width=\"%d\" height=\"%d\"/>", WIDTH, height);
        Svg.line(out, "  <text class=\"ink title\" x=\"%d\" y=\"32\">%s</text>", PLOT_LEFT, Svg.escape(title));
        Svg.line(out, "  <text class=\"dim\" x=\"%d\" y=\"56\">%s</text>", PLOT_LEFT, Svg.escape(subtitle));
        appendGrid(out);
        appendCurves(out);
        appendLegend(out);
        return out.append("</svg>\n").toString();
    }

    private void scale() {
        double low = Double.MAX_VALUE;
        double high = 1;
        long count = 1;
        for (final Series one : series) {
            low = Math.min(low, Math.max(1, one.histogram.getMinNonZeroValue()));
            high = Math.max(high, one.histogram.getMaxValue());
            count = Math.max(count, one.histogram.getTotalCount());
        }
        if (hiccup != null) {
            high = Math.max(high, hiccup.getMaxValue());
        }
        lowNs = Math.pow(10, Math.floor(Math.log10(low == Double.MAX_VALUE ? 1 : low)));
        highNs = Math.max(lowNs * 10, Math.pow(10, Math.ceil(Math.log10(high))));
        nines = Math.max(2, Math.min(NINES_MAX, (int) Math.ceil(Math.log10(count))));
    }

    private void appendGrid(final StringBuilder out) {
        final int right = WIDTH - PLOT_RIGHT;
        final int bottom = PLOT_TOP + PLOT_HEIGHT;
        for (double decade = lowNs; decade <= highNs * 1.01; decade *= 10) {
            for (int step = 2; step < 10 && decade < highNs * 0.99; step++) {
                Svg.line(out, "  <line class=\"minor\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    PLOT_LEFT, right, y(decade * step), y(decade * step));
            }
            Svg.line(out, "  <line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                PLOT_LEFT, right, y(decade), y(decade));
            Svg.line(out, "  <text class=\"dim\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>",
                PLOT_LEFT - 8, y(decade) + 4, SummaryTable.time(decade));
        }
        for (int nine = 0; nine <= nines; nine++) {
            Svg.line(out, "  <line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                x(nine), x(nine), PLOT_TOP, bottom);
            Svg.line(out, "  <text class=\"dim\" text-anchor=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>",
                nine == nines ? "end" : "middle", x(nine) + (nine == nines ? 4 : 0), bottom + 20, NINES[nine]);
        }
        Svg.line(out, "  <text class=\"dim\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">%s</text>",
            (PLOT_LEFT + right) / 2, bottom + 40, "percentile, % (each step: ten times rarer)");
    }

    private void appendCurves(final StringBuilder out) {
        final int bottom = PLOT_TOP + PLOT_HEIGHT;
        if (hiccup != null) {
            Svg.line(out, "  <path class=\"hiccup\" d=\"%s L%.1f %d L%d %d Z\"/>",
                path(hiccup), lastX(hiccup), bottom, PLOT_LEFT, bottom);
        }
        for (final Series one : series) {
            Svg.line(out, "  <path class=\"line c%d%s\" d=\"%s\"/>",
                one.colour, one.dashed ? " dashed" : "", path(one.histogram));
        }
        Svg.line(out, "  <rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
            PLOT_LEFT, PLOT_TOP, WIDTH - PLOT_RIGHT - PLOT_LEFT, PLOT_HEIGHT);
    }

    private void appendLegend(final StringBuilder out) {
        final int columnWidth = (WIDTH - PLOT_LEFT - PLOT_RIGHT) / LEGEND_COLUMNS;
        final int top = PLOT_TOP + PLOT_HEIGHT + AXIS_HEIGHT;
        int entry = 0;
        for (final Series one : series) {
            final int left = PLOT_LEFT + entry % LEGEND_COLUMNS * columnWidth;
            final int at = top + entry / LEGEND_COLUMNS * LEGEND_ROW_HEIGHT;
            Svg.line(out, "  <line class=\"line c%d%s\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
                one.colour, one.dashed ? " dashed" : "", left, left + 28, at - 4, at - 4);
            Svg.line(out, "  <text class=\"ink\" x=\"%d\" y=\"%d\">%s</text>", left + 36, at, Svg.escape(one.name));
            entry++;
        }
        if (hiccup != null) {
            final int left = PLOT_LEFT + entry % LEGEND_COLUMNS * columnWidth;
            final int at = top + entry / LEGEND_COLUMNS * LEGEND_ROW_HEIGHT;
            Svg.line(out, "  <rect class=\"hiccup\" x=\"%d\" y=\"%d\" width=\"28\" height=\"10\"/>", left, at - 9);
            Svg.line(out, "  <text class=\"ink\" x=\"%d\" y=\"%d\">%s</text>",
                left + 36, at, "hiccup: how late an idle thread wakes");
        }
    }

    private String path(final Histogram histogram) {
        final StringBuilder out = new StringBuilder();
        out.append(point('M', 0, histogram.getMinValue()));
        final double last = lastPercentile(histogram);
        for (final HistogramIterationValue value : histogram.percentiles(ITERATION_TICKS)) {
            if (value.getPercentileLevelIteratedTo() < last) {
                out.append(point('L', nine(value.getPercentileLevelIteratedTo()), value.getValueIteratedTo()));
            }
        }
        return out.append(point('L', nine(last), histogram.getMaxValue())).toString().strip();
    }

    private String point(final char command, final double nine, final double valueNs) {
        return String.format(Locale.ROOT, "%c%.1f %.1f ", command, x(nine), y(valueNs));
    }

    private double lastX(final Histogram histogram) {
        return x(nine(lastPercentile(histogram)));
    }

    /** A maximum over n values stands at the percentile 1 - 1/n; 100 % has no place on this axis. */
    private static double lastPercentile(final Histogram histogram) {
        return 100.0 - 100.0 / Math.max(2, histogram.getTotalCount());
    }

    private double nine(final double percentile) {
        return Math.min(nines, -Math.log10(1 - percentile / 100));
    }

    private double x(final double nine) {
        return PLOT_LEFT + nine / nines * (WIDTH - PLOT_LEFT - PLOT_RIGHT);
    }

    private double y(final double valueNs) {
        final double clamped = Math.max(lowNs, Math.min(highNs, valueNs));
        return PLOT_TOP + PLOT_HEIGHT * (1 - Math.log10(clamped / lowNs) / Math.log10(highNs / lowNs));
    }

    /** One curve. */
    private record Series(String name, Histogram histogram, int colour, boolean dashed) {
    }
}
