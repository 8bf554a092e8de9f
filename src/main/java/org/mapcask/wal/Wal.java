package org.mapcask.wal;

import org.agrona.DirectBuffer;
import org.mapcask.format.WalDescriptor;

/**
 * The write-ahead log: a ring of files of zeros, into which records are written a second time, in frames, so that one
 * write to the device makes all records durable that wait for it.
 * <p>
 * The writer stages each record, or passes it over, under its own lock and in the order of the sequences; then, without
 * that lock, it commits. Other methods may be called from any thread. Staging and committing allocate nothing.
 */
public final class Wal implements AutoCloseable {
    /** Files of the ring. */
    public static final int FILE_COUNT = 4;
    /** Records longer than this, padding included, are never taken: writing them twice costs more than a sync. */
    public static final int RECORD_LENGTH_MAX = 256 << 10;

    /** What the ring needs to know about the segments before it writes over old frames. */
    public interface SegmentSyncs {
        /** Every record up to here is durable in the segments; takes no lock. */
        long durableSequence();

        /**
         * Makes every record up to this sequence durable in the segments, and returns then. Called without any lock of
         * the ring, by a thread that is in {@link Wal#commit}; never by one that stages.
         */
        void sync(long sequence);
    }

    private final SegmentSyncs segments;
    private final WalRing ring;
    private final GroupCommit commits;
    private final int payloadLengthMax;

    /**
     * Makes the ring ready: takes over the files that are there and fit, makes the others, removes what does not fit.
     * Whatever they hold must be durable in the segments already.
     */
    public Wal(final WalSettings settings, final SegmentSyncs segments) {
        this.segments = segments;
        this.ring = new RingMaker(settings).make();
        final int frameLengthMax = WalRing.frameLengthMax(settings.length() / FILE_COUNT);
        this.payloadLengthMax = frameLengthMax - WalDescriptor.HEADER_LENGTH;
        this.commits = new GroupCommit(ring, segments, settings, frameLengthMax);
    }

    /** Whether a record of this length, padding included, goes through the ring; others are synced in the segments. */
    public boolean takes(final int alignedLength) {
        return alignedLength <= RECORD_LENGTH_MAX && alignedLength <= payloadLengthMax;
    }

    /** Whether a batch whose records have this length together, padding included, goes through the ring. */
    public boolean takesBatch(final long alignedLength) {
        return alignedLength <= payloadLengthMax;
    }

    /**
     * Copies a record, as it stands in the log, to where the next frame is gathered. Called under the lock of the
     * writers, in the order of the sequences; may wait for the write of the frame before, but never for the segments:
     * where it would have to, it passes the record over. Nothing is durable after it; {@link #commit} knows what to do
     * in both cases.
     *
     * @return false if the record was passed over.
     */
    public boolean stage(final DirectBuffer record, final int offset, final int alignedLength, final long sequence) {
        return commits.stage(record, offset, alignedLength, sequence);
    }

    /**
     * Begins a batch: its records come into one frame. Between this and {@link #endBatch} the same thread stages them,
     * and waits for nothing else, under the lock of the writers.
     *
     * @param alignedLength of all its records, padding included; {@link #takesBatch} said yes to it.
     * @return false if there is no room; nothing was begun then, and the batch is to be passed over as a whole.
     */
    public boolean beginBatch(final int alignedLength) {
        return commits.beginBatch(alignedLength);
    }

    /** Ends the batch that was begun, also when not all of it was staged. */
    public void endBatch() {
        commits.endBatch();
    }

    /**
     * Tells that a record is not in the ring, nor any other up to it that was not staged: the segments must have them
     * durable before any later record is durable here. Called under the lock of the writers, in the order of the
     * sequences.
     */
    public void passOver(final long sequence) {
        commits.passOver(sequence);
    }

    /**
     * Waits until every record up to this one is durable; whoever waits at the same time shares a write. Where the
     * record was passed over, it syncs the segments. Not under the lock of the writers. An interrupt does not end the
     * wait, and is kept.
     *
     * @throws org.mapcask.errors.StoreFailedException when a write of another thread failed, now or earlier; the thread
     *                                                 that wrote gets the first cause itself.
     */
    public void commit(final long sequence) {
        commits.commit(sequence);
    }

    /** Every record up to here is durable, in the ring or in the segments. */
    public long durableSequence() {
        return Math.max(commits.writtenSequence(), segments.durableSequence());
    }

    /**
     * The segments should be made durable up to here by a background thread, so that the ring need not wait for it when
     * it comes round; nothing to do while they are.
     */
    public long wantedSequence() {
        return ring.wantedSequence();
    }

    /** Figures now. */
    public WalStats stats() {
        return commits.stats();
    }

    /** Closes the files; nobody may be waiting. Idempotent. */
    @Override
    public void close() {
        commits.close();
    }
}
