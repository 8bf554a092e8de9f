package org.mapcask.lab.chart;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Draws a {@link SpaceSeries} as SVG: live bytes and on top of them dead ones as areas, the lengths of the files and
 * the blocks on the disk as lines, time from left to right; spans in which merges ran are shaded. Colours follow the
 * reader's light or dark scheme. Stateless.
 */
public final class SpaceChart {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 500;
    private static final int TOP = 84;
    private static final int BOTTOM = 420;
    private static final int LEFT = 78;
    private static final int RIGHT = 936;
    private static final int LEGEND_Y = 480;
    private static final int LEGEND_WIDTH = 172;
    private static final double MEGABYTE = 1e6;
    private static final double GIGABYTE = 1e9;
    private static final double MS_PER_S = 1000;
    private static final String STYLE = """
          <style>
            svg { font-family: system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; font-size: 13px; }
            .paper { fill: #ffffff; } .ink { fill: #1f2328; } .dim { fill: #59636e; }
            .title { font-size: 17px; font-weight: 600; }
            .grid { stroke: #d1d9e0; stroke-width: 1; } .frame { stroke: #818b98; stroke-width: 1; fill: none; }
            .merge { fill: #8250df; fill-opacity: 0.22; }
            .live { fill: #1a7f37; fill-opacity: 0.75; } .dead { fill: #d1570a; fill-opacity: 0.45; }
            .total { fill: none; stroke: #0969da; stroke-width: 2; stroke-linejoin: round; }
            .disk { fill: none; stroke: #1f2328; stroke-width: 1.2; stroke-dasharray: 4 4; }
            .goal { stroke: #a40e76; stroke-width: 1.5; stroke-dasharray: 8 4; }
            @media (prefers-color-scheme: dark) {
              .paper { fill: #0d1117; } .ink { fill: #f0f6fc; } .dim { fill: #9198a1; }
              .grid { stroke: #3d444d; } .frame { stroke: #656c76; } .merge { fill: #bc8cff; }
              .live { fill: #56d364; } .dead { fill: #ff9b57; } .total { stroke: #58a6ff; }
              .disk { stroke: #f0f6fc; } .goal { stroke: #ff7bc8; }
            }
          </style>
        """;

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
        return new Drawing(series, goal).render(title, subtitle);
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
        private final StringBuilder out = new StringBuilder();

        Drawing(final SpaceSeries series, final double goal) {
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

        String render(final String title, final String subtitle) {
            line("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"",
                WIDTH, HEIGHT, WIDTH, HEIGHT);
            line("     role=\"img\">");
            line("  <title>%s</title>", Svg.escape(title));
            out.append(STYLE);
            line("  <rect class=\"paper\" width=\"%d\" height=\"%d\"/>", WIDTH, HEIGHT);
            line("  <text class=\"ink title\" x=\"%d\" y=\"32\">%s</text>", LEFT, Svg.escape(title));
            line("  <text class=\"dim\" x=\"%d\" y=\"56\">%s</text>", LEFT, Svg.escape(subtitle));
            appendGrid();
            appendAreas();
            appendLegend();
            return out.append("</svg>\n").toString();
        }

        private void appendGrid() {
            final double unit = yMax >= GIGABYTE ? GIGABYTE : MEGABYTE;
            for (double bytes = 0; bytes <= yMax * 1.001; bytes += yStep) {
                line("  <line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT, RIGHT, y(bytes), y(bytes));
                line("  <text class=\"dim\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s %s</text>", LEFT - 8,
                    y(bytes) + 4, TimeChart.number(bytes / unit), unit == GIGABYTE ? "GB" : "MB");
            }
            for (double ms = 0; ms <= xMax; ms += xStep) {
                line("  <text class=\"dim\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s s</text>", x(ms),
                    BOTTOM + 20, TimeChart.number(ms / MS_PER_S));
            }
            line("  <text class=\"dim\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">time; %.2f GB were written</text>",
                (LEFT + RIGHT) / 2, BOTTOM + 40, series.last().written() / GIGABYTE);
        }

        private void appendAreas() {
            area("dead", sample -> sample.live() + sample.dead());
            area("live", SpaceSample::live);
            for (final SpaceSeries.Span span : series.mergeSpans()) {
                line("  <rect class=\"merge\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                    x(span.fromMs()), TOP, Math.max(1, x(span.untilMs()) - x(span.fromMs())), BOTTOM - TOP);
            }
            curve("total", SpaceSample::total);
            curve("disk", SpaceSample::diskBytes);
            if (goal > 0) {
                line("  <line class=\"goal\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT, RIGHT, y(goal), y(goal));
            }
            line("  <rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
                LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP);
        }

        private void area(final String kind, final ToLongFunction<SpaceSample> quantity) {
            line("  <path class=\"%s\" d=\"%s L%.1f %d L%.1f %d Z\"/>", kind, path(quantity),
                x(series.last().elapsedMs()), BOTTOM, x(samples.get(0).elapsedMs()), BOTTOM);
        }

        private void curve(final String kind, final ToLongFunction<SpaceSample> quantity) {
            final String path = path(quantity);
            if (!path.isEmpty()) {
                line("  <path class=\"%s\" d=\"%s\"/>", kind, path);
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
            legend(0, "live", "live records");
            legend(1, "dead", "dead records");
            legend(2, "total", "segment files");
            legend(3, "disk", "blocks on disk (du)");
            legend(4, "merge", "a merge runs");
        }

        private void legend(final int place, final String kind, final String text) {
            final int left = LEFT + place * LEGEND_WIDTH;
            if ("total".equals(kind) || "disk".equals(kind)) {
                line("  <line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
                    kind, left, left + 20, LEGEND_Y - 4, LEGEND_Y - 4);
            } else {
                line("  <rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"20\" height=\"12\"/>", kind, left, LEGEND_Y - 11);
            }
            line("  <text class=\"ink\" x=\"%d\" y=\"%d\">%s</text>", left + 27, LEGEND_Y, Svg.escape(text));
        }

        private double x(final double ms) {
            return LEFT + ms / xMax * (RIGHT - LEFT);
        }

        private double y(final double bytes) {
            return BOTTOM - bytes / yMax * (BOTTOM - TOP);
        }

        private void line(final String format, final Object... arguments) {
            out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
        }
    }
}
