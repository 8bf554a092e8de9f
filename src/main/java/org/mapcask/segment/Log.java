package org.mapcask.segment;

/**
 * A log as recovery leaves it and the engine takes it over, with everything in it.
 *
 * @param identity     of the store.
 * @param table        holds every segment of the log.
 * @param factory      makes new segments.
 * @param active       the segment to append to, or null when a new one is needed.
 * @param lastSequence sequence of the last record.
 * @param durableSequence every record up to here was durable before; 0 if nothing is known.
 */
public record Log(StoreIdentity identity, SegmentTable table, SegmentFactory factory, Segment active,
    long lastSequence, long durableSequence) {
}
