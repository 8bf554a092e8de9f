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
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskStats;
import org.mapcask.lab.chart.SpaceChart;
import org.mapcask.lab.chart.SpaceSample;
import org.mapcask.lab.chart.SpaceSampler;
import org.mapcask.lab.chart.SpaceSeries;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.workload.OverwriteWorkload;
import org.mapcask.merge.MergeStats;

/**
 * What a store takes on the disk while the same keys are written over again and again and merges give dead space back.
 * {@code bench/disk-usage.sh} and {@code bench/amplification.sh} build and call this.
 *
 * <p>Exit status: 0, 1 if a value was wrong, too few cycles came or something broke, 2 for a wrong command line. The
 * goal is printed beside what was measured; missing it is a result and not a failure.
 */
public final class SpaceBench {
    private static final double GOAL = 1.6;
    private static final double MEGABYTE = 1e6;
    private static final long SEED = 6_110;
    private static final int BATCH = 64;
    /** Overwrites of each key, on average, before the steady state is looked at. */
    private static final int SETTLING = 2;
    /** So many times what the cycles should need may be written before the run is given up. */
    private static final int GIVE_UP_FACTOR = 4;
    private static final Map<String, String> CLASSIC = new LinkedHashMap<>();

    static {
        CLASSIC.put("segmentLength", "100m");
        CLASSIC.put("syncBytes", "1m");
        CLASSIC.put("mergeMinSegments", "10");
        CLASSIC.put("mergeIntervalMs", "100");
        CLASSIC.put("mergeDeadBytes", "0");
        CLASSIC.put("mergeFragmentation", "100");
    }

    private final Settings settings;
    private final RunReport report;
    private final PrintStream talk;
    private SpaceSeries series;
    private MapcaskStats end;
    private int recordLength;
    private long seconds;
    private double putsPerSecond;

    /** What the command line says. */
    record Settings(
        boolean classic, int keys, int valueLength, int cycles, int overwrites, long rate, int sampleMs,
        Map<String, String> options, RunOptions run) {
        static Settings parse(final List<String> arguments) {
            final CommandLine line = RunOptions.parse(arguments,
                Set.of("--keys", "--value", "--cycles", "--overwrites", "--rate", "--sample-ms"),
                Set.of("--defaults"), Set.of("--option"));
            final boolean classic = !line.has("--defaults");
            final Map<String, String> options = new LinkedHashMap<>(classic ? CLASSIC : Map.of());
            options.putAll(line.pairs("--option"));
            return new Settings(classic,
                (int) line.number("--keys", classic ? 100_000 : 1_000_000, 1, 100_000_000),
                (int) line.number("--value", classic ? 94 : 100, 0, 1 << 20),
                (int) line.number("--cycles", 5, 1, 10_000),
                (int) line.number("--overwrites", 20, SETTLING + 1, 10_000),
                line.number("--rate", classic ? 0 : 200_000, 0, 100_000_000),
                (int) line.number("--sample-ms", 50, 1, 60_000), options,
                RunOptions.of(line, classic ? "disk-usage" : "amplification"));
        }
    }

    private SpaceBench(final Settings settings, final RunReport report, final PrintStream talk) {
        this.settings = settings;
        this.report = report;
        this.talk = talk;
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code bench/disk-usage.sh --help}.
     */
    public static void main(final String[] arguments) {
        Launcher.launch("disk-usage", arguments, Settings::parse,
            settings -> new SpaceBench(settings, settings.run.begin(), System.err).run(System.out));
    }

    private boolean run(final PrintStream out) throws IOException {
        report.attempt(this::measure);
        final Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("keys", settings.keys);
        figures.put("valueLength", settings.valueLength);
        figures.put("options", settings.options);
        String table = "";
        if (series != null && end != null) {
            figures.putAll(figures());
            table = table();
            report.folder().write("disk-usage.csv", series.csv());
            report.folder().write("disk-usage.svg", chart());
        }
        return report.finish(figures, question(), table + notes(), table, settings.run.json(), out);
    }

