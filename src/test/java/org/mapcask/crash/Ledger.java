package org.mapcask.crash;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a writer has begun and what the store has acknowledged, by key, in a mapped file outside of the store: it
 * survives the death of the process that writes it, to the last store instruction. One writer for each key.
 */
final class Ledger implements AutoCloseable {
    private static final int ENTRY_LENGTH = 2 * Long.BYTES;

    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;

    Ledger(final Path file, final int keys) throws IOException {
        try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long)keys * ENTRY_LENGTH);
        }
        buffer = new UnsafeBuffer(mapping);
    }

    /** Before the call that writes a version. */
    void begin(final int key, final long version) {
        buffer.putLongVolatile(key * ENTRY_LENGTH, version);
    }

    /** After that call has returned. */
    void acknowledge(final int key, final long version) {
        buffer.putLongVolatile(key * ENTRY_LENGTH + Long.BYTES, version);
    }

    long begun(final int key) {
        return buffer.getLongVolatile(key * ENTRY_LENGTH);
    }

    long acknowledged(final int key) {
        return buffer.getLongVolatile(key * ENTRY_LENGTH + Long.BYTES);
    }

    @Override
    public void close() {
        buffer.wrap(0, 0);
        IoUtil.unmap(mapping);
    }
}
