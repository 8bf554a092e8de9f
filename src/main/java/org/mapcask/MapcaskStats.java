package org.mapcask;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.mapcask.engine.EngineStats;
import org.mapcask.format.FormatVersion;
import org.mapcask.merge.MergeStats;
import org.mapcask.segment.Segment;

/**
 * Figures of a store at about one moment. Immutable.
 *
 * @param storeId        the random id that the store was made with.
 * @param formatVersion  version of the file format.
 * @param readOnly       whether the store takes no writes.
 * @param nativeMode     how the operating system is called: {@code jna}, or {@code java} with the reason.
 * @param keys           keys with a value, those included that have expired.
 * @param segments       segments of the log.
 * @param mappedSegments of them, mapped.
 * @param liveBytes      bytes of records that hold the value of a key, headers and padding included.
 * @param expiredBytes   of them, bytes of records that have expired; some are counted a little later.
 * @param deadBytes      bytes of records that were overwritten or deleted, tombstones included.
 * @param logBytes       live and dead together.
 * @param totalBytes     lengths of the segment files: allocated on disk, used or not.
 * @param keydirBytes    memory of the key directory.
 * @param keydirPages    its pages of 4 KiB.
 * @param bytesPerKey    memory of the key directory for each key; 0 when there is none.
 * @param lastSequence   number of the last record.
 * @param durableSequence every record up to here is durable.
 * @param gets           lookups since the store was opened.
 * @param puts           values written since then.
 * @param deletes        keys removed since then.
 * @param rolls          segments rolled since then.
 * @param failed         whether a failure to make data durable stopped all writes.
 * @param spaceFailure   why the next segment could not be prepared the last time, or null.
 * @param durability     how writes are made durable, and figures of that.
 * @param merge          what merges did.
 * @param keydir         figures of the key directory and its checkpoints.
 * @param segmentList    figures of each segment.
 */
public record MapcaskStats(
    String storeId, int formatVersion, boolean readOnly, String nativeMode, long keys, int segments,
    int mappedSegments, long liveBytes, long expiredBytes,
    long deadBytes, long logBytes, long totalBytes, long keydirBytes, long keydirPages, double bytesPerKey,
    long lastSequence,
    long durableSequence, long gets, long puts, long deletes, long rolls, boolean failed, String spaceFailure,
    DurabilityStats durability, MergeStats merge, KeydirStats keydir, List<SegmentStats> segmentList) {
    /** Copies the list. */
    public MapcaskStats {
        segmentList = List.copyOf(segmentList);
    }

    static MapcaskStats of(
        final StoreOpener.Opened opened, final EngineStats engine, final List<Segment> segments,
        final LongSupplier nowMs) {
        return new MapcaskStats(opened.storeId(), FormatVersion.CURRENT, opened.readOnly(), opened.nativeMode(),
            engine.keys(), engine.segments(), engine.mappedSegments(), engine.liveBytes(),
            segments.stream().mapToLong(segment -> segment.expiredBytes(nowMs)).sum(),
            engine.logBytes() - engine.liveBytes(), engine.logBytes(), engine.diskBytes(), engine.keydirBytes(),
            engine.keydirPages(), engine.keys() == 0 ? 0 : (double)engine.keydirBytes() / engine.keys(),
            engine.lastSequence(), engine.durableSequence(), engine.gets(), engine.puts(), engine.deletes(),
            engine.rolls(), engine.latched(), engine.supplyFailure(), DurabilityStats.of(opened.durable(), engine),
            opened.merging().stats(), KeydirStats.of(opened, engine),
            segments.stream().map(segment -> SegmentStats.of(segment, nowMs)).toList());
    }

    /** The fields by name, in order, but for the segments; durability, keydir and merge are maps. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("storeId", storeId);
        map.put("formatVersion", formatVersion);
        map.put("readOnly", readOnly);
        map.put("nativeMode", nativeMode);
        map.put("keys", keys);
        map.put("segments", segments);
        map.put("mappedSegments", mappedSegments);
        map.put("liveBytes", liveBytes);
        map.put("expiredBytes", expiredBytes);
        map.put("deadBytes", deadBytes);
        map.put("logBytes", logBytes);
        map.put("totalBytes", totalBytes);
        map.put("keydirBytes", keydirBytes);
        map.put("keydirPages", keydirPages);
        map.put("bytesPerKey", bytesPerKey);
        map.put("lastSequence", lastSequence);
        map.put("durableSequence", durableSequence);
        map.put("gets", gets);
        map.put("puts", puts);
        map.put("deletes", deletes);
        map.put("rolls", rolls);
        map.put("failed", failed);
        map.put("spaceFailure", spaceFailure);
        map.put("durability", durability.asMap());
        map.put("keydir", keydir.asMap());
        map.put("merge", merge.asMap());
        return map;
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder(800);
        final Map<String, Object> figures = asMap();
        figures.remove("durability");
        figures.remove("merge");
        figures.remove("keydir");
        figures.putAll(durability.asMap());
        keydir.asMap().forEach((name, value) -> figures.put("keydir." + name, value));
        merge.asMap().forEach((name, value) -> figures.put("merge." + name, value));
        figures.forEach((name, value) -> text.append(String.format(
            Locale.ROOT, value instanceof Double ? "%-20s %.1f%n" : "%-20s %s%n", name, value)));
        return text.toString().stripTrailing();
    }
}
