package org.mapcask.lab.workload;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * Draws indexes by given weights in constant time (Walker's alias method in Vose's form).
 *
 * <p>Immutable after construction; threads share it, each with its own source of random numbers. 12 bytes an index.
 */
public final class AliasSampler {
    private final double[] probability;
    private final int[] alias;

    /**
     * Builds the tables.
     *
     * @param weights one weight an index, none negative, at least one positive.
     * @throws IllegalArgumentException if the weights break that rule.
     */
    public AliasSampler(final long[] weights) {
        double sum = 0;
        for (final long weight : weights) {
            if (weight < 0) {
                throw new IllegalArgumentException("weight below zero: " + weight);
            }
            sum += weight;
        }
        if (sum == 0) {
            throw new IllegalArgumentException("no weight above zero among " + weights.length);
        }
        final int count = weights.length;
        probability = new double[count];
        alias = new int[count];
        final double[] scaled = new double[count];
        final Deque<Integer> small = new ArrayDeque<>();
        final Deque<Integer> large = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            scaled[i] = weights[i] * count / sum;
            (scaled[i] < 1 ? small : large).push(i);
        }
        while (!small.isEmpty() && !large.isEmpty()) {
            final int low = small.pop();
            final int high = large.pop();
            probability[low] = scaled[low];
            alias[low] = high;
            scaled[high] += scaled[low] - 1;
            (scaled[high] < 1 ? small : large).push(high);
        }
        large.forEach(i -> probability[i] = 1);
        // What rounding left over: a weight of zero must not be drawn by it.
        small.forEach(i -> probability[i] = weights[i] == 0 ? 0 : 1);
    }

    /**
     * Draws one index.
     *
     * @param random source of random numbers.
     * @return an index, by its weight.
     */
    public int next(final SplittableRandom random) {
        final int column = random.nextInt(alias.length);
        return random.nextDouble() < probability[column] ? column : alias[column];
    }
}
