package org.mapcask.format;

import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Layout of a record in a segment. Little-endian; a record starts at a multiple of 8 bytes.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |  length: header + expiry + key + value; 0 = unwritten         |   0
 *  +---------------------------------------------------------------+
 *  |  checksum: CRC32C, see {@link RecordChecksum}                 |   4
 *  +---------------------------------------------------------------+
 *  |                                                               |   8
 *  |  sequence: counts every record of the store, from 1           |
 *  +-------------------------------+---------------+---------------+
 *  |  key length - 1               |  type         |  flags        |  16
 *  +-------------------------------+---------------+---------------+
 *  |  value length                                                 |  20
 *  +---------------------------------------------------------------+
 *  |  expiry: ms since 1970, only with FLAG_EXPIRY (8 bytes)       |  24
 *  +---------------------------------------------------------------+
 *  |  key, then value, then zeros up to a multiple of 8            |  24 or 32
 *  +---------------------------------------------------------------+
 *
 *  flags   bit 0     FLAG_EXPIRY: the record has an expiry
 *          bit 1, 2  place in a batch: 0 none, 1 first, 2 inside, 3 last
 *          bit 3-7   zero
 * </pre>
 * The length is stored last, with release order: that makes a record <em>visible</em> to a reader of the mapping. It
 * says nothing about durability, since the kernel writes pages back at any time and in any order.
 * <p>
 * All methods are static and stateless; any thread.
 */
public final class RecordDescriptor {
    /** Every record starts at a multiple of this many bytes. */
    public static final int ALIGNMENT = 8;
    /** Offset of the length, an int. */
    public static final int LENGTH_OFFSET = 0;
    /** Offset of the checksum, an int. */
    public static final int CHECKSUM_OFFSET = LENGTH_OFFSET + BitUtil.SIZE_OF_INT;
    /** Offset of the sequence number, a long. */
    public static final int SEQUENCE_OFFSET = CHECKSUM_OFFSET + BitUtil.SIZE_OF_INT;
    /**
     * Offset of the eight bytes that hold key length, type, flags and value length; written and checked as one long.
     */
    public static final int SHAPE_OFFSET = SEQUENCE_OFFSET + BitUtil.SIZE_OF_LONG;
    /** Length of the fixed header in bytes. */
    public static final int HEADER_LENGTH = SHAPE_OFFSET + BitUtil.SIZE_OF_LONG;
    /** Length of the optional expiry in bytes. */
    public static final int EXPIRY_LENGTH = BitUtil.SIZE_OF_LONG;

    /** Shortest key in bytes. */
    public static final int KEY_LENGTH_MIN = 1;
    /** Longest key in bytes. */
    public static final int KEY_LENGTH_MAX = 64 * 1024;
    /** Longest value in bytes. */
    public static final int VALUE_LENGTH_MAX = 1 << 30;
    /** Longest record in bytes, padding included. */
    public static final int RECORD_LENGTH_MAX =
        BitUtil.align(HEADER_LENGTH + EXPIRY_LENGTH + KEY_LENGTH_MAX + VALUE_LENGTH_MAX, ALIGNMENT);

    /** Type: the key has this value from now on. */
    public static final int TYPE_PUT = 1;
    /** Type: the key is gone from now on; the value is empty. */
    public static final int TYPE_DELETE = 2;

    /** Flag: eight bytes of expiry stand between header and key. */
    public static final int FLAG_EXPIRY = 1;
    /** Mask of the two flag bits that tell the place in a batch. */
    public static final int BATCH_MASK = 0b110;
    /** Place in a batch: the record stands alone. */
    public static final int BATCH_NONE = 0;
    /** Place in a batch: first of two or more. */
    public static final int BATCH_FIRST = 0b010;
    /** Place in a batch: neither first nor last. */
    public static final int BATCH_INSIDE = 0b100;
    /** Place in a batch: last; the batch counts only when this record is sound. */
    public static final int BATCH_LAST = 0b110;

    /** Expiry of a record that has none: later than any clock. A record without the flag is told to have it. */
    public static final long EXPIRY_NEVER = Long.MAX_VALUE;

    private static final int FLAGS_KNOWN = FLAG_EXPIRY | BATCH_MASK;
    private static final int TYPE_SHIFT = 16;
    private static final int FLAGS_SHIFT = 24;
    private static final int VALUE_LENGTH_SHIFT = 32;

    static {
        if (HEADER_LENGTH % ALIGNMENT != 0 || RECORD_LENGTH_MAX < VALUE_LENGTH_MAX) {
            throw new AssertionError("record layout");
        }
    }

