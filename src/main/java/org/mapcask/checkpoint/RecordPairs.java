package org.mapcask.checkpoint;

import java.util.Arrays;
import org.mapcask.keydir.KeyPairs;
import org.mapcask.segment.RecordAhead;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.RecordTouch;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentTable;

/** Reads the records of which a keydir compares the keys, and takes those that lost their entry off what lives. */
public final class RecordPairs implements KeyPairs {
    /** So many records whose keys were found equal are known still when they are replaced, and not read once more. */
    private static final int KNOWN = 64;
    private static final int NONE = -1;

    private final SegmentTable table;
    private final RecordReader one;
    private final RecordReader other;
    private final RecordTouch touch;
    private final RecordAhead ahead;
    private final long[] positions = new long[KNOWN];
    private final int[] lengths = new int[KNOWN];
    private final long[] expiries = new long[KNOWN];

    /** Pairs of records of these segments. */
    public RecordPairs(final SegmentTable table) {
        this.table = table;
        one = new RecordReader(table, true);
        other = new RecordReader(table, true);
        touch = new RecordTouch(table);
        ahead = new RecordAhead(table);
        Arrays.fill(positions, NONE);
    }

    @Override
    public boolean sameKey(final long position, final long otherPosition) {
        one.load(position);
        if (!other.loadHead(otherPosition, one.record(), one.keyOffset(), one.keyLength())) {
            return false;
        }
        final int i = index(otherPosition);
        positions[i] = otherPosition;
        lengths[i] = other.alignedLength();
        expiries[i] = other.expiry();
        return true;
    }

    @Override
    public void touch(final long[] positions, final int count) {
        touch.heads(positions, 0, count);
    }

    @Override
    public void ask(final long position) {
        ahead.ask(position);
    }

    @Override
    public void bring(final long[] positions, final int count) {
        ahead.bring(positions, count);
    }

    @Override
    public void onReplaced(final long position) {
        final int i = index(position);
        if (positions[i] != position) {
            other.loadShape(position);
            noteReplaced(other.segment(), other.alignedLength(), other.expiry());
        } else {
            positions[i] = NONE; // once its segment is gone another record may have the position
            noteReplaced(table.segmentAt(position), lengths[i], expiries[i]);
        }
    }

    private static void noteReplaced(final Segment segment, final int length, final long expiry) {
        segment.addLiveBytes(-length);
        segment.removeExpiring(expiry, length);
    }

    /** Records begin at multiples of eight bytes. */
    private static int index(final long position) {
        return (int)(position >>> 3) & KNOWN - 1;
    }
}
