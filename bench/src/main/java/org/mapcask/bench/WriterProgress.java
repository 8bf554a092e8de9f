package org.mapcask.bench;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How many writes each writer has begun and how many the store has acknowledged, in a mapped file outside of the store:
 * it outlives the process that writes it, to the last store instruction. One writer a slot; anybody may read.
 */
public final class WriterProgress implements AutoCloseable {
    /** A cache line for each writer. */
    private static final int SLOT_LENGTH = 64;

    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;
    private final int writers;

    /**
     * Opens a file, or makes it.
     *
     * @param file    its path.
     * @param writers number of slots.
     */
    public WriterProgress(final Path file, final int writers) throws IOException {
        try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) writers * SLOT_LENGTH);
        }
        buffer = new UnsafeBuffer(mapping);
        this.writers = writers;
    }

    /** Number of slots. */
    public int writers() {
        return writers;
    }

    /** Before the call that makes a writer's writes this many. */
    public void begin(final int writer, final long count) {
        buffer.putLongVolatile(writer * SLOT_LENGTH, count);
    }

    /** After that call has returned. */
    public void acknowledge(final int writer, final long count) {
        buffer.putLongVolatile(writer * SLOT_LENGTH + Long.BYTES, count);
    }

    public long begun(final int writer) {
        return buffer.getLongVolatile(writer * SLOT_LENGTH);
    }

    public long acknowledged(final int writer) {
        return buffer.getLongVolatile(writer * SLOT_LENGTH + Long.BYTES);
    }

    /** Of all writers together. */
    public long acknowledged() {
        long sum = 0;
        for (int i = 0; i < writers; i++) {
            sum += acknowledged(i);
        }
        return sum;
    }

    @Override
    public void close() {
        buffer.wrap(0, 0);
        IoUtil.unmap(mapping);
    }
}
