package org.mapcask.io;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReadPaceTest {
    private static final long DEVICE_NS = 70_000;
    private static final long CACHE_NS = 800;

    private final ReadPace pace = new ReadPace();

    private void looks(final int times, final long ns) {
        for (int i = 0; i < times; i++) {
            pace.looked(10, 10 * ns);
        }
    }

    private void asks(final int times, final long ns) {
        for (int i = 0; i < times; i++) {
            pace.asked(1, ns);
        }
    }

    @Test
    void shouldTakeFilesForWarmUntilLooksAreSlow() {
        assertFalse(pace.isCold());
        looks(1_000, CACHE_NS);
        assertFalse(pace.isCold());
        looks(3, DEVICE_NS);
        assertTrue(pace.isCold());
    }

    /** The story: the thread that compares records loses its processor for a time slice, now and then. */
    @Test
    void shouldNotTakeSingleSlowLooksForADevice() {
        for (int i = 0; i < 100; i++) {
            looks(2, DEVICE_NS);
            looks(1, CACHE_NS);
        }
        assertFalse(pace.isCold());
    }

    @Test
    void shouldSayNothingWhenNothingWasLookedAt() {
        looks(2, DEVICE_NS);
        pace.looked(0, Long.MAX_VALUE);
        assertFalse(pace.isCold());
        looks(1, DEVICE_NS);
        assertTrue(pace.isCold());
    }

    @Test
    void shouldTakeFilesForWarmAgainWhenAsksBeginNoReads() {
        looks(3, DEVICE_NS);
        asks(63, CACHE_NS);
        assertTrue(pace.isCold());
        asks(1, CACHE_NS);
        assertFalse(pace.isCold());
    }

    @Test
    void shouldGoOnAskingWhileOneAskInTenBeginsARead() {
        looks(3, DEVICE_NS);
        for (int i = 0; i < 1_000; i++) {
            asks(9, CACHE_NS);
            asks(1, DEVICE_NS);
            assertTrue(pace.isCold());
        }
    }

    @Test
    void shouldEndAskingAlthoughSomeAsksAreSlow() {
        looks(3, DEVICE_NS);
        for (int i = 0; i < 10 && pace.isCold(); i++) {
            asks(29, CACHE_NS);
            asks(1, DEVICE_NS);
        }
        assertFalse(pace.isCold());
    }

    /** The story: after overwrites of cold keys a process only puts new ones, for which there is nothing to ask. */
    @Test
    void shouldEndAskingWhenThereIsNothingToAskFor() {
        looks(3, DEVICE_NS);
        for (int i = 0; i < 64; i++) {
            pace.asked(0, CACHE_NS);
        }
        assertFalse(pace.isCold());
    }
}
