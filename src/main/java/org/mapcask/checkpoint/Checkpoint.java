package org.mapcask.checkpoint;

import java.util.List;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.format.CheckpointDescriptor.SegmentFigures;
import org.mapcask.segment.StoreIdentity;

/**
 * What a checkpoint says; {@link org.mapcask.format.CheckpointDescriptor} tells what the numbers mean. The arrays are
 * not copied.
 *
 * @param store           of which it is.
 * @param number          of the checkpoint; the greatest is the newest.
 * @param pagesNumber     of the file of pages.
 * @param coveredSequence every record up to here is in the pages.
 * @param countedSequence the figures count up to here.
 * @param replaySegment   id of the segment in which the log goes on.
 * @param replayOffset    where it goes on in there.
 * @param keys            counted.
 * @param segments        figures of all segments at the counted sequence.
 * @param waiting         positions of records that the figures do not count yet.
 * @param slots           of the pages.
 * @param depths          of the pages.
 * @param checksums       of the pages.
 * @param pages           how many there are.
 */
public record Checkpoint(
    StoreIdentity store, long number, long pagesNumber, long coveredSequence, long countedSequence,
    long replaySegment, long replayOffset,
    long keys, List<SegmentFigures> segments, long[] waiting, int[] slots, byte[] depths, int[] checksums, int pages) {
    /** Throws if it is another store's. */
    public void requireOf(final StoreIdentity identity) {
        if (!store.equals(identity)) {
            final String name = CheckpointFileNames.checkpoint(number);
            throw new CorruptionException(name, 0, ErrorText.what("a checkpoint file is not this store's")
                .where(name).expected("store " + identity.id()).found("store " + store.id())
                .todo("nothing: the store is opened from its log"));
        }
    }
}
