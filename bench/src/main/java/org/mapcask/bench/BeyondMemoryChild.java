package org.mapcask.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.KeydirStats;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.MapcaskStats;
import org.mapcask.SealedRead;
import org.mapcask.lab.host.ProcessCounters;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.Statistics;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;
import org.mapcask.lab.workload.FillWorkload;
import org.mapcask.lab.workload.ReadWorkload;
import org.mapcask.lab.workload.SyntheticRecords;
import org.mapcask.lab.workload.SyntheticSet;

/**
 * One phase of {@link BeyondMemoryBench} in a JVM of its own, which may be in a memory cgroup. Prints lines of {@code
 * name=value}; exits with 1 if an answer was wrong.
 */
public final class BeyondMemoryChild {
    private static final int VALUE_LENGTH = SyntheticRecords.VALUE_LENGTH;
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(10);
    private static final int LONG_NS = 1 << 21;
    private static final int CURVE_FROM = 1_000_000;
    /** Opens of a store that was closed. */
    static final int OPENS = 9;
    private static final int GAIN_ROUNDS = 9;
    private static final int GAIN_WARM_ROUNDS = 2;
    private static final long GAIN_SEED = 101;

    private final Path directory;
    private final Path results;
    private final long keys;
    private final long memory;
    private final MapcaskOptions options;

    private BeyondMemoryChild(final Path directory, final Path results, final long keys, final long memory) {
        this.directory = directory;
        this.results = results;
        this.keys = keys;
        this.memory = memory;
        options = options().build();
    }

