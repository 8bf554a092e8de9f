package org.mapcask.lab.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AliasSamplerTest {
    private static final long SEED = 11;
    private static final int DRAWS = 400_000;

    @Test
    void shouldDrawEachIndexAsOftenAsItsWeightSays() {
        final long[] weights = {1, 0, 700, 20, 0, 279, 3000};
        final AliasSampler sampler = new AliasSampler(weights);
        final SplittableRandom random = new SplittableRandom(SEED);
        final int[] drawn = new int[weights.length];
        for (int i = 0; i < DRAWS; i++) {
            drawn[sampler.next(random)]++;
        }
        final double sum = 4000;
        for (int i = 0; i < weights.length; i++) {
            final double expected = DRAWS * weights[i] / sum;
            final double bound = 5 * Math.sqrt(expected) + (weights[i] == 0 ? 0 : 1);
            assertTrue(Math.abs(drawn[i] - expected) <= bound,
                "index " + i + ": expected about " + expected + ", drawn " + drawn[i] + ", seed " + SEED);
        }
    }

    @Test
    void shouldDrawTheOnlyIndex() {
        final AliasSampler sampler = new AliasSampler(new long[] {5});
        assertEquals(0, sampler.next(new SplittableRandom(SEED)));
    }

    @Test
    void shouldRefuseWeightsThatCannotBeDrawnFrom() {
        assertThrows(IllegalArgumentException.class, () -> new AliasSampler(new long[] {0, 0}));
        assertThrows(IllegalArgumentException.class, () -> new AliasSampler(new long[] {3, -1}));
        assertThrows(IllegalArgumentException.class, () -> new AliasSampler(new long[0]));
    }
}
