package org.mapcask.merge;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * The order of the hashes of keys, which is that of the pages of the keydir, and, after a checkpoint, of their places
 * in the file: who asks for keys in it comes to each page once. Equal leading bits are left in any order.
 */
final class HashOrder {
    private static final int INDEX_BITS = 28;
    /** Entries at the most. */
    static final int COUNT_MAX = 1 << INDEX_BITS;
    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

    private final long[] sorted;

    /**
     * Orders entries.
     *
     * @param count  of them, at most {@link #COUNT_MAX}.
     * @param hashes tells the hash of each.
     */
    HashOrder(final int count, final IntToLongFunction hashes) {
        if (count > COUNT_MAX) {
            throw new IllegalArgumentException(count + " entries are too many to be ordered");
        }
        sorted = new long[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = hashes.applyAsLong(i) & ~INDEX_MASK | i;
        }
        Arrays.sort(sorted);
    }

    /** Which entry comes at a place. */
    int at(final int place) {
        return (int)(sorted[place] & INDEX_MASK);
    }
}
