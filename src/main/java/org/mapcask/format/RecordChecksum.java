package org.mapcask.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The checksum of a record: CRC32C over the record after its header (expiry, key, value), then over a trailer that
 * is not stored.
 * <pre>
 *   trailer:  sequence (8) | shape (8) | salt of the segment (8) | offset in the segment (4) | length (4)
 * </pre>
 * The salt and the offset make a stale record of a recycled file, and a record written to the wrong place, fail. The
 * body comes first so that a writer can sum it up before it knows sequence and offset, outside the write lock.
 * <p>
 * Use: {@link #reset}, any number of {@code update}, {@link #finish}. Holds state: one thread at a time. Allocates
 * nothing after construction. The bytes must be a copy: the intrinsic behind CRC32C ends the JVM when a mapped page
 * cannot be read.
 */
public final class RecordChecksum {
    private static final int TRAILER_LENGTH = 32;

    private final CRC32C crc = new CRC32C();
    private final byte[] trailer = new byte[TRAILER_LENGTH];
    private final UnsafeBuffer trailerBuffer = new UnsafeBuffer(trailer);

    /** A checksum that is ready for {@code update}. */
    public RecordChecksum() {
        reset();
    }

    /** Starts over. */
    public void reset() {
        crc.reset();
    }

    /** Adds bytes of the body. */
    public void update(final byte[] bytes, final int offset, final int length) {
        crc.update(bytes, offset, length);
    }

    /** Adds the remaining bytes of a buffer, and moves its position. */
    public void update(final ByteBuffer bytes) {
        crc.update(bytes);
    }

    /** Adds the trailer and returns the checksum. */
    public int finish(final long sequence, final long shape, final long salt, final int offset, final int length) {
        trailerBuffer.putLong(0, sequence, ByteOrder.LITTLE_ENDIAN);
        trailerBuffer.putLong(8, shape, ByteOrder.LITTLE_ENDIAN);
        trailerBuffer.putLong(16, salt, ByteOrder.LITTLE_ENDIAN);
        // One word, as it is read: a load cannot take its bytes from two stores that have not reached the cache.
        trailerBuffer.putLong(24, (long)length << Integer.SIZE | offset, ByteOrder.LITTLE_ENDIAN);
        crc.update(trailer, 0, TRAILER_LENGTH);
        return (int)crc.getValue();
    }
}
