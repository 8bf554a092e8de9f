package org.mapcask.lab.chart;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Draws a {@link SpaceSeries} as SVG: live bytes and on top of them dead ones as areas, the lengths of the files and
 * the blocks on the disk as lines, time from left to right; times in which merges ran or checkpoints were made are
 * shaded. Colours follow the reader's light or dark scheme. Stateless.
 */
public final class SpaceChart {
    private static final int HEIGHT = 336;
    private static final int BOTTOM = SvgPlot.TOP + HEIGHT;
    private static final int AXIS_HEIGHT = 72;
    private static final double MEGABYTE = 1e6;
    private static final double GIGABYTE = 1e9;
    private static final double MS_PER_S = 1000;

    private SpaceChart() {
    }

    /**
     * Draws the chart.
     *
     * @param goal a limit of the total in bytes that is marked, or 0 for none.
     * @return a whole SVG document.
     */
    public static String render(
        final String title, final String subtitle, final SpaceSeries series, final double goal) {
        return new Drawing(title, subtitle, series, goal).render();
    }

    /** One chart being drawn. */
    private static final class Drawing {
        private final SpaceSeries series;
        private final List<SpaceSample> samples;
        private final double goal;
        private final double yStep;
        private final double yMax;
        private final double xStep;
        private final double xMax;
        private final SvgPlot plot;

        Drawing(final String title, final String subtitle, final SpaceSeries series, final double goal) {
            plot = new SvgPlot(title, subtitle, SvgPlot.LEFT, SvgPlot.RIGHT, HEIGHT, AXIS_HEIGHT);
            this.series = series;
            this.samples = series.samples();
            this.goal = goal;
            final double high = Math.max(goal, Math.max(1, Math.max(series.max(SpaceSample::total),
                Math.max(series.max(SpaceSample::diskBytes), series.max(sample -> sample.live() + sample.dead())))));
            yStep = TimeChart.step(high);
            yMax = Math.ceil(high * 1.02 / yStep) * yStep;
            xMax = Math.max(1, series.last().elapsedMs());
            xStep = TimeChart.step(xMax);
        }

        String render() {
            appendGrid();
            appendAreas();
            appendLegend();
            return plot.render();
        }

        private void appendGrid() {
            final double unit = yMax >= GIGABYTE ? GIGABYTE : MEGABYTE;
            for (double bytes = 0; bytes <= yMax * 1.001; bytes += yStep) {
                plot.across("grid", y(bytes),
                    TimeChart.number(bytes / unit) + (unit == GIGABYTE ? " GB" : " MB"));
            }
            for (double ms = 0; ms <= xMax; ms += xStep) {
                plot.down("minor", x(ms), TimeChart.number(ms / MS_PER_S) + " s");
            }
            plot.axisName(String.format(
                Locale.ROOT, "time; %.2f GB were written", series.last().written() / GIGABYTE));
        }

        private void appendAreas() {
            area("dead", sample -> sample.live() + sample.dead());
            area("live", SpaceSample::live);
            spans("merge", series.mergeSpans());
            spans("checkpoint", series.checkpointSpans());
            curve("total", SpaceSample::total);
            curve("disk", SpaceSample::diskBytes);
            if (goal > 0) {
                plot.across("goal", y(goal), null);
            }
            plot.frame();
        }

        private void spans(final String kind, final List<SpaceSeries.Span> spans) {
            for (final SpaceSeries.Span span : spans) {
                final double from = x(Math.max(samples.get(0).elapsedMs(), span.fromMs()));
                if (span.untilMs() >= samples.get(0).elapsedMs()) {
                    plot.draw("<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>", kind, from,
                        SvgPlot.TOP, Math.max(1, x(span.untilMs()) - from), HEIGHT);
                }
            }
        }

        private void area(final String kind, final ToLongFunction<SpaceSample> quantity) {
            plot.draw("<path class=\"%s\" d=\"%s L%.1f %d L%.1f %d Z\"/>", kind, path(quantity),
                x(series.last().elapsedMs()), BOTTOM, x(samples.get(0).elapsedMs()), BOTTOM);
        }

        private void curve(final String kind, final ToLongFunction<SpaceSample> quantity) {
            final String path = path(quantity);
            if (!path.isEmpty()) {
                plot.draw("<path class=\"%s\" d=\"%s\"/>", kind, path);
            }
        }

        private String path(final ToLongFunction<SpaceSample> quantity) {
            final StringBuilder path = new StringBuilder();
            for (final SpaceSample sample : samples) {
                final long value = quantity.applyAsLong(sample);
                if (value >= 0) {
                    path.append(String.format(Locale.ROOT, "%c%.1f %.1f ", path.length() == 0 ? 'M' : 'L',
                        x(sample.elapsedMs()), y(value)));
                }
            }
            return path.toString().strip();
        }

        private void appendLegend() {
            plot.legendArea("live", "live records");
            plot.legendArea("dead", "dead records");
            plot.legendLine("total", "segment files");
            plot.legendLine("disk", "blocks on disk (du)");
            plot.legendArea("merge", "a merge runs");
            if (!series.checkpointSpans().isEmpty()) {
                plot.legendArea("checkpoint", "a checkpoint is made");
            }
            if (goal > 0) {
                plot.legendLine("goal", "goal");
            }
        }

        private double x(final double ms) {
            return SvgPlot.LEFT + ms / xMax * (SvgPlot.RIGHT - SvgPlot.LEFT);
        }

        private double y(final double bytes) {
            return BOTTOM - bytes / yMax * HEIGHT;
        }
    }
}
