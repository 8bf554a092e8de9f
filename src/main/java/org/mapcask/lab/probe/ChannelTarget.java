package org.mapcask.lab.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes each piece as a Java program does without any native call of its own. */
final class ChannelTarget extends AppendTarget {
    private final FileChannel channel;
    private final boolean metadata;
    private final ByteBuffer piece;
    private final UnsafeBuffer buffer;
    private final int length;

    ChannelTarget(final Path path, final int length, final boolean metadata) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.WRITE);
        piece = ByteBuffer.allocateDirect(length);
        buffer = new UnsafeBuffer(piece);
        this.length = length;
        this.metadata = metadata;
    }

    @Override
    public String method() {
        return "force(" + metadata + ")";
    }

    @Override
    public void fill(final long index) {
        mark(buffer, 0, length, index);
    }

    @Override
    public void append(final long index) {
        piece.clear();
        try {
            long offset = index * length;
            while (piece.hasRemaining()) {
                offset += channel.write(piece, offset);
            }
            channel.force(metadata);
        } catch (final IOException e) {
            throw new UncheckedIOException("append " + index + " by FileChannel", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
