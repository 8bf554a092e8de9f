package org.mapcask;

import java.util.LinkedHashMap;
import java.util.Map;
import org.mapcask.engine.EngineStats;
import org.mapcask.wal.WalStats;

/**
 * How a store makes writes durable, and figures of that at about one moment. Immutable.
 *
 * @param policy       when writes become durable: {@code every write}, or the bytes and the interval, or {@code on
 *                     demand}; {@code read only} for a store that takes no writes.
 * @param walMethod    how the write-ahead log makes durable: {@code O_DIRECT|O_DSYNC}, or what the file system offers
 *                     instead; null without one.
 * @param walLength    length of its files in bytes; 0 without one, as the following.
 * @param walFrames    frames written since the store was opened.
 * @param walRecords   records in them.
 * @param walBytes     bytes written, headers and padding included.
 * @param walRingWaits how often a write had to wait for a sync of segments, because the ring had come round.
 * @param syncMethod   how segments are made durable.
 * @param segmentFill  how new segments get their blocks.
 * @param syncs        syncs of segments since the store was opened.
 * @param syncedBytes  bytes of the ranges that these had to make durable.
 */
public record DurabilityStats(
    String policy, String walMethod, long walLength, long walFrames, long walRecords, long walBytes,
    long walRingWaits, String syncMethod, String segmentFill, long syncs, long syncedBytes) {
    static DurabilityStats of(final StoreOpener.Durable how, final EngineStats engine) {
        final WalStats wal = engine.wal() == null ? how.walFound() : engine.wal();
        return new DurabilityStats(how.policy(), wal.method(), wal.length(), wal.frames(), wal.records(), wal.bytes(),
            wal.ringWaits(), how.syncMethod(), how.segmentFill(), engine.segmentSyncs(), engine.syncedBytes());
    }

    /** The fields by name, in order. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("policy", policy);
        map.put("walMethod", walMethod);
        map.put("walLength", walLength);
        map.put("walFrames", walFrames);
        map.put("walRecords", walRecords);
        map.put("walBytes", walBytes);
        map.put("walRingWaits", walRingWaits);
        map.put("syncMethod", syncMethod);
        map.put("segmentFill", segmentFill);
        map.put("syncs", syncs);
        map.put("syncedBytes", syncedBytes);
        return map;
    }
}
