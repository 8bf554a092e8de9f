package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.KeydirFullException;

/** Puts that are entered into their pages late, by the writer and under the eyes of readers. */
class LatePutsTest {
    private static final long SLOW_NS = 1_000_000;

    private final FakeLog log = new FakeLog();
    private final Pairs pairs = new Pairs();
    private final Keydir keydir = new Keydir(new DirectChunkAllocator());

    LatePutsTest() {
        keydir.compareWith(pairs);
    }

    @AfterEach
    void close() {
        keydir.close();
    }

    @Test
    void shouldFindAPutThatNoPageHoldsYet() {
        assertTrue(putLate(1, 0));
        assertTrue(keydir.hasLatePuts());
        assertEquals(0, keydir.size());
        assertEquals(FakeLog.position(1, 0), find(1));
        assertEquals(Keydir.NOT_FOUND, find(2));
        keydir.settle();
        assertFalse(keydir.hasLatePuts());
        assertEquals(1, keydir.size());
        assertEquals(FakeLog.position(1, 0), find(1));
    }

    @Test
    void shouldFindTheNewestOfTwoPutsOfAKeyAndTellThatTheOtherWasReplaced() {
        keydir.put(FakeLog.mix(1), FakeLog.position(1, 0), log.seek(1));
        putLate(1, 1);
        putLate(2, 0);
        putLate(1, 2);
        assertEquals(FakeLog.position(1, 2), find(1));
        keydir.settle();
        assertEquals(FakeLog.position(1, 2), find(1));
        assertEquals(2, keydir.size());
        assertEquals(List.of(FakeLog.position(1, 0), FakeLog.position(1, 1)), pairs.replaced);
    }

    @Test
    void shouldEnterPutsBeforeTheWriterDoesAnythingElse() {
        putLate(1, 0);
        assertEquals(FakeLog.position(1, 0), keydir.remove(FakeLog.mix(1), log.seek(1)));
        assertEquals(Keydir.NOT_FOUND, find(1));
        putLate(1, 1);
        assertTrue(keydir.isAt(FakeLog.mix(1), FakeLog.position(1, 1)));
        putLate(1, 2);
        assertFalse(keydir.compareAndSet(FakeLog.mix(1), FakeLog.position(1, 1), FakeLog.position(1, 3)));
        putLate(1, 4);
        assertTrue(keydir.compareAndSet(FakeLog.mix(1), FakeLog.position(1, 4), FakeLog.position(1, 5)));
        putLate(1, 6);
        assertTrue(keydir.removeAt(FakeLog.mix(1), FakeLog.position(1, 6)));
        assertEquals(0, keydir.size());
    }

    @Test
    void shouldTakeAsManyPutsAsComeAndEnterThemNowAndThen() {
        for (long key = 1; key <= 100_000; key++) {
            assertTrue(putLate(key, 0));
            assertTrue(keydir.size() >= key - LateEntries.CAPACITY, "at most a few wait");
        }
        keydir.settle();
        assertEquals(100_000, keydir.size());
        KeydirInspector.check(keydir, "after all");
        for (long key = 1; key <= 100_000; key++) {
            assertEquals(FakeLog.position(key, 0), find(key));
        }
    }

    /** The story: the records that puts replace come from a device, and whoever compares waits for each of them. */
    @Test
    void shouldAskForRecordsBeforehandOnceComparisonsAreSlow() {
        final int rounds = 4;
        for (long key = 1; key <= rounds; key++) {
            putLate(key, 0);
        }
        keydir.settle();
        pairs.slow = true;
        for (long key = 1; key < rounds; key++) {
            assertEquals(List.of(), pairs.asked);
            putLate(key, 1);
            keydir.settle();
        }
        putLate(rounds + 1, 1);
        assertEquals(List.of(), pairs.asked, "no record has this key");
        putLate(rounds, 1);
        assertEquals(List.of(FakeLog.position(rounds, 0)), pairs.asked);
        keydir.settle();
        assertEquals(FakeLog.position(rounds, 1), find(rounds));
    }

