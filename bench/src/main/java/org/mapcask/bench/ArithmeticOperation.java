package org.mapcask.bench;

import org.mapcask.lab.rig.Operation;

/**
 * Some microseconds of arithmetic on a few pages of its own that are in memory: the work that calls nobody and shares
 * nothing, against which a claim about threads is held. One thread.
 */
final class ArithmeticOperation implements Operation {
    private static final int WORDS = 1 << 12;

    private final long[] words = new long[WORDS];
    private long calls;

    @Override
    public void prepare() {
        // each piece is as the one before
    }

    @Override
    public void perform() {
        long mixed = ++calls;
        for (int i = 0; i < WORDS; i++) {
            mixed = (mixed ^ words[i]) * 0x9E3779B97F4A7C15L;
            words[i] = mixed ^ mixed >>> 29;
        }
    }

    /** Right if a piece has been done: the sums go through all words. */
    @Override
    public boolean verify() {
        return words[WORDS - 1] != 0;
    }
}
