package org.mapcask.lab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.chart.BarChart;
import org.mapcask.lab.chart.PercentileChart;
import org.mapcask.lab.chart.TimeChart;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.sweep.SweepReport;

/** The charts of {@link ReportHtml} as SVG files, for a README. Stateless. */
public final class ReportSvg {
    private static final double[] PERCENTILES = {50, 99, 99.9, 100};
    private static final String[] NAMES = {"p50", "p99", "p99.9", "max"};
    private static final int[] COLOURS = {0, 2, 4, 1};
    private static final double MEGABYTE = 1e6;

    private ReportSvg() {
    }

    /**
     * Draws runs.
     *
     * @param runs at least one.
     * @return file name and text of each chart: {@code percentiles.svg} of all, and for each measurement
     *         {@code <name>-latency.svg}, {@code -heat.svg}, {@code -rate.svg} and, where it is known, {@code
     *         -space.svg}; of a sweep {@code effects-<workload>.svg}, of stores {@code rates-<length>B.svg}, and of
     *         both their latencies by percentile.
     */
    public static Map<String, String> render(final List<RunFolder> runs) {
        final Map<String, String> out = new LinkedHashMap<>();
        if (runs.stream().anyMatch(run -> !run.recordings().isEmpty())) {
            out.put("percentiles.svg", percentiles(runs));
        }
        for (final RunFolder run : runs) {
            compared(out, run, runs.size() > 1 ? run.name() + "-" : "");
            for (final Recording recording : run.recordings()) {
                final String name = (runs.size() > 1 ? run.name() + "-" : "") + recording.tag();
                final String title = recording.tag() + (runs.size() > 1 ? ", " + run.name() : "");
                out.put(name + "-latency.svg", latency(title, recording));
                out.put(name + "-heat.svg", heat(title, recording));
                out.put(name + "-rate.svg", rate(title, recording));
                if (recording.space().size() > 1) {
                    out.put(name + "-space.svg", space(title, recording));
                }
            }
        }
        return out;
    }

    private static void compared(final Map<String, String> out, final RunFolder run, final String prefix) {
        if (run.sweep() != null) {
            new SweepReport(run.sweep()).charts().forEach((name, chart) -> out.put(prefix + name, chart));
        }
        run.peers().stream().map(PeerRow::valueLength).distinct().forEach(length ->
            out.put(prefix + "rates-" + length + "B.svg", rates(run.peers(), length)));
        for (final CurveGroup group : run.groups()) {
            final PercentileChart chart = new PercentileChart(group.title(), group.note());
            group.curves().forEach(curve -> chart.add(curve.name(), curve.values(), curve.colour(), false));
            out.put(prefix + group.title().replaceAll("[^A-Za-z0-9]+", "-") + ".svg",
                chart.hiccup(group.hiccups()).render());
        }
    }

    /**
     * Draws the rates of stores that were compared.
     *
     * @param rows        of all figures.
     * @param valueLength of the ones that are drawn.
     * @return a whole SVG document.
     */
    public static String rates(final List<PeerRow> rows, final int valueLength) {
        final BarChart chart = new BarChart("Operations a second, values of " + valueLength + " B",
            "Medians of the rounds, each store in a process of its own; each group has a scale of its own.");
        String title = null;
        for (final PeerRow row : rows) {
            if (row.isRate() && row.valueLength() == valueLength && !row.title().equals(title)) {
                title = row.title();
                chart.group(title);
                rows.stream().filter(other -> other.figure().equals(row.figure())
                    && other.valueLength() == valueLength).forEach(other ->
                    chart.bar(other.name(), other.colour(), other.median(), other.text()));
            }
        }
        return chart.render();
    }

    private static String percentiles(final List<RunFolder> runs) {
        final PercentileChart chart = new PercentileChart("Latency by percentile",
            "Thin, dashed: service time of an open loop. Else its response time, or service time of a closed loop.");
        final Histogram hiccups = IntervalRecorder.newHistogram();
        int colour = 0;
        for (final RunFolder run : runs) {
            for (final Recording recording : run.recordings()) {
                final String name = (runs.size() > 1 ? run.name() + ": " : "") + recording.tag();
                chart.add(name, recording.responseTotal(), colour, false);
                chart.add(name + ", service", recording.serviceTotal(), colour, true);
                hiccups.add(recording.hiccupTotal());
                colour++;
            }
        }
        return chart.hiccup(hiccups).render();
    }

    private static String latency(final String title, final Recording recording) {
        final TimeChart chart = TimeChart.logarithmic(title,
            recording.isOpen() ? "Response time over time, from the intended start" : "Service time over time",
            SummaryTable::time);
        for (int i = 0; i < PERCENTILES.length; i++) {
            final double percentile = PERCENTILES[i];
            chart.line(NAMES[i], middles(recording), each(recording, interval -> interval.getTotalCount() == 0
                ? Double.NaN : Math.max(1, interval.getValueAtPercentile(percentile))), COLOURS[i]);
        }
        return shaded(chart, recording).render();
    }

    private static String rate(final String title, final Recording recording) {
        final TimeChart chart = TimeChart.linear(
            title, "Operations a second", value -> SummaryTable.count(Math.round(value)));
        chart.line("done", middles(recording),
            each(recording, interval -> interval.getTotalCount() / Recording.length(interval)), 0);
        return shaded(chart, recording).render();
    }

    private static String space(final String title, final Recording recording) {
        final TimeChart chart = TimeChart.linear(
            title, "Bytes of the store", value -> SummaryTable.count(Math.round(value / MEGABYTE)) + " MB");
        final List<Double> seconds = recording.space().stream().map(Recording.Space::seconds).toList();
        chart.line("live", seconds, values(recording, Recording.Space::live), 2);
        chart.line("dead", seconds, values(recording, Recording.Space::dead), 1);
        chart.line("segment files", seconds, values(recording, Recording.Space::total), 0);
        return shaded(chart, recording).render();
    }

    private static String heat(final String title, final Recording recording) {
        final HeatGrid grid = new HeatGrid(recording);
        final TimeChart chart = TimeChart.logarithmic(title, "How many operations took how long, up to "
            + SummaryTable.count(grid.max()) + " a cell; the darkness is their logarithm", SummaryTable::time);
        for (int column = 0; column < recording.response().size(); column++) {
            final Histogram interval = recording.response().get(column);
            final double from = recording.begin(interval);
            for (int row = 0; row < grid.rows(); row++) {
                final long count = grid.count(column, row);
                if (count > 0) {
                    final double share = grid.max() > 1 ? Math.log(count) / Math.log(grid.max()) : 1;
                    chart.cell(from, from + Recording.length(interval), grid.edge(row), grid.edge(row + 1), share);
                }
            }
        }
        return chart.render();
    }

    private static TimeChart shaded(final TimeChart chart, final Recording recording) {
        recording.spans().forEach(span -> chart.span(span.kind(), span.from(), span.until()));
        return chart;
    }

    private static List<Double> middles(final Recording recording) {
        return each(recording, recording::middle);
    }

    private static List<Double> each(final Recording recording, final ToDoubleFunction<Histogram> value) {
        final List<Double> out = new ArrayList<>();
        recording.response().forEach(interval -> out.add(value.applyAsDouble(interval)));
        return out;
    }

    private static List<Double> values(final Recording recording, final ToDoubleFunction<Recording.Space> value) {
        return recording.space().stream().map(value::applyAsDouble).toList();
    }
}
