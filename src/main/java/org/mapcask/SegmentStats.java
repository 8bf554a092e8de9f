package org.mapcask;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.segment.Segment;

/**
 * Figures of a segment at about one moment. Immutable.
 *
 * @param name           of the file.
 * @param merged         whether a merge made it.
 * @param sealed         whether it gets no more records.
 * @param length         of the file.
 * @param liveBytes      bytes of records that hold the value of a key, headers and padding included.
 * @param expiredBytes   of them, bytes of records that have expired; some are counted a little later.
 * @param deadBytes      bytes of all others.
 * @param tombstoneBytes of them, bytes of deletions.
 */
public record SegmentStats(
    String name, boolean merged, boolean sealed, long length, long liveBytes, long expiredBytes, long deadBytes,
    long tombstoneBytes) {
    static SegmentStats of(final Segment segment, final LongSupplier nowMs) {
        final long live = segment.liveBytes();
        final long used = segment.endAcquire() - (long)HeaderDescriptor.PAGE_LENGTH;
        return new SegmentStats(segment.name(), segment.isMerged(), segment.isSealed(), segment.length(), live,
            segment.expiredBytes(nowMs), Math.max(0, used - live), segment.tombstoneBytes());
    }

    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("merged", merged);
        map.put("sealed", sealed);
        map.put("length", length);
        map.put("liveBytes", liveBytes);
        map.put("expiredBytes", expiredBytes);
        map.put("deadBytes", deadBytes);
        map.put("tombstoneBytes", tombstoneBytes);
        return map;
    }
}
