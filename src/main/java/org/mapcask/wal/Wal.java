package org.mapcask.wal;

import org.agrona.DirectBuffer;

/**
 * The write-ahead log: a ring of files of zeros, into which records are written a second time, in frames, so that one
 * write to the device makes all records durable that wait for it.
 */
public final class Wal implements AutoCloseable {
    /** Files of the ring. */
    public static final int FILE_COUNT = 4;
    /** Records longer than this, padding included, are never taken: writing them twice costs more than a sync. */
    public static final int RECORD_LENGTH_MAX = 256 << 10;

    /** What the ring needs to know about the segments before it writes over old frames. */
    public interface SegmentSyncs {
        /** Every record up to here is durable in the segments. */
        long durableSequence();

        /** Makes every record up to this sequence durable in the segments, and returns then. */
        void sync(long sequence);
    }

    /**
     * Makes the ring ready: takes over the files that are there and fit, makes the others, removes what does not fit.
     * Whatever they hold must be durable in the segments already.
     */
    public Wal(final WalSettings settings, final SegmentSyncs segments) {
        throw new UnsupportedOperationException();
    }

    /** Whether a record of this length, padding included, goes through the ring; others are synced in the segments. */
    public boolean takes(final int alignedLength) {
        throw new UnsupportedOperationException();
    }

    /**
     * Copies a record, as it stands in the log, to where the next frame is gathered. Called under the lock of the
     * writers, in the order of the sequences; may wait for the frame before. Nothing is durable after it.
     */
    public boolean stage(final DirectBuffer record, final int offset, final int alignedLength, final long sequence) {
        throw new UnsupportedOperationException();
    }

    public boolean takesBatch(final long alignedLength) {
        throw new UnsupportedOperationException();
    }

    public boolean beginBatch(final int alignedLength) {
        throw new UnsupportedOperationException();
    }

    public void endBatch() {
        throw new UnsupportedOperationException();
    }

    /**
     * Tells that a record is not in the ring: the segments must have it durable before any later record is durable
     * here. Called under the lock of the writers, in the order of the sequences.
     */
    public void passOver(final long sequence) {
        throw new UnsupportedOperationException();
    }

    /**
     * Waits until every record up to this one is durable; whoever waits at the same time shares a write. Not under the
     * lock of the writers.
     */
    public void commit(final long sequence) {
        throw new UnsupportedOperationException();
    }

    /** Every record up to here is durable, in the ring or in the segments. */
    public long durableSequence() {
        throw new UnsupportedOperationException();
    }

    /**
     * The segments should be made durable up to here by a background thread, so that the ring need not wait for it when
     * it comes round; nothing to do while they are.
     */
    public long wantedSequence() {
        throw new UnsupportedOperationException();
    }

    /** Figures now. */
    public WalStats stats() {
        throw new UnsupportedOperationException();
    }

    /** Closes the files; nobody may be waiting. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
