package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Readers beside the writer. Keys 1 to {@link #STABLE} are there all the time and must be found by every search and
 * every walk.
 */
@Tag("core")
class KeydirConcurrencyTest {
    private static final int STABLE = 20_000;
    private static final int TRANSIENT = 300_000;
    private static final int READERS = 2;

    private final ExecutorService threads = Executors.newFixedThreadPool(READERS);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Future<Long>> readers = new ArrayList<>();

    @AfterEach
    void stopThreads() throws InterruptedException {
        stop.set(true);
        threads.shutdown();
        assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS), "readers end");
    }

    @Test
    void shouldFindStableKeysWhilePagesSplit() throws Exception {
        for (int round = 0; round < 3; round++) {
            stop.set(false);
            try (Keydir keydir = withStableKeys(STABLE)) {
                start(() -> findStable(keydir, STABLE));
                final FakeLog log = new FakeLog();
                for (long key = STABLE + 1; key <= STABLE + TRANSIENT; key++) {
                    keydir.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
                }
                join();
                KeydirInspector.check(keydir, "round " + round);
                assertEquals(STABLE + TRANSIENT, keydir.size());
            }
        }
    }

    /** One page that is kept nearly full: most inserts push stable entries onwards while they are read. */
    @Test
    void shouldFindStableKeysWhileEntriesMoveOverwriteAndLeave() throws Exception {
        final int stable = 200;
        for (int round = 0; round < 15; round++) {
            stop.set(false);
            try (Keydir keydir = withStableKeys(stable)) {
                start(() -> findStable(keydir, stable));
                churn(keydir, stable, 12_000, round);
                join();
                KeydirInspector.check(keydir, "round " + round);
            }
        }
    }

    @Test
    void shouldWalkEveryStableKeyOnceWhilePagesSplit() throws Exception {
        try (Keydir keydir = withStableKeys(STABLE)) {
            start(() -> walk(keydir, STABLE, STABLE + TRANSIENT));
            final FakeLog log = new FakeLog();
            for (long key = STABLE + 1; key <= STABLE + TRANSIENT; key++) {
                keydir.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
            }
            join();
        }
    }

    @Test
    void shouldWalkEveryStableKeyOnceWhileEntriesMoveAndLeave() throws Exception {
        final int stable = 200;
        for (int round = 0; round < 10; round++) {
            stop.set(false);
            try (Keydir keydir = withStableKeys(stable)) {
                start(() -> walk(keydir, stable, stable + 400));
                churn(keydir, stable, 12_000, round);
                join();
            }
        }
    }

    private static Keydir withStableKeys(final int count) {
        final Keydir keydir = new Keydir(new DirectChunkAllocator());
        final FakeLog log = new FakeLog();
        for (long key = 1; key <= count; key++) {
            keydir.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
        }
        return keydir;
    }

    /** Transient keys come and go, 190 at once; stable keys get other positions. */
    private static void churn(final Keydir keydir, final int stable, final int steps, final int seed) {
        final Random random = new Random(seed);
        final FakeLog log = new FakeLog();
        final long[] present = new long[190];
        for (int step = 0; step < steps; step++) {
            final int place = random.nextInt(present.length);
            if (present[place] != 0) {
                keydir.remove(FakeLog.mix(present[place]), log.seek(present[place]));
            }
            final long coming = stable + 1 + place * 2L + random.nextInt(2);
            present[place] = coming;
            keydir.put(FakeLog.mix(coming), FakeLog.position(coming, step & 31), log.seek(coming));
            final long key = 1 + random.nextInt(stable);
            keydir.put(FakeLog.mix(key), FakeLog.position(key, step & 31), log.seek(key));
        }
    }

    private Long findStable(final Keydir keydir, final int stable) {
        final Random random = new Random(Thread.currentThread().getId());
        final FakeLog log = new FakeLog();
        long count = 0;
        while (!stop.get() || count < 1000) {
            final long key = 1 + random.nextInt(stable);
            final long position = keydir.find(FakeLog.mix(key), log.seek(key));
            assertTrue(position != Keydir.NOT_FOUND, () -> "key " + key + " was missed, " + keydir.pages() + " pages");
            assertEquals(key, FakeLog.key(position));
            count++;
        }
        return count;
    }

    private Long walk(final Keydir keydir, final int stable, final int all) {
        final KeydirCursor cursor = keydir.cursor();
        final BitSet seen = new BitSet();
        long walks = 0;
        while (!stop.get() || walks < 3) {
            seen.clear();
            cursor.reset();
            while (cursor.nextPage()) {
                for (int i = 0; i < cursor.count(); i++) {
                    final int key = (int) FakeLog.key(cursor.position(i));
                    assertTrue(key >= 1 && key <= all, () -> "no such key: " + key);
                    assertTrue(!seen.get(key), () -> "key comes twice: " + key);
                    seen.set(key);
                }
            }
            assertTrue(seen.nextClearBit(1) > stable, () -> "key does not come: " + seen.nextClearBit(1));
            walks++;
        }
        return walks;
    }

    private void start(final Callable<Long> reader) {
        for (int i = 0; i < READERS; i++) {
            readers.add(threads.submit(reader));
        }
    }

    private void join() throws Exception {
        stop.set(true);
        for (final Future<Long> reader : readers) {
            assertTrue(reader.get(60, TimeUnit.SECONDS) > 0);
        }
        readers.clear();
    }
}
