package org.mapcask.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.chart.PercentileChart;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * How near the store comes to a bare mapped log while it grows to millions of keys, what its keydir takes in memory,
 * and how long the longest put waited. {@code bench/growth.sh} builds and calls this.
 *
 * <p>Exit status: 0, 1 if an answer was wrong or something broke, 2 for a wrong command line. The goals are printed
 * beside what was measured; missing one is a result and not a failure.
 */
public final class GrowthBench {
    private static final long KEYS_MAX = 1_000_000_000;
    private static final double PUT_GOAL = 0.4;
    private static final double GET_GOAL = 0.5;
    private static final double BYTES_PER_KEY_GOAL = 24;
    /** Memory a key is not judged below this share of the growth: fixed costs would stand in its place. */
    private static final double JUDGED_FROM = 0.2;

    private final long keys;
    private final RunReport report;
    private final GrowthRun run;
    private final List<String[]> rows = new ArrayList<>();
    private final Map<String, Object> headline = new LinkedHashMap<>();

    /** What the command line says. */
    private record Settings(long keys, RunOptions run) {
        static Settings parse(final List<String> arguments) {
            final CommandLine line = RunOptions.parse(arguments, Set.of("--keys"), Set.of(), Set.of());
            return new Settings(
                line.number("--keys", 10_000_000, GrowthRun.SLICES, KEYS_MAX), RunOptions.of(line, "growth"));
        }
    }

    private GrowthBench(final Settings settings, final RunReport report, final PrintStream talk) {
        this.keys = settings.keys;
        this.report = report;
        run = new GrowthRun(keys, settings.run.data(), report.folder(), talk);
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code bench/growth.sh --help}.
     */
    public static void main(final String[] arguments) {
        Launcher.launch("growth", arguments, Settings::parse, settings ->
            new GrowthBench(settings, settings.run.begin(), System.err).run(settings.run.json(), System.out));
    }

    private boolean run(final boolean json, final PrintStream out) throws IOException {
        report.attempt(() -> {
            run.measure();
            judge();
        });
        writeCharts();
        return report.finish(figures(), question(), body(), table(), json, out);
    }

    private void judge() {
        double bareNs = 0;
        double storeNs = 0;
        double keydirMax = 0;
        double anonymousMax = 0;
        long before = 0;
        for (final GrowthRun.Slice slice : run.slices()) {
            bareNs += (slice.keys() - before) * 1e9 / slice.bareRate();
            storeNs += (slice.keys() - before) * 1e9 / slice.mapcaskRate();
            before = slice.keys();
            if (slice.keys() >= JUDGED_FROM * keys) {
                keydirMax = Math.max(keydirMax, (double) slice.keydirBytes() / slice.keys());
                anonymousMax = Math.max(anonymousMax, (double) slice.anonymousBytes() / slice.keys());
            }
        }
        ratio("put, 1 thread, without a clock", keys * 1e9 / bareNs, keys * 1e9 / storeNs, PUT_GOAL);
        for (final GrowthRun.Reads reads : run.reads()) {
            ratio("get, random, " + reads.threads() + (reads.threads() == 1 ? " thread" : " threads"),
                GrowthRun.median(reads.bareRates()), GrowthRun.median(reads.mapcaskRates()), GET_GOAL);
        }
        bytes("keydir bytes a key, worst, by the store's stats", keydirMax);
        bytes("resident bytes a key, worst, not backed by a file", anonymousMax);
        for (final Measurement puts : run.timed()) {
            final double max = puts.responseTotal().getMaxValue();
            final double hiccup = IntervalRecorder.total(puts.hiccups()).getMaxValue();
            headline.put("longest " + puts.tag() + " ns", max);
            rows.add(new String[] {"longest pause, " + puts.tag(), "-", SummaryTable.time(max), "-",
                "host hiccup " + SummaryTable.time(hiccup)});
        }
    }

