package org.mapcask.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.mapcask.Mapcask;
import org.mapcask.lab.chart.PercentileChart;
import org.mapcask.lab.chart.SpaceSampler;
import org.mapcask.lab.chart.SpaceSeries;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.results.Statistics;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.workload.OverwriteWorkload;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * How long gets and puts take while a merge runs, against none: one store, one thread, an open loop at half of the peak
 * rate, in rounds that take turns. {@code bench/merge-latency.sh} builds and calls this.
 *
 * <p>Exit status: 0, 1 if an answer was wrong, a rate was missed, no merge ran where one should or something broke, 2
 * for a wrong command line. The goal is printed beside what was measured; missing it is a result and not a failure.
 */
public final class MergeLatencyBench {
    private static final double GOAL = 3;
    private static final double GOAL_PERCENTILE = 99.9;
    private static final long SEED = 6_330;
    private static final int VALUE_LENGTH = SyntheticRecords.VALUE_LENGTH;
    private static final int SAMPLE_MS = 10;
    private static final long SETTLE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final double MEGABYTE = 1e6;
    /** A tail of fewer operations in a round says nothing. */
    private static final long TAIL_MIN = 10_000;
    private static final String QUESTION = "How long do gets and puts take while a merge runs, against none? Both in "
        + "equal parts by one thread, an open loop at half of the peak rate; response time counts from the intended "
        + "start.";

    private final Settings settings;
    private final RunReport report;
    private final PrintStream talk;
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final Histogram hiccups = IntervalRecorder.newHistogram();
    private final StringBuilder spansCsv = new StringBuilder("round,from_ms,until_ms\n");
    private double peak;
    private double rate;
    private long mergingMs;
    private long mergeRoundsMs;
    private long mergeRuns;
    private long movedBytes;
    private long movedWhilePaused;

    /** What the command line says. */
    record Settings(int keys, long seconds, int rounds, long rate, Map<String, String> options, RunOptions run) {
        static Settings parse(final List<String> arguments) {
            final CommandLine line = RunOptions.parse(
                arguments, Set.of("--keys", "--seconds", "--rounds", "--rate"), Set.of(), Set.of("--option"));
            return new Settings((int) line.number("--keys", 1_000_000, 1, 100_000_000),
                line.number("--seconds", 10, 1, 3600), (int) line.number("--rounds", 8, 1, 1000),
                line.number("--rate", 0, 0, 100_000_000), line.pairs("--option"),
                RunOptions.of(line, "merge-latency"));
        }
    }

    /** What was recorded of one kind of operation in one arm, and its tail in each round. */
    private static final class Kind {
        private final Histogram response = IntervalRecorder.newHistogram();
        private final Histogram service = IntervalRecorder.newHistogram();
        private final List<Double> tails = new ArrayList<>();

        void add(final Measurement round) {
            final Histogram total = round.responseTotal();
            response.add(total);
            service.add(round.serviceTotal());
            tails.add(total.getTotalCount() < TAIL_MIN ? Double.NaN
                : (double) total.getValueAtPercentile(GOAL_PERCENTILE));
        }
    }

    private MergeLatencyBench(final Settings settings, final RunReport report, final PrintStream talk) {
        this.settings = settings;
        this.report = report;
        this.talk = talk;
        for (final String arm : List.of("none", "merging", "between")) {
            kinds.put("get-" + arm, new Kind());
            kinds.put("put-" + arm, new Kind());
        }
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code bench/merge-latency.sh --help}.
     */
    public static void main(final String[] arguments) {
        Launcher.launch("merge-latency", arguments, Settings::parse,
            settings -> new MergeLatencyBench(settings, settings.run.begin(), System.err).run(System.out));
    }

