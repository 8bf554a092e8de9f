package org.mapcask.lab.probe;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes the whole block that a piece is in, with the pieces before it. */
final class DirectTarget extends AppendTarget {
    private final DirectFile file;
    private final ByteBuffer block = DirectFile.newBlock();
    private final UnsafeBuffer buffer = new UnsafeBuffer(block);
    private final int length;
    private final int perBlock;

    DirectTarget(final DirectFile file, final int length) {
        this.file = file;
        this.length = length;
        perBlock = DirectFile.BLOCK_LENGTH / length;
    }

    boolean isDirect() {
        return file.isDirect();
    }

    @Override
    public String method() {
        return file.method();
    }

    @Override
    public void fill(final long index) {
        final int slot = (int) (index % perBlock);
        if (slot == 0) {
            buffer.setMemory(0, DirectFile.BLOCK_LENGTH, (byte) 0);
        }
        mark(buffer, slot * length, length, index);
    }

    @Override
    public void append(final long index) {
        file.write(index / perBlock * DirectFile.BLOCK_LENGTH, block);
    }

    @Override
    public void close() {
        file.close();
    }
}
