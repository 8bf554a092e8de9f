package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirCursor;

/** Positions come from a real keydir, since that is what a batch takes. */
class PositionBatchTest {
    private static final int KEYS = 20_000;
    private static final int PAGE = 4096;

    private static long[] positions(final long logLength, final long seed) {
        final Random random = new Random(seed);
        return random.longs(0, logLength / 8 - 1).map(each -> (each + 1) * 8).distinct().limit(KEYS).toArray();
    }

    private static Keydir keydir(final long[] positions, final long seed) {
        final Keydir keydir = new Keydir(new DirectChunkAllocator());
        final Random random = new Random(seed + 1);
        for (final long position : positions) {
            keydir.put(random.nextLong(), position, candidate -> false);
        }
        return keydir;
    }

    /** The order within a page does not matter: what is on it is in the same place of memory. */
    @ParameterizedTest
    @ValueSource(longs = {1L << 22, 1L << 28, 1L << 33, 1L << 43})
    void shouldHandOutEveryPositionOnceInTheOrderOfTheLog(final long logLength) {
        final long[] positions = positions(logLength, 5);
        try (Keydir keydir = keydir(positions, 5)) {
            final KeydirCursor cursor = keydir.cursor();
            final PositionBatch batch = new PositionBatch();
            batch.begin();
            while (cursor.nextPage()) {
                batch.add(cursor);
            }
            batch.sort();
            assertEquals(KEYS, batch.count());
            final long[] handedOut = Arrays.copyOf(batch.positions(), KEYS);
            final long bucket = Math.max(PAGE, logLength >>> 16);
            for (int i = 1; i < KEYS; i++) {
                assertTrue(handedOut[i - 1] / bucket <= handedOut[i] / bucket, "position " + i);
            }
            Arrays.sort(handedOut);
            Arrays.sort(positions);
            assertArrayEquals(positions, handedOut);
        }
    }

    @Test
    void shouldBeginSmallAndGrowUpToItsLimitForAnOwnerWhoIsQuick() {
        try (Keydir keydir = keydir(positions(1L << 30, 6), 6)) {
            final KeydirCursor cursor = keydir.cursor();
            final PositionBatch batch = new PositionBatch();
            final int[] lengths = new int[3];
            for (int i = 0; i < lengths.length; i++) {
                batch.begin();
                while (!batch.isFull() && cursor.nextPage()) {
                    batch.add(cursor);
                }
                batch.sort();
                lengths[i] = batch.count();
            }
            assertTrue(lengths[0] < KEYS / 4, Arrays.toString(lengths));
            assertTrue(lengths[0] > 0 && lengths[1] > 0, Arrays.toString(lengths));
            batch.begin();
            assertEquals(0, batch.count());
            assertFalse(batch.isFull());
        }
    }
}
