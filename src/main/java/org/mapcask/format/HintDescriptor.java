package org.mapcask.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Layout of a hint file, little-endian. It belongs to one segment of the log, whose id is its name, and holds blocks
 * one behind the other, each of which tells of records that follow each other in that segment what an open behind a
 * checkpoint needs to know of them. It is made only of records that are durable, and never synced itself: what counts
 * does so by its checksum alone, and what no block tells is read in the segment.
 *
 * <pre>
 *  block      63                             32   31                              0
 *            +-----------------------------------+---------------------------------+
 *            | layout                            | CRC32C                          |   0
 *            +-----------------------------------+---------------------------------+
 *            | sequence of the first record                                        |   8
 *            +-----------------------------------+---------------------------------+
 *            | offset behind the last record     | offset of the first record      |  16
 *            +-----------------------------------+---------------------------------+
 *            | bytes of the block                | records                         |  24
 *            +-----------------------------------+---------------------------------+
 *            | zeros                             | bits of the number of a part    |  32
 *            +-----------------------------------+---------------------------------+
 *            | for each part: CRC32C of entries  | end of its entries in the block |  40
 *            +-----------------------------------+---------------------------------+
 *            | entries, part by part                                               |
 *
 *  entry      63                63   62        61   60      34   33      19   18      0
 *            +--------------------------------------------------------------------------+
 *            | hash of the key                                                          |
 *            +-----------------+--------------+------------+------------+---------------+
 *            | expiry follows  | deletion     | length / 8 | sequence   | offset / 8    |
 *            +-----------------+--------------+------------+------------+---------------+
 *            | expiry, if there is one                                                  |
 * </pre>
 *
 * A part has the keys of one of so many equal ranges of prefixes of the key directory, in the order of the log: so who
 * asks for a few keys reads a few entries. Offset and sequence of an entry count from those of the first record; its
 * length is that of the record with padding. The CRC of the block covers everything behind it before the entries, and
 * the salt of the segment; that of a part its entries and the salt. A block begins before a record that stands by
 * itself or begins a batch, and ends before one: records of a batch that never got its last one have no entry. Static
 * and stateless; any thread.
 */
public final class HintDescriptor {
    /** Most records of a block. */
    public static final int RECORDS_MAX = 1 << 15;
    /** Records of a block begin within so many bytes of log. */
    public static final int SPAN_MAX = 1 << 22;
    /** A longer record, with its padding, has no entry. */
    public static final long RECORD_LENGTH_MAX = (1L << 27) - 1 << 3;
    /** Most bits of the number of a part. */
    public static final int PART_BITS_MAX = 9;
    /** Most bytes of an entry. */
    public static final int ENTRY_LENGTH_MAX = 3 * BitUtil.SIZE_OF_LONG;
    /** Most bytes before the entries. */
    public static final int HEAD_LENGTH_MAX = headLength(PART_BITS_MAX);

    /** Entries of a part, roughly: a KiB or two. */
    private static final int PART_ENTRIES = 64;
    private static final int LAYOUT = 2;
    private static final int CRC_OFFSET = 0;
    private static final int LAYOUT_OFFSET = CRC_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int SEQUENCE_OFFSET = LAYOUT_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int FROM_OFFSET = SEQUENCE_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int TO_OFFSET = FROM_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int RECORDS_OFFSET = TO_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int LENGTH_OFFSET = RECORDS_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int PART_BITS_OFFSET = LENGTH_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int PARTS_OFFSET = PART_BITS_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int PART_LENGTH = BitUtil.SIZE_OF_LONG;
    private static final int WORD_OFFSET = BitUtil.SIZE_OF_LONG;
    private static final int EXPIRY_OFFSET = 2 * BitUtil.SIZE_OF_LONG;

    private static final int OFFSET_BITS = 19;
    private static final int SEQUENCE_BITS = 15;
    private static final int LENGTH_BITS = 27;
    private static final int LENGTH_SHIFT = OFFSET_BITS + SEQUENCE_BITS;
    private static final long GONE = 1L << LENGTH_SHIFT + LENGTH_BITS;
    private static final long EXPIRES = GONE << 1;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private HintDescriptor() {
    }

    /** What a block tells before its parts; offsets are those of records in the segment. */
    public record Block(long firstSequence, int from, int to, int records, int length, int partBits) {
        /** Whether a block can be like this, whatever its checksum says. */
        public boolean isPlausible() {
            return records > 0 && records <= RECORDS_MAX && partBits >= 0 && partBits <= PART_BITS_MAX &&
                length >= entriesOffset() && from >= HeaderDescriptor.PAGE_LENGTH && from < to && firstSequence > 0;
        }

        /** Sequence of the last record. */
        public long lastSequence() {
            return firstSequence + records - 1;
        }

        /** Number of parts. */
        public int parts() {
            return 1 << partBits;
        }

        /** Where in the block the entries begin. */
        public int entriesOffset() {
            return headLength(partBits);
        }
    }

    private static int headLength(final int partBits) {
        return PARTS_OFFSET + (PART_LENGTH << partBits);
    }

    /** Bits of the number of a part for so many entries. */
    public static int partBits(final int entries) {
        return Math.min(PART_BITS_MAX, Integer.SIZE - Integer.numberOfLeadingZeros(entries / PART_ENTRIES));
    }

    /**
     * The second word of an entry.
     *
     * @param offset   of the record, from that of the first one of the block.
     * @param sequence of the record, from that of the first one.
     * @param length   of the record with padding.
     */
    public static long word(
        final int offset, final int sequence, final int length, final boolean gone, final boolean expires) {
        return offset >>> 3 | (long)sequence << OFFSET_BITS | (long)(length >>> 3) << LENGTH_SHIFT |
            (gone ? GONE : 0) | (expires ? EXPIRES : 0);
    }

