package org.mapcask.lab.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * A file that is appended to in pieces of one length, each durable when {@link #append} returns. A piece is known by
 * two marks: its number from 1 on at the begin, the complement at the end. Used by one thread.
 */
public abstract class AppendTarget implements AutoCloseable {
    private static final int MARKS_LENGTH = 2 * Long.BYTES;

    AppendTarget() {
    }

    /**
     * Opens a file for appends from its begin.
     *
     * @param call         how an append becomes durable.
     * @param path         of a file that is there.
     * @param fileLength   of it.
     * @param appendLength bytes of a piece, as {@link #checkLength} allows.
     */
    public static AppendTarget open(
        final SyncCall call, final Path path, final int fileLength, final int appendLength) throws IOException {
        checkLength(appendLength);
        return switch (call) {
            case MSYNC, FDATASYNC, FORCE, WRITEBACK -> new MappedTarget(call, path, fileLength, appendLength);
            case WRITE_DSYNC, WRITE_FDATASYNC -> new WrittenTarget(call, path, appendLength);
            case CHANNEL_DATA, CHANNEL_ALL -> new ChannelTarget(path, appendLength, call == SyncCall.CHANNEL_ALL);
            case DIRECT -> new DirectTarget(DirectFile.open(path), appendLength);
            case DIRECT_ALONE -> new DirectTarget(DirectFile.openNotDurable(path), appendLength);
        };
    }

    /** Refuses a length that has no room for the marks, or that would lie across two blocks. */
    public static void checkLength(final int appendLength) {
        if (appendLength < MARKS_LENGTH || DirectFile.BLOCK_LENGTH % appendLength != 0) {
            throw new IllegalArgumentException("length of an append: a power of two of " + MARKS_LENGTH + " to "
                + DirectFile.BLOCK_LENGTH + " bytes, found " + appendLength);
        }
    }

    /** How appends are made durable, which may be another way than what was asked for. */
    public abstract String method();

    /** Makes the content of a piece; not timed. */
    public abstract void fill(long index);

    /** Makes it part of the file, durably. */
    public abstract void append(long index);

    @Override
    public abstract void close() throws IOException;

    /** Counts the pieces of a file that are not found as they were appended. */
    public static long wrong(final Path path, final int appendLength, final long appended) {
        final ByteBuffer append = ByteBuffer.allocateDirect(appendLength).order(ByteOrder.LITTLE_ENDIAN);
        long wrong = 0;
        try (FileHandle handle = NativeAccess.get().open(path)) {
            for (long i = 0; i < appended; i++) {
                append.clear();
                handle.read(i * appendLength, append);
                if (append.getLong(0) != i + 1 || append.getLong(appendLength - Long.BYTES) != ~i) {
                    wrong++;
                }
            }
        }
        return wrong;
    }

    /** Writes the two marks of a piece. */
    static void mark(final UnsafeBuffer buffer, final int offset, final int length, final long index) {
        buffer.putLong(offset, index + 1, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + length - Long.BYTES, ~index, ByteOrder.LITTLE_ENDIAN);
    }
}
