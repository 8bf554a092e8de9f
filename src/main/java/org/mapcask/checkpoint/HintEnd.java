package org.mapcask.checkpoint;

import org.mapcask.format.HeaderDescriptor;

/**
 * Where the hints of a segment end.
 *
 * @param offset       in the segment, behind the last record of which they tell.
 * @param lastSequence of that record, or 0.
 * @param fileLength   bytes of the hint file that count; 0 if there is none.
 */
public record HintEnd(int offset, long lastSequence, long fileLength) {
    /** Of a segment without hints. */
    public static final HintEnd NONE = new HintEnd(HeaderDescriptor.PAGE_LENGTH, 0, 0);

    /** The same, after the file was removed. */
    public HintEnd withoutFile() {
        return new HintEnd(offset, lastSequence, 0);
    }

    /** The same, further on in the segment: of what is before it there will be no hint. */
    public HintEnd passedTo(final int newOffset, final long newLastSequence) {
        return new HintEnd(newOffset, newLastSequence, fileLength);
    }
}
