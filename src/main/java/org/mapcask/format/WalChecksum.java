package org.mapcask.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The checksum of a frame of the write-ahead log: CRC32C over the frame from behind the checksum to the end of its
 * payload, then over a trailer that is not stored.
 * <pre>
 *   trailer:  salt of the file (8) | offset of the frame in the file (8)
 * </pre>
 * Salt and offset make a frame of another file, one at the wrong place, and the image of a frame inside of a value
 * fail. Holds state: one thread at a time. Allocates nothing after construction. The bytes must not be those of a
 * mapped file: the intrinsic behind CRC32C ends the JVM when a mapped page cannot be read.
 */
public final class WalChecksum {
    private static final int TRAILER_LENGTH = 16;

    private final CRC32C crc = new CRC32C();
    private final byte[] trailer = new byte[TRAILER_LENGTH];
    private final UnsafeBuffer trailerBuffer = new UnsafeBuffer(trailer);

    /** A checksum, ready for use. */
    public WalChecksum() {
        crc.reset();
    }

    /**
     * Sums up a frame; position and limit of the buffer are other ones afterwards.
     *
     * @param frame         holds the frame.
     * @param frameStart    index in it where the frame starts.
     * @param payloadLength checked by the caller to lie inside the buffer.
     * @param salt          of the file.
     * @param fileOffset    of the frame in its file.
     */
    public int of(
        final ByteBuffer frame, final int frameStart, final int payloadLength, final long salt,
        final long fileOffset) {
        crc.reset();
        frame.clear().position(frameStart + WalDescriptor.PAYLOAD_LENGTH_OFFSET)
            .limit(frameStart + WalDescriptor.HEADER_LENGTH + payloadLength);
        crc.update(frame);
        trailerBuffer.putLong(0, salt, ByteOrder.LITTLE_ENDIAN);
        trailerBuffer.putLong(8, fileOffset, ByteOrder.LITTLE_ENDIAN);
        crc.update(trailer, 0, TRAILER_LENGTH);
        return (int)crc.getValue();
    }
}