    private boolean run(final PrintStream out) throws IOException {
        report.attempt(() -> {
            measure();
            judge();
        });
        for (final Map.Entry<String, Kind> entry : kinds.entrySet()) {
            final String tag = entry.getKey();
            HistogramFiles.percentiles(report.folder().path(), tag, entry.getValue().response);
            HistogramFiles.percentiles(
                report.folder().path(), tag + HistogramFiles.SERVICE_SUFFIX, entry.getValue().service);
        }
        report.folder().write("latency-get.svg", chart("get"));
        report.folder().write("latency-put.svg", chart("put"));
        report.folder().write("merge-spans.csv", spansCsv.toString());
        final String table = table() + "\n" + ratioTable();
        return report.finish(figures(), QUESTION, table + notes(), table, settings.run.json(), out);
    }

    private void measure() throws IOException {
        final Path directory = DataDirectory.fresh(settings.run.data(), "merge");
        try (Mapcask store = Mapcask.open(directory, StoreArm.options(settings.options))) {
            final OverwriteWorkload workload = new OverwriteWorkload(store, settings.keys, VALUE_LENGTH, SEED);
            workload.load();
            final long roundNs = TimeUnit.SECONDS.toNanos(settings.seconds);
            LatencyRig.closed("warm-up", workload, 1, Long.MAX_VALUE, roundNs);
            settle(store, true);
            peak = LatencyRig.closed("peak", workload, 1, Long.MAX_VALUE, roundNs).achievedRate();
            rate = settings.rate > 0 ? settings.rate : peak / 2;
            talk.printf(Locale.ROOT, "peak %,.0f operations a second, measured at %,.0f%n", peak, rate);
            for (int i = 0; i < settings.rounds; i++) {
                final boolean noneFirst = i % 2 == 0;
                round(store, workload, i, noneFirst, roundNs);
                round(store, workload, i, !noneFirst, roundNs);
            }
            store.merging().resume();
            final long wrong = workload.wrong();
            if (wrong > 0) {
                report.folder().fail(wrong + " of " + settings.keys + " values were not the ones put last");
            }
        } finally {
            DataDirectory.remove(directory);
        }
    }

    /**
     * Holds merging up or lets it go on, and waits until what was dirty by then is on the disk. Merges first catch up
     * with what died while they were held up, which no store in use has: what is measured is how they go on then.
     */
    private static void settle(final Mapcask store, final boolean paused) {
        if (paused) {
            store.merging().pause();
        } else {
            store.merging().resume();
            for (long idleNs = 0; idleNs < SETTLE_NS; idleNs = store.merging().isRunning() ? 0 : idleNs + LOOK_NS) {
                LockSupport.parkNanos(LOOK_NS);
            }
        }
        store.sync();
        LockSupport.parkNanos(SETTLE_NS);
    }

    private void round(
        final Mapcask store, final OverwriteWorkload workload, final int index, final boolean paused,
        final long roundNs) {
        settle(store, paused);
        final long runsBefore = store.merging().stats().runs();
        final long movedBefore = store.merging().stats().movedBytes();
        final SpaceSampler sampler = SpaceSampler.start(store, SAMPLE_MS, 1, false);
        final List<Measurement> measured;
        final SpaceSeries series;
        try {
            workload.mergingIf(paused ? () -> false : store.merging()::isRunning);
            measured = LatencyRig.openByKind(paused ? List.of("get-none", "put-none", "unused-get", "unused-put")
                : List.of("get-between", "put-between", "get-merging", "put-merging"), workload, rate, roundNs);
        } finally {
            series = sampler.stop();
        }
        long operations = 0;
        for (final Measurement one : measured) {
            operations += one.operations();
            if (one.wrong() > 0) {
                report.folder().fail(one.tag() + ": " + one.wrong() + " wrong answers in round " + (index + 1));
            }
            if (kinds.containsKey(one.tag())) {
                kinds.get(one.tag()).add(one);
            }
        }
        final double achieved = operations * 1e9 / measured.get(0).elapsedNs();
        if (achieved < Measurement.RATE_TOLERANCE * rate) {
            report.folder().fail(String.format(Locale.ROOT, "round %d, %s: %,.0f operations a second of %,.0f",
                index + 1, paused ? "none" : "merging", achieved, rate));
        }
        hiccups.add(IntervalRecorder.total(measured.get(0).hiccups()));
        count(store, series, index, paused, runsBefore, movedBefore);
    }