    private void measure() throws IOException {
        final Path directory = DataDirectory.fresh(settings.run.data(), "space");
        try (Mapcask store = Mapcask.open(directory, StoreArm.options(settings.options))) {
            final OverwriteWorkload workload =
                new OverwriteWorkload(store, settings.keys, settings.valueLength, SEED);
            workload.load();
            recordLength = (int) (store.stats().logBytes() / settings.keys);
            final SpaceSampler sampler = SpaceSampler.start(store, settings.sampleMs, recordLength, true);
            final long startNs = System.nanoTime();
            final long puts;
            try {
                puts = overwrite(store, workload, sampler);
            } finally {
                seconds = Math.max(1, (System.nanoTime() - startNs) / 1_000_000_000L);
                series = sampler.stop();
            }
            putsPerSecond = puts * 1e9 / (System.nanoTime() - startNs);
            end = store.stats();
            final long wrong = workload.wrong();
            if (wrong > 0) {
                report.folder().fail(wrong + " of " + settings.keys + " values were not the ones put last");
            }
            if (end.merge().runs() == 0) {
                report.folder().fail("no merge ran");
            }
        } finally {
            DataDirectory.remove(directory);
        }
    }

    /** Returns the number of puts. */
    private long overwrite(final Mapcask store, final OverwriteWorkload workload, final SpaceSampler sampler) {
        final long cycleBytes = 10L * Math.max(store.stats().totalBytes(), 1);
        final long most = settings.classic
            ? Math.max(GIVE_UP_FACTOR * settings.cycles * cycleBytes / recordLength, settings.keys)
            : (long) settings.overwrites * settings.keys;
        final long startNs = System.nanoTime();
        long puts = 0;
        int told = 0;
        while (puts < most && !sampler.hasFailed() && !(settings.classic && sampler.cycles() >= settings.cycles)) {
            for (int i = 0; i < BATCH; i++) {
                workload.overwrite();
            }
            puts += BATCH;
            if (settings.rate > 0) {
                final long dueNs = startNs + (long) (puts * 1e9 / settings.rate);
                for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
            }
            if (sampler.cycles() > told) {
                told = sampler.cycles();
                talk.printf(Locale.ROOT, "cycle %d, %,d puts%n", told, puts);
            }
        }
        if (settings.classic && sampler.cycles() < settings.cycles) {
            report.folder().fail("only " + sampler.cycles() + " of " + settings.cycles + " cycles after " + puts
                + " puts");
        }
        return puts;
    }

    /** The part of the run that is judged: all of it in the classic scenario. */
    private SpaceSeries steady() {
        return settings.classic ? series
            : series.from(Math.min((long) SETTLING * settings.keys * recordLength, series.last().written()));
    }

    private double writeAmplification() {
        final long written = series.last().written();
        return written == 0 ? Double.NaN : (double) (written + end.merge().movedBytes()) / written;
    }

    private String table() {
        return settings.classic ? sizes() : ratios();
    }

    private String sizes() {
        final List<String[]> rows = new ArrayList<>();
        rows.add(size("live records", SpaceSample::live));
        rows.add(size("dead records", SpaceSample::dead));
        rows.add(size("segment files", SpaceSample::total));
        rows.add(size("blocks on disk (du)", SpaceSample::diskBytes));
        return SummaryTable.markdown(new String[] {"MB", "least", "mean over time", "most"}, rows);
    }

    private String[] size(final String name, final ToLongFunction<SpaceSample> quantity) {
        return new String[] {name, megabytes(series.min(quantity)), megabytes(Math.round(series.mean(quantity))),
            megabytes(series.max(quantity))};
    }

    private String ratios() {
        final SpaceSeries steady = steady();
        final List<String[]> rows = new ArrayList<>();
        rows.add(ratio("live and dead records", steady.amplification(sample -> sample.live() + sample.dead()),
            steady.max(sample -> sample.live() + sample.dead())));
        rows.add(ratio("segment files", steady.amplification(SpaceSample::total), steady.max(SpaceSample::total)));
        rows.add(ratio("blocks on disk (du)", steady.amplification(SpaceSample::diskBytes),
            steady.max(SpaceSample::diskBytes)));
        return SummaryTable.markdown(new String[] {
            "divided by live bytes", "mean over time", "median", "p99", "most", "most, MB"}, rows);
    }

    private static String[] ratio(final String name, final SpaceSeries.Amplification ratio, final long most) {
        return new String[] {name, two(ratio.mean()), two(ratio.median()), two(ratio.p99()), two(ratio.max()),
            megabytes(most)};
    }

