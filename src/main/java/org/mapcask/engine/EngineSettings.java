package org.mapcask.engine;

import java.util.function.LongSupplier;
import org.mapcask.sync.SyncPolicy;

/**
 * Plain values that the engine needs.
 *
 * @param segmentLength     of new segments, in bytes.
 * @param verifyReads       whether a value's checksum is compared before it is handed out.
 * @param prefaultWindow    bytes ahead of the end of the log whose page faults are taken in the background; 0 takes
 *      none.
 * @param mapSealed         whether sealed segments stay mapped; otherwise they are read through their files.
 * @param mappedSegmentsMax how many segments are mapped at the most, the active and the prepared one included.
 * @param syncPolicy        when writes become durable without being asked.
 * @param writable          whether the store takes writes.
 * @param name              of the store, for thread names.
 * @param zeroSegments      whether zeros are written into a new segment, so that a later sync of a page changes nothing
 *      else.
 * @param writebackStep     bytes behind the end of the log after which the kernel is asked to begin to write them; 0
 *      leaves that to it.
 * @param checkpointBytes      bytes of log after which a checkpoint is made; 0 is off.
 * @param checkpointIntervalNs nanoseconds after which one is made, if enough was written; 0 is off.
 * @param hintBytes         durable log behind a checkpoint of which hints are written at a time; 0 writes none.
 * @param hugeSegments      whether segments may have huge pages.
 * @param clock             tells the milliseconds since 1970; asked only about records with an expiry.
 */
public record EngineSettings(
    int segmentLength, boolean verifyReads, int prefaultWindow, boolean mapSealed, int mappedSegmentsMax,
    SyncPolicy syncPolicy, boolean writable, String name, boolean zeroSegments, int writebackStep,
    LongSupplier clock, long checkpointBytes, long checkpointIntervalNs, long hintBytes,
    boolean hugeSegments) {
    /** Settings of a store that makes no checkpoints by itself, and has small pages. */
    public EngineSettings(
        final int segmentLength, final boolean verifyReads, final int prefaultWindow, final boolean mapSealed,
        final int mappedSegmentsMax, final SyncPolicy syncPolicy, final boolean writable, final String name,
        final boolean zeroSegments, final int writebackStep, final LongSupplier clock) {
        this(segmentLength, verifyReads, prefaultWindow, mapSealed, mappedSegmentsMax, syncPolicy, writable, name,
            zeroSegments, writebackStep, clock, 0, 0, 0, false);
    }

    /** Settings with the clock of the system, and without the two that only cost or save time. */
    public EngineSettings(
        final int segmentLength, final boolean verifyReads, final int prefaultWindow, final boolean mapSealed,
        final int mappedSegmentsMax, final SyncPolicy syncPolicy, final boolean writable, final String name) {
        this(segmentLength, verifyReads, prefaultWindow, mapSealed, mappedSegmentsMax, syncPolicy, writable, name,
            false, 0, System::currentTimeMillis);
    }
}