    private void count(
        final Mapcask store, final SpaceSeries series, final int index, final boolean paused, final long runsBefore,
        final long movedBefore) {
        final long moved = store.merging().stats().movedBytes() - movedBefore;
        final long runs = store.merging().stats().runs() - runsBefore;
        if (paused) {
            movedWhilePaused += moved;
            talk.printf(Locale.ROOT, "round %d, none%n", index + 1);
            return;
        }
        mergingMs += Math.round(series.mergingShare() * series.lengthMs());
        mergeRoundsMs += series.lengthMs();
        mergeRuns += runs;
        movedBytes += moved;
        series.mergeSpans().forEach(span -> spansCsv.append(index + 1).append(',').append(span.fromMs()).append(',')
            .append(span.untilMs()).append('\n'));
        talk.printf(Locale.ROOT, "round %d, merging: %d merges, %.1f MB moved, %s of the time%n", index + 1, runs,
            moved / MEGABYTE, SpaceSeries.percent(series.mergingShare()));
    }

    private void judge() {
        if (movedBytes == 0 || mergingMs == 0) {
            report.folder().fail("no merge moved anything in the rounds that were to have merges");
        }
        if (movedWhilePaused > 0) {
            report.folder().fail(movedWhilePaused + " bytes were moved while merging was paused");
        }
    }

    private double ratio(final String operation, final double percentile) {
        return ratio(kinds.get(operation + "-merging").response, kinds.get(operation + "-none").response, percentile);
    }

    private static double ratio(final Histogram merging, final Histogram none, final double percentile) {
        return none.getTotalCount() == 0 || merging.getTotalCount() == 0 ? Double.NaN
            : (double) merging.getValueAtPercentile(percentile) / none.getValueAtPercentile(percentile);
    }

    /** The median of the ratios of the rounds. */
    private double roundRatio(final String operation) {
        return medianRatio(kinds.get(operation + "-merging").tails, kinds.get(operation + "-none").tails);
    }

    /** The median of the ratios of each pair; pairs of which one is not known are left out. */
    static double medianRatio(final List<Double> some, final List<Double> others) {
        final List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(some.size(), others.size()); i++) {
            final double ratio = some.get(i) / others.get(i);
            if (Double.isFinite(ratio)) {
                ratios.add(ratio);
            }
        }
        return Statistics.median(ratios.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private String table() {
        final List<String[]> rows = new ArrayList<>();
        kinds.forEach((tag, kind) -> {
            rows.add(row(tag, "response", kind.response));
            rows.add(row(tag, "service", kind.service));
        });
        return SummaryTable.markdown(new String[] {
            "operation", "time", "operations", "p50", "p99", "p99.9", "p99.99", "max"}, rows);
    }

    private static String[] row(final String tag, final String time, final Histogram histogram) {
        return new String[] {tag, time, SummaryTable.count(histogram.getTotalCount()),
            SummaryTable.time(histogram.getValueAtPercentile(50)),
            SummaryTable.time(histogram.getValueAtPercentile(99)),
            SummaryTable.time(histogram.getValueAtPercentile(99.9)),
            SummaryTable.time(histogram.getValueAtPercentile(99.99)), SummaryTable.time(histogram.getMaxValue())};
    }

    private String ratioTable() {
        final List<String[]> rows = new ArrayList<>();
        for (final String operation : List.of("get", "put")) {
            final double goal = ratio(operation, GOAL_PERCENTILE);
            rows.add(new String[] {operation + ", response", two(ratio(operation, 99)), two(goal),
                two(ratio(operation, 99.99)), two(roundRatio(operation)),
                Double.isNaN(goal) ? "?" : goal <= GOAL ? "met" : "MISSED"});
            final Histogram none = kinds.get(operation + "-none").service;
            final Histogram merging = kinds.get(operation + "-merging").service;
            rows.add(new String[] {operation + ", service", two(ratio(merging, none, 99)),
                two(ratio(merging, none, GOAL_PERCENTILE)), two(ratio(merging, none, 99.99)), "-", "-"});
        }
        return SummaryTable.markdown(new String[] {
            "merging / none", "p99", "p99.9", "p99.99", "p99.9, median of rounds", "p99.9 within 3 times"},
            rows);
    }

    private static String two(final double value) {
        return Double.isNaN(value) ? "?" : String.format(Locale.ROOT, "%.2f", value);
    }

    private Map<String, Object> figures() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("keys", settings.keys);
        out.put("options", settings.options);
        out.put("peakRate", peak);
        out.put("rate", rate);
        out.put("rounds", settings.rounds);
        out.put("secondsOfEachRound", settings.seconds);
        out.put("mergeRuns", mergeRuns);
        out.put("movedBytes", movedBytes);
        out.put("movedBytesWhilePaused", movedWhilePaused);
        out.put("mergingShare", mergeRoundsMs == 0 ? 0 : (double) mergingMs / mergeRoundsMs);
        for (final String operation : List.of("get", "put")) {
            final Map<String, Object> ratios = new LinkedHashMap<>();
            ratios.put("p99", ratio(operation, 99));
            ratios.put("p99.9", ratio(operation, 99.9));
            ratios.put("p99.99", ratio(operation, 99.99));
            ratios.put("p99.9 median of rounds", roundRatio(operation));
            ratios.put("goal", GOAL);
            ratios.put("goalMet", ratio(operation, GOAL_PERCENTILE) <= GOAL);
            out.put(operation + "MergingToNone", ratios);
        }
        kinds.forEach((tag, kind) -> {
            out.put(tag + " responseNs", SummaryTable.json(kind.response));
            out.put(tag + " serviceNs", SummaryTable.json(kind.service));
            out.put(tag + " p99.9 of each round", kind.tails);
        });
        out.put("hiccupNs", SummaryTable.json(hiccups));
        return out;
    }

