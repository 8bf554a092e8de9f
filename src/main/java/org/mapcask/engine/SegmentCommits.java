package org.mapcask.engine;

import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.wal.WalStats;

/** Commits by syncs of the segments themselves; see {@link LogSync}. Thread-safe. */
final class SegmentCommits implements Commits {
    private final LogSync sync;
    private final Supplier<LogSync.Tip> tip;

    SegmentCommits(final LogSync sync, final Supplier<LogSync.Tip> tip) {
        this.sync = sync;
        this.tip = tip;
    }

    @Override
    public boolean takes(final int alignedLength) {
        return false;
    }

    @Override
    public UnsafeBuffer longImage() {
        throw new UnsupportedOperationException("nothing is staged");
    }

    @Override
    public boolean stage(final UnsafeBuffer image, final int offset, final int length, final long sequence) {
        throw new UnsupportedOperationException("nothing is staged");
    }

    @Override
    public boolean beginBatch(final long alignedLength) {
        return false;
    }

    @Override
    public void endBatch() {
        throw new UnsupportedOperationException("nothing is staged");
    }

    @Override
    public void passOver(final long sequence) {
        // The record is in its segment, and that is all there is to sync.
    }

    @Override
    public void commit(final long sequence, final boolean staged) {
        sync.sync(sequence, tip);
    }

    @Override
    public void commitAll() {
        sync.sync(tip.get().lastSequence(), tip);
    }

    @Override
    public long durableSequence() {
        return sync.durableSequence();
    }

    @Override
    public boolean areSegmentSyncs() {
        return true;
    }

    @Override
    public long wantedSequence() {
        return 0;
    }

    @Override
    public WalStats walStats() {
        return null;
    }

    @Override
    public void close() {
        // The segments belong to the engine.
    }
}
