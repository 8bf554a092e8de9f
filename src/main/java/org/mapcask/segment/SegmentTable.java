package org.mapcask.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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
    private final BitSet reserved = new BitSet();

    /** An empty table. */
    public SegmentTable() {
        // everything stands in the fields
    }

    /** Segment of a position that the keydir gave; any thread. */
    public Segment segmentAt(final long position) {
        return units[(int)(position >>> UNIT_SHIFT)];
    }

    /**
     * Base position for a new segment of this length: the lowest that nobody has; the writer only. It is dealt out
     * again only after {@link #remove}.
     *
     * @return -1 if there is none left.
     */
    public synchronized long reservePositions(final long length) {
        final int count = units(length);
        int first = reserved.nextClearBit(0);
        int next = reserved.nextSetBit(first);
        while (next >= 0 && next - first < count) {
            first = reserved.nextClearBit(next);
            next = reserved.nextSetBit(first);
        }
        if ((long)first + count > POSITION_LIMIT >>> UNIT_SHIFT) {
            return -1;
        }
        reserved.set(first, first + count);
        return (long)first << UNIT_SHIFT;
    }

    private static int units(final long length) {
        return (int)(BitUtil.align(length, UNIT_LENGTH) >>> UNIT_SHIFT);
    }

    /** Takes back the positions of a segment that came to nothing. */
    synchronized void giveBackPositions(final long base, final long length) {
        final int first = (int)(base >>> UNIT_SHIFT);
        reserved.clear(first, first + units(length));
    }

    /** Makes a segment reachable; the writer only. */
    public void add(final Segment segment) {
        addAll(List.of(segment));
    }

    /** Makes segments reachable, all at once; the writer only. */
    public synchronized void addAll(final List<Segment> added) {
        int end = units.length;
        for (final Segment segment : added) {
            end = Math.max(end, first(segment) + units(segment.length()));
        }
        final Segment[] table = Arrays.copyOf(
            units, end == units.length ? end : Math.max(end, units.length * 2));
        for (final Segment segment : added) {
            final int first = first(segment);
            Arrays.fill(table, first, first + units(segment.length()), segment);
            reserved.set(first, first + units(segment.length()));
        }
        segments.addAll(added);
        units = table;
    }

    private static int first(final Segment segment) {
        return (int)(segment.basePosition() >>> UNIT_SHIFT);
    }

    /**
     * Takes a segment out, whose positions are dealt out again from then on: no keydir, reader or iterator may have one
     * of them. The writer only.
     */
    public synchronized void remove(final Segment segment) {
        if (!segments.remove(segment)) {
            throw new IllegalArgumentException("segment " + segment.id() + " is not in the table");
        }
        final int first = first(segment);
        final int count = units(segment.length());
        final Segment[] table = units.clone();
        Arrays.fill(table, first, first + count, null);
        units = table;
        reserved.clear(first, first + count);
    }

    /** The segments, in the order in which they were added, without those that were taken out; a copy. */
    public synchronized List<Segment> segments() {
        return new ArrayList<>(segments);
    }

    /** How many segments there are. */
    public synchronized int count() {
        return segments.size();
    }
}
