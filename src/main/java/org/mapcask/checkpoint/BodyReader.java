package org.mapcask.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.mapcask.format.CheckpointDescriptor;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.StoreFile;

/**
 * Reads the body of a checkpoint from its beginning to its end, and sums it up on the way. In pieces: at an open the
 * faults of pages that are touched for the first time cost more than the calls. One thread, one use.
 */
final class BodyReader {
    private static final int PIECE_LENGTH = 1 << 16;

    private final StoreFile file;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private long fileOffset = HeaderDescriptor.PAGE_LENGTH;
    private boolean cutShort;

    BodyReader(final StoreFile file) {
        this.file = file;
    }

    /** The bytes from here on, which come again: nothing is summed up. */
    ByteBuffer look(final int length) {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(length);
        cutShort |= file.read(fileOffset, bytes) < length;
        return bytes.clear();
    }

    /** The next bytes. */
    ByteBuffer next(final int length) {
        final ByteBuffer bytes = look(length);
        crc.update(bytes);
        fileOffset += length;
        return bytes.clear();
    }

    /** Fills an array with the next words. */
    void next(final int[] words) {
        for (int done = 0; done < words.length;) {
            final int count = Math.min(PIECE_LENGTH / Integer.BYTES, words.length - done);
            nextPiece(count * Integer.BYTES).asIntBuffer().get(words, done, count);
            done += count;
        }
    }

    /** Fills an array with the next bytes. */
    void next(final byte[] bytes) {
        for (int done = 0; done < bytes.length;) {
            final int count = Math.min(PIECE_LENGTH, bytes.length - done);
            nextPiece(count).get(bytes, done, count);
            done += count;
        }
    }

    private ByteBuffer nextPiece(final int length) {
        piece.clear().limit(length);
        cutShort |= file.read(fileOffset, piece) < length;
        crc.update(piece.flip().limit(length));
        fileOffset += length;
        return piece.flip();
    }

    /** Whether what is next is the checksum of all before it and the salt, and the file had everything. */
    boolean endsWithChecksum(final long salt) {
        CheckpointDescriptor.update(crc, salt);
        final int found = look(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        return !cutShort && found == (int)crc.getValue();
    }
}
