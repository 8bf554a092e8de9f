package org.mapcask.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.SystemErrors;

/** A file of the operating system; after a failed sync it refuses further ones. */
final class SystemStoreFile implements StoreFile {
    private final NativeAccess nativeAccess;
    private final FileHandle handle;
    private final SyncMethod syncMethod;
    private final BlockRelease release;
    private final SyncLatch syncLatch = new SyncLatch();

    SystemStoreFile(final NativeAccess nativeAccess, final FileHandle handle, final SyncMethod syncMethod,
        final BlockRelease release) {
        this.release = release;
        this.nativeAccess = nativeAccess;
        this.handle = handle;
        this.syncMethod = syncMethod;
    }

    @Override
    public Path path() {
        return handle.path();
    }

    @Override
    public void renamed(final Path newPath) {
        handle.renamed(newPath);
    }

    @Override
    public long length() {
        return handle.length();
    }

    @Override
    public int read(final long fileOffset, final ByteBuffer directBuffer) {
        return handle.read(fileOffset, directBuffer);
    }

    @Override
    public void write(final long fileOffset, final ByteBuffer directBuffer) {
        handle.write(fileOffset, directBuffer);
    }

    @Override
    public void allocate(final long length) {
        release.whenThereIsRoom(() -> handle.allocate(length));
    }

    @Override
    public void allocateAgain(final long fileOffset, final long length) {
        release.whenThereIsRoom(() -> handle.allocateAgain(fileOffset, length));
    }

    @Override
    public void clear(final long length) {
        if (!handle.zeroRange(0, length)) {
            writeZeros(length);
        }
    }

    @Override
    public boolean punchHole(final long fileOffset, final long length) {
        return handle.punchHole(fileOffset, length);
    }

    @Override
    public void startWriteback(final long fileOffset, final long length) {
        handle.startWriteback(fileOffset, length);
    }

    @Override
    public void readAhead(final long fileOffset, final long length) {
        handle.readAhead(fileOffset, length);
    }

    @Override
    public void dropCached(final long fileOffset, final long length) {
        handle.dropCached(fileOffset, length);
    }

    @Override
    public void sync() {
        syncLatch.run(path().toString(), handle::sync);
    }

    @Override
    public MappedFile map(final int length, final boolean writable) {
        if (writable && !handle.isWritable()) {
            throw new StoreIoException(ErrorText.what("file cannot be mapped for writing").where(path())
                .expected("a file opened for writing").found("one opened for reading")
                .todo("open the store without the option readOnly"));
        }
        final long present = handle.length();
        // Java would extend a short file without blocks behind it, and a store there could end the JVM.
        if (length < 1 || length > present) {
            throw new StoreIoException(ErrorText.what("file cannot be mapped").where(path())
                .expected("a length of 1 to " + present + " bytes").found(length)
                .todo("the file was made shorter by someone else, or its header lies: run verify"));
        }
        try {
            final MappedByteBuffer mapping = handle.map(length, writable);
            return new SystemMappedFile(nativeAccess, mapping, writable, () -> path().toString(), syncLatch,
                this::syncRange);
        } catch (final IOException e) {
            throw SystemErrors.of("map", path(), ", range 0+" + length, 0, e);
        }
    }

    /** An empty range needs no sync, whatever the method. */
    private void syncRange(final MappedByteBuffer mapping, final int offset, final int length) {
        if (length > 0) {
            switch (syncMethod) {
                case MSYNC -> nativeAccess.syncMapping(mapping, offset, length, path().toString());
                case FDATASYNC -> handle.sync();
                case FORCE -> NativeAccess.forceMapping(mapping, offset, length, path().toString());
            }
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
