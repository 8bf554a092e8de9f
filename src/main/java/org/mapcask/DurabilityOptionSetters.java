package org.mapcask;

import org.mapcask.io.SyncMethod;

/**
 * The setters of the options about when and how writes become durable, see {@link MapcaskOptions.Builder}.
 *
 * @param <B> the builder that has them.
 */
abstract class DurabilityOptionSetters<B> extends KeydirOptionSetters<B> {
    DurabilityOptionSetters() {
    }

    /**
     * The background thread makes writes durable when this many bytes have gathered: 0, which is off, to 1 GiB; 1
     * MiB by default. Without meaning while there is a write-ahead log.
     */
    public B syncBytes(final long bytes) {
        return set(Option.SYNC_BYTES, bytes);
    }

    /**
     * The background thread makes writes durable at this age in milliseconds: 0, which is off, to 3,600,000; 1000
     * by default. Without meaning while there is a write-ahead log.
     */
    public B syncIntervalMs(final long milliseconds) {
        return set(Option.SYNC_INTERVAL_MS, milliseconds);
    }

    /** A write returns only when it is durable, see {@link org.mapcask.sync.SyncPolicy}; false by default. */
    public B syncEveryWrite(final boolean everyWrite) {
        return set(Option.SYNC_EVERY_WRITE, everyWrite);
    }

    /**
     * Whether, with {@code syncEveryWrite}, a write becomes durable in a write-ahead log, by one write to a file
     * that is never mapped; true by default. With false it is by a sync of its segment. Without {@code
     * syncEveryWrite} it means nothing. A store may be opened with one and then the other.
     */
    public B wal(final boolean use) {
        return set(Option.WAL, use);
    }

    /**
     * Length of all files of the write-ahead log together: 64 KiB to 4 GiB, a multiple of 16 KiB; 64 MiB by
     * default. It bounds what opening has to bring over after a crash; a short one makes writers wait for syncs
     * of segments.
     */
    public B walLength(final long bytes) {
        return set(Option.WAL_LENGTH, bytes);
    }

    /**
     * How segments are made durable; {@link SyncMethod#MSYNC} by default. Without native access it is the same as
     * {@link SyncMethod#FORCE}. A segment that is full is always synced as a file.
     */
    public B syncMethod(final SyncMethod method) {
        return set(Option.SYNC_METHOD, method);
    }
}
