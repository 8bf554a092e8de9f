package org.mapcask.merge;

import java.util.function.LongSupplier;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.segment.Segment;

/**
 * What a segment holds, as the policy sees it.
 *
 * @param segment    the segment.
 * @param id         of it.
 * @param merged     whether a merge made it.
 * @param eligible   whether a merge may take it: sealed, sound, and not waiting for anything.
 * @param goesOn     whether its first record goes on with a batch of the segment before it.
 * @param length     of the file.
 * @param used       bytes of records, dead or not.
 * @param live       bytes of records that the keydir leads to.
 * @param expired    of the live ones, bytes of records that have expired.
 * @param tombstones bytes of deletions.
 * @param lowest     lowest sequence in it; of an unsealed one the first that it has or will have; 0 if there is none.
 * @param highest    highest sequence in it; below {@code lowest} if it has no records; without meaning if not sealed.
 */
public record SegmentUse(
    Segment segment, long id, boolean merged, boolean eligible, boolean goesOn, int length, long used, long live,
    long expired, long tombstones, long lowest, long highest) {
    /** Of a segment as it is now. */
    public static SegmentUse of(
        final Segment segment, final boolean eligible, final boolean goesOn,
        final LongSupplier nowMs) {
        final long used = segment.endAcquire() - (long)HeaderDescriptor.PAGE_LENGTH;
        final boolean sealed = segment.isSealed();
        final long lowest = sealed ? segment.lowestSequence() : segment.firstSequence();
        return new SegmentUse(segment, segment.id(), segment.isMerged(), eligible, goesOn, segment.length(), used,
            segment.liveBytes(), segment.expiredBytes(nowMs), segment.tombstoneBytes(), lowest,
            sealed ? segment.highestSequence() : Long.MAX_VALUE);
    }

    /** Bytes of records that are not live, or have expired. */
    long dead() {
        return used - live + expired;
    }

    /**
     * Bytes that go whatever else is merged: dead, and no deletion. An expired value may leave a deletion, which is
     * shorter, and only once.
     */
    long surelyDead() {
        return used - live - tombstones + expired;
    }

    /** Bytes that a merge writes anew at the most. */
    long kept() {
        return live + tombstones;
    }

    /** Whether there are records in it. */
    boolean hasRecords() {
        return used > 0 && lowest > 0 && highest >= lowest;
    }

    /**
     * A deletion with this sequence or a lower one hides nothing that may be in this segment. In a segment of the log
     * there may be anything from its first sequence on. When a merged one was made, everything up to its highest
     * sequence had been written, so what was deleted up to there was not copied.
     */
    long hidesNothingUpTo() {
        if (!merged) {
            return lowest <= 0 ? Long.MAX_VALUE : lowest;
        }
        return hasRecords() ? highest : Long.MAX_VALUE;
    }
}
