package org.mapcask.io;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.nativeaccess.DirectRefusedException;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.OpenFlag;

/**
 * A file of the operating system whose writes are durable when they return. It is opened with O_DIRECT and O_DSYNC;
 * where the file system refuses that, at the opening or at a write, it is opened once more without, and each write is
 * followed by a sync. Only a refusal that wrote nothing is answered like that; any other failure is final.
 */
final class SystemDurableFile implements DurableFile {
    /** Opens the file with flags. */
    @FunctionalInterface
    interface Opener {
        FileHandle open(OpenFlag... flags);
    }

    private final Path path;
    private final boolean isNative;
    private final Opener opener;
    private final SyncLatch latch = new SyncLatch();
    private volatile FileHandle handle;

    SystemDurableFile(final Path path, final boolean isNative, final Opener opener) {
        this.path = path;
        this.isNative = isNative;
        this.opener = opener;
        this.handle = isNative ? openDirect(opener) : opener.open(OpenFlag.WRITE);
    }

    private static FileHandle openDirect(final Opener opener) {
        try {
            return opener.open(OpenFlag.WRITE, OpenFlag.DIRECT, OpenFlag.DATA_SYNC);
        } catch (final StoreIoException refused) {
            try {
                return opener.open(OpenFlag.WRITE);
            } catch (final MapcaskException e) {
                e.addSuppressed(refused);
                throw e;
            }
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public long length() {
        return handle.length();
    }

    @Override
    public void write(final long fileOffset, final ByteBuffer alignedBuffer) {
        if (fileOffset % ALIGNMENT != 0 || alignedBuffer.remaining() % ALIGNMENT != 0 ||
            alignedBuffer.alignmentOffset(alignedBuffer.position(), ALIGNMENT) != 0) {
            throw new IllegalArgumentException("not a multiple of " + ALIGNMENT + ": offset " + fileOffset + ", or "
                + alignedBuffer);
        }
        latch.refuseAfterFailure("write", path.toString());
        try {
            writeDurably(fileOffset, alignedBuffer);
        } catch (final MapcaskException e) {
            latch.remember(e);
            throw e;
        }
    }

    private void writeDurably(final long fileOffset, final ByteBuffer alignedBuffer) {
        if (handle.isDirect()) {
            final int start = alignedBuffer.position();
            try {
                handle.write(fileOffset, alignedBuffer);
                return;
            } catch (final DirectRefusedException refused) {
                alignedBuffer.position(start);
                reopenCached();
            }
        }
        handle.write(fileOffset, alignedBuffer);
        handle.sync();
    }

    /** What earlier writes left is durable, so nothing is lost with their descriptor. */
    private void reopenCached() {
        final FileHandle refusing = handle;
        handle = opener.open(OpenFlag.WRITE);
        refusing.close();
    }

    @Override
    public String method() {
        if (handle.isDirect()) {
            return "O_DIRECT|O_DSYNC";
        }
        return isNative ? "pwrite+fdatasync" : "write+fsync";
    }

    @Override
    public void close() {
        handle.close();
    }
}