    private String notes() {
        return String.format(Locale.ROOT, "%n* %,d keys of 16 B, values of %d B. Peak, merging paused: %,.0f "
            + "operations a second; measured at %,.0f.%n", settings.keys, VALUE_LENGTH, peak, rate)
            + "* Options: " + (settings.options.isEmpty() ? "defaults" : settings.options) + ".\n"
            + String.format(Locale.ROOT, "* %d rounds of %d s an arm, in turns. In those with merges: %d merges came "
                + "to their end, %.1f MB moved, a merge ran %s of the time (`merge-spans.csv`). While merging was "
                + "paused: %d bytes moved.%n", settings.rounds, settings.seconds, mergeRuns, movedBytes / MEGABYTE,
                SpaceSeries.percent(mergeRoundsMs == 0 ? 0 : (double) mergingMs / mergeRoundsMs), movedWhilePaused)
            + "* *none*: merging paused. *merging*: operations that began while a merge ran; *between*: the others of "
            + "the same rounds.\n* A thread that only sleeps woke late by "
            + SummaryTable.time(hiccups.getValueAtPercentile(99)) + " (p99), "
            + SummaryTable.time(hiccups.getValueAtPercentile(99.9)) + " (p99.9), at most "
            + SummaryTable.time(hiccups.getMaxValue()) + ".\n* Each value that was read, and every key at the end, was "
            + "compared with what was put last.\n\n"
            + "<img src=\"latency-get.svg\" width=\"49%\" alt=\"get, merging and none\">\n"
            + "<img src=\"latency-put.svg\" width=\"49%\" alt=\"put, merging and none\">\n\n"
            + "Files: `*.hgrm` (percentiles, microseconds), `merge-spans.csv`, `summary.json` (nanoseconds).\n";
    }

    private String chart(final String operation) {
        final PercentileChart chart = new PercentileChart("Response time of a " + operation + " while a merge runs",
            String.format(Locale.ROOT, "Open loop, %,.0f operations a second, half of them puts, 1 thread, %,d keys",
                rate, settings.keys));
        int colour = 0;
        for (final String arm : List.of("none", "merging", "between")) {
            chart.add(operation + ", " + arm, kinds.get(operation + "-" + arm).response, colour++,
                "between".equals(arm));
        }
        return chart.hiccup(hiccups).render();
    }
}
