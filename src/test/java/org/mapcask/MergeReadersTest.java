package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.merge.MergeStats;
import org.mapcask.support.OpenMappingsExtension;

/**
 * Readers and iterations while a writer overwrites and merges move, retire and remove segments, whose positions are
 * dealt out again: each value carries its key twice, so a record read from a wrong place shows.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class MergeReadersTest {
    private static final int KEYS = 4000;
    private static final int VALUE_LENGTH = 100;
    private static final int READERS = 2;
    /** Readers that are faster than the first merges go on, so many reads at a time. */
    private static final int READS_MORE = 10_000;
    private static final int MERGES_MIN = 3;

    @TempDir
    private Path directory;

    @Test
    void shouldReadRightWhileSegmentsComeAndGo() throws Exception {
        hammer(4_000_000, SealedRead.MAPPED);
    }

    @Test
    void shouldReadRightFromFilesWhileSegmentsComeAndGo() throws Exception {
        hammer(200_000, SealedRead.PREAD);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void shouldReadRightForLong() throws Exception {
        hammer(Long.getLong("mapcask.reads", 1_000_000_000), SealedRead.MAPPED);
    }

    private void hammer(final long reads, final SealedRead how) throws Exception {
        final MapcaskOptions options = MapcaskOptions.builder().segmentLength(32 << 10).prefaultWindow(0)
            .sealedRead(how).mergeIntervalMs(1).mergeMinSegments(1).mergeSegmentDead(10).mergeFragmentation(10)
            .build();
        try (Mapcask store = Mapcask.open(directory, options)) {
            final UnsafeBuffer all = new UnsafeBuffer(new byte[2 * Long.BYTES + VALUE_LENGTH]);
            for (int key = 0; key < KEYS; key++) {
                put(store, all, key, 0);
            }
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            final AtomicBoolean over = new AtomicBoolean();
            final AtomicLong done = new AtomicLong();
            final List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                final int seed = i;
                threads.add(new Thread(() -> guarded(failure, () -> {
                    long count = reads / READERS;
                    do {
                        read(store, seed, count, done);
                        count = READS_MORE;
                    } while (isTooFast(store.stats().merge()) && failure.get() == null);
                })));
            }
            final Thread writer = new Thread(() -> guarded(failure, () -> write(store, over)));
            final Thread iterator = new Thread(() -> guarded(failure, () -> iterate(store, over)));
            threads.forEach(Thread::start);
            writer.start();
            iterator.start();
            for (final Thread thread : threads) {
                thread.join();
            }
            over.set(true);
            writer.join();
            iterator.join();
            assertNull(failure.get(), () -> "a thread failed: " + failure.get());
            assertTrue(done.get() >= reads, done + " reads");
            assertFalse(isTooFast(store.stats().merge()), "there were merges");
            System.out.println(done + " reads, " + how + ": " + store.stats().merge());
            assertNull(store.stats().merge().lastFailure());
            store.compact();
            iterate(store, new AtomicBoolean(true));
            assertEquals(0, store.stats().merge().retiring());
        }
    }

    private static boolean isTooFast(final MergeStats merges) {
        return merges.runs() < MERGES_MIN || merges.recycled() == 0;
    }

    private static void guarded(final AtomicReference<Throwable> failure, final Runnable work) {
        try {
            work.run();
        } catch (final RuntimeException | Error ex) {
            ex.printStackTrace();
            failure.compareAndSet(null, ex);
        }
    }

    private static void put(final Mapcask store, final UnsafeBuffer all, final long key, final long version) {
        all.putLong(0, key);
        all.putLong(Long.BYTES, key);
        all.putLong(2 * Long.BYTES, version);
        all.putLong(Long.BYTES + VALUE_LENGTH - Long.BYTES, ~key);
        store.put(all, 0, Long.BYTES, all, Long.BYTES, VALUE_LENGTH);
    }

    private static void read(final Mapcask store, final int seed, final long count, final AtomicLong done) {
        final Random random = new Random(seed);
        final UnsafeBuffer key = new UnsafeBuffer(new byte[Long.BYTES]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        for (long i = 0; i < count; i++) {
            final long wanted = random.nextInt(KEYS);
            key.putLong(0, wanted);
            final int length = store.get(key, 0, Long.BYTES, value, 0, VALUE_LENGTH);
            if (length != VALUE_LENGTH || value.getLong(0) != wanted ||
                value.getLong(VALUE_LENGTH - Long.BYTES) != ~wanted) {
                throw new AssertionError("key " + wanted + ": length " + length + ", value of " + value.getLong(0));
            }
        }
        done.addAndGet(count);
    }

    private static void write(final Mapcask store, final AtomicBoolean over) {
        final Random random = new Random(17);
        final UnsafeBuffer all = new UnsafeBuffer(new byte[2 * Long.BYTES + VALUE_LENGTH]);
        for (long version = 1; !over.get(); version++) {
            put(store, all, random.nextInt(KEYS), version);
        }
    }

    private static void iterate(final Mapcask store, final AtomicBoolean over) {
        do {
            final boolean[] seen = new boolean[KEYS];
            store.forEach((keys, keyOffset, keyLength, values, valueOffset, valueLength) -> {
                final int key = (int)keys.getLong(keyOffset);
                if (seen[key] || values.getLong(valueOffset) != key ||
                    values.getLong(valueOffset + VALUE_LENGTH - Long.BYTES) != ~key) {
                    throw new AssertionError("key " + key + ", value of " + values.getLong(valueOffset));
                }
                seen[key] = true;
            });
            for (int key = 0; key < KEYS; key++) {
                assertTrue(seen[key], "key did not come: " + key);
            }
        } while (!over.get());
    }
}
