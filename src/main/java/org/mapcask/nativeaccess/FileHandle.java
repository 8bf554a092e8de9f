package org.mapcask.nativeaccess;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;

/**
 * One open file. Reads and writes name their offset, so threads do not disturb each other; an interrupt of a thread
 * neither fails a call nor closes the file. Thread-safe, except that {@link #close()} must come after the last other
 * call. Failures as in {@link NativeAccess}.
 */
public abstract class FileHandle implements AutoCloseable {
    /**
     * Bytes of one write of zeros. One page: larger writes leave large folios in the page cache, and a store to a
     * mapped page then dirties its whole folio, so that each later sync of one page would write that much.
     */
    private static final int ZERO_WRITE_LENGTH = 4096;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ZERO_WRITE_LENGTH).asReadOnlyBuffer();

    private volatile Path path;

    /** For an implementation; tests make their own to inject failures. */
    protected FileHandle(final Path path) {
        this.path = path;
    }

    /** Where the file is, as far as this handle was told. */
    public final Path path() {
        return path;
    }

    /** Takes note that the file has another name now, for texts of errors. */
    public final void renamed(final Path newPath) {
        path = newPath;
    }

    /** Length in bytes now. */
    public abstract long length();

    /** True when it was opened with {@link OpenFlag#WRITE}. */
    public abstract boolean isWritable();

    /** True where the page cache is bypassed. */
    public abstract boolean isDirect();

    /**
     * Reads into the remaining bytes of a direct buffer and moves its position.
     *
     * @return bytes read; fewer than remained only at the end of the file.
     */
    public abstract int read(long fileOffset, ByteBuffer directBuffer);

    /**
     * Writes all remaining bytes of a direct buffer and moves its position.
     *
     * @throws DirectRefusedException when a file that {@link #isDirect()} does not take a write of this kind.
     */
    public abstract void write(long fileOffset, ByteBuffer directBuffer);

    /**
     * Gives the file real blocks from 0 to {@code length}, and that length if it was shorter. What is stored stays; new
     * bytes read as zero. After a failure the file may have any length in between. Where the file system cannot
     * allocate, zeros are written behind the present end, and holes before it stay.
     */
    public abstract void allocate(long length);

    /**
     * Gives a range of zeros real blocks again that may have lost them to {@link #punchHole}; nothing but zeros may be
     * stored there.
     */
    public abstract void allocateAgain(long fileOffset, long length);

    /**
     * Has a range read as zeros, whatever it held, with blocks behind it that are kept or allocated; false where that
     * cannot be done without writing them.
     */
    public abstract boolean zeroRange(long fileOffset, long length);

    /** Sets the length. A file that is mapped must never become shorter. */
    public abstract void truncate(long length);

    /** Gives the blocks of a range back, the length stays; false where that cannot be done. */
    public abstract boolean punchHole(long fileOffset, long length);

    /** Starts write-back of a range without waiting, nothing is durable after it; false where it cannot be done. */
    public abstract boolean startWriteback(long fileOffset, long length);

    /**
     * Writes a range back and waits until the device has taken it. Nothing is durable after it: the device's own cache
     * is not emptied, and no metadata is written. False where it cannot be done.
     */
    public boolean awaitWriteback(final long fileOffset, final long length) {
        return false;
    }

    /**
     * Has the kernel begin to read the pages of a range into the page cache, and does not wait for them; false where it
     * cannot be told.
     */
    public boolean readAhead(final long fileOffset, final long length) {
        return false;
    }

    /** Hints that clean pages of a range may leave the page cache; false where it cannot be told. */
    public abstract boolean dropCached(long fileOffset, long length);

    /** Makes the contents durable (fdatasync; fsync in pure Java). Never repeat it after a failure. */
    public abstract void sync();

    /**
     * Maps the first bytes, shared. The caller unmaps it; it stays valid when this file is closed.
     *
     * @param length   bytes, at most the length of the file.
     * @param writable for stores too; the file must be writable then.
     * @return the mapping.
     * @throws IOException where Java could not map.
     */
    public abstract MappedByteBuffer map(int length, boolean writable) throws IOException;

    /** Closes the descriptor; idempotent. */
    @Override
    public abstract void close();

    /**
     * Writes zeros over a range, in single pages, so that it has blocks and stays in the page cache in single pages.
     */
    public final void writeZeros(final long fileOffset, final long length) {
        final ByteBuffer zeros = ZEROS.duplicate();
        final long end = fileOffset + length;
        long offset = fileOffset;
        while (offset < end) {
            final long pageEnd = offset - offset % ZERO_WRITE_LENGTH + ZERO_WRITE_LENGTH;
            zeros.position(0).limit((int) (Math.min(pageEnd, end) - offset));
            final int count = zeros.remaining();
            write(offset, zeros);
            offset += count;
        }
    }

    /** The text that names this file and a range in errors. */
    protected final String range(final long fileOffset, final long length) {
        return path + ", range " + fileOffset + "+" + length;
    }
}
