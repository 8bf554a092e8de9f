package org.mapcask.format;

import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Layout of the header page of a segment: four sectors of 512 bytes that are each written at their own time, the
 * rest of the page zero, but in a merged segment. Little-endian. A sector ends with a CRC32C over its first 508 bytes,
 * the offset of the sector, and (not in the first) the segment's salt, so that a sector at the wrong place or of an
 * earlier use of the file fails. A sector of zeros was never written.
 * <pre>
 *  IDENTITY, once, before the file gets its name
 *  +--------------------------------+--------------------------------+
 *  |  magic "MAPCASK\n" (8)         |  format version (4) | kind (4) |    0
 *  +--------------------------------+--------------------------------+
 *  |  store id (16)                                                  |   16
 *  +--------------------------------+--------------------------------+
 *  |  segment id (8)                |  base position (8)             |   32
 *  +--------------------------------+--------------------------------+
 *  |  length of the file (8)        |  salt (8)                      |   48
 *  +--------------------------------+--------------------------------+
 *  |  hash seed of the store (8)    |  zeros                         |   64
 *  +--------------------------------+---------------------+----------+
 *  |  zeros                                               | CRC (4)  |  508
 *  +------------------------------------------------------+----------+
 *
 *  SEAL, once, after every record of the segment is durable
 *  +--------------------------------+--------------------------------+
 *  |  end offset (8)                |  first sequence (8)            |  512
 *  +--------------------------------+--------------------------------+
 *  |  last sequence (8)             |  zeros                         |  528
 *  +--------------------------------+---------------------+----------+
 *  |  zeros                                               | CRC (4)  | 1020
 *  +------------------------------------------------------+----------+
 *
 *  WATERMARK, two sectors written in turn: when the segment is taken into use, and after each sync
 *  +--------------------------------+--------------------------------+
 *  |  generation, from 1 (8)        |  durable end offset (8)        | 1024 and 1536
 *  +--------------------------------+--------------------------------+
 *  |  first sequence (8)            |  last durable sequence (8)     |
 *  +--------------------------------+--------------------------------+
 *  |  flags (8), bit 0: clean, bit  |  zeros                         |
 *  |  1: commits are in the WAL     |                                |
 *  +--------------------------------+---------------------+----------+
 *  |  zeros                                               | CRC (4)  | 1532 and 2044
 *  +------------------------------------------------------+----------+
 * </pre>
 * A watermark is written after the sync that it speaks of and becomes durable with a later one: it never claims too
 * much. It speaks of the whole log: every record up to the last durable sequence is durable, in whichever segment.
 * Clean says that the store was closed and nothing is written beyond the end. The other flag says that newer records
 * may be durable in the write-ahead log alone, so that its loss is noticed. A merged segment has no watermark; its seal
 * tells its lowest and its highest sequence, both 0 if it has no records; {@link MergeDescriptor} has the rest.
 * <p>
 * The identity sector keeps its place, its magic, its version and its checksum in every later version. Static and
 * stateless; any thread.
 */
public final class HeaderDescriptor {
    /** Length of the header page; the first record of a segment starts here. */
    public static final int PAGE_LENGTH = 4096;
    /** Length of a sector: the unit that a disk writes whole. */
    public static final int SECTOR_LENGTH = 512;

    /** Offset of the identity sector. */
    public static final int IDENTITY_OFFSET = 0;
    /** Offset of the seal sector. */
    public static final int SEAL_OFFSET = IDENTITY_OFFSET + SECTOR_LENGTH;
    /** Offset of the first of the two watermark sectors; the other follows. */
    public static final int WATERMARK_OFFSET = SEAL_OFFSET + SECTOR_LENGTH;
    /** How many watermark sectors there are. */
    public static final int WATERMARK_COUNT = 2;
    /** Offset of the part of the page that is zero, but in a merged segment; see {@link MergeDescriptor}. */
    public static final int RESERVED_OFFSET = WATERMARK_OFFSET + WATERMARK_COUNT * SECTOR_LENGTH;

    /** First eight bytes of every file of a store. */
    public static final long MAGIC = magic();
    /** Kind of file: a segment whose records follow one another in sequence. */
    public static final int KIND_LOG = 1;
    /** Kind of file: one of the ring of files of the write-ahead log. */
    public static final int KIND_WAL = 2;
    /** Kind of file: what a merge made; records in any order of their sequences, and none is added after its seal. */
    public static final int KIND_MERGED = 3;
    /** Kind of file: a checkpoint of the keydir; see {@link CheckpointDescriptor}. */
    public static final int KIND_CHECKPOINT = 4;
    /** Kind of file: pages of the keydir, to which checkpoints lead. */
    public static final int KIND_PAGES = 5;

    private static final int MAGIC_OFFSET = IDENTITY_OFFSET;
    private static final int VERSION_OFFSET = MAGIC_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int KIND_OFFSET = VERSION_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int STORE_ID_OFFSET = KIND_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int SEGMENT_ID_OFFSET = STORE_ID_OFFSET + 2 * BitUtil.SIZE_OF_LONG;
    private static final int BASE_POSITION_OFFSET = SEGMENT_ID_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int FILE_LENGTH_OFFSET = BASE_POSITION_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int SALT_OFFSET = FILE_LENGTH_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int HASH_SEED_OFFSET = SALT_OFFSET + BitUtil.SIZE_OF_LONG;

