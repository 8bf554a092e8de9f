package org.mapcask.format;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Layout of a frame of the write-ahead log: what one write to the device makes durable. It starts at a multiple of 4096
 * in its file, behind the header page, and never goes on in the next file. Little-endian.
 * <pre>
 *  FRAME, written whole
 *  +--------------------------------+--------------------------------+
 *  |  checksum (4) | payload length (4)  |  magic "FRAME WL" (8)     |    0
 *  +--------------------------------+--------------------------------+
 *  |  first sequence (8)            |  last sequence (8)             |   16
 *  +--------------------------------+--------------------------------+
 *  |  segments durable (8)          |  record count (4) | zeros (4)  |   32
 *  +--------------------------------+--------------------------------+
 *  |  zeros                                                          |   48
 *  +-----------------------------------------------------------------+
 *  |  payload: records as in a segment, then zeros up to 4096        |   64
 *  +-----------------------------------------------------------------+
 * </pre>
 * The checksum is that of {@link WalChecksum}. <em>Segments durable</em> is a sequence: every record up to it was
 * durable in the segments when the frame was written, so sequences that the frames leave out before it are no loss. A
 * record in the payload has the layout of {@link RecordDescriptor}, its padding included; its own checksum belongs to
 * the place in a segment where it was first written, and means nothing here.
 * <p>
 * All methods are static and stateless; any thread.
 */
public final class WalDescriptor {
    /** Every frame starts at a multiple of this many bytes, and takes a multiple of it. */
    public static final int FRAME_ALIGNMENT = 4096;
    /** Longest frame in bytes, header and padding included: 1 MiB. */
    public static final int FRAME_LENGTH_MAX = 1 << 20;
    /** First bytes of a frame behind its checksum and its length. */
    public static final long MAGIC = magic();

    /** Offset of the checksum, an int. */
    public static final int CHECKSUM_OFFSET = 0;
    /** Offset of the length of the payload, an int. */
    public static final int PAYLOAD_LENGTH_OFFSET = CHECKSUM_OFFSET + BitUtil.SIZE_OF_INT;
    /** Offset of the magic, a long. */
    public static final int MAGIC_OFFSET = PAYLOAD_LENGTH_OFFSET + BitUtil.SIZE_OF_INT;
    /** Offset of the sequence of the first record, a long. */
    public static final int FIRST_SEQUENCE_OFFSET = MAGIC_OFFSET + BitUtil.SIZE_OF_LONG;
    /** Offset of the sequence of the last record, a long. */
    public static final int LAST_SEQUENCE_OFFSET = FIRST_SEQUENCE_OFFSET + BitUtil.SIZE_OF_LONG;
    /** Offset of the sequence up to which the segments were durable, a long. */
    public static final int SEGMENTS_DURABLE_OFFSET = LAST_SEQUENCE_OFFSET + BitUtil.SIZE_OF_LONG;
    /** Offset of the number of records, an int. */
    public static final int RECORD_COUNT_OFFSET = SEGMENTS_DURABLE_OFFSET + BitUtil.SIZE_OF_LONG;
    /** Length of the header of a frame; the payload starts here. */
    public static final int HEADER_LENGTH = 64;
    /** Longest payload in bytes. */
    public static final int PAYLOAD_LENGTH_MAX = FRAME_LENGTH_MAX - HEADER_LENGTH;

    private static final int RESERVED_OFFSET = RECORD_COUNT_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int RECORD_LENGTH_MIN =
        RecordDescriptor.alignedLength(RecordDescriptor.HEADER_LENGTH + RecordDescriptor.KEY_LENGTH_MIN);
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    static {
        if (RESERVED_OFFSET >= HEADER_LENGTH || HEADER_LENGTH % RecordDescriptor.ALIGNMENT != 0 ||
            HeaderDescriptor.PAGE_LENGTH % FRAME_ALIGNMENT != 0 || FRAME_LENGTH_MAX % FRAME_ALIGNMENT != 0) {
            throw new AssertionError("frame layout");
        }
    }

    private WalDescriptor() {
    }

    /** Room that a frame with this payload takes in its file. */
    public static int frameLength(final int payloadLength) {
        return BitUtil.align(HEADER_LENGTH + payloadLength, FRAME_ALIGNMENT);
    }

    /** Writes the header of a frame, without its checksum. */
    public static void putHeader(
        final MutableDirectBuffer buffer, final int offset, final int payloadLength, final int recordCount,
        final long firstSequence, final long lastSequence, final long segmentsDurable) {
        buffer.putInt(offset + CHECKSUM_OFFSET, 0, ORDER);
        buffer.putInt(offset + PAYLOAD_LENGTH_OFFSET, payloadLength, ORDER);
        buffer.putLong(offset + MAGIC_OFFSET, MAGIC, ORDER);
        buffer.putLong(offset + FIRST_SEQUENCE_OFFSET, firstSequence, ORDER);
        buffer.putLong(offset + LAST_SEQUENCE_OFFSET, lastSequence, ORDER);
        buffer.putLong(offset + SEGMENTS_DURABLE_OFFSET, segmentsDurable, ORDER);
        buffer.putInt(offset + RECORD_COUNT_OFFSET, recordCount, ORDER);
        buffer.setMemory(offset + RESERVED_OFFSET, HEADER_LENGTH - RESERVED_OFFSET, (byte)0);
    }

    /** Writes the checksum of a frame. */
    public static void putChecksum(final MutableDirectBuffer buffer, final int offset, final int checksum) {
        buffer.putInt(offset + CHECKSUM_OFFSET, checksum, ORDER);
    }

    /**
     * Whether a header is that of a frame, and its length can be used to address memory; whether the frame is sound is
     * for its checksum to say.
     *
     * @param available bytes from the start of the frame to the end of its file.
     */
    public static boolean isPlausible(final DirectBuffer buffer, final int offset, final long available) {
        if (buffer.getLong(offset + MAGIC_OFFSET, ORDER) != MAGIC) {
            return false;
        }
        final int payloadLength = payloadLength(buffer, offset);
        final int recordCount = recordCount(buffer, offset);
        return payloadLength >= RECORD_LENGTH_MIN && payloadLength <= PAYLOAD_LENGTH_MAX &&
            payloadLength % RecordDescriptor.ALIGNMENT == 0 && frameLength(payloadLength) <= available &&
            recordCount > 0 && recordCount <= payloadLength / RECORD_LENGTH_MIN &&
            firstSequence(buffer, offset) > 0 &&
            lastSequence(buffer, offset) - firstSequence(buffer, offset) >= recordCount - 1 &&
            segmentsDurable(buffer, offset) >= 0;
    }

    /** Checksum as stored. */
    public static int checksum(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + CHECKSUM_OFFSET, ORDER);
    }

    /** Length of the payload as stored. */
    public static int payloadLength(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + PAYLOAD_LENGTH_OFFSET, ORDER);
    }

    /** Sequence of the first record as stored. */
    public static long firstSequence(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + FIRST_SEQUENCE_OFFSET, ORDER);
    }

    /** Sequence of the last record as stored. */
    public static long lastSequence(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + LAST_SEQUENCE_OFFSET, ORDER);
    }

    /** Sequence up to which the segments were durable, as stored. */
    public static long segmentsDurable(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + SEGMENTS_DURABLE_OFFSET, ORDER);
    }

    /** Number of records as stored. */
    public static int recordCount(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + RECORD_COUNT_OFFSET, ORDER);
    }

    private static long magic() {
        long value = 0;
        final byte[] text = "FRAME WL".getBytes(StandardCharsets.US_ASCII);
        for (int i = text.length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | text[i];
        }
        return value;
    }
}
