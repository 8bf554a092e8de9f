package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.nativeaccess.NativeAccess;

/** What a keydir tells of the work for which its writers had to wait. */
@Tag("core")
class KeydirPausesTest {
    @Test
    void shouldCountWorkInClassesOfPowersOfTwo() {
        final KeydirPauses pauses = new KeydirPauses();
        for (final long ns : new long[] {0, 999, 1_000, 1_999, 2_000, 3_999, 4_000, 2_100_000}) {
            pauses.record(ns, ns / 2);
        }
        assertEquals(2_113_997, pauses.totalNs());
        pauses.record(Long.MAX_VALUE / 2, Long.MAX_VALUE / 4);
        assertEquals(Map.of("below1us", 2L, "below2us", 2L, "below4us", 2L, "below8us", 1L, "below4096us", 1L,
            "below2147483648us", 1L), pauses.histogram());
        assertEquals(Long.MAX_VALUE / 2, pauses.longestNs());
        assertEquals(Long.MAX_VALUE / 4, pauses.longestBusyNs());
    }

    @Test
    void shouldNotTakeTimeInWhichTheThreadSleepsForWork() throws InterruptedException {
        final KeydirPauses pauses = new KeydirPauses();
        final long begin = pauses.begin();
        Thread.sleep(30);
        pauses.end(begin);
        assertTrue(pauses.longestNs() >= 30_000_000, pauses.longestNs() + " ns");
        if (NativeAccess.get().isNative()) {
            assertTrue(pauses.longestBusyNs() < 30_000_000, pauses.longestBusyNs() + " ns");
        } else {
            assertEquals(pauses.longestNs(), pauses.longestBusyNs());
        }
    }

    @Test
    void shouldCountPagesThatSplitAndTablesThatDouble() {
        final FakeLog log = new FakeLog();
        try (Keydir keydir = new Keydir(new DirectChunkAllocator())) {
            assertEquals(0, keydir.figures().splits());
            for (int i = 1; i <= 20_000; i++) {
                keydir.put(FakeLog.mix(i), FakeLog.position(i, 1), log.seek(i));
            }
            final KeydirFigures figures = keydir.figures();
            assertEquals(keydir.pages() - 1, figures.splits());
            assertEquals(keydir.depth(), figures.doublings());
            assertEquals(figures.splits(), figures.pauses().values().stream().mapToLong(Long::longValue).sum());
            assertTrue(figures.longestPauseNs() > 0);
        }
    }
}