    private static final int FIRST_FIELD = 0;
    private static final int SECOND_FIELD = FIRST_FIELD + BitUtil.SIZE_OF_LONG;
    private static final int THIRD_FIELD = SECOND_FIELD + BitUtil.SIZE_OF_LONG;
    private static final int FOURTH_FIELD = THIRD_FIELD + BitUtil.SIZE_OF_LONG;
    private static final int FIFTH_FIELD = FOURTH_FIELD + BitUtil.SIZE_OF_LONG;

    private static final long FLAG_CLEAN = 1;
    private static final long FLAG_WAL = 2;

    private static final int CRC_OFFSET_IN_SECTOR = SECTOR_LENGTH - BitUtil.SIZE_OF_INT;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private HeaderDescriptor() {
    }

    /** Who a segment is: written once. */
    public record Identity(
        int version, int kind, long storeIdHigh, long storeIdLow, long segmentId, long basePosition, long length,
        long salt,
        long hashSeed) {
    }

    /** Where a sealed segment ends, and the sequences that it holds. */
    public record Seal(long endOffset, long firstSequence, long lastSequence) {
    }

    /**
     * What was durable at some time: bytes of this segment, and sequences of the whole log; whether the store was
     * closed then, and whether it had a write-ahead log.
     */
    public record Watermark(long generation, long endOffset, long firstSequence, long lastDurableSequence,
        boolean clean, boolean wal) {
    }

    /** What a sector turned out to be. */
    public enum SectorState {
        /** Never written: all zero. */
        EMPTY,
        /** Checksum right. */
        VALID,
        /** Begun and not ended: the checksum, which is written last, is zero, and other bytes are not. */
        CUT_SHORT,
        /** None of these. */
        DAMAGED
    }

    /** Writes the identity sector. */
    public static void putIdentity(final MutableDirectBuffer page, final Identity identity) {
        clearSector(page, IDENTITY_OFFSET);
        page.putLong(MAGIC_OFFSET, MAGIC, ORDER);
        page.putInt(VERSION_OFFSET, identity.version(), ORDER);
        page.putInt(KIND_OFFSET, identity.kind(), ORDER);
        page.putLong(STORE_ID_OFFSET, identity.storeIdHigh(), ORDER);
        page.putLong(STORE_ID_OFFSET + BitUtil.SIZE_OF_LONG, identity.storeIdLow(), ORDER);
        page.putLong(SEGMENT_ID_OFFSET, identity.segmentId(), ORDER);
        page.putLong(BASE_POSITION_OFFSET, identity.basePosition(), ORDER);
        page.putLong(FILE_LENGTH_OFFSET, identity.length(), ORDER);
        page.putLong(SALT_OFFSET, identity.salt(), ORDER);
        page.putLong(HASH_SEED_OFFSET, identity.hashSeed(), ORDER);
        putSectorChecksum(page, IDENTITY_OFFSET, 0);
    }

    /** Reads the identity sector, which must be valid. */
    public static Identity identity(final DirectBuffer page) {
        return new Identity(
            page.getInt(VERSION_OFFSET, ORDER),
            page.getInt(KIND_OFFSET, ORDER),
            page.getLong(STORE_ID_OFFSET, ORDER),
            page.getLong(STORE_ID_OFFSET + BitUtil.SIZE_OF_LONG, ORDER),
            page.getLong(SEGMENT_ID_OFFSET, ORDER),
            page.getLong(BASE_POSITION_OFFSET, ORDER),
            page.getLong(FILE_LENGTH_OFFSET, ORDER),
            page.getLong(SALT_OFFSET, ORDER),
            page.getLong(HASH_SEED_OFFSET, ORDER));
    }

    /** State of the identity sector; {@link SectorState#DAMAGED} also when the magic is another. */
    public static SectorState identityState(final DirectBuffer page) {
        final SectorState state = sectorState(page, IDENTITY_OFFSET, 0);
        return state == SectorState.VALID && page.getLong(MAGIC_OFFSET, ORDER) != MAGIC ? SectorState.DAMAGED : state;
    }

    /** Writes the seal sector. */
    public static void putSeal(final MutableDirectBuffer page, final long salt, final Seal seal) {
        clearSector(page, SEAL_OFFSET);
        page.putLong(SEAL_OFFSET + FIRST_FIELD, seal.endOffset(), ORDER);
        page.putLong(SEAL_OFFSET + SECOND_FIELD, seal.firstSequence(), ORDER);
        page.putLong(SEAL_OFFSET + THIRD_FIELD, seal.lastSequence(), ORDER);
        putSectorChecksum(page, SEAL_OFFSET, salt);
    }

    /** State of the seal sector. */
    public static SectorState sealState(final DirectBuffer page, final long salt) {
        return sectorState(page, SEAL_OFFSET, salt);
    }