    private void ratio(final String name, final double bare, final double store, final double goal) {
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("bareRate", bare);
        values.put("mapcaskRate", store);
        values.put("ratio", store / bare);
        values.put("goal", goal);
        headline.put(name, values);
        rows.add(new String[] {name,
            SummaryTable.count(Math.round(bare)) + "/s", SummaryTable.count(Math.round(store)) + "/s",
            String.format(Locale.ROOT, "%.2f", store / bare),
            String.format(Locale.ROOT, ">= %.1f: %s", goal, store / bare >= goal ? "met" : "MISSED")});
    }

    private void bytes(final String name, final double value) {
        headline.put(name, value);
        rows.add(new String[] {name, "-", String.format(Locale.ROOT, "%.1f B", value), "-",
            String.format(
                Locale.ROOT, "<= %.0f B: %s", BYTES_PER_KEY_GOAL, value <= BYTES_PER_KEY_GOAL ? "met" : "MISSED")});
    }

    private String table() {
        return SummaryTable.markdown(new String[] {"question", "bare log", "Mapcask", "ratio", "goal"}, rows);
    }

    private void writeCharts() throws IOException {
        final ResultFolder folder = report.folder();
        final PercentileChart chart = new PercentileChart(
            String.format(Locale.ROOT, "Puts of new keys while growing from 0 to %,d", keys),
            "Closed loop, 1 thread, keys 16 B, values 100 B. put-bare: a mapped log without an index.");
        final Histogram hiccup = IntervalRecorder.newHistogram();
        for (final Measurement puts : run.timed()) {
            HistogramFiles.write(folder.path(), puts);
            chart.add(puts.tag() + ", " + SummaryTable.count(Math.round(puts.achievedRate())) + "/s",
                puts.responseTotal(), run.timed().indexOf(puts), false);
            hiccup.add(IntervalRecorder.total(puts.hiccups()));
        }
        chart.hiccup(hiccup);
        if (!chart.isEmpty()) {
            folder.write("latency.svg", chart.render());
        }
        final StringBuilder csv = new StringBuilder("keys,bare_per_s,mapcask_per_s,keydir_bytes,anonymous_bytes\n");
        for (final GrowthRun.Slice slice : run.slices()) {
            csv.append(String.format(Locale.ROOT, "%d,%.0f,%.0f,%d,%d%n",
                slice.keys(), slice.bareRate(), slice.mapcaskRate(), slice.keydirBytes(), slice.anonymousBytes()));
        }
        folder.write("growth.csv", csv.toString());
    }

    private Map<String, Object> figures() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("keys", keys);
        out.put("keyLength", SyntheticRecords.KEY_LENGTH);
        out.put("valueLength", SyntheticRecords.VALUE_LENGTH);
        out.put("headline", headline);
        final List<Object> reads = new ArrayList<>();
        for (final GrowthRun.Reads one : run.reads()) {
            final Map<String, Object> values = new LinkedHashMap<>();
            values.put("threads", one.threads());
            values.put("bareRates", Arrays.stream(one.bareRates()).boxed().toList());
            values.put("mapcaskRates", Arrays.stream(one.mapcaskRates()).boxed().toList());
            reads.add(values);
        }
        out.put("reads", reads);
        out.put("timedPuts", run.timed().stream().map(SummaryTable::json).toList());
        return out;
    }

    private String question() {
        return "How near does the store come to a bare mapped log that copies and checks the same bytes, while it "
            + "grows to " + SummaryTable.count(keys) + " keys of 16 B with values of 100 B?";
    }

    private String body() {
        final StringBuilder out = new StringBuilder(table()).append('\n');
        out.append("* Loads take turns by slice (`growth.csv`), reads by round; rates of reads are medians. "
            + "Making keys and values, and comparing each value read, is in the rates of both.\n");
        out.append("* Memory a key: the largest of the slices from ").append(Math.round(100 * JUDGED_FROM))
            .append(" % of the growth on.\n");
        out.append("* Longest pause: a second growth with each put timed. The same run's hiccup stands beside it.\n\n");
        out.append("![latency of puts](latency.svg)\n");
        return out.toString();
    }
}