    /** A record that cannot be read any more holds up the puts of its own key, and nothing else. */
    @Test
    void shouldGoOnWithOtherKeysWhenOneCannotBeCompared() {
        keydir.put(FakeLog.mix(1), FakeLog.position(1, 0), log.seek(1));
        pairs.damaged.add(FakeLog.position(1, 0));
        assertTrue(putLate(1, 1));
        for (long key = 2; key <= 500; key++) {
            assertTrue(putLate(key, 0));
        }
        assertSame(pairs.damage, assertThrows(CorruptionException.class, keydir::settle));
        assertEquals(500, keydir.size());
        assertFalse(keydir.canPutLate(FakeLog.mix(1)), "another put of this key has to fail before it is written");
        assertSame(pairs.damage,
            assertThrows(CorruptionException.class, () -> keydir.locate(FakeLog.mix(1), log.seek(1))));
        assertThrows(CorruptionException.class, () -> keydir.canPutOff(FakeLog.mix(1)), "before it is written");
        assertFalse(keydir.canPutOff(FakeLog.mix(2)));
        assertEquals(FakeLog.position(2, 0), keydir.locate(FakeLog.mix(2), log.seek(2)));
        assertEquals(FakeLog.position(1, 1), find(1));
        pairs.damaged.clear();
        keydir.settle();
        assertEquals(FakeLog.position(1, 1), find(1));
        assertEquals(500, keydir.size());
        assertEquals(List.of(FakeLog.position(1, 0)), pairs.replaced);
    }

    /** When as many wait as there is room for, puts are entered at once, as those of a keydir without late puts. */
    @Test
    void shouldTakeNoMorePutsThanThereIsRoomForWhenNoneCanBeEntered() {
        for (long key = 1; key <= LateEntries.CAPACITY; key++) {
            keydir.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
            pairs.damaged.add(FakeLog.position(key, 0));
        }
        for (long key = 1; key <= LateEntries.CAPACITY; key++) {
            assertTrue(putLate(key, 1));
        }
        assertFalse(keydir.canPutLate(FakeLog.mix(100)));
        keydir.put(FakeLog.mix(100), FakeLog.position(100, 0), log.seek(100));
        assertEquals(FakeLog.position(100, 0), find(100));
        pairs.damaged.clear();
        assertTrue(putLate(100, 1));
        keydir.settle();
        assertEquals(LateEntries.CAPACITY + 1, keydir.size());
    }

    @Test
    void shouldFindWhatAFullKeydirDidNotTake() {
        try (Keydir shallow = new Keydir(new DirectChunkAllocator(), 2)) {
            shallow.compareWith(pairs);
            long key = 0;
            try {
                while (true) {
                    key++;
                    if (shallow.canPutLate(FakeLog.mix(key))) {
                        shallow.putLate(FakeLog.mix(key), FakeLog.position(key, 0));
                    } else {
                        shallow.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
                    }
                }
            } catch (final KeydirFullException ex) {
                key--;
            }
            assertTrue(key > 4 * KeydirPage.CAPACITY / 2, "it took " + key);
            for (long taken = 1; taken <= key; taken++) {
                assertEquals(FakeLog.position(taken, 0), shallow.find(FakeLog.mix(taken), log.seek(taken)));
            }
        }
    }

    @Test
    void shouldAgreeWithAMapUnderAGoodHash() {
        model(1, 300_000, 60_000, FakeLog::mix);
    }

    @Test
    void shouldAgreeWithAMapWhenAFewKeysComeOverAndOver() {
        model(2, 200_000, 12, FakeLog::mix);
    }

    @Test
    void shouldAgreeWithAMapWhenGroupsOfTwentyKeysHaveTheSameHash() {
        model(3, 100_000, 4_000, key -> FakeLog.mix(key / 20));
    }

