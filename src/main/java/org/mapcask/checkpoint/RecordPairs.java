package org.mapcask.checkpoint;

import org.mapcask.keydir.KeyPairs;
import org.mapcask.segment.RecordAhead;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.RecordTouch;
import org.mapcask.segment.SegmentTable;

/** Reads the records of which a keydir compares the keys, and takes those that lost their entry off what lives. */
public final class RecordPairs implements KeyPairs {
    private final RecordReader one;
    private final RecordReader other;
    private final RecordTouch touch;
    private final RecordAhead ahead;

    /** Pairs of records of these segments. */
    public RecordPairs(final SegmentTable table) {
        one = new RecordReader(table, true);
        other = new RecordReader(table, true);
        touch = new RecordTouch(table);
        ahead = new RecordAhead(table);
    }

    @Override
    public boolean sameKey(final long position, final long otherPosition) {
        one.load(position);
        return other.loadHead(otherPosition, one.record(), one.keyOffset(), one.keyLength());
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
        other.loadShape(position);
        other.segment().addLiveBytes(-other.alignedLength());
        other.segment().removeExpiring(other.expiry(), other.alignedLength());
    }
}
