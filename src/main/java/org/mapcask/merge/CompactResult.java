package org.mapcask.merge;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a compaction did. Immutable.
 *
 * @param runs           merges that it took.
 * @param movedBytes     bytes of records that were copied.
 * @param reclaimedBytes bytes of records that are gone.
 * @param segmentsBefore segments before.
 * @param segmentsAfter  segments afterwards, without those that are only waiting for their readers.
 * @param bytesBefore    bytes of the segments before, without what is allocated ahead of records.
 * @param bytesAfter     bytes of them afterwards, without those that are only waiting for their readers.
 */
public record CompactResult(
    long runs, long movedBytes, long reclaimedBytes, int segmentsBefore, int segmentsAfter, long bytesBefore,
    long bytesAfter) {
    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("runs", runs);
        map.put("movedBytes", movedBytes);
        map.put("reclaimedBytes", reclaimedBytes);
        map.put("segmentsBefore", segmentsBefore);
        map.put("segmentsAfter", segmentsAfter);
        map.put("bytesBefore", bytesBefore);
        map.put("bytesAfter", bytesAfter);
        return map;
    }
}
