package org.mapcask.recovery;

import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.mapcask.io.FileOps;
import org.mapcask.keydir.ChunkAllocator;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;

/**
 * Plain values that recovery needs.
 *
 * @param files             the file system.
 * @param directory         of the store; exists, and is locked by the caller.
 * @param memory            for the keydir.
 * @param writable          whether the store is going to be written: then what a crash left is cleared away.
 * @param walWanted         whether the store is going to commit through its write-ahead log; otherwise the files of
 *                          that are removed, once their records are durable in the segments.
 * @param salvage           whether damage is reported and the rest opened read-only, instead of refusing to open.
 * @param mapSealed         whether sealed segments are mapped.
 * @param mappedSegmentsMax how many segments are mapped at the most; the newest are.
 * @param progress          told about long work.
 * @param clock             milliseconds since 1970; only asked to tell what expires soon from what does not.
 * @param checkpoints       whether the store is opened from its newest checkpoint, if there is one that fits, and
 *                          pages of its keydir may go to a file.
 * @param keydirMemory      bytes of memory for the keydir, if so.
 */
public record RecoverySettings(
    FileOps files, Path directory, ChunkAllocator memory, boolean writable, boolean walWanted,
    boolean salvage, boolean mapSealed, int mappedSegmentsMax, ProgressListener progress, LongSupplier clock,
    boolean checkpoints, long keydirMemory) {
    /** Settings of a store without checkpoints, whose keydir is all in memory. */
    public RecoverySettings(
        final FileOps files, final Path directory, final ChunkAllocator memory, final boolean writable,
        final boolean walWanted, final boolean salvage, final boolean mapSealed, final int mappedSegmentsMax,
        final ProgressListener progress, final LongSupplier clock) {
        this(files, directory, memory, writable, walWanted, salvage, mapSealed, mappedSegmentsMax, progress, clock,
            false, 0);
    }

    /** Settings with the clock of the system. */
    public RecoverySettings(
        final FileOps files, final Path directory, final ChunkAllocator memory, final boolean writable,
        final boolean walWanted, final boolean salvage, final boolean mapSealed, final int mappedSegmentsMax,
        final ProgressListener progress) {
        this(files, directory, memory, writable, walWanted, salvage, mapSealed, mappedSegmentsMax, progress,
            System::currentTimeMillis);
    }

    /** Settings of a store that is not going to have a write-ahead log. */
    public RecoverySettings(
        final FileOps files, final Path directory, final ChunkAllocator memory, final boolean writable,
        final boolean salvage, final boolean mapSealed, final int mappedSegmentsMax,
        final ProgressListener progress) {
        this(files, directory, memory, writable, false, salvage, mapSealed, mappedSegmentsMax, progress);
    }

    SegmentFactory factory(final StoreIdentity identity, final SegmentTable table, final long nextId) {
        return new SegmentFactory(files, directory, identity, table, nextId);
    }
}
