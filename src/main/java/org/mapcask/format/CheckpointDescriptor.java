package org.mapcask.format;

import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Layout of a checkpoint: what is needed to go on with the keydir without the log up to a sequence. Little-endian. The
 * file starts with a header page, of which only the identity sector is written: the segment id is the number of the
 * checkpoint, the base position the number of its file of pages. Behind it:
 * <pre>
 *  +--------------------------------+--------------------------------+
 *  |  covered sequence (8)          |  counted sequence (8)          |    0
 *  +--------------------------------+--------------------------------+
 *  |  replay segment (8)            |  replay offset (8)             |   16
 *  +--------------------------------+--------------------------------+
 *  |  keys (8)                      |  segments (4) |  waiting (4)   |   32
 *  +--------------------------------+---------------+----------------+
 *  |  pages (4)    | expiring (4)   |  zeros (8)                     |   48
 *  +---------------+----------------+--------------------------------+
 *  |  per segment: id (8), salt (8), live bytes (8), bytes of        |   64
 *  |  deletions (8), numbers that expire (8), zeros (24)             |
 *  +-----------------------------------------------------------------+
 *  |  per segment its numbers that expire (8 each)                   |
 *  +-----------------------------------------------------------------+
 *  |  per waiting change: its position (8)                           |
 *  +-----------------------------------------------------------------+
 *  |  per page: slot (4) and checksum (4)                            |
 *  +-----------------------------------------------------------------+
 *  |  per page: depth (1); zeros up to a multiple of 8               |
 *  +--------------------------------+--------------------------------+
 *  |  CRC (4)                       |
 *  +--------------------------------+
 * </pre>
 * Every record up to the covered sequence is in the pages; the next one stands at the replay offset of the replay
 * segment, or in a later one. The figures, keys and bytes, count every record up to the counted sequence, but for the
 * waiting changes. The numbers that expire are an origin in milliseconds since 1970, and pairs of a step of time from
 * there and the live bytes that expire in it, as {@code ExpiringBytes} describes. The log was durable up to the counted
 * sequence before the file got its name. Pages are in the order of their hash prefixes; together they cover all of
 * them. The CRC32C covers everything before it behind the header page, and the salt of the file.
 *
 * <p>A file of pages has a header page too, whose segment id is its number, and then slots of {@value #PAGE_LENGTH}
 * bytes. A page starts with a CRC32C of the rest of it, its slot and the salt of the file; {@code KeydirPage} describes
 * the rest. Static and stateless; any thread.
 */
public final class CheckpointDescriptor {
    /** Bytes of a page of the keydir, and of a slot. */
    public static final int PAGE_LENGTH = 4096;
    /** Offset of the checksum in a page. */
    public static final int PAGE_CRC_OFFSET = 0;
    /** Start of what the checksum of a page covers. */
    public static final int PAGE_BODY_OFFSET = PAGE_CRC_OFFSET + Integer.BYTES;

    private static final int COVERED_OFFSET = 0;
    private static final int COUNTED_OFFSET = COVERED_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int REPLAY_SEGMENT_OFFSET = COUNTED_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int REPLAY_OFFSET_OFFSET = REPLAY_SEGMENT_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int KEYS_OFFSET = REPLAY_OFFSET_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int SEGMENTS_OFFSET = KEYS_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int WAITING_OFFSET = SEGMENTS_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int PAGES_OFFSET = WAITING_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int EXPIRING_OFFSET = PAGES_OFFSET + BitUtil.SIZE_OF_INT;
    /** Bytes of the part of fixed length. */
    public static final int FIXED_LENGTH = 64;
    /** Bytes of the figures of one segment. */
    public static final int SEGMENT_LENGTH = 64;
    private static final int SLOT_ENTRY_LENGTH = 2 * Integer.BYTES;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private CheckpointDescriptor() {
    }

    /** The part of fixed length. */
    public record Fixed(long coveredSequence, long countedSequence, long replaySegment, long replayOffset, long keys,
        int segments, int waiting, int pages, int expiring) {
        /** Bytes from the header page to the CRC. */
        public long bodyLength() {
            return FIXED_LENGTH + (long)segments * SEGMENT_LENGTH + ((long)expiring + waiting) * Long.BYTES +
                (long)pages * SLOT_ENTRY_LENGTH + BitUtil.align((long)pages, Long.BYTES);
        }

        /** Bytes of the file. */
        public long fileLength() {
            return HeaderDescriptor.PAGE_LENGTH + bodyLength() + Integer.BYTES;
        }

        /** Whether the numbers can be those of a file of this length. */
        public boolean fits(final long fileLength) {
            return segments >= 0 && waiting >= 0 && expiring >= 0 && pages > 0 && fileLength() == fileLength;
        }
    }

    /** The figures of a segment: bytes that live, and of deletions; and the numbers that tell what expires when. */
    public record SegmentFigures(long id, long salt, long liveBytes, long tombstoneBytes, long[] expiring) {
    }

    /** Writes the part of fixed length at the start of the body. */
    public static void putFixed(final MutableDirectBuffer body, final Fixed fixed) {
        body.putLong(COVERED_OFFSET, fixed.coveredSequence(), ORDER);
        body.putLong(COUNTED_OFFSET, fixed.countedSequence(), ORDER);
        body.putLong(REPLAY_SEGMENT_OFFSET, fixed.replaySegment(), ORDER);
        body.putLong(REPLAY_OFFSET_OFFSET, fixed.replayOffset(), ORDER);
        body.putLong(KEYS_OFFSET, fixed.keys(), ORDER);
        body.putInt(SEGMENTS_OFFSET, fixed.segments(), ORDER);
        body.putInt(WAITING_OFFSET, fixed.waiting(), ORDER);
        body.putInt(PAGES_OFFSET, fixed.pages(), ORDER);
        body.putInt(EXPIRING_OFFSET, fixed.expiring(), ORDER);
    }

    /** Reads the part of fixed length. */
    public static Fixed fixed(final DirectBuffer body) {
        return new Fixed(body.getLong(COVERED_OFFSET, ORDER), body.getLong(COUNTED_OFFSET, ORDER),
            body.getLong(REPLAY_SEGMENT_OFFSET, ORDER), body.getLong(REPLAY_OFFSET_OFFSET, ORDER),
            body.getLong(KEYS_OFFSET, ORDER), body.getInt(SEGMENTS_OFFSET, ORDER),
            body.getInt(WAITING_OFFSET, ORDER), body.getInt(PAGES_OFFSET, ORDER),
            body.getInt(EXPIRING_OFFSET, ORDER));
    }

    /**
     * Writes the figures of a segment.
     *
     * @param expiringBefore numbers that expire, of all segments before it.
     */
    public static void putSegment(final MutableDirectBuffer body, final Fixed fixed, final int index,
        final SegmentFigures figures, final int expiringBefore) {
        final int at = FIXED_LENGTH + index * SEGMENT_LENGTH;
        body.putLong(at, figures.id(), ORDER);
        body.putLong(at + 8, figures.salt(), ORDER);
        body.putLong(at + 16, figures.liveBytes(), ORDER);
        body.putLong(at + 24, figures.tombstoneBytes(), ORDER);
        body.putLong(at + 32, figures.expiring().length, ORDER);
        for (int i = 0; i < figures.expiring().length; i++) {
            body.putLong(expiringOffset(fixed, expiringBefore + i), figures.expiring()[i], ORDER);
        }
    }

    /** Reads the figures of a segment; {@code expiringBefore} as in {@link #putSegment}. */
    public static SegmentFigures segment(
        final DirectBuffer body, final Fixed fixed, final int index, final int expiringBefore) {
        final int at = FIXED_LENGTH + index * SEGMENT_LENGTH;
        final long count = Math.min(body.getLong(at + 32, ORDER), fixed.expiring() - expiringBefore);
        final long[] expiring = new long[(int)Math.max(0, count)];
        for (int i = 0; i < expiring.length; i++) {
            expiring[i] = body.getLong(expiringOffset(fixed, expiringBefore + i), ORDER);
        }
        return new SegmentFigures(body.getLong(at, ORDER), body.getLong(at + 8, ORDER), body.getLong(at + 16, ORDER),
            body.getLong(at + 24, ORDER), expiring);
    }

    private static int expiringOffset(final Fixed fixed, final int index) {
        return FIXED_LENGTH + fixed.segments() * SEGMENT_LENGTH + index * Long.BYTES;
    }

    private static int waitingOffset(final Fixed fixed, final int index) {
        return expiringOffset(fixed, fixed.expiring()) + index * Long.BYTES;
    }

    /** Writes the position of a waiting change. */
    public static void putWaiting(
        final MutableDirectBuffer body, final Fixed fixed, final int index, final long position) {
        body.putLong(waitingOffset(fixed, index), position, ORDER);
    }

    /** Reads the position of a waiting change. */
    public static long waiting(final DirectBuffer body, final Fixed fixed, final int index) {
        return body.getLong(waitingOffset(fixed, index), ORDER);
    }

    private static int slotOffset(final Fixed fixed, final int index) {
        return waitingOffset(fixed, fixed.waiting()) + index * SLOT_ENTRY_LENGTH;
    }

    private static int depthOffset(final Fixed fixed, final int index) {
        return slotOffset(fixed, fixed.pages()) + index;
    }

    /** Writes where a page stands. */
    public static void putPage(final MutableDirectBuffer body, final Fixed fixed, final int index, final int slot,
        final int checksum, final byte depth) {
        body.putInt(slotOffset(fixed, index), slot, ORDER);
        body.putInt(slotOffset(fixed, index) + Integer.BYTES, checksum, ORDER);
        body.putByte(depthOffset(fixed, index), depth);
    }

    /** Slot of a page. */
    public static int slot(final DirectBuffer body, final Fixed fixed, final int index) {
        return body.getInt(slotOffset(fixed, index), ORDER);
    }

    /** Checksum of a page. */
    public static int pageChecksum(final DirectBuffer body, final Fixed fixed, final int index) {
        return body.getInt(slotOffset(fixed, index) + Integer.BYTES, ORDER);
    }

    /** Depth of a page. */
    public static byte depth(final DirectBuffer body, final Fixed fixed, final int index) {
        return body.getByte(depthOffset(fixed, index));
    }

    /** Offset of a slot in a file of pages. */
    public static long slotFileOffset(final int slot) {
        return HeaderDescriptor.PAGE_LENGTH + (long)slot * PAGE_LENGTH;
    }

    /** Ends a checksum with a number that does not stand in the bytes. */
    public static void update(final CRC32C crc, final long number) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            crc.update((int)(number >>> shift) & 0xFF);
        }
    }
}
