package org.mapcask.bench;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.mapcask.errors.StoreIoException;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/**
 * A file whose writes of whole blocks are durable when they return: past the page cache where the file system allows
 * it, elsewhere a write and fdatasync. Used by one thread.
 */
public final class DirectFile implements AutoCloseable {
    /** Bytes of a block: offsets, lengths and addresses are multiples of it. */
    public static final int BLOCK_LENGTH = 4096;

    private final FileHandle handle;
    private final boolean syncs;

    private DirectFile(final FileHandle handle, final boolean syncs) {
        this.handle = handle;
        this.syncs = syncs;
    }

    /** Opens a file that is there. */
    public static DirectFile open(final Path file) {
        try {
            return new DirectFile(
                NativeAccess.get().open(file, OpenFlag.WRITE, OpenFlag.DIRECT, OpenFlag.DATA_SYNC), false);
        } catch (final StoreIoException e) {
            return new DirectFile(NativeAccess.get().open(file, OpenFlag.WRITE), true);
        }
    }

    /** A block that may be written, all zeros. */
    public static ByteBuffer newBlock() {
        return ByteBuffer.allocateDirect(2 * BLOCK_LENGTH).alignedSlice(BLOCK_LENGTH).slice(0, BLOCK_LENGTH);
    }

    /** How it is made durable. */
    public String method() {
        return syncs ? "pwrite + fdatasync" : handle.isDirect() ? "O_DIRECT, O_DSYNC" : "O_DSYNC";
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
