package org.mapcask.bench.peers;

import java.util.SplittableRandom;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * Indexes of which few are drawn often: the one of rank <i>k</i> with a weight of 1/<i>k</i><sup>s</sup>, by
 * rejection-inversion (W. Hörmann, G. Derflinger 1996), which needs no table that would push the store's data out of
 * the processor's caches. Ranks are scattered over the indexes, so that popular keys are not neighbours.
 *
 * <p>Immutable; threads share it, each with its own source of random numbers.
 */
final class ZipfianIndexes {
    /** The exponent that YCSB uses. */
    static final double EXPONENT = 0.99;

    private final int count;
    private final double exponent;
    private final double hFirst;
    private final double hLast;
    private final double shortcut;

    ZipfianIndexes(final int count, final double exponent) {
        if (count < 1 || !(exponent > 0) || exponent == 1) {
            throw new IllegalArgumentException("count " + count + ", exponent " + exponent);
        }
        this.count = count;
        this.exponent = exponent;
        hFirst = integral(1.5) - 1;
        hLast = integral(count + 0.5);
        shortcut = 2 - inverse(integral(2.5) - weight(2));
    }

    /** Draws a rank, from 1 for the most frequent one to the count. */
    int nextRank(final SplittableRandom random) {
        while (true) {
            final double u = hLast + random.nextDouble() * (hFirst - hLast);
            final double x = inverse(u);
            final int rank = (int) Math.max(1, Math.min(count, Math.round(x)));
            if (rank - x <= shortcut || u >= integral(rank + 0.5) - weight(rank)) {
                return rank;
            }
        }
    }

    /** Draws an index below the count. */
    int next(final SplittableRandom random) {
        return (int) Long.remainderUnsigned(SyntheticRecords.mix(nextRank(random)), count);
    }

    private double weight(final double x) {
        return Math.pow(x, -exponent);
    }

    /** The integral of the weight, but for a constant. */
    private double integral(final double x) {
        return (Math.pow(x, 1 - exponent) - 1) / (1 - exponent);
    }

    private double inverse(final double y) {
        return Math.pow(1 + y * (1 - exponent), 1 / (1 - exponent));
    }
}
