package org.mapcask.lab.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mapcask.lab.results.Interval;

/**
 * Ratios with their intervals, one a row, on a logarithmic axis around 1, as SVG. Better is green, worse is orange, a
 * hollow grey mark is neither. Used by one thread.
 */
public final class EffectChart {
    private static final int LEFT = 330;
    private static final int RIGHT = 810;
    private static final int ROW = 22;
    private static final int AXIS_HEIGHT = 44;
    private static final double SPAN_MIN = 1.1;
    /** What matters most comes first; a mark that would come too near to one before it gives way. */
    private static final double[] TICKS = {
        1, 0.1, 10, 0.01, 100, 0.001, 1000, 0.5, 2, 0.2, 5, 0.8, 1.25, 0.9, 1.1, 0.95, 1.05};
    private static final int TICK_GAP = 46;

    private final String title;
    private final String subtitle;
    private final List<Row> rows = new ArrayList<>();

    private record Row(String label, Interval ratio, boolean better, boolean worse) {
    }

    /** Begins a chart without rows. */
    public EffectChart(final String title, final String subtitle) {
        this.title = title;
        this.subtitle = subtitle;
    }

    /** Adds a row; at most one of the two flags is set. */
    public void add(final String label, final Interval ratio, final boolean better, final boolean worse) {
        rows.add(new Row(label, ratio, better, worse));
    }

    /** The chart. */
    public String render() {
        double span = SPAN_MIN;
        for (final Row row : rows) {
            span = Math.max(span, Math.max(row.ratio.high(), 1 / row.ratio.low()) * 1.05);
        }
        final SvgPlot plot = new SvgPlot(title, subtitle, LEFT, RIGHT, ROW * rows.size(), AXIS_HEIGHT);
        axis(plot, span);
        double y = SvgPlot.TOP + ROW / 2.0;
        for (final Row row : rows) {
            row(plot, row, span, y);
            y += ROW;
        }
        plot.frame();
        return plot.render();
    }

    private static void axis(final SvgPlot plot, final double span) {
        final List<Double> taken = new ArrayList<>();
        for (final double tick : TICKS) {
            final double x = x(tick, span);
            if (tick >= 1 / span && tick <= span
                && taken.stream().noneMatch(other -> Math.abs(x - other) < TICK_GAP)) {
                taken.add(x);
                plot.down(tick == 1 ? "frame" : "grid", x,
                    "×" + String.format(Locale.ROOT, "%.3f", tick).replaceAll("\\.?0+$", ""));
            }
        }
    }

    private static void row(final SvgPlot plot, final Row row, final double span, final double y) {
        final String colour = row.better ? "c2" : row.worse ? "c1" : "frame";
        plot.text("ink", "end", LEFT - 10, y + 4, row.label);
        plot.draw("<line class=\"line %s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", colour,
            x(row.ratio.low(), span), x(row.ratio.high(), span), y, y);
        plot.draw("<circle class=\"line %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s/>", colour,
            x(row.ratio.estimate(), span), y, row.better || row.worse ? "1.5\" style=\"stroke-width:7\"" : "4\"");
        plot.text("dim", "start", RIGHT + 10, y + 4,
            String.format(Locale.ROOT, "×%.3g, n=%d", row.ratio.estimate(), row.ratio.n()));
    }

    private static double x(final double ratio, final double span) {
        final double middle = (LEFT + RIGHT) / 2.0;
        return middle + Math.log(ratio) / Math.log(span) * (RIGHT - LEFT) / 2.0;
    }
}