    private RecordDescriptor() {
    }

    /** Length of a record without padding, in bytes. */
    public static int length(final int flags, final int keyLength, final int valueLength) {
        return bodyOffset(flags) + keyLength + valueLength;
    }

    /** Length of a record of this shape in bytes, without padding. */
    public static int length(final long shape) {
        return length(flags(shape), keyLength(shape), valueLength(shape));
    }

    /** Room that a record of this length takes in a segment. */
    public static int alignedLength(final int length) {
        return BitUtil.align(length, ALIGNMENT);
    }

    /** Offset of the key from the start of its record. */
    public static int bodyOffset(final int flags) {
        return (flags & FLAG_EXPIRY) == 0 ? HEADER_LENGTH : HEADER_LENGTH + EXPIRY_LENGTH;
    }

    /** Packs key length, type, flags and value length. */
    public static long shape(final int type, final int flags, final int keyLength, final int valueLength) {
        return (long)valueLength << VALUE_LENGTH_SHIFT | (long)flags << FLAGS_SHIFT | (long)type << TYPE_SHIFT |
            keyLength - KEY_LENGTH_MIN;
    }

    /** Key length of a shape. */
    public static int keyLength(final long shape) {
        return (int)(shape & 0xFFFF) + KEY_LENGTH_MIN;
    }

    /** Type of a shape. */
    public static int type(final long shape) {
        return (int)(shape >>> TYPE_SHIFT) & 0xFF;
    }

    /** Flags of a shape. */
    public static int flags(final long shape) {
        return (int)(shape >>> FLAGS_SHIFT) & 0xFF;
    }

    /** Value length of a shape. */
    public static int valueLength(final long shape) {
        return (int)(shape >>> VALUE_LENGTH_SHIFT);
    }

    /**
     * Whether length and shape belong together and to a format that this version knows: the check before any of them
     * is used to address memory.
     *
     * @param length    as stored.
     * @param shape     as stored.
     * @param available bytes from the start of the record to the end of its segment.
     */
    public static boolean isPlausible(final int length, final long shape, final long available) {
        final int type = type(shape);
        final int flags = flags(shape);
        final int valueLength = valueLength(shape);
        return length > HEADER_LENGTH && length <= available && (type == TYPE_PUT || type == TYPE_DELETE &&
            valueLength == 0) &&
            (flags & ~FLAGS_KNOWN) == 0 && valueLength >= 0 && valueLength <= VALUE_LENGTH_MAX &&
            length == length(shape);
    }

    /** Length as stored, with plain order: for a copy of a record, or a file that nobody writes. */
    public static int length(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Length of a record in a live mapping; pairs with {@link #publishLength}. */
    public static int lengthAcquire(final UnsafeBuffer buffer, final int offset) {
        return littleEndian(buffer.getIntAcquire(offset + LENGTH_OFFSET));
    }

    /** Makes a record visible: everything else of it was stored before. Pairs with {@link #lengthAcquire}. */
    public static void publishLength(final UnsafeBuffer buffer, final int offset, final int length) {
        buffer.putIntRelease(offset + LENGTH_OFFSET, littleEndian(length));
    }

    /** Checksum as stored. */
    public static int checksum(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + CHECKSUM_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sequence as stored. */
    public static long sequence(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Shape as stored. */
    public static long shape(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + SHAPE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Expiry as stored, in milliseconds since 1970; only for a record with {@link #FLAG_EXPIRY}. */
    public static long expiry(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + HEADER_LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    /** Expiry of a record that may have none: {@link #EXPIRY_NEVER} then. */
    public static long expiryOf(final DirectBuffer buffer, final int offset) {
        return (flags(shape(buffer, offset)) & FLAG_EXPIRY) == 0 ? EXPIRY_NEVER : expiry(buffer, offset);
    }

    /** Writes all of a header but the length. */
    public static void putHeader(
        final MutableDirectBuffer buffer, final int offset, final int checksum, final long sequence, final long shape) {
        buffer.putInt(offset + CHECKSUM_OFFSET, checksum, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + SEQUENCE_OFFSET, sequence, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + SHAPE_OFFSET, shape, ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes the expiry that follows a header. */
    public static void putExpiry(final MutableDirectBuffer buffer, final int offset, final long expiryMs) {
        buffer.putLong(offset + HEADER_LENGTH, expiryMs, ByteOrder.LITTLE_ENDIAN);
    }

    private static int littleEndian(final int value) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }
}
