package org.mapcask.engine;

import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.wal.WalStats;

/**
 * How writes become durable when somebody waits for it: through the write-ahead log or by syncs of the segments. The
 * writer tells every record in the order of the sequences, under its lock, after it was published; whoever waits does
 * so after the lock was released.
 */
interface Commits extends AutoCloseable {
    /** Whether a record of this length, padding included, is to be staged; others are passed over. */
    boolean takes(int alignedLength);

    /** Memory to build a record in that is longer than a context's; only for one that is taken, under the lock. */
    UnsafeBuffer longImage();

    /**
     * Takes a record.
     *
     * @param image  holds it but for its length; the length is entered here.
     * @param length without padding.
     * @return whether it was staged; otherwise it was passed over.
     */
    boolean stage(UnsafeBuffer image, int offset, int length, long sequence);

    /**
     * Begins to stage a batch, all of it or nothing, up to {@link #endBatch()}.
     *
     * @return false if it has to be passed over instead.
     */
    boolean beginBatch(long alignedLength);

    /** Ends a batch that was begun. */
    void endBatch();

    /** Takes notice of a record that is not staged, and of all before it since the last one that was. */
    void passOver(long sequence);

    /**
     * Waits until a record is durable, and with it all before it; whoever waits at the same time shares the work.
     *
     * @param staged whether it was staged.
     */
    void commit(long sequence, boolean staged);

    /** Waits until every record that was told so far is durable. */
    void commitAll();

    /** Every record up to here is durable. */
    long durableSequence();

    /** Whether there is no write-ahead log. */
    boolean areSegmentSyncs();

    /** The segments should be durable up to here soon, by a background thread; 0 if nothing is wanted. */
    long wantedSequence();

    /** Figures of the write-ahead log, or null without one. */
    WalStats walStats();

    /** Nobody may be waiting. Idempotent. */
    @Override
    void close();
}
