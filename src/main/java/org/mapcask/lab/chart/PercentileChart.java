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
    /** Curves beyond so many share their colours with others; dots tell them apart. */
    public static final int COLOURS = 9;

    private static final int HEIGHT = 380;
    private static final int AXIS_HEIGHT = 72;
    /** Patterns of {@link Svg#STYLE}; curves beyond these look like others. */
    private static final int PATTERNS = 4;
    private static final int NINES_MAX = 7;
    private static final int ITERATION_TICKS = 20;
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
     * @param colour    number of a colour, from 0; equal numbers belong together.
     * @param dashed    true for a curve of second rank, such as service time beside response time.
     * @return this.
     */
    public PercentileChart add(final String name, final Histogram histogram, final int colour, final boolean dashed) {
        if (histogram.getTotalCount() > 0) {
            series.add(new Series(name, histogram, colour, dashed));
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
        final SvgPlot plot =
            new SvgPlot(title, subtitle, SvgPlot.LEFT, SvgPlot.RIGHT, HEIGHT, AXIS_HEIGHT);
        appendGrid(plot);
        if (hiccup != null) {
            plot.draw("<path class=\"hiccup\" d=\"%s L%.1f %d L%d %d Z\"/>",
                path(hiccup), lastX(hiccup), plot.bottom(), SvgPlot.LEFT, plot.bottom());
        }
        for (final Series one : series) {
            plot.draw("<path class=\"%s\" d=\"%s\"/>", one.style(), path(one.histogram));
            plot.legendLine(one.style(), one.name);
        }
        plot.frame();
        if (hiccup != null) {
            plot.legendArea("hiccup", "hiccup: how late an idle thread wakes");
        }
        return plot.render();
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

    private void appendGrid(final SvgPlot plot) {
        for (double decade = lowNs; decade <= highNs * 1.01; decade *= 10) {
            for (int step = 2; step < 10 && decade < highNs * 0.99; step++) {
                plot.across("minor", y(decade * step), null);
            }
            plot.across("grid", y(decade), SummaryTable.time(decade));
        }
        for (int nine = 0; nine <= nines; nine++) {
            plot.down("grid", x(nine), NINES[nine]);
        }
        plot.axisName("percentile, % (each step: ten times rarer)");
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
        return SvgPlot.LEFT + nine / nines * (SvgPlot.RIGHT - SvgPlot.LEFT);
    }

    private double y(final double valueNs) {
        final double clamped = Math.max(lowNs, Math.min(highNs, valueNs));
        return SvgPlot.TOP + HEIGHT * (1 - Math.log10(clamped / lowNs) / Math.log10(highNs / lowNs));
    }

    /** One curve. */
    private record Series(String name, Histogram histogram, int colour, boolean dashed) {
        String style() {
            final int pattern = colour / COLOURS % PATTERNS;
            return "line c" + colour % COLOURS + (dashed ? " dashed" : "") + (pattern > 0 ? " again" + pattern : "");
        }
    }
}
