package org.mapcask.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.workload.SyntheticRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Put and get through the {@code DirectBuffer} calls, keys of 16 B and values of 100 B. With {@code -prof gc} the
 * allocation must be 0 B an operation. Beside it runs {@link A0BaselineBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PutGetBenchmark {
    private static final int VALUE_LENGTH = SyntheticRecords.VALUE_LENGTH;

    /** The store, shared by all threads of a benchmark. */
    @State(Scope.Benchmark)
    public static class Store {
        /** Keys in the store before the benchmark begins. */
        @Param({"1000000"})
        public long keys;

        private final AtomicLong threads = new AtomicLong();
        private Path directory;
        private Mapcask mapcask;

        /** Opens a new store and fills it. */
        @Setup(Level.Trial)
        public void load() throws IOException {
            directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "jmh-putget");
            mapcask = Mapcask.open(directory);
            final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
            final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
            for (long i = 0; i < keys; i++) {
                SyntheticRecords.key(i, key);
                SyntheticRecords.value(i, value, VALUE_LENGTH);
                mapcask.put(key, 0, SyntheticRecords.KEY_LENGTH, value, 0, VALUE_LENGTH);
            }
        }

        /** Closes and removes the store. */
        @TearDown(Level.Trial)
        public void remove() {
            mapcask.close();
            IoUtil.delete(directory.toFile(), true);
        }
    }

    /** Buffers and random numbers of one thread. */
    @State(Scope.Thread)
    public static class Caller {
        private static final long INDEXES_PER_THREAD = 1L << 40;

        private final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        private final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        private SplittableRandom random;
        private long next;

        /** Gives the thread its own range of new keys. */
        @Setup(Level.Trial)
        public void start(final Store store) {
            final long thread = store.threads.incrementAndGet();
            random = new SplittableRandom(thread);
            next = thread * INDEXES_PER_THREAD;
        }
    }

    /** Puts a key that was not there. The store grows while this runs. */
    @Benchmark
    public void putNew(final Store store, final Caller caller) {
        final long index = caller.next++;
        SyntheticRecords.key(index, caller.key);
        SyntheticRecords.value(index, caller.value, VALUE_LENGTH);
        store.mapcask.put(caller.key, 0, SyntheticRecords.KEY_LENGTH, caller.value, 0, VALUE_LENGTH);
    }

    /** Puts a key that was there, chosen at random, with the same value. */
    @Benchmark
    public void overwrite(final Store store, final Caller caller) {
        final long index = caller.random.nextLong(store.keys);
        SyntheticRecords.key(index, caller.key);
        SyntheticRecords.value(index, caller.value, VALUE_LENGTH);
        store.mapcask.put(caller.key, 0, SyntheticRecords.KEY_LENGTH, caller.value, 0, VALUE_LENGTH);
    }

    /**
     * Gets a key chosen at random into the caller's buffer, and checks the value.
     *
     * @return length of the value.
     */
    @Benchmark
    public int get(final Store store, final Caller caller) {
        final long index = caller.random.nextLong(store.keys);
        SyntheticRecords.key(index, caller.key);
        final int length =
            store.mapcask.get(caller.key, 0, SyntheticRecords.KEY_LENGTH, caller.value, 0, VALUE_LENGTH);
        if (length != VALUE_LENGTH || !SyntheticRecords.matches(index, caller.value, 0, length)) {
            throw new IllegalStateException("wrong value for record " + index + ", length " + length);
        }
        return length;
    }
}
