package org.mapcask.io;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * One open file with one descriptor for its whole life: it is only ever synced through that descriptor, since a
 * write-back error is reported to a descriptor once. Thread-safe, except that {@link #close()} must come after the last
 * other call.
 */
public interface StoreFile extends AutoCloseable {
    /** Where the file is. */
    Path path();

    /** Takes note that the file has another name now: {@link #path()} and texts of errors tell it from now on. */
    void renamed(Path newPath);

    /** Length in bytes now. */
    long length();

    /**
     * Reads into the remaining bytes of a direct buffer, and moves its position.
     *
     * @return bytes read; fewer than remained only at the end of the file.
     */
    int read(long fileOffset, ByteBuffer directBuffer);

    /** Writes all remaining bytes of a direct buffer, and moves its position. */
    void write(long fileOffset, ByteBuffer directBuffer);

    /**
     * Extends the file to {@code length} bytes that read as zero and have real blocks behind them, so that a store to a
     * mapped page cannot fail for lack of room.
     */
    void allocate(long length);

    /**
     * As {@link #allocate}, for a new file, and the zeros are written, page by page: a later sync of a page then
     * changes no metadata of the file, and writes that page alone. Takes about 100 ms for 64 MiB.
     */
    default void allocateZeroed(final long length) {
        allocate(length);
        writeZeros(length);
    }

    /** Writes zeros from the beginning up to {@code length}, page by page. */
    default void writeZeros(final long length) {
        final ByteBuffer zeros = ByteBuffer.allocateDirect(DurableFile.ALIGNMENT);
        for (long offset = 0; offset < length; offset += zeros.capacity()) {
            zeros.clear().limit((int)Math.min(zeros.capacity(), length - offset));
            write(offset, zeros);
        }
    }

    /**
     * Gives a range of zeros real blocks again, which may have lost them to {@link #punchHole}, or when the file was
     * copied; nothing but zeros may be stored there.
     */
    void allocateAgain(long fileOffset, long length);

    /**
     * Has the first {@code length} bytes read as zeros, with real blocks behind them, whatever the file held; no more
     * durable than a write, and only while nothing of it is mapped.
     */
    default void clear(final long length) {
        writeZeros(length);
    }

    /**
     * Gives the blocks of a range back to the file system; the range reads as zero afterwards and the length stays.
     *
     * @return false where the file system or the access mode cannot do it; nothing has changed then.
     */
    boolean punchHole(long fileOffset, long length);

    /**
     * Asks the kernel to start writing dirty pages of a range, without waiting; a hint, nothing is durable after it.
     */
    void startWriteback(long fileOffset, long length);

    /** Asks the kernel to start reading a range into the page cache, without waiting; a hint. */
    default void readAhead(final long fileOffset, final long length) {
    }

    /** Hints that the pages of a range are no longer needed in the page cache. */
    void dropCached(long fileOffset, long length);

    /**
     * Makes the contents durable (fdatasync). After a failure of this or of the sync of a mapping, every further one is
     * refused: the kernel forgets what it could not write, and would report success.
     */
    void sync();

    /**
     * Maps the first {@code length} bytes, shared. The mapping lives until it is unmapped, also when this file is
     * closed before.
     */
    MappedFile map(int length, boolean writable);

    /** Closes the descriptor; idempotent. */
    @Override
    void close();
}