    private static String two(final double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String megabytes(final long bytes) {
        return String.format(Locale.ROOT, "%,.1f", bytes / MEGABYTE);
    }

    private Map<String, Object> figures() {
        final SpaceSeries steady = steady();
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("recordLength", recordLength);
        out.put("seconds", seconds);
        out.put("putsPerSecond", putsPerSecond);
        out.put("writtenBytes", series.last().written());
        out.put("liveBytes", end.liveBytes());
        out.put("cycles", series.cycles());
        out.put("mergingShare", series.mergingShare());
        out.put("writeAmplification", writeAmplification());
        out.put("recordsToLive", json(steady.amplification(sample -> sample.live() + sample.dead())));
        out.put("filesToLive", json(steady.amplification(SpaceSample::total)));
        out.put("diskToLive", json(steady.amplification(SpaceSample::diskBytes)));
        out.put("goal", settings.classic ? null : GOAL);
        out.put("goalMet", settings.classic ? null : steady.amplification(SpaceSample::total).mean() <= GOAL);
        out.put("merge", end.merge().asMap());
        return out;
    }

    private static Map<String, Object> json(final SpaceSeries.Amplification ratio) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("mean", ratio.mean());
        out.put("median", ratio.median());
        out.put("p99", ratio.p99());
        out.put("max", ratio.max());
        return out;
    }

    private String question() {
        return settings.classic
            ? "What does a store take on the disk while few keys are written over many times, and old files are merged "
                + "when there are ten of them?"
            : "What does a store take on the disk beside what lives in it, in the steady state of uniform overwrites?";
    }

    private String notes() {
        final StringBuilder out = new StringBuilder("\n");
        out.append(String.format(Locale.ROOT, "* %,d keys of 16 B, values of %d B, %d B a record in the log; chosen "
            + "uniformly, one thread, %s.%n", settings.keys, settings.valueLength, recordLength,
            settings.rate == 0 ? "as fast as it goes" : "at most " + SummaryTable.count(settings.rate) + " a second"));
        out.append("* Options: ").append(settings.options.isEmpty() ? "defaults" : settings.options).append(".\n");
        if (series == null || end == null) {
            return out.toString();
        }
        final MergeStats merge = end.merge();
        out.append(String.format(Locale.ROOT, "* %s MB written in %d s, %,.0f puts a second; %s MB live at the end; "
            + "%d cycles.%n", megabytes(series.last().written()), seconds, putsPerSecond, megabytes(end.liveBytes()),
            series.cycles()));
        out.append(String.format(Locale.ROOT, "* Merges: %d, given up %d; moved %s MB, gave back %s MB; ran %s of the "
            + "time. Bytes written for each byte put: %.2f.%n", merge.runs(), merge.givenUp(),
            megabytes(merge.movedBytes()), megabytes(merge.reclaimedBytes()),
            SpaceSeries.percent(series.mergingShare()), writeAmplification()));
        if (!settings.classic) {
            final double mean = steady().amplification(SpaceSample::total).mean();
            out.append(String.format(Locale.ROOT, "* Goal: segment files at most %.1f times the live bytes, mean over "
                + "the time: %.2f, %s. The first %d overwrites of each key are left out. Merges ran by their own "
                + "triggers.%n", GOAL, mean, mean <= GOAL ? "met" : "MISSED", SETTLING));
        }
        out.append("* *Segment files*: their lengths, by the store; the segment being written counts in full. "
            + "*Blocks*: of the whole directory, twice a second, with the segment that is prepared ahead and with "
            + "outputs of a merge that is not over.\n* Every value was read at the end and was the last one put, "
            + "unless this run failed.\n\n![disk use over time](disk-usage.svg)\n\n"
            + "Files: `disk-usage.csv`, one line each ").append(settings.sampleMs).append(" ms.\n");
        return out.toString();
    }

    private String chart() {
        final String title = settings.classic ? "Disk use while keys are overwritten and merges run"
            : "Disk use in the steady state, default options";
        final String subtitle = String.format(Locale.ROOT, "%,d keys, %d B a record, uniform overwrites%s",
            settings.keys, recordLength, settings.classic ? "; merge at 10 old files"
                : "; level line: the goal, 1.6 times the live bytes");
        return SpaceChart.render(title, subtitle, series, settings.classic ? 0 : GOAL * end.liveBytes());
    }
}
