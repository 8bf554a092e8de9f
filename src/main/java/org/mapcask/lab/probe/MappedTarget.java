package org.mapcask.lab.probe;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/** Stores into a mapping of the file. */
final class MappedTarget extends AppendTarget {
    private final NativeAccess nativeAccess = NativeAccess.get();
    private final FileHandle handle;
    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;
    private final UnsafeBuffer content;
    private final SyncCall call;
    private final int length;
    private final String name;

    MappedTarget(final SyncCall call, final Path path, final int fileLength, final int length) throws IOException {
        handle = nativeAccess.open(path, OpenFlag.WRITE);
        mapping = handle.map(fileLength, true);
        buffer = new UnsafeBuffer(mapping);
        content = new UnsafeBuffer(new byte[length]);
        name = path.toString();
        this.length = length;
        this.call = call;
    }

    @Override
    public String method() {
        return call.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void fill(final long index) {
        mark(content, 0, length, index);
    }

    @Override
    public void append(final long index) {
        final int offset = (int) index * length;
        buffer.putBytes(offset, content, 0, length);
        switch (call) {
            case MSYNC -> nativeAccess.syncMapping(mapping, offset, length, name);
            case FORCE -> NativeAccess.forceMapping(mapping, offset, length, name);
            case WRITEBACK -> handle.awaitWriteback(offset, length);
            default -> handle.sync();
        }
    }

    @Override
    public void close() {
        IoUtil.unmap(mapping);
        handle.close();
    }
}