    /** Offset of the record, from that of the first one of the block. */
    public static int offset(final long word) {
        return (int)(word & (1 << OFFSET_BITS) - 1) << 3;
    }

    /** Sequence of the record, from that of the first one of the block. */
    public static int sequence(final long word) {
        return (int)(word >>> OFFSET_BITS) & (1 << SEQUENCE_BITS) - 1;
    }

    /** Bytes of the record with its padding. */
    public static int length(final long word) {
        return (int)(word >>> LENGTH_SHIFT & (1L << LENGTH_BITS) - 1) << 3;
    }

    /** Whether the record is a deletion. */
    public static boolean isGone(final long word) {
        return (word & GONE) != 0;
    }

    /** Whether the record expires at some time. */
    public static boolean expires(final long word) {
        return (word & EXPIRES) != 0;
    }

    /** Bytes of the entry of a record that expires, or not. */
    public static int entryLength(final boolean expires) {
        return expires ? ENTRY_LENGTH_MAX : EXPIRY_OFFSET;
    }

    /** Writes an entry; {@code expiry} counts only if the word says that there is one. */
    public static void putEntry(
        final MutableDirectBuffer buffer, final int at, final long hash, final long word, final long expiry) {
        buffer.putLong(at, hash, ORDER);
        buffer.putLong(at + WORD_OFFSET, word, ORDER);
        if (expires(word)) {
            buffer.putLong(at + EXPIRY_OFFSET, expiry, ORDER);
        }
    }

    /** The hash of an entry. */
    public static long entryHash(final DirectBuffer buffer, final int at) {
        return buffer.getLong(at, ORDER);
    }

    /** The word of an entry. */
    public static long entryWord(final DirectBuffer buffer, final int at) {
        return buffer.getLong(at + WORD_OFFSET, ORDER);
    }

    /** The expiry of an entry; {@link RecordDescriptor#EXPIRY_NEVER} if there is none. */
    public static long entryExpiry(final DirectBuffer buffer, final int at, final long word) {
        return expires(word) ? buffer.getLong(at + EXPIRY_OFFSET, ORDER) : RecordDescriptor.EXPIRY_NEVER;
    }

    /** Writes where the entries of a part end, and their checksum; they are in the block already. */
    public static void putPart(
        final MutableDirectBuffer block, final ByteBuffer bytes, final int part, final int from, final int end,
        final long salt) {
        block.putInt(PARTS_OFFSET + part * PART_LENGTH, end, ORDER);
        block.putInt(PARTS_OFFSET + part * PART_LENGTH + BitUtil.SIZE_OF_INT, checksum(bytes, from, end, salt), ORDER);
    }

    /** Where in the block the entries of a part end. */
    public static int partEnd(final DirectBuffer block, final int part) {
        return block.getInt(PARTS_OFFSET + part * PART_LENGTH, ORDER);
    }

    /** The checksum of the entries of a part. */
    public static int partChecksum(final DirectBuffer block, final int part) {
        return block.getInt(PARTS_OFFSET + part * PART_LENGTH + BitUtil.SIZE_OF_INT, ORDER);
    }

    /** Writes what comes before the parts, and its checksum; {@code bytes} holds the block from 0 on. */
    public static void putBlock(
        final MutableDirectBuffer block, final ByteBuffer bytes, final Block header, final long salt) {
        block.putInt(LAYOUT_OFFSET, LAYOUT, ORDER);
        block.putLong(SEQUENCE_OFFSET, header.firstSequence(), ORDER);
        block.putInt(FROM_OFFSET, header.from(), ORDER);
        block.putInt(TO_OFFSET, header.to(), ORDER);
        block.putInt(RECORDS_OFFSET, header.records(), ORDER);
        block.putInt(LENGTH_OFFSET, header.length(), ORDER);
        block.putLong(PART_BITS_OFFSET, header.partBits(), ORDER);
        block.putInt(CRC_OFFSET, checksum(bytes, LAYOUT_OFFSET, header.entriesOffset(), salt), ORDER);
    }

    /**
     * What a block tells before its parts.
     *
     * @param count bytes of it that are there.
     * @return null if it is not a whole and sound head of this layout.
     */
    public static Block block(final DirectBuffer block, final ByteBuffer bytes, final int count, final long salt) {
        if (count < PARTS_OFFSET || block.getInt(LAYOUT_OFFSET, ORDER) != LAYOUT) {
            return null;
        }
        final Block header = new Block(block.getLong(SEQUENCE_OFFSET, ORDER), block.getInt(FROM_OFFSET, ORDER),
            block.getInt(TO_OFFSET, ORDER), block.getInt(RECORDS_OFFSET, ORDER), block.getInt(LENGTH_OFFSET, ORDER),
            block.getInt(PART_BITS_OFFSET, ORDER));
        return header.isPlausible() && header.entriesOffset() <= count && block.getInt(CRC_OFFSET, ORDER) ==
            checksum(bytes, LAYOUT_OFFSET, header.entriesOffset(), salt) ? header : null;
    }

    /** Checksum of some bytes, and the salt. */
    public static int checksum(final ByteBuffer bytes, final int from, final int end, final long salt) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().clear().limit(end).position(from));
        CheckpointDescriptor.update(crc, salt);
        return (int)crc.getValue();
    }

    static {
        if (SPAN_MAX != 1 << OFFSET_BITS + 3 || RECORDS_MAX != 1 << SEQUENCE_BITS) {
            throw new AssertionError("a place in a block must fit into an entry");
        }
    }
}
