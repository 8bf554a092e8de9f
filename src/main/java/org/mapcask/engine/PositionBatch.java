package org.mapcask.engine;

import java.util.Arrays;
import org.mapcask.keydir.KeydirCursor;

/**
 * Positions of many records, brought into the order of the log as far as it pays: those on one page of memory stand
 * side by side, in a long log those on a few. The keydir hands them out in the order of hashes, in which each record
 * lies on another page: most of the time of a walk then goes into the misses of caches and TLB.
 * <p>
 * A batch begins small and grows while its owner gets through it quickly, since what it leads to must be held until
 * then. Belongs to one thread.
 */
final class PositionBatch {
    /** Positions of a batch, at the most: 8 MiB of memory with what sorting takes. */
    static final int LENGTH_MAX = 1 << 19;

    /** The finest order: pages of memory. */
    private static final int PAGE_SHIFT = 12;
    private static final int BUCKET_BITS_MAX = 16;
    private static final int FIRST_LENGTH = 1024;
    private static final long QUICK_NS = 50_000_000;

    private long[] positions = new long[FIRST_LENGTH];
    private long[] sorted = new long[FIRST_LENGTH];
    private int[] ends = new int[FIRST_LENGTH];
    private int limit = FIRST_LENGTH;
    private int count;
    private long begunNs = System.nanoTime();

    /** Starts over; the next batch is longer or shorter, as long as the last one took. */
    void begin() {
        final long nowNs = System.nanoTime();
        if (count >= limit) {
            limit = nowNs - begunNs < QUICK_NS ? Math.min(LENGTH_MAX, limit * 2) : Math.max(FIRST_LENGTH, limit / 2);
        }
        begunNs = nowNs;
        count = 0;
    }

    /** Takes what the cursor copied last. */
    void add(final KeydirCursor page) {
        if (count + page.count() > positions.length) {
            positions = Arrays.copyOf(positions, Math.max(count + page.count(), positions.length * 2));
        }
        for (int i = 0; i < page.count(); i++) {
            positions[count++] = page.position(i);
        }
    }

    /** Whether the batch is as long as it is to be. */
    boolean isFull() {
        return count >= limit;
    }

    /** Brings what was added into order, by counting how many lie on each page, or on more where the log is long. */
    void sort() {
        long all = 0;
        for (int i = 0; i < count; i++) {
            all |= positions[i];
        }
        final int bits = Long.SIZE - Long.numberOfLeadingZeros(all >>> PAGE_SHIFT);
        final int shift = PAGE_SHIFT + Math.max(0, bits - BUCKET_BITS_MAX);
        final int buckets = (int)(all >>> shift) + 1;
        if (ends.length < buckets) {
            ends = new int[buckets];
        }
        if (sorted.length < count) {
            sorted = new long[positions.length];
        }
        Arrays.fill(ends, 0, buckets, 0);
        for (int i = 0; i < count; i++) {
            ends[(int)(positions[i] >>> shift)]++;
        }
        for (int bucket = 1; bucket < buckets; bucket++) {
            ends[bucket] += ends[bucket - 1];
        }
        for (int i = count - 1; i >= 0; i--) {
            sorted[--ends[(int)(positions[i] >>> shift)]] = positions[i];
        }
    }

    /** Number of positions. */
    int count() {
        return count;
    }

    /** The positions in order, of which the first {@link #count()} count; after {@link #sort()}. */
    long[] positions() {
        return sorted;
    }
}
