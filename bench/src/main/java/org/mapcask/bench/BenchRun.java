package org.mapcask.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.dict.WordNet;
import org.mapcask.lab.chart.SpaceSampler;
import org.mapcask.lab.chart.SpaceSeries;
import org.mapcask.lab.host.PageCache;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.rig.Workload;
import org.mapcask.lab.run.SpaceFiles;
import org.mapcask.lab.workload.FillWorkload;
import org.mapcask.lab.workload.ReadWorkload;
import org.mapcask.lab.workload.SyntheticRecords;
import org.mapcask.lab.workload.SyntheticSet;
import org.mapcask.lab.workload.WordSet;

/**
 * The measurements of one run, in their order: dictionary lookups, then for each repeat sequential appends, random
 * reads of what was appended, and for each way to read ({@link ReadArm}) random reads with the page cache full and
 * after it was dropped. Collects; writes nothing.
 *
 * <p>Used by one thread.
 */
final class BenchRun {
    /** The newest dictionary that there is. */
    private static final String WORDNET = "3.1";
    /** Above this share of pages still in the page cache, a read is not called cold. */
    private static final double RESIDENT_SHARE_MAX = 0.05;
    /** The rate of an open loop, unless one is given, as a share of what the closed loop before it reached. */
    private static final double OPEN_RATE_SHARE = 0.5;

    private static final int SAMPLE_MS = 50;
    private static final int RECORD_LENGTH = SyntheticRecords.KEY_LENGTH + SyntheticRecords.VALUE_LENGTH;

    private static final SyntheticSet RECORDS = SyntheticSet.endless(SyntheticRecords.VALUE_LENGTH);

    private final BenchOptions options;
    private final ResultFolder folder;
    private final PrintStream talk;
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * Prepares a run.
     *
     * @param options what to do.
     * @param folder  learns of failures.
     * @param talk    receives one line a step.
     */
    BenchRun(final BenchOptions options, final ResultFolder folder, final PrintStream talk) {
        this.options = options;
        this.folder = folder;
        this.talk = talk;
    }

    /** All measurements, in the order in which they were made. */
    List<Measurement> measurements() {
        return measurements;
    }

    /** What a reader has to know beside the numbers. */
    List<String> notes() {
        return notes;
    }

    /**
     * Measures everything. Wrong answers and missed rates go to the folder as failures.
     *
     * @throws IOException if a directory cannot be made or removed.
     */
    void measure() throws IOException {
        dictionary();
        for (int repeat = 1; repeat <= options.profile().repeats(); repeat++) {
            synthetic(options.profile().repeats() == 1 ? "" : "-" + repeat, options.seed() + repeat);
        }
    }

    private void dictionary() {
        final Path directory = options.run().data().resolve("wordnet");
        if (!Files.isDirectory(directory)) {
            throw new IllegalStateException("no dictionary in " + directory + ": bench/run.sh imports it first");
        }
        final WordSet words = new WordSet(WordNet.open(WORDNET));
        try (Mapcask store = Mapcask.open(directory)) {
            final Workload workload = ReadWorkload.popular(store, words, options.seed());
            notes.add(String.format(Locale.ROOT,
                "readhot draws from %,d of %,d headwords, each as often as a corpus has it.",
                words.popularCount(), words.count()));
            check(store.size() == words.count(),
                "the dictionary store has " + store.size() + " keys, WordNet " + words.count());
            warmUp("readhot", workload, options.threads());
            pair("readhot", "", workload, options.readRate());
        }
    }

    private void synthetic(final String suffix, final long seed) throws IOException {
        final Profile profile = options.profile();
        if (measurements.stream().noneMatch(measurement -> measurement.tag().startsWith("fillseq"))) {
            final Path scrap = DataDirectory.fresh(options.run().data(), "warm-up");
            try (Mapcask store = Mapcask.open(scrap)) {
                warmUp("fillseq", new FillWorkload(store, RECORDS, 0), 1);
            }
            DataDirectory.remove(scrap);
        }
        final Path directory = DataDirectory.fresh(options.run().data(), "synthetic");
        final long keys;
        try (Mapcask store = Mapcask.open(directory)) {
            keys = fill(store, suffix, profile);
            final Workload reads = ReadWorkload.uniform(store, RECORDS, keys, seed);
            warmUp("readrandom", reads, options.threads());
            pair("readrandom", suffix, reads, options.readRate());
        }
        for (final ReadArm arm : ReadArm.values()) {
            arms(directory, keys, arm, suffix, seed);
        }
        DataDirectory.remove(directory);
    }

    private long fill(final Mapcask store, final String suffix, final Profile profile) throws IOException {
        final FillWorkload first = new FillWorkload(store, RECORDS, 0);
        final Measurement closed = add(sampled(store, () -> LatencyRig.closed(
            "fillseq-closed" + suffix, first, 1, profile.fillMax(), profile.closedNs())));
        final double rate = rate(options.appendRate(), closed);
        final FillWorkload second = new FillWorkload(store, RECORDS, closed.operations());
        final Measurement open = add(sampled(
            store, () -> LatencyRig.open("fillseq-open" + suffix, second, 1, rate, profile.openNs())));
        final long keys = closed.operations() + open.operations();
        check(store.size() == keys, "the store has " + store.size() + " keys after " + keys + " appends of new keys");
        final long wrong = first.wrong() + second.wrong();
        check(wrong == 0, wrong + " appended records were not there as they had been put");
        return keys;
    }