    /** Reads the seal sector, which must be valid. */
    public static Seal seal(final DirectBuffer page) {
        return new Seal(
            page.getLong(SEAL_OFFSET + FIRST_FIELD, ORDER),
            page.getLong(SEAL_OFFSET + SECOND_FIELD, ORDER),
            page.getLong(SEAL_OFFSET + THIRD_FIELD, ORDER));
    }

    /** Offset of the watermark sector that a generation goes to. */
    public static int watermarkOffset(final long generation) {
        return WATERMARK_OFFSET + (int)(generation % WATERMARK_COUNT) * SECTOR_LENGTH;
    }

    /** Writes a watermark into the sector of its generation. */
    public static void putWatermark(final MutableDirectBuffer page, final long salt, final Watermark watermark) {
        final int offset = watermarkOffset(watermark.generation());
        clearSector(page, offset);
        page.putLong(offset + FIRST_FIELD, watermark.generation(), ORDER);
        page.putLong(offset + SECOND_FIELD, watermark.endOffset(), ORDER);
        page.putLong(offset + THIRD_FIELD, watermark.firstSequence(), ORDER);
        page.putLong(offset + FOURTH_FIELD, watermark.lastDurableSequence(), ORDER);
        page.putLong(
            offset + FIFTH_FIELD, (watermark.clean() ? FLAG_CLEAN : 0) | (watermark.wal() ? FLAG_WAL : 0), ORDER);
        putSectorChecksum(page, offset, salt);
    }

    /** State of a watermark sector, by index 0 or 1. */
    public static SectorState watermarkState(final DirectBuffer page, final long salt, final int index) {
        return sectorState(page, watermarkOffset(index), salt);
    }

    /** Reads a watermark sector, which must be valid, by index 0 or 1. */
    public static Watermark watermark(final DirectBuffer page, final int index) {
        final int offset = watermarkOffset(index);
        final long flags = page.getLong(offset + FIFTH_FIELD, ORDER);
        return new Watermark(
            page.getLong(offset + FIRST_FIELD, ORDER),
            page.getLong(offset + SECOND_FIELD, ORDER),
            page.getLong(offset + THIRD_FIELD, ORDER),
            page.getLong(offset + FOURTH_FIELD, ORDER),
            (flags & FLAG_CLEAN) != 0,
            (flags & FLAG_WAL) != 0);
    }

    /** Offset of the first byte of the reserved part that is not zero, or -1. */
    public static int firstReservedByteInUse(final DirectBuffer page) {
        for (int offset = RESERVED_OFFSET; offset < PAGE_LENGTH; offset += BitUtil.SIZE_OF_LONG) {
            final long word = page.getLong(offset, ORDER);
            if (word != 0) {
                return offset + Long.numberOfTrailingZeros(word) / Byte.SIZE;
            }
        }
        return -1;
    }

    static SectorState sectorState(final DirectBuffer page, final int offset, final long salt) {
        final int stored = page.getInt(offset + CRC_OFFSET_IN_SECTOR, ORDER);
        if (stored == sectorChecksum(page, offset, salt)) {
            return SectorState.VALID;
        }
        for (int i = 0; i < SECTOR_LENGTH; i += BitUtil.SIZE_OF_LONG) {
            if (page.getLong(offset + i) != 0) {
                return stored == 0 ? SectorState.CUT_SHORT : SectorState.DAMAGED;
            }
        }
        return SectorState.EMPTY;
    }

    /** Takes the checksum away before anything else of the sector changes. */
    static void clearSector(final MutableDirectBuffer page, final int offset) {
        page.putInt(offset + CRC_OFFSET_IN_SECTOR, 0, ORDER);
        VarHandle.releaseFence();
        page.setMemory(offset, SECTOR_LENGTH, (byte)0);
    }

    static void putSectorChecksum(final MutableDirectBuffer page, final int offset, final long salt) {
        final int checksum = sectorChecksum(page, offset, salt);
        VarHandle.releaseFence();
        page.putInt(offset + CRC_OFFSET_IN_SECTOR, checksum, ORDER);
    }

    private static int sectorChecksum(final DirectBuffer page, final int offset, final long salt) {
        final byte[] copy = new byte[CRC_OFFSET_IN_SECTOR + BitUtil.SIZE_OF_INT + BitUtil.SIZE_OF_LONG];
        page.getBytes(offset, copy, 0, CRC_OFFSET_IN_SECTOR);
        final MutableDirectBuffer place = new UnsafeBuffer(copy);
        place.putInt(CRC_OFFSET_IN_SECTOR, offset, ORDER);
        place.putLong(CRC_OFFSET_IN_SECTOR + BitUtil.SIZE_OF_INT, salt, ORDER);
        final CRC32C crc = new CRC32C();
        crc.update(copy, 0, copy.length);
        return (int)crc.getValue();
    }

    private static long magic() {
        long value = 0;
        final byte[] text = "MAPCASK\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = text.length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | text[i];
        }
        return value;
    }
}
