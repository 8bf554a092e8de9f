package org.mapcask.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.BitUtil;

/**
 * Finds the segment of a position. The log's positions are dealt out in units of 1 MiB; a segment has one or more
 * units of its own, and a table holds the segment of each unit. Changed by one thread at a time (the writer, under
 * its lock), read by any: a change publishes a fresh or longer array.
 */
public final class SegmentTable {
    /** Positions are dealt out in multiples of this many bytes. */
    public static final int UNIT_LENGTH = 1 << 20;
    /** Positions end here: a keydir slot has 40 bits for a position in steps of 8 bytes. */
    public static final long POSITION_LIMIT = 1L << 43;

    private static final int UNIT_SHIFT = Integer.numberOfTrailingZeros(UNIT_LENGTH);
    private static final int INITIAL_UNITS = 64;

    private volatile Segment[] units = new Segment[INITIAL_UNITS];
    private final List<Segment> segments = new ArrayList<>();
    private long nextBasePosition;

    /** An empty table. */
    public SegmentTable() {
        nextBasePosition = 0;
    }

    /** Segment of a position that the keydir gave; any thread. */
    public Segment segmentAt(final long position) {
        return units[(int)(position >>> UNIT_SHIFT)];
    }

    /** Base position for a new segment of this length; the writer only. Not dealt out twice. */
    public synchronized long reservePositions(final long length) {
        final long base = nextBasePosition;
        final long next = base + BitUtil.align(length, UNIT_LENGTH);
        if (next > POSITION_LIMIT) {
            return -1;
        }
        nextBasePosition = next;
        return base;
    }

    /** Takes back the positions of a segment that came to nothing, if they were the last to be dealt out. */
    synchronized void giveBackPositions(final long base, final long length) {
        if (base + BitUtil.align(length, UNIT_LENGTH) == nextBasePosition) {
            nextBasePosition = base;
        }
    }

    /** Makes a segment reachable; the writer only. */
    public synchronized void add(final Segment segment) {
        final int first = (int)(segment.basePosition() >>> UNIT_SHIFT);
        final int count = (int)(BitUtil.align((long)segment.length(), UNIT_LENGTH) >>> UNIT_SHIFT);
        Segment[] table = units;
        if (first + count > table.length) {
            table = Arrays.copyOf(table, Math.max(first + count, table.length * 2));
        } else {
            table = table.clone();
        }
        Arrays.fill(table, first, first + count, segment);
        units = table;
        segments.add(segment);
        nextBasePosition = Math.max(nextBasePosition, (long)(first + count) << UNIT_SHIFT);
    }

    /** The segments, in the order in which they were added; a copy. */
    public synchronized List<Segment> segments() {
        return new ArrayList<>(segments);
    }

    /** How many segments there are. */
    public synchronized int count() {
        return segments.size();
    }
}
