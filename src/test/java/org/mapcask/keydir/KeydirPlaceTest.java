package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Places that are kept for keys to come: unseen while they are kept, certain when they are filled. */
class KeydirPlaceTest {
    private static final int ROUNDS = 40;
    private static final int KEYS_A_ROUND = 700;

    private final FakeLog log = new FakeLog();

    @Test
    void shouldKeepPlacesUnseenUntilTheyAreFilledOrGivenBack() {
        run(1, FakeLog::mix);
    }

    @Test
    void shouldKeepPlacesOfKeysWithTheSameHash() {
        run(2, key -> FakeLog.mix(key / 20));
    }

    @Test
    void shouldNotFillOrFreeAPlaceThatWasNotKept() {
        try (Keydir keydir = new Keydir(new DirectChunkAllocator())) {
            assertThrows(IllegalStateException.class, () -> keydir.fillPlace(1, 8));
            assertThrows(IllegalStateException.class, () -> keydir.giveBackPlace(1));
            keydir.reservePlace(1);
            keydir.giveBackPlace(1);
            assertThrows(IllegalStateException.class, () -> keydir.fillPlace(1, 8));
            assertEquals(0, keydir.size());
        }
    }

    private void run(final long seed, final LongUnaryOperator hash) {
        final Random random = new Random(seed);
        final Map<Long, Long> model = new HashMap<>();
        try (Keydir keydir = new Keydir(new DirectChunkAllocator())) {
            for (int round = 0; round < ROUNDS; round++) {
                final String context = "seed " + seed + ", round " + round;
                final long first = 1 + (long)round * KEYS_A_ROUND;
                for (long key = first; key < first + KEYS_A_ROUND; key++) {
                    keydir.reservePlace(hash.applyAsLong(key));
                }
                check(keydir, model, hash, first + KEYS_A_ROUND, context);
                for (long key = first; key < first + KEYS_A_ROUND; key++) {
                    if (random.nextInt(3) == 0) {
                        keydir.giveBackPlace(hash.applyAsLong(key));
                    } else {
                        keydir.fillPlace(hash.applyAsLong(key), FakeLog.position(key, 1));
                        model.put(key, FakeLog.position(key, 1));
                        assertTrue(keydir.isAt(hash.applyAsLong(key), FakeLog.position(key, 1)), context);
                        assertFalse(keydir.isAt(hash.applyAsLong(key), FakeLog.position(key, 2)), context);
                    }
                }
                KeydirInspector.check(keydir, context);
                check(keydir, model, hash, first + KEYS_A_ROUND, context);
            }
        }
    }

    private void check(
        final Keydir keydir, final Map<Long, Long> model, final LongUnaryOperator hash, final long end,
        final String context) {
        assertEquals(model.size(), keydir.size(), context);
        for (long key = 1; key < end; key++) {
            final long expected = model.getOrDefault(key, Keydir.NOT_FOUND);
            assertEquals(expected, keydir.find(hash.applyAsLong(key), log.seek(key)), context + ", key " + key);
            assertEquals(expected, keydir.locate(hash.applyAsLong(key), log.seek(key)), context + ", key " + key);
        }
        final long walked = KeydirInspector.forEach(keydir,
            position -> assertEquals(position, model.get(FakeLog.key(position)), context));
        assertEquals(model.size(), walked, context);
    }
}