    private void model(final long seed, final int steps, final int keys, final LongUnaryOperator hash) {
        final Random random = new Random(seed);
        final Map<Long, Long> expected = new HashMap<>();
        long told = 0;
        for (int step = 0; step < steps; step++) {
            final long key = 1 + random.nextInt(keys);
            final long code = hash.applyAsLong(key);
            final long position = FakeLog.position(key, step & 0xFF);
            final long before = expected.getOrDefault(key, Keydir.NOT_FOUND);
            final int dice = random.nextInt(16);
            if (dice == 0) {
                assertEquals(before, keydir.remove(code, log.seek(key)));
                expected.remove(key);
            } else if (dice == 1) {
                assertEquals(before, keydir.put(code, position, log.seek(key)));
                expected.put(key, position);
            } else if (dice == 2) {
                keydir.settle();
                assertEquals(expected.size(), keydir.size());
            } else if (dice < 5) {
                assertEquals(before, keydir.find(code, log.seek(key)), "seed " + seed + ", step " + step);
            } else {
                assertTrue(keydir.canPutLate(code));
                keydir.putLate(code, position);
                told += before == Keydir.NOT_FOUND || before == position ? 0 : 1;
                expected.put(key, position);
            }
        }
        keydir.settle();
        KeydirInspector.check(keydir, "seed " + seed);
        final Set<Long> positions = new HashSet<>();
        KeydirInspector.forEach(keydir, positions::add);
        assertEquals(new HashSet<>(expected.values()), positions);
        assertEquals(told, pairs.replaced.size());
    }

    /** Versions of a key only grow, so a reader who sees one after a greater one has seen something that was over. */
    @Test
    void shouldNeverShowAReaderAnOlderPutAfterANewerOne() throws Exception {
        final int keys = 40;
        final AtomicBoolean stop = new AtomicBoolean();
        final long[] written = new long[keys + 1];
        for (long key = 1; key <= keys; key++) {
            putLate(key, 1);
        }
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            final List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> readForwards(stop, keys)));
            }
            final Random random = new Random(5);
            for (int i = 0; i < 2_000_000; i++) {
                final int key = 1 + (random.nextBoolean() ? random.nextInt(3) : random.nextInt(keys));
                putLate(key, 2 + written[key]++ / 4096);
                if ((i & 0xFFF) == 0) {
                    keydir.settle();
                }
            }
            stop.set(true);
            for (final Future<Long> reader : readers) {
                assertTrue(reader.get() > 0);
            }
        } finally {
            stop.set(true);
            threads.shutdown();
        }
    }

    private long readForwards(final AtomicBoolean stop, final int keys) {
        final FakeLog own = new FakeLog();
        final long[] seen = new long[keys + 1];
        long count = 0;
        while (!stop.get()) {
            final int key = 1 + (int)(count++ % keys);
            final long position = keydir.find(FakeLog.mix(key), own.seek(key));
            assertTrue(position != Keydir.NOT_FOUND, "missed");
            assertEquals(key, FakeLog.key(position));
            assertTrue(position >= seen[key], "went back");
            seen[key] = position;
        }
        return count;
    }

    private boolean putLate(final long key, final long version) {
        if (!keydir.canPutLate(FakeLog.mix(key))) {
            return false;
        }
        keydir.putLate(FakeLog.mix(key), FakeLog.position(key, version));
        return true;
    }

    private long find(final long key) {
        return keydir.find(FakeLog.mix(key), log.seek(key));
    }

    private static final class Pairs implements KeyPairs {
        private final List<Long> replaced = new ArrayList<>();
        private final List<Long> asked = new ArrayList<>();
        private final Set<Long> damaged = new HashSet<>();
        private boolean slow;
        private final CorruptionException damage = new CorruptionException(
            "segment", 8, ErrorText.what("a record is damaged").where("a test").expected("a record")
            .found("none").todo("nothing"));

        @Override
        public boolean sameKey(final long position, final long other) {
            if (!damaged.isEmpty() && damaged.contains(other)) {
                throw damage;
            }
            if (slow) {
                LockSupport.parkNanos(SLOW_NS);
            }
            return FakeLog.key(position) == FakeLog.key(other);
        }

        @Override
        public void touch(final long[] positions, final int count) {
        }

        @Override
        public void ask(final long position) {
            asked.add(position);
        }

        @Override
        public void onReplaced(final long position) {
            replaced.add(position);
        }
    }
}
