package org.mapcask.lab.results;

import java.util.Arrays;

/**
 * Sums up repeated measurements. Nothing is assumed of how values are distributed: both intervals come from ranks, with
 * exact probabilities. Stateless.
 */
public final class Statistics {
    /** Most differences of {@link #shift}, which sums up all pairs of them. */
    public static final int DIFFERENCES_MAX = 1000;

    private Statistics() {
    }

    /** The middle one, or the mean of the two in the middle; NaN of none. */
    public static double median(final double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        return middle(sorted);
    }

    /**
     * The median and an interval for it between two of the values: the narrowest, equally many of them left out below
     * and above, whose coverage by the binomial distribution reaches the level. 95 % takes six values.
     *
     * @param values independent measurements of one thing, in any order; none is NaN.
     * @param level  for instance 0.95.
     */
    public static Interval median(final double[] values, final double level) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int n = sorted.length;
        double outside = 0;
        double term = Math.pow(2, 1 - n);
        int left = 0;
        for (; left + 1 <= n / 2 && outside + term <= 1 - level; left++) {
            outside += term;
            term = term * (n - left) / (left + 1);
        }
        return interval(sorted, middle(sorted), Math.max(left, 1), left == 0 ? term : outside, level, n);
    }

    /**
     * By how much the one of two things measured in pairs lies above the other: the Hodges-Lehmann estimate, which is
     * the median of the means of any two differences, and the interval that belongs to Wilcoxon's signed-rank test. It
     * assumes that differences lie symmetrically about the shift; where there is none they do, if both of a pair were
     * measured in random order. 95 % takes six pairs.
     *
     * @param differences of the pairs, in any order, at most {@link #DIFFERENCES_MAX}; none is NaN or infinite.
     * @param level       for instance 0.95.
     */
    public static Interval shift(final double[] differences, final double level) {
        final int n = differences.length;
        if (n > DIFFERENCES_MAX) {
            throw new IllegalArgumentException(n + " differences, at most " + DIFFERENCES_MAX);
        }
        final double[] means = new double[n * (n + 1) / 2];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                means[at++] = (differences[i] + differences[j]) / 2;
            }
        }
        Arrays.sort(means);
        final double[] probability = signedRank(n);
        double outside = 0;
        int left = 0;
        while (left + 1 <= means.length / 2 && outside + 2 * probability[left] <= 1 - level) {
            outside += 2 * probability[left++];
        }
        return interval(means, middle(means), Math.max(left, 1), left == 0 ? 2 * probability[0] : outside, level, n);
    }

    /** Pairs from which on {@link #shift} reaches a level. */
    public static int pairsNeeded(final double level) {
        int n = 1;
        while (Math.pow(2, 1 - n) > 1 - level) {
            n++;
        }
        return n;
    }

    /** How likely each sum of the ranks of positive differences is when their signs are those of a coin. */
    private static double[] signedRank(final int n) {
        final double[] probability = new double[n * (n + 1) / 2 + 1];
        probability[0] = 1;
        int largest = 0;
        for (int rank = 1; rank <= n; rank++) {
            largest += rank;
            for (int sum = largest; sum >= 0; sum--) {
                probability[sum] = (probability[sum] + (sum >= rank ? probability[sum - rank] : 0)) / 2;
            }
        }
        return probability;
    }

    /** From the value at a rank, counted from 1, to the one at the same rank from above. */
    private static Interval interval(
        final double[] sorted, final double estimate, final int rank, final double outside, final double level,
        final int n) {
        if (n == 0) {
            return new Interval(Double.NaN, Double.NaN, Double.NaN, 0, level, 0);
        }
        return new Interval(
            estimate, sorted[rank - 1], sorted[sorted.length - rank], Math.max(0, 1 - outside), level, n);
    }

    private static double middle(final double[] sorted) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
