package org.mapcask.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ZipfianIndexesTest {
    private static final long SEED = 4711;
    private static final int DRAWS = 400_000;

    @Test
    void shouldDrawEachRankAsOftenAsItsWeightSays() {
        final int count = 1000;
        final ZipfianIndexes zipfian = new ZipfianIndexes(count, ZipfianIndexes.EXPONENT);
        final SplittableRandom random = new SplittableRandom(SEED);
        final int[] drawn = new int[count + 1];
        for (int i = 0; i < DRAWS; i++) {
            drawn[zipfian.nextRank(random)]++;
        }
        double sum = 0;
        for (int rank = 1; rank <= count; rank++) {
            sum += Math.pow(rank, -ZipfianIndexes.EXPONENT);
        }
        assertEquals(0, drawn[0]);
        for (final int rank : new int[] {1, 2, 3, 5, 10, 50, 200}) {
            final double expected = DRAWS * Math.pow(rank, -ZipfianIndexes.EXPONENT) / sum;
            // Five standard deviations of a count.
            assertEquals(expected, drawn[rank], 5 * Math.sqrt(expected), "seed " + SEED + ", rank " + rank);
        }
    }

    @Test
    void shouldStayInsideOfTheKeysAndScatterThePopularOnes() {
        final int count = 10_000;
        final ZipfianIndexes zipfian = new ZipfianIndexes(count, ZipfianIndexes.EXPONENT);
        final SplittableRandom random = new SplittableRandom(SEED);
        long low = 0;
        for (int i = 0; i < DRAWS; i++) {
            final int index = zipfian.next(random);
            assertTrue(index >= 0 && index < count, "seed " + SEED + ", index " + index);
            low += index < count / 100 ? 1 : 0;
        }
        // Unscattered, the first hundredth of the keys would have about half of the draws.
        assertTrue(low < DRAWS / 5, low + " of " + DRAWS);
    }

    @Test
    void shouldDrawTheOnlyKeyAndRefuseNone() {
        assertEquals(0, new ZipfianIndexes(1, ZipfianIndexes.EXPONENT).next(new SplittableRandom(SEED)));
        assertThrows(IllegalArgumentException.class, () -> new ZipfianIndexes(0, ZipfianIndexes.EXPONENT));
        assertThrows(IllegalArgumentException.class, () -> new ZipfianIndexes(10, 1));
    }
}
