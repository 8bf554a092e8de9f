package org.mapcask.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.host.ProcessCounters;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.workload.FillWorkload;
import org.mapcask.lab.workload.SyntheticRecords;
import org.mapcask.lab.workload.SyntheticSet;

/**
 * Grows a store from nothing to many keys beside a {@link BareLog}, in slices that take turns, then reads both in
 * rounds that take turns; so a noisy host hits both alike. Last, it grows both once more with each put timed, to find
 * the longest pause.
 *
 * <p>Used by one thread, which starts those that read.
 */
final class GrowthRun {
    /** Slices of the load; after each the memory is looked at. */
    static final int SLICES = 20;

    private static final int READ_ROUNDS = 5;
    private static final long READS_MAX = 1_000_000;
    private static final int SEGMENT_LENGTH = 64 * 1024 * 1024;
    private static final int VALUE_LENGTH = SyntheticRecords.VALUE_LENGTH;
    private static final int RECORD_LENGTH = BareLog.recordLength(SyntheticRecords.KEY_LENGTH, VALUE_LENGTH);
    private static final long WARM_UP_KEYS = 400_000;
    private static final long TIMED_EXTRA_NS = TimeUnit.SECONDS.toNanos(15);
    private static final int TIMED_FACTOR = 3;

    private final long keys;
    private final Path data;
    private final ResultFolder folder;
    private final PrintStream talk;
    private final List<Slice> slices = new ArrayList<>();
    private final List<Reads> reads = new ArrayList<>();
    private final List<Measurement> timed = new ArrayList<>();

    /**
     * One slice of the load.
     *
     * @param keys           keys after it.
     * @param bareRate       appends a second to the bare log.
     * @param mapcaskRate    puts a second to the store.
     * @param keydirBytes    what the store says its keydir takes.
     * @param anonymousBytes resident memory without a file that came since the store was opened, or below zero if not
     *                       known.
     */
    record Slice(long keys, double bareRate, double mapcaskRate, long keydirBytes, long anonymousBytes) {
    }

    /**
     * Reads of all rounds with one number of threads.
     *
     * @param threads      reading threads.
     * @param bareRates    reads a second of the bare log, one a round.
     * @param mapcaskRates gets a second of the store, one a round.
     */
    record Reads(int threads, double[] bareRates, double[] mapcaskRates) {
    }

    /** Reads one record and checks it; used by one thread. */
    private interface Probe {
        boolean read(long index);
    }

    /** Makes the probe of a thread. */
    private interface ProbeFactory {
        Probe newProbe();
    }

    /**
     * Prepares a run.
     *
     * @param keys   how many to grow to.
     * @param data   directory for the stores.
     * @param folder learns of failures.
     * @param talk   receives one line a step.
     */
    GrowthRun(final long keys, final Path data, final ResultFolder folder, final PrintStream talk) {
        this.keys = keys;
        this.data = data;
        this.folder = folder;
        this.talk = talk;
    }

    /** The load, slice by slice. */
    List<Slice> slices() {
        return slices;
    }

    /** The reads, by number of threads. */
    List<Reads> reads() {
        return reads;
    }

    /** The growth with each put timed: bare log, then store. */
    List<Measurement> timed() {
        return timed;
    }

    /**
     * Does it all.
     *
     * @throws IOException if a directory cannot be made or removed.
     */
    void measure() throws IOException {
        talk.println("warming up ...");
        grow(Math.min(keys, WARM_UP_KEYS), false);
        final long beginNs = System.nanoTime();
        talk.printf(Locale.ROOT, "growing to %,d keys ...%n", keys);
        grow(keys, true);
        final long budgetNs = TIMED_FACTOR * (System.nanoTime() - beginNs) + TIMED_EXTRA_NS;
        talk.println("growing once more, each put timed ...");
        timedBare(budgetNs);
        timedStore(budgetNs);
    }

