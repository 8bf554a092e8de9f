package org.mapcask.segment;

import org.mapcask.format.HeaderDescriptor;

/**
 * A log as recovery leaves it and the engine takes it over, with everything in it.
 *
 * @param identity     of the store.
 * @param table        holds every segment: first the merged ones, then those of the log in its order.
 * @param factory      makes new segments.
 * @param active       the segment to append to, or null when a new one is needed.
 * @param lastSequence sequence of the last record.
 * @param durableSequence every record up to here was durable before; 0 if nothing is known.
 * @param markedClean  whether the header of the active segment may say durably that the log was closed: no file may
 *                     change before that is taken back.
 * @param covered      sequences that merges took out of the log; every later commit of a merge names them, too.
 */
public record Log(StoreIdentity identity, SegmentTable table, SegmentFactory factory, Segment active,
    long lastSequence, long durableSequence, boolean markedClean, CoveredRanges covered) {
    /** Bytes of all records, in every segment. */
    public long recordBytes() {
        return table.segments().stream()
            .mapToLong(segment -> segment.endAcquire() - HeaderDescriptor.PAGE_LENGTH).sum();
    }

    /** A log that was never merged. */
    public Log(
        final StoreIdentity identity, final SegmentTable table, final SegmentFactory factory, final Segment active,
        final long lastSequence, final long durableSequence) {
        this(identity, table, factory, active, lastSequence, durableSequence, false, new CoveredRanges());
    }
}
