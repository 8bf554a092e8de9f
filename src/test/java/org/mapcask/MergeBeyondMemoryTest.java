package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story: the keydir does not fit into its memory, and a put waits until the page of its key comes in. What it
 * replaces counts as alive until then. A merge that asked for the key met the put, found less alive than was counted,
 * took the segment for damaged, and never touched it again.
 */
class MergeBeyondMemoryTest {
    private static final int KEYS = 600_000;
    /** One key in so many is put again, so few that nothing but the merge has them entered. */
    private static final int EACH = 50;
    private static final long SEED = 11;

    @TempDir
    private Path directory;

    @Test
    void shouldGiveBackWhatPutsReplacedThatWaitForTheirPage() {
        final MapcaskOptions options = MapcaskOptions.builder().keydirMemory(8 << 20).segmentLength(4 << 20)
            .checkpointBytes(0).checkpointIntervalMs(0).mergeIntervalMs(0).build();
        try (Mapcask store = Mapcask.open(directory, options)) {
            for (int i = 0; i < KEYS; i++) {
                store.put("key-" + i, value(i, 0));
            }
            assertEquals(KEYS, store.size(), "nothing waits any more");
            for (int i = 0; i < KEYS; i += EACH) {
                store.put("key-" + i, value(i, 1));
            }
            assertTrue(store.stats().keydir().pending() > 100, store.stats()::toString);
            final long loads = store.stats().keydir().pageLoads();
            store.compact();
            final long more = store.stats().keydir().pageLoads() - loads;
            assertTrue(more < KEYS / 10, more + " pages were loaded to move " + KEYS + " records");
            assertEquals(List.of(), store.stats().merge().damaged());
            assertEquals(0, store.stats().merge().givenUp());
            assertEquals(0, store.stats().deadBytes());
            check(store);
        }
        try (Mapcask store = Mapcask.open(directory, options)) {
            assertEquals(KEYS, store.size());
            assertEquals(0, store.stats().deadBytes());
            check(store);
        }
    }

    /**
     * Readers, a writer, merges, checkpoints and evictions at the same time, sealed segments read from their files, so
     * that mappings come and go.
     */
    @Test
    @Tag("slow")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void shouldReadRightWhileSegmentsAndPagesComeAndGo() throws Exception {
        final MapcaskOptions options = MapcaskOptions.builder().keydirMemory(8 << 20).segmentLength(4 << 20)
            .checkpointBytes(1 << 20).mergeIntervalMs(50).mergeMinSegments(2).mergeFragmentation(5).mergeSegmentDead(5)
            .sealedRead(SealedRead.PREAD).build();
        final Versions versions = new Versions(KEYS);
        try (Mapcask store = Mapcask.open(directory, options)) {
            for (int key = 0; key < KEYS; key++) {
                versions.write(store, key);
            }
            final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.getInteger("mapcask.seconds", 120));
            final List<Thread> threads = new ArrayList<>();
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            for (int i = 0; i < 3; i++) {
                final boolean writes = i == 0;
                final SplittableRandom random = new SplittableRandom(SEED + i);
                threads.add(new Thread(() -> {
                    try {
                        while (System.nanoTime() < end && failure.get() == null) {
                            final int key = random.nextInt(KEYS);
                            if (writes) {
                                versions.write(store, key);
                            } else {
                                versions.check(store, key);
                            }
                        }
                    } catch (final RuntimeException | Error ex) {
                        failure.compareAndSet(null, ex);
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (final Thread thread : threads) {
                thread.join();
            }
            System.out.println(store.stats().merge() + " " + store.stats().keydir());
            assertNull(failure.get(), () -> "a thread failed: " + failure.get());
            assertEquals(List.of(), store.stats().merge().damaged());
            assertNull(store.stats().merge().lastFailure());
            assertTrue(store.stats().merge().runs() > 0, "there were merges");
        }
        try (Mapcask store = Mapcask.open(directory, options)) {
            for (int key = 0; key < KEYS; key++) {
                versions.check(store, key);
            }
        }
    }

    /** Which version of each key was begun to be written, and which one was written; every fifth is a deletion. */
    private static final class Versions {
        private static final int DELETED_EACH = 5;
        private final AtomicLongArray begun;
        private final AtomicLongArray written;

        Versions(final int keys) {
            begun = new AtomicLongArray(keys);
            written = new AtomicLongArray(keys);
        }

        /** Writes the next one. One thread. */
        void write(final Mapcask store, final int key) {
            final long version = begun.incrementAndGet(key);
            if (version % DELETED_EACH == 0) {
                store.delete("key-" + key);
            } else {
                store.put("key-" + key, value(key, (int)version));
            }
            written.set(key, version);
        }

        /** What is found is none that was replaced before, and none that was not begun. */
        void check(final Mapcask store, final int key) {
            final long from = written.get(key);
            final String found = store.get("key-" + key);
            final long to = begun.get(key);
            boolean right = false;
            for (long version = from; version <= to && !right; version++) {
                right = version % DELETED_EACH == 0 ? found == null : value(key, (int)version).equals(found);
            }
            assertTrue(right, () -> "key " + key + ", versions " + from + " to " + to + ": " + found);
        }
    }

    private static void check(final Mapcask store) {
        for (int i = 0; i < KEYS; i += EACH / 2) {
            assertEquals(value(i, i % EACH == 0 ? 1 : 0), store.get("key-" + i));
        }
    }

    private static String value(final int key, final int version) {
        return ("value-" + key + '-' + version + '-').repeat(8);
    }
}
