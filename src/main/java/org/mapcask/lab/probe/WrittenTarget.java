package org.mapcask.lab.probe;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/** Writes each piece through the page cache, by pwrite. */
final class WrittenTarget extends AppendTarget {
    private final FileHandle handle;
    private final boolean syncs;
    private final ByteBuffer piece;
    private final UnsafeBuffer buffer;
    private final int length;

    WrittenTarget(final SyncCall call, final Path path, final int length) {
        syncs = call == SyncCall.WRITE_FDATASYNC;
        handle = syncs ? NativeAccess.get().open(path, OpenFlag.WRITE)
            : NativeAccess.get().open(path, OpenFlag.WRITE, OpenFlag.DATA_SYNC);
        piece = ByteBuffer.allocateDirect(length);
        buffer = new UnsafeBuffer(piece);
        this.length = length;
    }

    @Override
    public String method() {
        return syncs ? "pwrite + fdatasync" : "O_DSYNC";
    }

    @Override
    public void fill(final long index) {
        mark(buffer, 0, length, index);
    }

    @Override
    public void append(final long index) {
        piece.clear();
        handle.write(index * length, piece);
        if (syncs) {
            handle.sync();
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
