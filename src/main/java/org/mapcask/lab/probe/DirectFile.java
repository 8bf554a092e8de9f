package org.mapcask.lab.probe;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.mapcask.errors.StoreIoException;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/**
 * A file that is written in whole blocks: past the page cache and durable when a write returns where the file system
 * allows it, elsewhere by a write and fdatasync. Used by one thread.
 */
public final class DirectFile implements AutoCloseable {
    /** Bytes of a block: offsets, lengths and addresses are multiples of it. */
    public static final int BLOCK_LENGTH = 4096;

    private final FileHandle handle;
    private final boolean syncs;
    private final String method;

    private DirectFile(final FileHandle handle, final boolean syncs, final String method) {
        this.handle = handle;
        this.syncs = syncs;
        this.method = method;
    }

    /** Opens a file that is there, so that each write is durable when it returns. */
    public static DirectFile open(final Path file) {
        try {
            final FileHandle handle =
                NativeAccess.get().open(file, OpenFlag.WRITE, OpenFlag.DIRECT, OpenFlag.DATA_SYNC);
            return new DirectFile(handle, false, handle.isDirect() ? "O_DIRECT, O_DSYNC" : "O_DSYNC");
        } catch (final StoreIoException e) {
            return new DirectFile(NativeAccess.get().open(file, OpenFlag.WRITE), true, "pwrite + fdatasync");
        }
    }

    /** Opens a file that is there, so that writes pass the page cache and nothing more: they are not durable. */
    static DirectFile openNotDurable(final Path file) {
        final FileHandle handle = NativeAccess.get().open(file, OpenFlag.WRITE, OpenFlag.DIRECT);
        return new DirectFile(handle, false, handle.isDirect() ? "O_DIRECT" : "pwrite");
    }

    /** A block that may be written, all zeros. */
    public static ByteBuffer newBlock() {
        return ByteBuffer.allocateDirect(2 * BLOCK_LENGTH).alignedSlice(BLOCK_LENGTH).slice(0, BLOCK_LENGTH);
    }

    /** How it is made durable. */
    public String method() {
        return method;
    }

    /** Whether writes pass the page cache. */
    boolean isDirect() {
        return handle.isDirect();
    }

    /** Writes a block, whatever its position is. */
    public void write(final long offset, final ByteBuffer block) {
        block.clear();
        handle.write(offset, block);
        if (syncs) {
            handle.sync();
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
