package org.mapcask.lab.workload;

/**
 * The numbers from 0 to below a count in an order that looks random and takes no memory: a one-to-one mixer on the next
 * power of two, repeated until it falls below the count. Immutable; threads share it.
 */
public final class Permutation {
    private static final long ODD = 0xBF58476D1CE4E5B9L;
    private static final int ROUNDS = 3;

    private final long count;
    private final long mask;
    private final int shift;
    private final long seed;

    /**
     * Chooses an order.
     *
     * @param count how many numbers, 1 to 2^62.
     * @param seed  another one gives another order.
     */
    public Permutation(final long count, final long seed) {
        if (count < 1 || count > 1L << 62) {
            throw new IllegalArgumentException("count " + count + ": 1 to 2^62 are wanted");
        }
        final int bits = Math.max(1, Long.SIZE - Long.numberOfLeadingZeros(count - 1));
        this.count = count;
        this.mask = (1L << bits) - 1;
        this.shift = Math.max(1, bits / 2);
        this.seed = seed;
    }

    /** The number at a place. */
    public long at(final long place) {
        long value = place;
        do {
            for (int round = 0; round < ROUNDS; round++) {
                value = value + seed & mask;
                value ^= value >>> shift;
                value = value * ODD & mask;
            }
        } while (value >= count);
        return value;
    }
}