    private void grow(final long count, final boolean recorded) throws IOException {
        final Path bareDirectory = DataDirectory.fresh(data, "bare");
        final Path storeDirectory = DataDirectory.fresh(data, "mapcask");
        try (BareLog bare = new BareLog(bareDirectory, SEGMENT_LENGTH, capacity(count))) {
            System.gc();
            final long baseBytes = ProcessCounters.anonymousBytes();
            try (Mapcask store = Mapcask.open(storeDirectory)) {
                load(bare, store, count, baseBytes, recorded);
                check(store.size() == count, "the store has " + store.size() + " keys, after " + count + " puts");
                for (int threads = 1; threads <= 2; threads++) {
                    read(bare, store, count, threads, recorded);
                }
            }
        }
        DataDirectory.remove(bareDirectory);
        DataDirectory.remove(storeDirectory);
    }

    private void load(
        final BareLog bare, final Mapcask store, final long count, final long baseBytes, final boolean recorded) {
        long first = 0;
        for (int slice = 0; slice < SLICES; slice++) {
            final long end = count * (slice + 1) / SLICES;
            final double bareRate;
            final double storeRate;
            if (slice % 2 == 0) {
                bareRate = loadBare(bare, first, end);
                storeRate = loadStore(store, first, end);
            } else {
                storeRate = loadStore(store, first, end);
                bareRate = loadBare(bare, first, end);
            }
            first = end;
            if (recorded) {
                final long anonymous = ProcessCounters.anonymousBytes();
                slices.add(new Slice(end, bareRate, storeRate, store.stats().keydirBytes(),
                    anonymous < 0 || baseBytes < 0 ? -1 : anonymous - baseBytes));
                talk.printf(Locale.ROOT, "%,12d keys  bare %,12.0f/s  mapcask %,12.0f/s%n", end, bareRate, storeRate);
            }
        }
    }

    private static double loadBare(final BareLog bare, final long first, final long end) {
        final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        final long beginNs = System.nanoTime();
        for (long index = first; index < end; index++) {
            SyntheticRecords.key(index, key);
            SyntheticRecords.value(index, value, VALUE_LENGTH);
            bare.append(key, SyntheticRecords.KEY_LENGTH, value, VALUE_LENGTH);
        }
        return rate(end - first, System.nanoTime() - beginNs);
    }

    private static double loadStore(final Mapcask store, final long first, final long end) {
        final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        final long beginNs = System.nanoTime();
        for (long index = first; index < end; index++) {
            SyntheticRecords.key(index, key);
            SyntheticRecords.value(index, value, VALUE_LENGTH);
            store.put(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, VALUE_LENGTH);
        }
        return rate(end - first, System.nanoTime() - beginNs);
    }

    private void read(
        final BareLog bare, final Mapcask store, final long count, final int threads, final boolean recorded) {
        final ProbeFactory bareProbes = () -> bareProbe(bare);
        final ProbeFactory storeProbes = () -> storeProbe(store);
        final double[] bareRates = new double[READ_ROUNDS];
        final double[] storeRates = new double[READ_ROUNDS];
        final long perThread = Math.min(READS_MAX, count);
        for (int round = 0; round < READ_ROUNDS; round++) {
            if (round % 2 == 0) {
                bareRates[round] = timeReads(bareProbes, count, threads, perThread, round);
                storeRates[round] = timeReads(storeProbes, count, threads, perThread, round);
            } else {
                storeRates[round] = timeReads(storeProbes, count, threads, perThread, round);
                bareRates[round] = timeReads(bareProbes, count, threads, perThread, round);
            }
        }
        if (recorded) {
            reads.add(new Reads(threads, bareRates, storeRates));
            talk.printf(Locale.ROOT, "random reads, threads %d: bare %,.0f/s  mapcask %,.0f/s (medians)%n",
                threads, median(bareRates), median(storeRates));
        }
    }

    private static Probe bareProbe(final BareLog bare) {
        final BareLog.Reader reader = bare.newReader();
        return index -> {
            final int length = reader.read(bare.position(index, RECORD_LENGTH));
            return length == VALUE_LENGTH
                && SyntheticRecords.matches(index, reader.copy(), reader.valueOffset(), length);
        };
    }

