package org.mapcask.engine;

import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.wal.Wal;
import org.mapcask.wal.WalStats;

/**
 * Commits through the write-ahead log. What it takes is copied to the log's memory from memory of the store, never from
 * a mapping: a mapped page may hang in write-back, and an acknowledgement must not depend on it. What it does not take
 * is synced in the segments by whoever wrote it. Owns the log. Thread-safe; allocates nothing for what is staged.
 */
final class RingCommits implements Commits {
    private final Wal wal;
    private final LogSync sync;
    private final Supplier<LogSync.Tip> tip;
    private final Runnable background;
    private final UnsafeBuffer longImage = new UnsafeBuffer(new byte[Wal.RECORD_LENGTH_MAX]);
    private volatile long stagedSequence;
    private volatile long passedSequence;

    /**
     * Commits through a log that is ready.
     *
     * @param background asks for a sync of the segments by a background thread.
     */
    RingCommits(final Wal wal, final LogSync sync, final Supplier<LogSync.Tip> tip, final Runnable background) {
        this.wal = wal;
        this.sync = sync;
        this.tip = tip;
        this.background = background;
    }

    @Override
    public boolean takes(final int alignedLength) {
        return wal.takes(alignedLength);
    }

    @Override
    public UnsafeBuffer longImage() {
        return longImage;
    }

    @Override
    public boolean stage(final UnsafeBuffer image, final int offset, final int length, final long sequence) {
        RecordDescriptor.publishLength(image, offset, length);
        final boolean staged = wal.stage(image, offset, RecordDescriptor.alignedLength(length), sequence);
        if (staged) {
            stagedSequence = sequence;
        } else {
            passedSequence = sequence;
        }
        return staged;
    }

    @Override
    public boolean beginBatch(final long alignedLength) {
        return wal.takesBatch(alignedLength) && wal.beginBatch((int)alignedLength);
    }

    @Override
    public void endBatch() {
        wal.endBatch();
    }

    @Override
    public void passOver(final long sequence) {
        wal.passOver(sequence);
        passedSequence = sequence;
    }

    @Override
    public void commit(final long sequence, final boolean staged) {
        if (staged) {
            wal.commit(sequence);
            if (wal.wantedSequence() > sync.durableSequence()) {
                background.run();
            }
        } else {
            sync.sync(sequence, tip);
        }
    }

    @Override
    public void commitAll() {
        final long passed = passedSequence;
        final long staged = stagedSequence;
        commit(Math.max(passed, staged), staged > passed);
    }

    @Override
    public long durableSequence() {
        return Math.max(wal.durableSequence(), sync.durableSequence());
    }

    @Override
    public boolean areSegmentSyncs() {
        return false;
    }

    @Override
    public long wantedSequence() {
        return wal.wantedSequence();
    }

    @Override
    public WalStats walStats() {
        return wal.stats();
    }

    @Override
    public void close() {
        wal.close();
    }
}
