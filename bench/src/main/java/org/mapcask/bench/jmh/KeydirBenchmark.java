package org.mapcask.bench.jmh;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.keydir.ChunkAllocator;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.KeyMatcher;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirCursor;
import org.mapcask.keydir.NativeChunkAllocator;
import org.mapcask.nativeaccess.NativeAccess;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the keydir alone costs: no log is read, a position tells its key. Keys are numbers, visited in a random order
 * without repetition. {@link #main} measures the growth instead: memory per key, time per insert, and the longest
 * inserts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KeydirBenchmark {
    private static final int BATCH = 16;
    private static final long STRIDE = 0x9E3779B1L;

    /** Keys in the keydir. */
    @Param({"1000000", "10000000"})
    public int keys;

    /** Memory: {@code native} with huge pages, or {@code direct} byte buffers. */
    @Param({"native", "direct"})
    public String memory;

    private final Sought sought = new Sought();
    private final UnsafeBuffer keyBytes = new UnsafeBuffer(new byte[64]);
    private final long[] batch = new long[BATCH];
    private Keydir keydir;
    private long counter;

    /** Public for the generated code. */
    public KeydirBenchmark() {
    }

    /** Fills the keydir. */
    @Setup(Level.Trial)
    public void fill() {
        keydir = new Keydir(allocator(memory));
        for (long key = 1; key <= keys; key++) {
            keydir.put(mix(key), key << 3, sought.key(key));
        }
    }

    /** Frees it. */
    @TearDown(Level.Trial)
    public void close() {
        keydir.close();
    }

    /** A key that is there. */
    @Benchmark
    public long findHit() {
        final long key = nextKey();
        return keydir.find(mix(key), sought.key(key));
    }

    /** The same, each search waiting for the one before: the latency. */
    @Benchmark
    public long findHitDependent() {
        final long key = nextKey();
        final long position = keydir.find(mix(key), sought.key(key));
        counter += position == Keydir.NOT_FOUND ? 1 : position >>> 62;
        return position;
    }

    /** A key that is not there. */
    @Benchmark
    public long findMiss() {
        final long key = nextKey() + keys;
        return keydir.find(mix(key), sought.key(key));
    }

    /** Sixteen keys, all lines touched first, then all searched. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long findHitInBatchesOf16() {
        long sum = 0;
        for (int i = 0; i < BATCH; i++) {
            batch[i] = nextKey();
            sum += keydir.touch(mix(batch[i]));
        }
        for (int i = 0; i < BATCH; i++) {
            sum += keydir.find(mix(batch[i]), sought.key(batch[i]));
        }
        return sum;
    }

    /** Another position for a key that is there. */
    @Benchmark
    public long overwrite() {
        final long key = nextKey();
        return keydir.put(mix(key), key << 3, sought.key(key));
    }

    /** A key taken out and put in again. */
    @Benchmark
    public long removeAndInsert() {
        final long key = nextKey();
        final long hash = mix(key);
        return keydir.remove(hash, sought.key(key)) + keydir.put(hash, key << 3, sought);
    }

    /** The hash of a 16-byte key. */
    @Benchmark
    public long hash16() {
        keyBytes.putLong(0, counter++);
        return KeyHash.hash(keyBytes, 0, 16, 42);
    }

    /** The hash of a 64-byte key. */
    @Benchmark
    public long hash64() {
        keyBytes.putLong(0, counter++);
        return KeyHash.hash(keyBytes, 0, 64, 42);
    }

    /**
     * Measures the growth of one keydir and prints a table.
     *
     * @param arguments number of keys (default 16,000,000); memory, native or direct; the clock around each put:
     *     wall, cpu (time of the thread, blind to other load on the machine, but a system call) or none.
     */
    public static void main(final String[] arguments) throws InterruptedException {
        final int keys = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 16_000_000;
        final String memory = arguments.length > 1 ? arguments[1] : "native";
        final String clock = arguments.length > 2 ? arguments[2] : "wall";
        // The first growth warms the compiler up.
        grow(Math.min(keys, 2_000_000), memory, clock, false);
        grow(keys, memory, clock, true);
    }

    private static void grow(final int keys, final String memory, final String clock, final boolean print)
        throws InterruptedException {
        try (Keydir keydir = new Keydir(allocator(memory))) {
            final Thread preparer = new Thread(() -> prepare(keydir), "keydir-memory");
            preparer.start();
            final Growth growth = new Growth(keydir, print);
            if (clock.equals("none")) {
                growth.insert(keys);
            } else {
                growth.insert(keys, clock.equals("cpu"));
            }
            preparer.interrupt();
            preparer.join();
            if (print) {
                search(keydir, keys);
            }
        }
    }

    private static void search(final Keydir keydir, final int keys) {
        final Sought sought = new Sought();
        final int searches = Math.min(keys, 5_000_000);
        for (int round = 0; round < 2; round++) {
            sought.questions = 0;
            final long start = System.nanoTime();
            long sum = 0;
            for (long i = 0; i < searches; i++) {
                final long key = 1 + i * STRIDE % keys;
                sum += keydir.find(mix(key), sought.key(key));
            }
            final long middle = System.nanoTime();
            final long falseHits = sought.questions - searches;
            sought.questions = 0;
            for (long i = 1; i <= searches; i++) {
                sum += keydir.find(mix(keys + i), sought.key(keys + i));
            }
            final long end = System.nanoTime();
            final KeydirCursor cursor = keydir.cursor();
            long walked = 0;
            while (cursor.nextPage()) {
                walked += cursor.count();
            }
            final long walkEnd = System.nanoTime();
            System.out.printf(Locale.ROOT, "find hit %.1f ns, miss %.1f ns, walk %.1f ns/key;"
                + " false matches per hit %.2e, per miss %.2e (%d, %d)%n",
                (double) (middle - start) / searches, (double) (end - middle) / searches,
                (double) (walkEnd - end) / walked, (double) falseHits / searches,
                (double) sought.questions / searches, walked, sum & 1);
        }
    }

    private static void prepare(final Keydir keydir) {
        try {
            while (true) {
                keydir.prepareAhead();
                Thread.sleep(1);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ChunkAllocator allocator(final String memory) {
        return memory.equals("native") ? new NativeChunkAllocator(NativeAccess.get()) : new DirectChunkAllocator();
    }

    private long nextKey() {
        return 1 + counter++ * STRIDE % keys;
    }

    /** A good hash of a number (the finalizer of splitmix64). */
    private static long mix(final long number) {
        long z = number + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** Fills a keydir and watches it. */
    private static final class Growth {
        private final Histogram puts = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
        private final Histogram splits = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
        private final Sought sought = new Sought();
        private final Keydir keydir;
        private final boolean print;
        private double best = Double.MAX_VALUE;
        private double worst;
        private double worstResident;

        Growth(final Keydir keydir, final boolean print) {
            this.keydir = keydir;
            this.print = print;
        }

        void insert(final int keys) {
            final long start = System.nanoTime();
            for (long key = 1; key <= keys; key++) {
                keydir.put(mix(key), key << 3, sought.key(key));
                if (key >= 1_000_000 && key % 10_000 == 0) {
                    watch(key);
                }
            }
            print("insert %.1f ns/key%n", (double) (System.nanoTime() - start) / keys);
            summary();
        }

        void insert(final int keys, final boolean cpu) {
            final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long pages = keydir.pages();
            int depth = keydir.depth();
            for (long key = 1; key <= keys; key++) {
                sought.key(key);
                final long before = cpu ? threads.getCurrentThreadCpuTime() : System.nanoTime();
                keydir.put(mix(key), key << 3, sought);
                final long elapsed = (cpu ? threads.getCurrentThreadCpuTime() : System.nanoTime()) - before;
                puts.recordValue(elapsed);
                if (keydir.pages() != pages) {
                    pages = keydir.pages();
                    splits.recordValue(elapsed);
                }
                if (keydir.depth() != depth) {
                    depth = keydir.depth();
                    print("doubled to depth %d in %,d ns%n", depth, elapsed);
                }
                if (key >= 1_000_000 && key % 10_000 == 0) {
                    watch(key);
                }
            }
            summary();
            print("put in ns", puts);
            print("put with a split in ns", splits);
        }

        private void watch(final long keys) {
            final double bytes = keydir.pages() * 4096.0 / keys;
            final double resident = (double) keydir.residentBytes() / keys;
            best = Math.min(best, bytes);
            worst = Math.max(worst, bytes);
            worstResident = Math.max(worstResident, resident);
            if (keys % 1_000_000 == 0) {
                print("%,11d keys %6.2f B/key in pages %6.2f resident  depth %d%n", keys, bytes, resident,
                    keydir.depth());
            }
        }

        private void summary() {
            print("from 1 M keys: pages best %.2f worst %.2f, resident worst %.2f B/key; false matches %d%n", best,
                worst, worstResident, sought.questions);
        }

        private void print(final String name, final Histogram histogram) {
            final double[] percentiles = {50, 90, 99, 99.9, 99.99, 99.999, 100};
            print("%s:", name);
            for (final double percentile : percentiles) {
                print("  p%s %,d", percentile, histogram.getValueAtPercentile(percentile));
            }
            print("%n");
        }

        private void print(final String format, final Object... values) {
            if (print) {
                System.out.printf(Locale.ROOT, format, values);
            }
        }
    }

    /** The key that is looked up; its position is eight times the key. */
    private static final class Sought implements KeyMatcher {
        private long key;
        private long questions;

        Sought key(final long wanted) {
            key = wanted;
            return this;
        }

        @Override
        public boolean matches(final long position) {
            questions++;
            return position >>> 3 == key;
        }
    }
}
