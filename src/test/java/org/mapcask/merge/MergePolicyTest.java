package org.mapcask.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** When it is time to merge, and how much so. */
class MergePolicyTest {
    private static final int MIN_SEGMENTS = 3;
    private static final long DEAD_BYTES = 1000;
    private static final int PERCENT = 25;

    private static MergePolicy policy(final long deadBytes) {
        return new MergePolicy(new MergeSettings(1, MIN_SEGMENTS, deadBytes, PERCENT, PERCENT, 1 << 20, 0, 1 << 20));
    }

    private static SegmentUse use(final long used, final long dead) {
        return new SegmentUse(null, 1, false, true, false, 1 << 20, used, used - dead, 0, 0, 1, 2);
    }

    @Test
    void shouldMergeAtOnceWhenTheShareOrTheBytesOfDeadSpaceReachTheirThreshold() {
        final MergePolicy policy = policy(DEAD_BYTES);

        assertFalse(policy.isDue(List.of(use(400, 99)), false));
        assertTrue(policy.isDue(List.of(use(400, 100)), false));
        assertFalse(policy.isDue(List.of(use(100_000, 999)), false));
        assertTrue(policy.isDue(List.of(use(100_000, 500), use(100_000, 500)), false));
        assertFalse(policy(0).isDue(List.of(use(100_000, 1000)), false), "0 takes no notice of bytes");
        assertFalse(policy.isDue(List.of(use(0, 0)), false));
        assertFalse(policy.isDue(List.of(), false));
    }

    @Test
    void shouldMergeByTheClockWhenEnoughSegmentsHaveDeadSpace() {
        final MergePolicy policy = policy(DEAD_BYTES);

        assertFalse(policy.isDue(List.of(use(400, 1), use(400, 1), use(400, 0)), true));
        assertTrue(policy.isDue(List.of(use(400, 1), use(400, 1), use(400, 1)), true));
        assertFalse(policy.isDue(List.of(use(400, 1), use(400, 1), use(400, 1)), false));
    }

    @Test
    void shouldTellHowManyTimesTheThresholdsAreReached() {
        assertEquals(2, policy(DEAD_BYTES).pressure(List.of(use(400, 200))));
        assertEquals(3, policy(DEAD_BYTES).pressure(List.of(use(100_000, 3000))), "the one that is nearer");
        assertEquals(0.12, policy(0).pressure(List.of(use(100_000, 3000))), 1e-9);
        assertEquals(0, policy(DEAD_BYTES).pressure(List.of()));
    }
}
