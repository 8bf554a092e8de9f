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
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Readers beside the writer. Keys 1 to {@link #STABLE} are there all the time and must be found by every search and
 * every walk.
 */
class KeydirConcurrencyTest {
    private static final int STABLE = 20_000;
    private static final int TRANSIENT = 300_000;
    private static final int READERS = 2;
    private static final int CROWD = 50;
    private static final int GUESTS = 45;

    private final ExecutorService threads = Executors.newFixedThreadPool(READERS);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Future<Long>> readers = new ArrayList<>();
    private volatile Keydir crowded;

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
            try (Keydir keydir = withStableKeys(STABLE, FakeLog::mix)) {
                start(() -> findStable(() -> keydir, STABLE, FakeLog::mix));
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

    @Test
    void shouldFindStableKeysWhileEntriesMoveAndLeave() throws Exception {
        churn(() -> findStable(() -> crowded, CROWD, KeydirConcurrencyTest::crowdedHash));
    }

    @Test
    void shouldWalkEveryStableKeyOnceWhilePagesSplit() throws Exception {
        try (Keydir keydir = withStableKeys(STABLE, FakeLog::mix)) {
            start(() -> walk(() -> keydir, STABLE, STABLE + TRANSIENT));
            final FakeLog log = new FakeLog();
            for (long key = STABLE + 1; key <= STABLE + TRANSIENT; key++) {
                keydir.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
            }
            join();
        }
    }

    @Test
    void shouldWalkEveryStableKeyOnceWhileEntriesMoveAndLeave() throws Exception {
        churn(() -> walk(() -> crowded, CROWD, CROWD + 2 * GUESTS));
    }

    private static Keydir withStableKeys(final int count, final LongUnaryOperator hash) {
        final Keydir keydir = new Keydir(new DirectChunkAllocator());
        final FakeLog log = new FakeLog();
        for (long key = 1; key <= count; key++) {
            keydir.put(hash.applyAsLong(key), FakeLog.position(key, 0), log.seek(key));
        }
        return keydir;
    }

    /** Twelve home lines, so 105 slots within reach; the prefix is good. */
    private static long crowdedHash(final long key) {
        return FakeLog.mix(key) & 0xFFFFFFFF_00000000L | (key % 12 << 32) / 63 + 1;
    }

    /**
     * A page whose lines are crowded, so that an insert pushes stable entries onwards: a new one for each round,
     * since a split makes room. The readers look at the page of the moment. It is not closed before they have ended.
     */
    private void churn(final Callable<Long> reader) throws Exception {
        final Random random = new Random(17);
        final FakeLog log = new FakeLog();
        crowded = withStableKeys(CROWD, KeydirConcurrencyTest::crowdedHash);
        start(reader);
        for (int round = 0; round < 1500; round++) {
            final Keydir keydir = withStableKeys(CROWD, KeydirConcurrencyTest::crowdedHash);
            crowded = keydir;
            final long[] present = new long[GUESTS];
            for (int step = 0; step < 400; step++) {
                final int place = random.nextInt(GUESTS);
                if (present[place] != 0) {
                    keydir.remove(crowdedHash(present[place]), log.seek(present[place]));
                }
                final long coming = CROWD + 1 + place * 2L + random.nextInt(2);
                present[place] = coming;
                keydir.put(crowdedHash(coming), FakeLog.position(coming, step & 31), log.seek(coming));
            }
            KeydirInspector.check(keydir, "round " + round);
        }
        join();
    }

    private Long findStable(final Supplier<Keydir> source, final int stable, final LongUnaryOperator hash) {
        final Random random = new Random(Thread.currentThread().getId());
        final FakeLog log = new FakeLog();
        long count = 0;
        while (!stop.get() || count < 1000) {
            final long key = 1 + random.nextInt(stable);
            final Keydir keydir = source.get();
            final long position = keydir.find(hash.applyAsLong(key), log.seek(key));
            assertTrue(position != Keydir.NOT_FOUND, () -> "key " + key + " was missed, " + keydir.pages() + " pages");
            assertEquals(key, FakeLog.key(position));
            count++;
        }
        return count;
    }

    private Long walk(final Supplier<Keydir> source, final int stable, final int all) {
        final BitSet seen = new BitSet();
        long walks = 0;
        while (!stop.get() || walks < 3) {
            seen.clear();
            final KeydirCursor cursor = source.get().cursor();
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
