package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Random operations against a map that is certainly right, with good hashes and with malicious ones. */
class KeydirModelTest {
    private final FakeLog log = new FakeLog();
    private final Map<Long, Long> model = new HashMap<>();

    @Test
    void shouldAgreeWithAMapUnderAGoodHash() {
        run(1, 300_000, 60_000, FakeLog::mix);
    }

    @Test
    void shouldAgreeWithAMapWithinOnePage() {
        run(2, 200_000, 380, FakeLog::mix);
    }

    @Test
    void shouldAgreeWithAMapWhenAllKeysShareTenPrefixBits() {
        run(3, 100_000, 4_000, key -> FakeLog.mix(key) >>> 10 | 0x5500_0000_0000_0000L);
    }

    @Test
    void shouldAgreeWithAMapWhenOnlyThreeHomeLinesAreUsed() {
        run(4, 100_000, 4_000, key -> FakeLog.mix(key) & 0xFFFFFFFF_00000000L | (key % 3) * 0x2A00_0000L);
    }

    @Test
    void shouldAgreeWithAMapWhenHomesAreTheLastLinesOfTheRing() {
        final long lastLines = 0xFFFFFFFF_F0000000L;
        run(5, 100_000, 4_000, key -> FakeLog.mix(key) & lastLines | 0xF000_0000L | FakeLog.mix(-key) >>> 36);
    }

    @Test
    void shouldAgreeWithAMapWhenGroupsOfTwentyKeysHaveTheSameHash() {
        run(6, 100_000, 4_000, key -> FakeLog.mix(key / 20));
    }

    @Test
    void shouldAgreeWithAMapWhenPrefixBitsDifferOnlyAtTheirEnd() {
        run(7, 30_000, 1_500, key -> 0x7FFF_F000_0000_0000L & FakeLog.mix(key % 11) | FakeLog.mix(key) >>> 20);
    }

    private void run(final long seed, final int steps, final int keys, final LongUnaryOperator hash) {
        final Random random = new Random(seed);
        final String context = "seed " + seed;
        try (Keydir keydir = new Keydir(new DirectChunkAllocator())) {
            for (int step = 0; step < steps; step++) {
                // The share of removals changes, so that the keydir grows, shrinks and grows again.
                final boolean shrinking = step / (steps / 6) % 2 == 1;
                final long key = 1 + random.nextInt(keys);
                final long position = FakeLog.position(key, random.nextInt(32));
                final int kind = random.nextInt(shrinking ? 12 : 7);
                change(keydir, kind, key, hash.applyAsLong(key), position, context + " step " + step);
                if (step % (steps / 12) == 0) {
                    check(keydir, keys, hash, context + " step " + step);
                }
            }
            check(keydir, keys, hash, context);
        }
    }

    private void change(final Keydir keydir, final int kind, final long key, final long hash, final long position,
        final String context) {
        final long before = model.getOrDefault(key, Keydir.NOT_FOUND);
        switch (kind) {
            case 0:
            case 1:
            case 2:
                assertEquals(before, keydir.put(hash, position, log.seek(key)), context);
                model.put(key, position);
                break;
            case 3:
                assertEquals(before, keydir.locate(hash, log.seek(key)), context);
                keydir.reserveLocated();
                assertEquals(before, keydir.putLocated(position), context);
                model.put(key, position);
                break;
            case 4:
                assertEquals(before, keydir.find(hash, log.seek(key)), context);
                break;
            case 5:
                assertEquals(before != -1, keydir.compareAndSet(hash, before, position), context);
                model.computeIfPresent(key, (k, v) -> position);
                assertFalse(keydir.compareAndSet(hash, FakeLog.position(key, 32), position), context);
                break;
            case 6:
                assertEquals(before != -1, keydir.removeAt(hash, before), context);
                model.remove(key);
                break;
            case 7:
                assertEquals(before, keydir.locate(hash, log.seek(key)), context);
                assertEquals(before, keydir.removeLocated(), context);
                model.remove(key);
                break;
            default:
                assertEquals(before, keydir.remove(hash, log.seek(key)), context);
                model.remove(key);
                break;
        }
    }

    private void check(final Keydir keydir, final int keys, final LongUnaryOperator hash, final String context) {
        KeydirInspector.check(keydir, context);
        assertEquals(model.size(), keydir.size(), context);
        for (long key = 1; key <= keys; key++) {
            final long expected = model.getOrDefault(key, Keydir.NOT_FOUND);
            assertEquals(expected, keydir.find(hash.applyAsLong(key), log.seek(key)), context + " key " + key);
        }
        final Set<Long> walked = new HashSet<>();
        final long count = KeydirInspector.forEach(
            keydir, position -> assertTrue(walked.add(position), context + ": comes twice"));
        assertEquals(model.size(), count, context);
        assertEquals(new HashSet<>(model.values()), walked, context);
    }
}