    private static Probe storeProbe(final Mapcask store) {
        final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        return index -> {
            SyntheticRecords.key(index, key);
            final int length = store.get(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, VALUE_LENGTH);
            return length == VALUE_LENGTH && SyntheticRecords.matches(index, value, 0, length);
        };
    }

    private double timeReads(
        final ProbeFactory probes, final long count, final int threads, final long perThread, final int round) {
        final long[] wrong = new long[threads];
        final Thread[] readers = new Thread[threads];
        final Throwable[] failures = new Throwable[threads];
        for (int i = 0; i < threads; i++) {
            final int thread = i;
            final SplittableRandom random = new SplittableRandom(round * 31L + i);
            readers[i] = new Thread(() -> {
                final Probe probe = probes.newProbe();
                long bad = 0;
                for (long n = 0; n < perThread; n++) {
                    if (!probe.read(random.nextLong(count))) {
                        bad++;
                    }
                }
                wrong[thread] = bad;
            }, "growth-reader-" + i);
            readers[i].setUncaughtExceptionHandler((dead, failure) -> failures[thread] = failure);
        }
        final long beginNs = System.nanoTime();
        Arrays.stream(readers).forEach(Thread::start);
        for (final Thread reader : readers) {
            try {
                reader.join();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while reading", e);
            }
        }
        final long elapsedNs = System.nanoTime() - beginNs;
        for (int i = 0; i < threads; i++) {
            check(failures[i] == null, "a reader ended by " + failures[i]);
            check(wrong[i] == 0, wrong[i] + " wrong answers in random reads with " + threads + " threads");
        }
        return rate(perThread * threads, elapsedNs);
    }

    private void timedBare(final long budgetNs) throws IOException {
        final Path directory = DataDirectory.fresh(data, "bare-timed");
        try (BareLog bare = new BareLog(directory, SEGMENT_LENGTH, capacity(keys))) {
            timed.add(LatencyRig.closed("put-bare", (thread, threads) -> new BarePut(bare), 1, keys, budgetNs));
        }
        DataDirectory.remove(directory);
    }

    private void timedStore(final long budgetNs) throws IOException {
        final Path directory = DataDirectory.fresh(data, "mapcask-timed");
        try (Mapcask store = Mapcask.open(directory)) {
            final Measurement puts =
                LatencyRig.closed("put-mapcask",
                    new FillWorkload(store, SyntheticSet.endless(VALUE_LENGTH), 0), 1, keys, budgetNs);
            timed.add(puts);
            check(puts.operations() == keys, "the timed growth came to " + puts.operations() + " of " + keys + " keys");
            check(store.size() == puts.operations(),
                "the store has " + store.size() + " keys, after " + puts.operations() + " timed puts");
        }
        DataDirectory.remove(directory);
    }

    private void check(final boolean holds, final String otherwise) {
        if (!holds) {
            folder.fail(otherwise);
            talk.println("FAILED: " + otherwise);
        }
    }

    private static long capacity(final long count) {
        final long perSegment = SEGMENT_LENGTH / RECORD_LENGTH;
        return (count + perSegment - 1) / perSegment * SEGMENT_LENGTH;
    }

    private static double rate(final long count, final long elapsedNs) {
        return count * 1e9 / Math.max(1, elapsedNs);
    }

    /**
     * The middle of some values.
     *
     * @param values at least one; left as they are.
     * @return the upper median.
     */
    static double median(final double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Appends to the bare log what {@link FillWorkload} puts into a store. */
    private static final class BarePut implements Operation {
        private final BareLog bare;
        private final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        private final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        private long index;

        BarePut(final BareLog bare) {
            this.bare = bare;
        }

        @Override
        public void prepare() {
            SyntheticRecords.key(index, key);
            SyntheticRecords.value(index, value, VALUE_LENGTH);
        }

        @Override
        public void perform() {
            bare.append(key, SyntheticRecords.KEY_LENGTH, value, VALUE_LENGTH);
        }

        @Override
        public boolean verify() {
            index++;
            return true;
        }
    }
}
