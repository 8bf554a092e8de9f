package org.mapcask.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Rests on a clock of their own. */
class RestsTest {
    private static final long STEP_NS = TimeUnit.MICROSECONDS.toNanos(300);
    private static final long WORK_NS = TimeUnit.MILLISECONDS.toNanos(300);

    private long now = 1;
    private long slept;
    private long longest;
    private final Rests rests = new Rests(() -> now, ns -> {
        slept += ns;
        longest = Math.max(longest, ns);
        now += ns;
    });

    private void work(final long stepNs) {
        for (long done = 0; done < WORK_NS; done += stepNs) {
            now += stepNs;
            rests.between();
        }
    }

    @Test
    void shouldRestAsLongAsItWorked() {
        rests.begin(1);
        work(STEP_NS);

        assertEquals(WORK_NS, slept, WORK_NS / 100.0);
        assertTrue(longest < TimeUnit.MILLISECONDS.toNanos(2), () -> "in short pieces, not " + longest);
    }

    @Test
    void shouldRestForAPartOfItOrNotAtAll() {
        work(STEP_NS);
        rests.begin(0);
        work(STEP_NS);
        assertEquals(0, slept);

        rests.begin(0.25);
        work(STEP_NS);
        assertEquals(WORK_NS / 4.0, slept, WORK_NS / 100.0);
    }

    @Test
    void shouldNotRestForLongAfterASyncThatTookLong() {
        rests.begin(1);
        work(TimeUnit.MILLISECONDS.toNanos(100));

        assertEquals(3 * TimeUnit.MILLISECONDS.toNanos(4), slept);
    }
}
