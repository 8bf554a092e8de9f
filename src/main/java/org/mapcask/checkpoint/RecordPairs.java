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
    /** Made with the first of them: a merge makes pairs of its own, and mostly compares nothing. */
    private long[] positions;
    private int[] lengths;
    private long[] expiries;

    /** Pairs of records of these segments. */
    public RecordPairs(final SegmentTable table) {
        this.table = table;
        one = new RecordReader(table, true);
        other = new RecordReader(table, true);
        touch = new RecordTouch(table);
        ahead = new RecordAhead(table);
    }

    @Override
    public boolean sameKey(final long position, final long otherPosition) {
        one.load(position);
        if (!other.loadHead(otherPosition, one.record(), one.keyOffset(), one.keyLength())) {
            return false;
        }
        know(otherPosition);
        return true;
    }

    private void know(final long position) {
        if (positions == null) {
            positions = new long[KNOWN];
            Arrays.fill(positions, NONE);
            lengths = new int[KNOWN];
            expiries = new long[KNOWN];
        }
        final int i = index(position);
        positions[i] = position;
        lengths[i] = other.alignedLength();
        expiries[i] = other.expiry();
    }

    @Override
    public void touch(final long[] looked, final int count) {
        touch.heads(looked, 0, count);
    }

    @Override
    public void ask(final long position) {
        ahead.ask(position);
    }

    @Override
    public void bring(final long[] wanted, final int count) {
        ahead.bring(wanted, count);
    }

    @Override
    public void onReplaced(final long position) {
        final int i = index(position);
        if (positions == null || positions[i] != position) {
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
