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
 * checkpoint needs to know of them. It is made only of records that are durable, and never synced itself: a block
 * counts by its checksum alone, and what no block tells is read in the segment.
 *
 * <pre>
 *  block      63                             32   31                              0
 *            +-----------------------------------+---------------------------------+
 *            | records                           | CRC32C                          |   0
 *            +-----------------------------------+---------------------------------+
 *            | offset behind the last record     | offset of the first record      |   8
 *            +-----------------------------------+---------------------------------+
 *            | sequence of the first record                                        |  16
 *            +-----------------------------------+---------------------------------+
 *            | layout                            | bytes of the block              |  24
 *            +-----------------------------------+---------------------------------+
 *            | entries                                                             |  32
 *
 *  entry     | hash of the key                                                     |
 *            | shape of the record                                                 |
 *            | expiry, if the shape has the flag for it                            |
 * </pre>
 *
 * The CRC covers everything behind it in the block, and the salt of the segment. Sequences rise by one from record to
 * record, and each record begins where the one before it ends. Static and stateless; any thread.
 */
public final class HintDescriptor {
    /** Bytes of a block before its entries. */
    public static final int HEADER_LENGTH = 32;
    /** Most records of a block. */
    public static final int RECORDS_MAX = 2048;
    /** Offset of the shape in an entry. */
    public static final int ENTRY_SHAPE_OFFSET = BitUtil.SIZE_OF_LONG;
    /** Offset of the expiry in an entry that has one. */
    public static final int ENTRY_EXPIRY_OFFSET = 2 * BitUtil.SIZE_OF_LONG;
    /** Most bytes of a block. */
    public static final int BLOCK_LENGTH_MAX =
        HEADER_LENGTH + RECORDS_MAX * (ENTRY_EXPIRY_OFFSET + RecordDescriptor.EXPIRY_LENGTH);

    private static final int LAYOUT = 1;
    private static final int CRC_OFFSET = 0;
    private static final int RECORDS_OFFSET = CRC_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int FROM_OFFSET = RECORDS_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int TO_OFFSET = FROM_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int SEQUENCE_OFFSET = TO_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int LENGTH_OFFSET = SEQUENCE_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int LAYOUT_OFFSET = LENGTH_OFFSET + BitUtil.SIZE_OF_INT;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private HintDescriptor() {
    }

    /** What a block tells before its entries; offsets are those of records in the segment. */
    public record Block(int records, int from, int to, long firstSequence, int length) {
        /** Whether a block can be like this, whatever its checksum says. */
        public boolean isPlausible() {
            return records > 0 && records <= RECORDS_MAX && length >= HEADER_LENGTH + records * ENTRY_EXPIRY_OFFSET &&
                length <= BLOCK_LENGTH_MAX && from >= HeaderDescriptor.PAGE_LENGTH && from < to;
        }
    }

    /** Bytes of the entry of a record of this shape. */
    public static int entryLength(final long shape) {
        return (RecordDescriptor.flags(shape) & RecordDescriptor.FLAG_EXPIRY) == 0 ? ENTRY_EXPIRY_OFFSET :
            ENTRY_EXPIRY_OFFSET + RecordDescriptor.EXPIRY_LENGTH;
    }

    /** Writes an entry; {@code expiry} counts only if the shape has the flag for it. */
    public static void putEntry(
        final MutableDirectBuffer block, final int at, final long hash, final long shape, final long expiry) {
        block.putLong(at, hash, ORDER);
        block.putLong(at + ENTRY_SHAPE_OFFSET, shape, ORDER);
        if (entryLength(shape) > ENTRY_EXPIRY_OFFSET) {
            block.putLong(at + ENTRY_EXPIRY_OFFSET, expiry, ORDER);
        }
    }

    /** A number of an entry. */
    public static long word(final DirectBuffer block, final int at) {
        return block.getLong(at, ORDER);
    }

    /** Writes what comes before the entries, and the checksum of all; {@code bytes} holds the block from 0 on. */
    public static void putBlock(
        final MutableDirectBuffer block, final ByteBuffer bytes, final Block header, final long salt) {
        block.putInt(RECORDS_OFFSET, header.records(), ORDER);
        block.putInt(FROM_OFFSET, header.from(), ORDER);
        block.putInt(TO_OFFSET, header.to(), ORDER);
        block.putLong(SEQUENCE_OFFSET, header.firstSequence(), ORDER);
        block.putInt(LENGTH_OFFSET, header.length(), ORDER);
        block.putInt(LAYOUT_OFFSET, LAYOUT, ORDER);
        block.putInt(CRC_OFFSET, checksum(bytes, header.length(), salt), ORDER);
    }

    /** What a block tells before its entries; null if it has another layout. */
    public static Block block(final DirectBuffer block) {
        return block.getInt(LAYOUT_OFFSET, ORDER) != LAYOUT ? null : new Block(block.getInt(RECORDS_OFFSET, ORDER),
            block.getInt(FROM_OFFSET, ORDER), block.getInt(TO_OFFSET, ORDER), block.getLong(SEQUENCE_OFFSET, ORDER),
            block.getInt(LENGTH_OFFSET, ORDER));
    }

    /** Whether the checksum of a block is that of its bytes and of this salt. */
    public static boolean isSound(
        final DirectBuffer block, final ByteBuffer bytes, final int length, final long salt) {
        return block.getInt(CRC_OFFSET, ORDER) == checksum(bytes, length, salt);
    }

    private static int checksum(final ByteBuffer bytes, final int length, final long salt) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().clear().limit(length).position(RECORDS_OFFSET));
        CheckpointDescriptor.update(crc, salt);
        return (int)crc.getValue();
    }
}
