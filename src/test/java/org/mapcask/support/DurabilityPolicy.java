package org.mapcask.support;

import org.mapcask.MapcaskOptions;
import org.mapcask.io.SyncMethod;

/** The ways to make writes durable; tests that end in trouble run under each. */
public enum DurabilityPolicy {
    /** What a store does by itself: by bytes and time. */
    DEFAULTS,
    /** When it is asked for. */
    NONE,
    /** After few bytes. */
    BYTES,
    /** After a short time. */
    INTERVAL,
    /** Every write, through the write-ahead log. */
    WAL,
    /** Every write, by msync of its range. */
    MSYNC,
    /** Every write, by fdatasync of its file. */
    FDATASYNC,
    /** Every write, as Java syncs a mapping. */
    FORCE;

    /**
     * Options of a store.
     *
     * @param walLength of the write-ahead log, where there is one.
     */
    public MapcaskOptions options(final int segmentLength, final int walLength) {
        return builder(segmentLength, walLength).build();
    }

    /** As {@link #options}, for more of them. */
    public MapcaskOptions.Builder builder(final int segmentLength, final int walLength) {
        final MapcaskOptions.Builder builder = MapcaskOptions.builder().segmentLength(segmentLength);
        switch (this) {
            case DEFAULTS:
                return builder;
            case NONE:
                return builder.syncBytes(0).syncIntervalMs(0);
            case BYTES:
                return builder.syncBytes(10_000).syncIntervalMs(0);
            case INTERVAL:
                return builder.syncBytes(0).syncIntervalMs(2);
            case WAL:
                return builder.syncEveryWrite(true).walLength(walLength);
            default:
                return builder.syncEveryWrite(true).wal(false).syncMethod(SyncMethod.valueOf(name()));
        }
    }
}
