package org.mapcask.lab.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static final long SEED = 20_241;
    private static final int TRIALS = 4000;

    @Test
    void shouldTakeTheRanksThatTablesOfTheSignTestHave() {
        // 95 %, two-sided: n=6 leaves none out, n=9 one on each side, n=20 five.
        assertEquals(new Interval(3.5, 1, 6, 1 - 2.0 / 64, 0.95, 6), Statistics.median(upTo(6), 0.95));
        assertEquals(2, Statistics.median(upTo(9), 0.95).low());
        assertEquals(8, Statistics.median(upTo(9), 0.95).high());
        assertEquals(6, Statistics.median(upTo(20), 0.95).low());
        assertEquals(15, Statistics.median(upTo(20), 0.95).high());
        assertEquals(0.9586, Statistics.median(upTo(20), 0.95).coverage(), 0.0001);
    }

    @Test
    void shouldTakeTheRanksThatTablesOfTheSignedRankTestHave() {
        // Critical values, two-sided 5 %: n=6: 0, n=8: 3, n=10: 8, n=20: 52. Of equal differences any rank is as good.
        assertEquals(8 + 1, rankOfLow(10, 0.95));
        assertEquals(3 + 1, rankOfLow(8, 0.95));
        assertEquals(1, rankOfLow(6, 0.95));
        assertEquals(52 + 1, rankOfLow(20, 0.95));
        // 1 %, n=10: 3.
        assertEquals(3 + 1, rankOfLow(10, 0.99));
    }

    /** Differences whose pairwise means all differ, so that the end of the interval tells its rank. */
    private static int rankOfLow(final int n, final double level) {
        final double[] differences = new double[n];
        for (int i = 0; i < n; i++) {
            differences[i] = Math.pow(2, i);
        }
        final double[] means = new double[n * (n + 1) / 2];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                means[at++] = (differences[i] + differences[j]) / 2;
            }
        }
        Arrays.sort(means);
        return Arrays.binarySearch(means, Statistics.shift(differences, level).low()) + 1;
    }

    @Test
    void shouldSayWhenThereAreTooFewValuesForTheLevel() {
        final Interval five = Statistics.shift(new double[] {1, 2, 3, 4, 5}, 0.95);

        assertFalse(five.isReached() || five.excludes(0));
        assertEquals(1 - 2.0 / 32, five.coverage());
        assertEquals(1, five.low());
        assertEquals(5, five.high());
        assertTrue(Statistics.shift(new double[] {1, 2, 3, 4, 5, 6}, 0.95).excludes(0));
        assertFalse(Statistics.median(upTo(5), 0.95).isReached());
        assertEquals(6, Statistics.pairsNeeded(0.95));
        assertEquals(8, Statistics.pairsNeeded(0.99));
        for (final int few : new int[] {0, 1}) {
            assertEquals(0, Statistics.shift(upTo(few), 0.95).coverage());
            assertEquals(0, Statistics.median(upTo(few), 0.95).coverage());
        }
        assertThrows(IllegalArgumentException.class,
            () -> Statistics.shift(new double[Statistics.DIFFERENCES_MAX + 1], 0.95));
    }

    @Test
    void shouldHoldTheTruthAsOftenAsItSaysForSkewedValues() {
        // Log-normal values have the median 1; seed printed by the failure.
        for (final int n : new int[] {6, 9, 15, 40}) {
            final double held = share(random -> {
                final Interval interval =
                    Statistics.median(random.doubles(n).map(u -> Math.exp(3 * quantile(u))).toArray(), 0.95);
                return interval.low() <= 1 && 1 <= interval.high() ? 1 : 0;
            });
            assertTrue(held >= 0.94, "n " + n + ", seed " + SEED + ": " + held);
        }
    }

    @Test
    void shouldHoldTheShiftAsOftenAsItSaysAndHardlyMore() {
        for (final int n : new int[] {8, 12, 30}) {
            final double held = share(random -> {
                final Interval interval = Statistics.shift(random.doubles(n).map(u -> 5 + quantile(u)).toArray(), 0.95);
                return interval.low() <= 5 && 5 <= interval.high() ? 1 : 0;
            });
            assertTrue(held >= 0.94 && held <= 0.985, "n " + n + ", seed " + SEED + ": " + held);
        }
    }

    @Test
    void shouldFindAShiftThatIsThereAndGetNarrowerWithMoreValues() {
        final Random random = new Random(SEED);
        final double[] few = random.doubles(10).map(u -> 1 + quantile(u) / 2).toArray();
        final double[] many = random.doubles(200).map(u -> 1 + quantile(u) / 2).toArray();
        final Interval rough = Statistics.shift(few, 0.95);
        final Interval fine = Statistics.shift(many, 0.95);

        assertTrue(rough.excludes(0) && fine.excludes(0) && !fine.excludes(1), rough + " " + fine);
        assertTrue(fine.high() - fine.low() < (rough.high() - rough.low()) / 2, rough + " " + fine);
        assertEquals(1, fine.estimate(), 0.15);
    }

    private static double share(final ToDoubleFunction<Random> trial) {
        final Random random = new Random(SEED);
        double sum = 0;
        for (int i = 0; i < TRIALS; i++) {
            sum += trial.applyAsDouble(random);
        }
        return sum / TRIALS;
    }

    /** Quantile of the logistic distribution: symmetric about 0, with tails heavier than a normal one's. */
    private static double quantile(final double u) {
        return Math.log(Math.max(u, 1e-12) / (1 - u)) / 1.8;
    }

    private static double[] upTo(final int n) {
        final double[] values = new double[n];
        Arrays.setAll(values, i -> n - i);
        return values;
    }
}
