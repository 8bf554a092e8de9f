package org.mapcask.engine;

import org.mapcask.keydir.KeydirFigures;
import org.mapcask.wal.WalStats;

/**
 * Figures of the engine at about one moment.
 *
 * @param keys            keys with a value.
 * @param segments        segments of the log.
 * @param mappedSegments  of them, mapped.
 * @param liveBytes       bytes of records that the keydir points to.
 * @param logBytes        bytes of records in the log, live or not.
 * @param diskBytes       lengths of the segment files, the prepared one not included.
 * @param keydirBytes     memory of the keydir.
 * @param keydirPages     pages of the keydir.
 * @param keydirDepth     bits of the hash that choose a page.
 * @param lastSequence    sequence of the last record.
 * @param durableSequence every record up to here is durable.
 * @param gets            lookups of values since the store was opened.
 * @param puts            values written since then.
 * @param deletes         keys removed since then.
 * @param rolls           segments rolled since then.
 * @param latched         whether a failed sync stopped all writes.
 * @param supplyFailure   why the next segment could not be prepared the last time, or null.
 * @param segmentSyncs    syncs of segments since the store was opened.
 * @param syncedBytes     bytes of the ranges that these had to make durable.
 * @param wal             figures of the write-ahead log, or null without one.
 * @param keydir          figures of the keydir.
 * @param checkpoints     figures of its checkpoints.
 * @param pageReads       pages of the keydir that lookups read, since they were not in memory.
 */
public record EngineStats(
    long keys, int segments, int mappedSegments, long liveBytes, long logBytes, long diskBytes, long keydirBytes,
    long keydirPages,
    int keydirDepth, long lastSequence, long durableSequence, long gets, long puts, long deletes, long rolls,
    boolean latched,
    String supplyFailure, long segmentSyncs, long syncedBytes, WalStats wal, KeydirFigures keydir,
    CheckpointFigures checkpoints, long pageReads) {
}
