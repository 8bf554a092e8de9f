package org.mapcask.checkpoint;

import org.mapcask.keydir.KeyPairs;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.SegmentTable;

/** Reads the records of which a keydir compares the keys, and takes those that lost their entry off what lives. */
public final class RecordPairs implements KeyPairs {
    private final RecordReader one;
    private final RecordReader other;

    /** Pairs of records of these segments. */
    public RecordPairs(final SegmentTable table) {
        one = new RecordReader(table, true);
        other = new RecordReader(table, true);
    }

    @Override
    public boolean sameKey(final long position, final long otherPosition) {
        one.load(position);
        return other.loadHead(otherPosition, one.record(), one.keyOffset(), one.keyLength());
    }

    @Override
    public void onReplaced(final long position) {
        other.load(position);
        other.segment().addLiveBytes(-other.alignedLength());
        other.segment().removeExpiring(other.expiry(), other.alignedLength());
    }
}
