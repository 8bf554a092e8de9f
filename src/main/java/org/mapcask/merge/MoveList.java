package org.mapcask.merge;

import java.util.ArrayList;
import java.util.List;

/**
 * Where records were and where their copies are, with the hashes of their keys: 24 bytes each, in blocks. One thread.
 */
final class MoveList {
    /** In place of where a copy is: there is none, and the entry goes. No record is at this position. */
    static final long REMOVED = 0;

    private static final int WORDS = 3;
    private static final int BLOCK_ENTRIES = 8192;
    private static final int POSITION_SHIFT = 3;
    private static final int POSITION_BITS = 40;
    private static final int LENGTH_BITS = Long.SIZE - POSITION_BITS;
    private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;

    private final List<long[]> blocks = new ArrayList<>();
    private int count;

    /** Adds a record; positions and length are multiples of 8. */
    void add(final long hash, final long from, final long to, final int alignedLength) {
        final int at = count % BLOCK_ENTRIES * WORDS;
        if (at == 0) {
            blocks.add(new long[BLOCK_ENTRIES * WORDS]);
        }
        final long[] block = blocks.get(blocks.size() - 1);
        final long length = alignedLength >>> POSITION_SHIFT;
        block[at] = hash;
        block[at + 1] = from >>> POSITION_SHIFT | length << POSITION_BITS;
        block[at + 2] = to >>> POSITION_SHIFT | length >>> LENGTH_BITS << POSITION_BITS;
        count++;
    }

    int count() {
        return count;
    }

    long hash(final int index) {
        return word(index, 0);
    }

    long from(final int index) {
        return (word(index, 1) & POSITION_MASK) << POSITION_SHIFT;
    }

    long to(final int index) {
        return (word(index, 2) & POSITION_MASK) << POSITION_SHIFT;
    }

    int length(final int index) {
        return (int)(word(index, 1) >>> POSITION_BITS | word(index, 2) >>> POSITION_BITS << LENGTH_BITS) <<
            POSITION_SHIFT;
    }

    private long word(final int index, final int word) {
        return blocks.get(index / BLOCK_ENTRIES)[index % BLOCK_ENTRIES * WORDS + word];
    }
}