    private MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().keydirMemory(memory).sealedRead(SealedRead.PREAD);
    }

    /**
     * Runs a phase.
     *
     * @param arguments phase, directory of the store, results folder, keys, bytes for the keydir, number.
     */
    public static void main(final String[] arguments) throws Exception {
        final BeyondMemoryChild child = new BeyondMemoryChild(Path.of(arguments[1]), Path.of(arguments[2]),
            Long.parseLong(arguments[3]), Long.parseLong(arguments[4]));
        final long number = Long.parseLong(arguments[5]);
        switch (arguments[0]) {
            case "load" -> child.load();
            case "get" -> child.get(number);
            case "write" -> child.writeUntilKilled(number);
            case "open" -> child.open(child.options, number != 0);
            case "read" -> child.open(child.options().readOnly(true).build(), false);
            case "rebuild" -> child.rebuild();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void tell(final String name, final double value) {
        System.out.printf(Locale.ROOT, "%s=%.3f%n", name, value);
    }

    private static void tell(final KeydirStats stats) {
        stats.asMap().forEach((name, value) -> System.out.println("keydir." + name + "=" + value));
    }

    /** Puts all keys, each put timed; beside it the memory is looked at ten times a second. */
    private void load() throws IOException, InterruptedException {
        final long begin = System.nanoTime();
        final long base = ProcessCounters.anonymousBytes();
        final long closing;
        try (Mapcask store = Mapcask.open(directory, options)) {
            final Curve curve = new Curve(store);
            final Thread sampler = new Thread(curve, "curve");
            sampler.start();
            final Workload fill = new FillWorkload(store, SyntheticSet.endless(VALUE_LENGTH), 0);
            final IdlePieces[] idle = new IdlePieces[1];
            final Measurement puts;
            try {
                puts = time("load",
                    (thread, threads) -> idle[thread] = new IdlePieces(fill.newOperation(thread, threads)), 1, keys);
            } finally {
                curve.stop = true;
                sampler.join();
            }
            HistogramFiles.write(results, puts);
            Files.writeString(results.resolve("bytes-per-key.csv"), curve.csv);
            tell("seconds", (System.nanoTime() - begin) / 1e9);
            tell("rate", puts.achievedRate());
            tell("max.ns", puts.responseTotal().getMaxValue());
            tell("p999.ns", puts.responseTotal().getValueAtPercentile(99.9));
            tell("over.2ms.a.second", overLong(puts.responseTotal()) / ((System.nanoTime() - begin) / 1e9));
            tell("idle.pieces", idle[0].times().getTotalCount());
            tell("idle.max.ns", idle[0].times().getMaxValue());
            tell("idle.over.2ms.a.second", overLong(idle[0].times()) / (idle[0].totalNs() / 1e9));
            tell("pieces.over.2ms.a.second", longPieces(store.stats().keydir()));
            tell("worst.bytes.per.key", curve.worst);
            tell("anonymous.bytes", ProcessCounters.anonymousBytes() - (double)base);
            tell(store.stats().keydir());
            closing = System.nanoTime();
        }
        tell("close.seconds", (System.nanoTime() - closing) / 1e9);
    }

    private static double overLong(final Histogram times) {
        return times.getCountBetweenValues(LONG_NS, Long.MAX_VALUE / 2);
    }

    /**
     * Work on the keydir that took longer than that, a second of such work: to be held against the same of puts, and of
     * pieces of work that call nobody.
     */
    private static double longPieces(final KeydirStats stats) {
        final long pieces = stats.pauses().entrySet().stream()
            .filter(entry -> Long.parseLong(entry.getKey().replaceAll("\\D", "")) * 1000 > LONG_NS)
            .mapToLong(Map.Entry::getValue).sum();
        return pieces / (stats.pausesMs() / 1e3);
    }

    /** One histogram a thread and none an interval: this JVM has little memory. */
    private static Measurement time(final String tag, final Workload workload, final int threads, final long operations)
        throws InterruptedException {
        final Histogram[] times = new Histogram[threads];
        final long[] wrong = new long[threads];
        final Thread[] running = new Thread[threads];
        final ProcessCounters before = ProcessCounters.now();
        final long startMillis = System.currentTimeMillis();
        final long begin = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            final int thread = i;
            times[i] = new Histogram(1, LONGEST_NS, 3);
            running[i] = new Thread(() -> wrong[thread] = issue(
                workload.newOperation(thread, threads), operations / threads, times[thread]), tag + "-" + i);
            wrong[i] = 1;
            running[i].start();
        }
        for (final Thread thread : running) {
            thread.join();
        }
        final long elapsedNs = System.nanoTime() - begin;
        final Histogram all = times[0];
        long allWrong = wrong[0];
        for (int i = 1; i < threads; i++) {
            all.add(times[i]);
            allWrong += wrong[i];
        }
        all.setStartTimeStamp(startMillis);
        all.setEndTimeStamp(startMillis + TimeUnit.NANOSECONDS.toMillis(elapsedNs));
        if (allWrong != 0) {
            throw new IllegalStateException(allWrong + " wrong answers");
        }
        return new Measurement(tag, Measurement.Loop.CLOSED, threads, 0, all.getTotalCount(), allWrong, elapsedNs,
            startMillis, List.of(all), List.of(all), List.of(), 0, ProcessCounters.now().minus(before));
    }

    private static long issue(final Operation operation, final long count, final Histogram times) {
        long wrong = 0;
        for (long i = 0; i < count; i++) {
            operation.prepare();
            final long begin = System.nanoTime();
            operation.perform();
            times.recordValue(Math.min(LONGEST_NS, System.nanoTime() - begin));
            wrong += operation.verify() ? 0 : 1;
        }
        return wrong;
    }

    /** Looks at the memory of the keydir while a store grows. */
    private static final class Curve implements Runnable {
        private final Mapcask store;
        private final StringBuilder csv = new StringBuilder("keys,keydir_bytes,bytes_per_key\n");
        private double worst;
        private volatile boolean stop;

        Curve(final Mapcask store) {
            this.store = store;
        }

        @Override
        public void run() {
            while (!stop) {
                final MapcaskStats stats = store.stats();
                if (stats.puts() >= CURVE_FROM) {
                    final double perKey = (double)stats.keydirBytes() / stats.puts();
                    worst = Math.max(worst, perKey);
                    csv.append(String.format(
                        Locale.ROOT, "%d,%d,%.3f%n", stats.puts(), stats.keydirBytes(), perKey));
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    /** Gets at random, by one thread, then by two; with all in memory, also what two threads gain. */
    private void get(final long operations) throws IOException, InterruptedException {
        try (Mapcask store = Mapcask.open(directory, options)) {
            final SyntheticSet records = new SyntheticSet(keys, SyntheticRecords.KEY_LENGTH, VALUE_LENGTH);
            for (int threads = 0; threads <= 2; threads++) {
                final KeydirStats before = store.stats().keydir();
                final long done = threads == 0 ? operations / 2 : operations;
                final Measurement gets = time("get-t" + Math.max(1, threads),
                    ReadWorkload.uniform(store, records, keys, 11 + threads), Math.max(1, threads), done);
                if (threads == 0) {
                    continue;
                }
                HistogramFiles.write(results, gets);
                final KeydirStats after = store.stats().keydir();
                final String tag = "t" + threads + ".";
                tell(tag + "rate", gets.achievedRate());
                tell(tag + "page.reads.per.get", (after.pageReads() - before.pageReads()) / (double)done);
                tell(tag + "p50.ns", gets.responseTotal().getValueAtPercentile(50));
                tell(tag + "p99.ns", gets.responseTotal().getValueAtPercentile(99));
                tell(tag + "p999.ns", gets.responseTotal().getValueAtPercentile(99.9));
            }
            tell(store.stats().keydir());
            tell("anonymous.bytes", ProcessCounters.anonymousBytes());
            if (memory < store.stats().keydir().totalBytes()) {
                return;
            }
        }
        tellGain(operations);
    }

    /**
     * What two threads get in a second over what one does, in turns with one and two threads, with all in memory and
     * through mappings, so that no reader enters the kernel; beside it the same of threads that only load from memory.
     */
    private void tellGain(final long operations) throws InterruptedException {
        final long[] words = LoadsOperation.words();
        final Workload loads = (thread, threads) -> new LoadsOperation(words, GAIN_SEED + thread);
        final double[] getsGains = new double[GAIN_ROUNDS];
        final double[] loadsGains = new double[GAIN_ROUNDS];
        try (Mapcask store = Mapcask.open(directory, options().sealedRead(SealedRead.MAPPED).build())) {
            final Workload gets = ReadWorkload.uniform(store,
                new SyntheticSet(keys, SyntheticRecords.KEY_LENGTH, VALUE_LENGTH), keys, GAIN_SEED);
            for (int i = 0; i < GAIN_WARM_ROUNDS; i++) {
                gain(gets, operations);
                gain(loads, operations);
            }
            for (int i = 0; i < GAIN_ROUNDS; i++) {
                getsGains[i] = gain(gets, operations);
                loadsGains[i] = gain(loads, operations);
            }
        }
        tellSpread("gets.gain", getsGains);
        tellSpread("loads.gain", loadsGains);
    }

    private static double gain(final Workload workload, final long operations) throws InterruptedException {
        final double one = time("gain-t1", workload, 1, operations).achievedRate();
        return time("gain-t2", workload, 2, operations).achievedRate() / one;
    }

    private static void tellSpread(final String name, final double[] values) {
        tell(name, Statistics.median(values));
        tell(name + ".least", Arrays.stream(values).min().orElse(0));
        tell(name + ".most", Arrays.stream(values).max().orElse(0));
    }

    /** Writes at a rate for ever; the parent kills it. */
    private void writeUntilKilled(final long rate) {
        final Mapcask store = Mapcask.open(directory, options);
        System.out.println("ready=1");
        final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        final long begin = System.nanoTime();
        for (long i = 0;; i++) {
            final long index = Math.floorMod(i * 0x9E3779B97F4A7C15L, keys);
            SyntheticRecords.key(index, key);
            SyntheticRecords.value(index, value, VALUE_LENGTH);
            store.put(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, VALUE_LENGTH);
            while (rate > 0 && System.nanoTime() - begin < i * 1e9 / rate) {
                Thread.onSpinWait();
            }
        }
    }

    /** Opens in this JVM, which was warmed up on a small store, and gets one value; a clean store again and again. */
    private void open(final MapcaskOptions opening, final boolean clean) throws IOException {
        new OpenWarmUp(directory, this::options).run();
        final List<Double> times = new ArrayList<>();
        for (int i = 0; i < (clean ? OPENS : 1); i++) {
            final long begin = System.nanoTime();
            try (Mapcask store = Mapcask.open(directory, opening)) {
                final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
                final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
                final long index = keys / 2 + i;
                SyntheticRecords.key(index, key);
                final int length = store.get(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, VALUE_LENGTH);
                times.add((System.nanoTime() - begin) / 1e6);
                if (length != VALUE_LENGTH || !SyntheticRecords.matches(index, value, 0, length)) {
                    throw new IllegalStateException("wrong answer after an open");
                }
                tell("replayed.bytes", store.stats().keydir().replayedBytes());
                tell("replayed.records", store.stats().keydir().replayedRecords());
                tell("hinted.records", store.stats().keydir().hintedRecords());
                tell("checkpoint", store.recoveryReport().checkpoint());
                tell("recovery.ms", store.recoveryReport().durationNs() / 1e6);
                store.recoveryReport().phases().forEach((phase, microseconds) ->
                    tell("phase." + phase + ".us", microseconds));
            }
        }
        tell("open.first.ms", times.get(0));
        tellSpread("open.ms", times.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Opens from the log alone. */
    private void rebuild() throws IOException {
        OpenWarmUp.remove(directory, ".checkpoint");
        new OpenWarmUp(directory, this::options).run();
        final long begin = System.nanoTime();
        try (Mapcask store = Mapcask.open(directory, options)) {
            final double seconds = (System.nanoTime() - begin) / 1e9;
            if (store.size() != keys) {
                throw new IllegalStateException(store.size() + " keys");
            }
            tell("rebuild.seconds", seconds);
            store.recoveryReport().phases().forEach((phase, microseconds) ->
                tell("phase." + phase + ".us", microseconds));
            tell("rebuild.seconds.per.million", seconds / keys * 1e6);
        }
    }
}
