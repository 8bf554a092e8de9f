package org.mapcask.bench;

import java.util.Arrays;
import org.mapcask.lab.rig.Operation;

/**
 * Loads from anywhere in 256 MiB of its own heap, each of which misses the caches, as those of a get do: the work that
 * shares nothing but the memory of the machine, against which a claim about readers is held. One thread; the words are
 * shared and never change.
 */
final class LoadsOperation implements Operation {
    /** Loads of a piece, each at a place that depends on the one before, as those of a get. */
    private static final int LOADS = 4;
    private static final int PLACE_BITS = 25;
    private static final int PLACE_SHIFT = Long.SIZE - PLACE_BITS;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final long[] words;
    private long state;
    private long sum;

    /**
     * Loads from words that {@link #words()} made.
     *
     * @param words that it loads.
     * @param seed  of the places.
     */
    LoadsOperation(final long[] words, final long seed) {
        this.words = words;
        state = seed;
    }

    /** Words in which each is one. */
    static long[] words() {
        final long[] words = new long[1 << PLACE_BITS];
        Arrays.fill(words, 1);
        return words;
    }

    @Override
    public void prepare() {
        sum = 0;
    }

    @Override
    public void perform() {
        for (int i = 0; i < LOADS; i++) {
            state = (state + sum) * MIX + 1;
            sum += words[(int)(state >>> PLACE_SHIFT)];
        }
    }

    @Override
    public boolean verify() {
        return sum == LOADS;
    }
}
