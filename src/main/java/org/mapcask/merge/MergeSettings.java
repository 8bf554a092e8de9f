package org.mapcask.merge;

/**
 * Plain values that merging needs.
 *
 * @param intervalMs    milliseconds between two looks at the triggers; 0 merges only on demand.
 * @param minSegments   sealed segments with dead space from which on a look by the clock merges.
 * @param deadBytes     dead bytes from which on a look merges; 0 takes no notice of them.
 * @param fragmentation dead bytes in percent of all bytes of records, from which on a look merges.
 * @param segmentDead   bytes in percent of a segment that have to be dead for it to be chosen.
 * @param runBytes      live bytes that a run moves at the most, but for a single segment that has more.
 * @param rate          bytes that are read and written in a second at the most; 0 is without limit.
 * @param segmentLength of the segments that are made.
 */
public record MergeSettings(
    long intervalMs, int minSegments, long deadBytes, int fragmentation, int segmentDead, long runBytes, long rate,
    int segmentLength) {
}