    /** Measures, and writes what the store took meanwhile, and when it merged and made checkpoints. */
    private Measurement sampled(final Mapcask store, final Supplier<Measurement> measure) throws IOException {
        final long startMillis = System.currentTimeMillis();
        final SpaceSampler sampler = SpaceSampler.start(store, SAMPLE_MS, RECORD_LENGTH, false);
        final Measurement measurement;
        final SpaceSeries series;
        try {
            measurement = measure.get();
        } finally {
            series = sampler.stop();
        }
        SpaceFiles.write(folder, measurement, series, startMillis);
        return measurement;
    }

    private void pair(
        final String name, final String suffix, final Workload workload, final double fixedRate) {
        final Profile profile = options.profile();
        final int threads = options.threads();
        final Measurement closed =
            add(LatencyRig.closed(name + "-closed" + suffix, workload, threads, Long.MAX_VALUE, profile.closedNs()));
        final double rate = rate(fixedRate, closed);
        add(LatencyRig.open(name + "-open" + suffix, workload, threads, rate, profile.openNs()));
    }

    private static double rate(final double fixedRate, final Measurement closed) {
        return fixedRate > 0 ? fixedRate : round(closed.achievedRate() * OPEN_RATE_SHARE);
    }

    /** One way to read, first hot, then cold; the store is opened anew, so that nothing of the last one is left. */
    private void arms(
        final Path directory, final long keys, final ReadArm arm, final String suffix, final long seed) {
        final Profile profile = options.profile();
        final MapcaskOptions storeOptions = MapcaskOptions.builder().sealedRead(arm.sealedRead()).build();
        try (Mapcask store = Mapcask.open(directory, storeOptions)) {
            final String warm = "readwarm-" + arm.label() + suffix;
            notes.add(warm + ": " + arm.prepare(directory, true) + ".");
            final Workload reads = ReadWorkload.uniform(store, RECORDS, keys, seed);
            LatencyRig.closed(warm + "-warm-up", reads, 1, Long.MAX_VALUE, profile.armNs() / 2);
            add(LatencyRig.closed(warm, reads, 1, Long.MAX_VALUE, profile.armNs()));
            cold(store, keys, arm, suffix, seed);
        }
    }

    private void cold(
        final Mapcask store, final long keys, final ReadArm arm, final String suffix, final long seed) {
        final Path directory = store.directory();
        final String name = "readcold-" + arm.label();
        String state;
        boolean cold = false;
        try {
            // Opening reads the log through the page cache, so it is dropped again.
            PageCache.drop(directory);
            final double resident = PageCache.residentShare(directory);
            cold = resident <= RESIDENT_SHARE_MAX;
            state = String.format(Locale.ROOT,
                "%s; %.1f %% of the files' pages in the page cache before the first read",
                arm.prepare(directory, false), 100 * resident);
        } catch (final IllegalStateException e) {
            state = "the page cache could not be dropped: " + e.getMessage();
        }
        final Workload reads = ReadWorkload.uniform(store, RECORDS, keys, seed ^ keys);
        add(LatencyRig.closed((cold ? name : name + "-NOTCOLD") + suffix, reads, 1,
            options.profile().coldReads(), options.profile().coldNs()));
        notes.add(name + suffix + ": " + state + afterwards(directory)
            + (cold ? "." : "; the drop did not work: NOT cold."));
    }

    private static String afterwards(final Path directory) {
        try {
            return String.format(Locale.ROOT, ", %.1f %% after the last", 100 * PageCache.residentShare(directory));
        } catch (final IllegalStateException e) {
            return "";
        }
    }

    private void warmUp(final String name, final Workload workload, final int threads) {
        talk.println("warming up " + name + " ...");
        final Measurement unrecorded =
            LatencyRig.closed(name + "-warm-up", workload, threads, Long.MAX_VALUE, options.profile().warmUpNs());
        check(unrecorded.wrong() == 0, unrecorded.wrong() + " wrong answers in the warm-up of " + name);
    }

    private Measurement add(final Measurement measurement) {
        measurements.add(measurement);
        talk.printf(Locale.ROOT, "%-24s %,12d operations  %,12.0f/s  p50 %s, p99.9 %s%n", measurement.tag(),
            measurement.operations(), measurement.achievedRate(),
            SummaryTable.time(measurement.responseTotal().getValueAtPercentile(50)),
            SummaryTable.time(measurement.responseTotal().getValueAtPercentile(99.9)));
        check(measurement.wrong() == 0, measurement.wrong() + " wrong answers in " + measurement.tag());
        check(!measurement.missedRate(),
            String.format(Locale.ROOT, "%s missed its rate: %,.0f/s asked, %,.0f/s achieved",
                measurement.tag(), measurement.targetRate(), measurement.achievedRate()));
        return measurement;
    }

    private void check(final boolean holds, final String otherwise) {
        if (!holds) {
            folder.fail(otherwise);
            talk.println("FAILED: " + otherwise);
        }
    }

    /** Two significant digits: a rate that a reader can type again. */
    static double round(final double rate) {
        final double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, rate))) - 1));
        return Math.max(1, Math.floor(rate / unit) * unit);
    }
}
