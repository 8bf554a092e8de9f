package org.mapcask.lab.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.host.ProcessCounters;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;

/**
 * Turns measurements into a table for people (Markdown with padded columns, so that a terminal shows it well) and
 * into JSON.
 */
public final class SummaryTable {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};
    private static final String[] PERCENTILE_NAMES = {"p50", "p90", "p99", "p99.9", "p99.99"};
    private static final String[] HEADER = {
        "operation", "time", "threads", "operations", "target/s", "achieved/s",
        "p50", "p90", "p99", "p99.9", "p99.99", "max", "wrong", "B alloc/op", "minflt/op", "majflt/op",
        "KiB read/op", "KiB written/op"};
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;
    private static final double KIBIBYTE = 1024;

    private SummaryTable() {
    }

    /**
     * Renders one row a measurement, two for an open loop (response and service time).
     *
     * @param measurements in the order of the rows.
     * @return a Markdown table.
     */
    public static String markdown(final List<Measurement> measurements) {
        final List<String[]> rows = new ArrayList<>();
        for (final Measurement measurement : measurements) {
            final boolean open = measurement.loop() == Measurement.Loop.OPEN;
            rows.add(row(measurement, open ? "response" : "service", measurement.responseTotal()));
            if (open) {
                rows.add(row(measurement, "service", measurement.serviceTotal()));
            }
        }
        return markdown(HEADER, rows);
    }

    /**
     * Renders any table: first column left, others right.
     *
     * @param header column names.
     * @param rows   cells, as many a row as there are names.
     * @return a Markdown table.
     */
    public static String markdown(final String[] header, final List<String[]> rows) {
        final int[] widths = new int[header.length];
        for (int column = 0; column < header.length; column++) {
            widths[column] = Math.max(3, header[column].length());
            for (final String[] row : rows) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        final StringBuilder out = new StringBuilder();
        append(out, header, widths);
        for (int column = 0; column < header.length; column++) {
            final String rule = "-".repeat(widths[column] + 1);
            out.append(column == 0 ? "|" + rule + "-|" : rule + ":|");
        }
        out.append('\n');
        rows.forEach(row -> append(out, row, widths));
        return out.toString();
    }

    private static void append(final StringBuilder out, final String[] cells, final int[] widths) {
        for (int column = 0; column < cells.length; column++) {
            final String padding = " ".repeat(widths[column] - cells[column].length());
            out.append(column == 0 ? "| " + cells[column] + padding + " |" : " " + padding + cells[column] + " |");
        }
        out.append('\n');
    }

    private static String[] row(final Measurement measurement, final String kind, final Histogram histogram) {
        final List<String> cells = new ArrayList<>();
        cells.add(measurement.tag());
        cells.add(kind);
        cells.add(Integer.toString(measurement.threads()));
        cells.add(count(measurement.operations()));
        cells.add(measurement.loop() == Measurement.Loop.OPEN ? count(Math.round(measurement.targetRate())) : "-");
        cells.add(count(Math.round(measurement.achievedRate())) + (measurement.missedRate() ? " MISSED" : ""));
        for (final double percentile : PERCENTILES) {
            cells.add(time(histogram.getValueAtPercentile(percentile)));
        }
        cells.add(time(histogram.getMaxValue()));
        cells.add(count(measurement.wrong()));
        final ProcessCounters used = measurement.used();
        cells.add(perOperation(measurement.allocatedBytes(), measurement, 1));
        cells.add(perOperation(used.minorFaults(), measurement, 1));
        cells.add(perOperation(used.majorFaults(), measurement, 1));
        cells.add(perOperation(used.readBytes(), measurement, KIBIBYTE));
        cells.add(perOperation(used.writeBytes(), measurement, KIBIBYTE));
        return cells.toArray(String[]::new);
    }

    private static String perOperation(final long value, final Measurement measurement, final double unit) {
        if (value < 0 || measurement.operations() == 0) {
            return "?";
        }
        final double ratio = value / unit / measurement.operations();
        return ratio == 0 ? "0" : ratio < 0.005 ? "<0.01" : String.format(Locale.ROOT, "%.2f", ratio);
    }

    /**
     * Renders one measurement for {@code summary.json}. Times are in nanoseconds.
     *
     * @param measurement what to render.
     * @return a map for {@link Json}.
     */
    public static Map<String, Object> json(final Measurement measurement) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("tag", measurement.tag());
        out.put("loop", measurement.loop().name().toLowerCase(Locale.ROOT));
        out.put("threads", measurement.threads());
        out.put("operations", measurement.operations());
        out.put("wrong", measurement.wrong());
        out.put("elapsedNs", measurement.elapsedNs());
        out.put("targetRate", measurement.targetRate());
        out.put("achievedRate", measurement.achievedRate());
        out.put("missedRate", measurement.missedRate());
        out.put("allocatedBytes", measurement.allocatedBytes());
        out.put("minorFaults", measurement.used().minorFaults());
        out.put("majorFaults", measurement.used().majorFaults());
        out.put("readBytes", measurement.used().readBytes());
        out.put("writeBytes", measurement.used().writeBytes());
        out.put("responseNs", json(measurement.responseTotal()));
        out.put("serviceNs", json(measurement.serviceTotal()));
        out.put("hiccupNs", json(IntervalRecorder.total(measurement.hiccups())));
        return out;
    }

    /**
     * Renders the percentiles of a histogram.
     *
     * @param histogram any values.
     * @return count, mean, percentiles and maximum, in the histogram's unit.
     */
    public static Map<String, Object> json(final Histogram histogram) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("count", histogram.getTotalCount());
        out.put("mean", histogram.getMean());
        for (int i = 0; i < PERCENTILES.length; i++) {
            out.put(PERCENTILE_NAMES[i], histogram.getValueAtPercentile(PERCENTILES[i]));
        }
        out.put("max", histogram.getMaxValue());
        return out;
    }

    /**
     * Renders a time with the unit that suits its size.
     *
     * @param ns nanoseconds.
     * @return for instance {@code 312 ns}, {@code 1.20 µs}, {@code 45.0 ms}.
     */
    public static String time(final double ns) {
        if (ns < NS_PER_US) {
            return String.format(Locale.ROOT, "%.0f ns", ns);
        }
        final double unit = ns < NS_PER_MS ? NS_PER_US : ns < NS_PER_S ? NS_PER_MS : NS_PER_S;
        final String name = ns < NS_PER_MS ? "µs" : ns < NS_PER_S ? "ms" : "s";
        final double value = ns / unit;
        final boolean round = value == Math.rint(value) && (value == 1 || value == 10 || value == 100);
        final String format = round || value >= 100 ? "%.0f %s" : value >= 10 ? "%.1f %s" : "%.2f %s";
        return String.format(Locale.ROOT, format, value, name);
    }

    /**
     * Renders a count with separators.
     *
     * @param value any number.
     * @return for instance {@code 1,234,567}.
     */
    public static String count(final long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
