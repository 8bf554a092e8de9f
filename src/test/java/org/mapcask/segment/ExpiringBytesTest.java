package org.mapcask.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes by the time at which they expire, in few numbers. */
class ExpiringBytesTest {
    private static final long ORIGIN = 1_700_000_000_000L;

    @Test
    void shouldCountEachRecordNeverTooEarlyAndAtMostAQuarterOfItsTimeLate() {
        final Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            final long distance = random.nextLong() >>> 20 + random.nextInt(43);
            final ExpiringBytes bytes = new ExpiringBytes(ORIGIN);
            bytes.add(ORIGIN + distance, 8);
            assertEquals(0, bytes.expiredBy(ORIGIN + distance - 1), "too early: " + distance);
            assertEquals(8, bytes.expiredBy(ORIGIN + distance + distance / 4 + 1), "too late: " + distance);
        }
    }

    @Test
    void shouldCountWhatExpiredBeforeTheOriginFromThereOnAndWhatExpiresInAgesNever() {
        final ExpiringBytes bytes = new ExpiringBytes(ORIGIN);
        bytes.add(1, 16);
        bytes.add(ORIGIN, 32);
        bytes.add(Long.MAX_VALUE - 1, 64);
        bytes.add(Long.MIN_VALUE + 1, 128);
        assertEquals(0, bytes.expiredBy(ORIGIN - 1));
        assertEquals(176, bytes.expiredBy(ORIGIN));
        assertEquals(176, bytes.expiredBy(Long.MAX_VALUE));
    }

    @Test
    void shouldGiveItselfAsNumbersAndTakeThemBack() {
        final Random random = new Random(6);
        final ExpiringBytes bytes = new ExpiringBytes(ORIGIN);
        for (int i = 0; i < 1000; i++) {
            bytes.add(ORIGIN + (random.nextLong() >>> 18 + random.nextInt(40)), 8L * random.nextInt(100));
        }
        final ExpiringBytes again = new ExpiringBytes(bytes.numbers());
        assertArrayEquals(bytes.numbers(), again.numbers());
        assertTrue(bytes.numbers().length < 400, "bounded");
        for (int shift = 0; shift < 45; shift++) {
            assertEquals(bytes.expiredBy(ORIGIN + (1L << shift)), again.expiredBy(ORIGIN + (1L << shift)));
        }
        again.add(ORIGIN + 1, 8);
        again.add(ORIGIN + 1, -8);
        assertArrayEquals(bytes.numbers(), again.numbers());
    }
}
