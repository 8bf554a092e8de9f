package org.mapcask.nativeaccess;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.mapcask.errors.MapcaskException;

/**
 * An open file of pure Java. It stands on RandomAccessFile, whose calls an interrupt does not touch, unlike those of a
 * channel; its one file pointer is guarded by a lock, so that reads of one file come one after the other.
 */
final class JavaFileHandle extends FileHandle {
    private static final int COPY_LENGTH = 64 * 1024;
    private static final ThreadLocal<byte[]> COPY = ThreadLocal.withInitial(() -> new byte[COPY_LENGTH]);

    private final Object lock = new Object();
    private final RandomAccessFile file;

    private final boolean writable;

    private JavaFileHandle(final Path path, final RandomAccessFile file, final boolean writable) {
        super(path);
        this.file = file;
        this.writable = writable;
    }

    static FileHandle open(final Path path, final EnumSet<OpenFlag> flags) {
        final boolean writable = flags.contains(OpenFlag.WRITE);
        try {
            if (flags.contains(OpenFlag.CREATE_NEW)) {
                Files.createFile(path);
            } else if (!Files.exists(path)) {
                throw SystemErrors.of("open", path, Errno.ENOENT);
            } else if (writable && Files.isDirectory(path)) {
                throw SystemErrors.of("open", path, Errno.EISDIR);
            }
            final String mode = writable ? flags.contains(OpenFlag.DATA_SYNC) ? "rwd" : "rw" : "r";
            return new JavaFileHandle(path, new RandomAccessFile(path.toFile(), mode), writable);
        } catch (final IOException e) {
            throw SystemErrors.of("open", path, e);
        }
    }

    @Override
    public long length() {
        try {
            return file.length();
        } catch (final IOException e) {
            throw SystemErrors.of("length", path(), e);
        }
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public boolean isDirect() {
        return false;
    }

    @Override
    public int read(final long fileOffset, final ByteBuffer directBuffer) {
        final byte[] copy = COPY.get();
        int done = 0;
        synchronized (lock) {
            try {
                file.seek(fileOffset);
                while (directBuffer.hasRemaining()) {
                    final int count = file.read(copy, 0, Math.min(COPY_LENGTH, directBuffer.remaining()));
                    if (count < 0) {
                        break;
                    }
                    directBuffer.put(copy, 0, count);
                    done += count;
                }
            } catch (final IOException e) {
                throw failure("read", fileOffset + done, directBuffer.remaining(), 0, e);
            }
        }
        return done;
    }

    @Override
    public void write(final long fileOffset, final ByteBuffer directBuffer) {
        final byte[] copy = COPY.get();
        long offset = fileOffset;
        synchronized (lock) {
            while (directBuffer.hasRemaining()) {
                final int count = Math.min(COPY_LENGTH, directBuffer.remaining());
                directBuffer.get(copy, 0, count);
                try {
                    file.seek(offset);
                    file.write(copy, 0, count);
                } catch (final IOException e) {
                    throw failure("write", offset, count, count, e);
                }
                offset += count;
            }
        }
    }

    @Override
    public void allocate(final long length) {
        final long present = length();
        if (present < length) {
            writeZeros(present, length - present);
        }
    }

    @Override
    public void allocateAgain(final long fileOffset, final long length) {
        writeZeros(fileOffset, length);
    }

    @Override
    public boolean zeroRange(final long fileOffset, final long length) {
        return false;
    }

    @Override
    public void truncate(final long length) {
        synchronized (lock) {
            try {
                file.setLength(length);
            } catch (final IOException e) {
                throw SystemErrors.of("truncate", path(), e);
            }
        }
    }

    @Override
    public boolean punchHole(final long fileOffset, final long length) {
        return false;
    }

    @Override
    public boolean startWriteback(final long fileOffset, final long length) {
        return false;
    }

    @Override
    public boolean dropCached(final long fileOffset, final long length) {
        return false;
    }

    @Override
    public void sync() {
        try {
            file.getFD().sync();
        } catch (final IOException e) {
            throw SystemErrors.of("sync", path(), e);
        }
    }

    @Override
    public MappedByteBuffer map(final int length, final boolean forWriting) throws IOException {
        // The channel shares the descriptor of this file, so it must never see an interrupt.
        return Uninterruptible.callApart(
            () -> file.getChannel().map(forWriting ? MapMode.READ_WRITE : MapMode.READ_ONLY, 0, length));
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (final IOException e) {
            throw SystemErrors.of("close", path(), e);
        }
    }

    private MapcaskException failure(
        final String call, final long offset, final long length, final long needed, final IOException cause) {
        return SystemErrors.of(call, path(), ", range " + offset + "+" + length, needed, cause);
    }
}
