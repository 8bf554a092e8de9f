package org.mapcask.io;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An open file whose writes are durable when they return, with one descriptor for its whole life. Where the file system
 * takes it, a write goes past the page cache and waits for the device (O_DIRECT and O_DSYNC); elsewhere it is a write
 * followed by fdatasync. {@link #method()} tells which. One thread writes at a time; {@link #close()} comes after the
 * last other call. Failures are {@link org.mapcask.errors.StoreIoException}; after the first one every further write is
 * refused, since nobody knows what it left.
 */
public interface DurableFile extends AutoCloseable {
    /** Offsets, lengths and addresses of writes are multiples of this many bytes. */
    int ALIGNMENT = 4096;

    /** Where the file is. */
    Path path();

    /** Length in bytes now. */
    long length();

    /**
     * Writes all remaining bytes, and moves the position; they are durable when it returns. A file grows by a write
     * behind its end, and then its length is durable as well.
     *
     * @param alignedBuffer a direct buffer; its address at the position, what remains of it, and {@code fileOffset} are
     *                      multiples of {@link #ALIGNMENT}.
     */
    void write(long fileOffset, ByteBuffer alignedBuffer);

    /** How it is made durable: {@code O_DIRECT|O_DSYNC} or {@code pwrite+fdatasync} and the like, for people. */
    String method();

    /** Closes the descriptor; idempotent. */
    @Override
    void close();
}
