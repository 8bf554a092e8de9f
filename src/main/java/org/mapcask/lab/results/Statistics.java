package org.mapcask.lab.results;

import java.util.Arrays;

/** Sums up repeated measurements. Stateless. */
public final class Statistics {
    private Statistics() {
    }

    /** The middle one, or the mean of the two in the middle; NaN of none. */
    public static double median(final double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
