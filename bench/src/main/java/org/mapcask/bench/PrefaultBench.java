package org.mapcask.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.chart.PercentileChart;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.workload.FillWorkload;
import org.mapcask.lab.workload.SyntheticRecords;
import org.mapcask.lab.workload.SyntheticSet;

/**
 * What it is worth to take page faults ahead of the writer: puts at a fixed rate into stores that differ in their
 * {@code prefaultWindow} only, in rounds that take turns. {@code bench/prefault.sh} builds and calls this.
 */
public final class PrefaultBench {
    private static final long[] WINDOWS = {0, 1L << 20, 8L << 20, 64L << 20};
    private static final int ROUNDS = 3;
    private static final double RATE = 300_000;
    private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long ROUND_NS = TimeUnit.SECONDS.toNanos(4);
    private static final long SLOW_NS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final int VALUE_LENGTH = SyntheticRecords.VALUE_LENGTH;
    private static final String QUESTION = "What is it worth to take page faults ahead of the writer? " + ROUNDS
        + " rounds of " + TimeUnit.NANOSECONDS.toSeconds(ROUND_NS) + " s each, in turns, open loop at " + (long) RATE
        + " puts a second; service time.";
    private static final String NOTES = "\nMinor faults are those of the whole process, the background thread's "
        + "included.\n\n![latency](latency.svg)\n";

    private final RunOptions options;
    private final RunReport report;
    private final Map<Long, List<Measurement>> measured = new LinkedHashMap<>();

    private PrefaultBench(final RunOptions options) throws IOException {
        this.options = options;
        report = options.begin();
        for (final long window : WINDOWS) {
            measured.put(window, new ArrayList<>());
        }
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code bench/prefault.sh --help}.
     */
    public static void main(final String[] arguments) {
        Launcher.launch("prefault", arguments, PrefaultBench::parse, options -> new PrefaultBench(options).run());
    }

    private static RunOptions parse(final List<String> arguments) {
        return RunOptions.of(RunOptions.parse(arguments, Set.of(), Set.of(), Set.of()), "prefault");
    }

    private boolean run() throws IOException {
        report.attempt(this::measure);
        measured.values().removeIf(List::isEmpty);
        write();
        final Map<String, Object> figures = new LinkedHashMap<>();
        measured.forEach((window, rounds) ->
            figures.put(tag(window), SummaryTable.json(Measurement.merged(tag(window), rounds))));
        return report.finish(figures, QUESTION, table() + NOTES, table(), options.json(), System.out);
    }

    private void measure() throws IOException {
        for (final long window : WINDOWS) {
            round(window, WARM_UP_NS);
        }
        for (int i = 0; i < ROUNDS; i++) {
            for (final long window : WINDOWS) {
                measured.get(window).add(round(window, ROUND_NS));
            }
        }
    }

    private Measurement round(final long window, final long durationNs) throws IOException {
        final Path directory = DataDirectory.fresh(options.data(), "prefault");
        try (Mapcask store = Mapcask.open(directory, MapcaskOptions.builder().prefaultWindow(window).build())) {
            return LatencyRig.open(
                tag(window), new FillWorkload(store, SyntheticSet.endless(VALUE_LENGTH), 0), 1, RATE, durationNs);
        } finally {
            DataDirectory.remove(directory);
        }
    }

    private static String tag(final long window) {
        return "put-window-" + (window >> 20) + "m";
    }

    private static Histogram service(final List<Measurement> rounds) {
        final Histogram all = IntervalRecorder.newHistogram();
        rounds.forEach(round -> all.add(round.serviceTotal()));
        return all;
    }

    private String table() {
        final List<String[]> rows = new ArrayList<>();
        measured.forEach((window, rounds) -> {
            final Histogram all = service(rounds);
            final long slow = all.getTotalCount() - all.getCountBetweenValues(0, SLOW_NS);
            long faults = 0;
            for (final Measurement round : rounds) {
                faults += round.used().minorFaults();
            }
            rows.add(new String[] {
                (window >> 20) + " MiB", SummaryTable.count(all.getTotalCount()),
                SummaryTable.time(all.getValueAtPercentile(50)), SummaryTable.time(all.getValueAtPercentile(99)),
                SummaryTable.time(all.getValueAtPercentile(99.9)), SummaryTable.time(all.getValueAtPercentile(99.99)),
                SummaryTable.time(all.getMaxValue()), SummaryTable.count(slow), SummaryTable.count(faults)});
        });
        return SummaryTable.markdown(new String[] {
            "window", "puts", "p50", "p99", "p99.9", "p99.99", "max", "> 100 us", "minor faults"}, rows);
    }

    private void write() throws IOException {
        final PercentileChart chart = new PercentileChart("Service time of a put by prefaultWindow",
            String.format(Locale.ROOT, "Open loop, %,.0f puts a second, 1 thread, keys 16 B, values 100 B", RATE));
        final Histogram hiccups = IntervalRecorder.newHistogram();
        int series = 0;
        for (final Map.Entry<Long, List<Measurement>> entry : measured.entrySet()) {
            HistogramFiles.write(
                report.folder().path(), Measurement.merged(tag(entry.getKey()), entry.getValue()));
            chart.add(tag(entry.getKey()), service(entry.getValue()), series++, false);
            for (final Measurement round : entry.getValue()) {
                hiccups.add(IntervalRecorder.total(round.hiccups()));
                if (round.missedRate()) {
                    report.folder().fail(
                        round.tag() + " reached " + Math.round(round.achievedRate()) + " puts a second");
                }
            }
        }
        report.hiccups(hiccups);
        report.folder().write("latency.svg", chart.hiccup(hiccups).render());
    }
}
