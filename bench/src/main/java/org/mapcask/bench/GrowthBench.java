package org.mapcask.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.chart.PercentileChart;
import org.mapcask.lab.host.Environment;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.Json;
import org.mapcask.lab.results.ResultFolder;
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
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;
    private static final double PUT_GOAL = 0.4;
    private static final double GET_GOAL = 0.5;
    private static final double BYTES_PER_KEY_GOAL = 24;
    /** Memory a key is not judged below this share of the growth: fixed costs would stand in its place. */
    private static final double JUDGED_FROM = 0.2;

    private final long keys;
    private final String command;
    private final Path data;
    private final ResultFolder folder;
    private final GrowthRun run;
    private final Environment environment;
    private final List<String[]> rows = new ArrayList<>();
    private final Map<String, Object> headline = new LinkedHashMap<>();

    private GrowthBench(
        final long keys, final String command, final Path data, final ResultFolder folder, final PrintStream talk) {
        this.keys = keys;
        this.command = command;
        this.data = data;
        this.folder = folder;
        environment = Environment.capture(data);
        run = new GrowthRun(keys, data, folder, talk);
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code bench/growth.sh --help}.
     */
    public static void main(final String[] arguments) {
        long keys = 10_000_000;
        Path data = Path.of("target", "growth-data");
        Path results = Path.of("results");
        String label = "growth";
        String command = "bench/growth.sh";
        try {
            final Iterator<String> rest = List.of(arguments).iterator();
            while (rest.hasNext()) {
                final String name = rest.next();
                if (!rest.hasNext()) {
                    throw new IllegalArgumentException("option " + name + " needs a value");
                }
                switch (name) {
                    case "--keys" -> keys = Long.parseLong(rest.next());
                    case "--dir" -> data = Path.of(rest.next());
                    case "--results" -> results = Path.of(rest.next());
                    case "--label" -> label = rest.next();
                    case "--command" -> command = rest.next();
                    default -> throw new IllegalArgumentException("unknown option '" + name + "'");
                }
            }
            if (keys < GrowthRun.SLICES) {
                throw new IllegalArgumentException("--keys must be " + GrowthRun.SLICES + " or more");
            }
        } catch (final IllegalArgumentException e) {
            System.err.println("growth: " + e.getMessage());
            System.exit(EXIT_USAGE);
        }
        try {
            final ResultFolder folder = ResultFolder.create(results, LocalDate.now(), label);
            System.exit(new GrowthBench(keys, command, data, folder, System.err).run(System.out) ? 0 : EXIT_FAILED);
        } catch (final IOException e) {
            System.err.println("growth: " + e);
            System.exit(EXIT_FAILED);
        }
    }

    private boolean run(final PrintStream out) throws IOException {
        try {
            run.measure();
            judge();
        } catch (final IOException | RuntimeException e) {
            folder.fail("ended by " + Environment.anonymous(e.toString(), data));
            e.printStackTrace(System.err);
        }
        environment.complete();
        write();
        final Path path = folder.close();
        out.println();
        out.print(table());
        folder.failures().forEach(failure -> out.println("FAILED: " + failure));
        out.println("written to " + path);
        return folder.failures().isEmpty();
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

    private void write() throws IOException {
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
        folder.write("summary.json", Json.render(summary()));
        folder.write("environment.txt", environment.toText());
        folder.write("environment.json", Json.render(environment.toMap()));
        folder.write("command.txt", Environment.anonymous(command, data) + "\n");
        folder.write("README.md", readme());
    }

    private Map<String, Object> summary() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("keys", keys);
        out.put("keyLength", SyntheticRecords.KEY_LENGTH);
        out.put("valueLength", SyntheticRecords.VALUE_LENGTH);
        out.put("passed", folder.failures().isEmpty());
        out.put("failures", folder.failures());
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
        out.put("environment", environment.toMap());
        return out;
    }

    private String readme() {
        final StringBuilder out = new StringBuilder();
        out.append("# ").append(folder.path().getFileName()).append("\n\n");
        folder.failures().forEach(failure -> out.append("**FAILED:** ").append(failure).append("\n\n"));
        out.append("How near does the store come to a bare mapped log that copies and checks the same bytes, "
            + "while it grows to ")
            .append(SummaryTable.count(keys)).append(" keys of 16 B with values of 100 B?\n\n");
        out.append("* Command: `").append(Environment.anonymous(command, data)).append("`\n");
        out.append("* Machine: ").append(environment.headline()).append('\n');
        out.append("* Source: ").append(environment.get("source", "revision")).append(", changes not committed: ")
            .append(environment.get("source", "changes that are not committed")).append("\n\n");
        out.append(table()).append('\n');
        out.append("* Loads take turns by slice (`growth.csv`), reads by round; rates of reads are medians. "
            + "Making keys and values, and comparing each value read, is in the rates of both.\n");
        out.append("* Memory a key: the largest of the slices from ").append(Math.round(100 * JUDGED_FROM))
            .append(" % of the growth on.\n");
        out.append("* Longest pause: a second growth with each put timed. The same run's hiccup stands beside it.\n\n");
        out.append("![latency of puts](latency.svg)\n");
        return out.toString();
    }
}
