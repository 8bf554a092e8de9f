package org.mapcask.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.mapcask.format.HeaderDescriptor.Seal;
import org.mapcask.format.HeaderDescriptor.Watermark;

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
 *  |  pages (4)    | expiring (4)   | layout (4)    |  zeros (4)     |   48
 *  +---------------+----------------+---------------+----------------+
 *  |  per segment, 144 bytes: see below                               |   64
 *  +-----------------------------------------------------------------+
 *  |  per segment its numbers that expire (8 each)                   |
 *  +-----------------------------------------------------------------+
 *  |  per waiting change: its position (8)                           |
 *  +-----------------------------------------------------------------+
 *  |  per page: slot (4)                                             |
 *  +-----------------------------------------------------------------+
 *  |  per page: checksum (4)                                         |
 *  +-----------------------------------------------------------------+
 *  |  per page: depth (1); zeros up to a multiple of 8               |
 *  +--------------------------------+--------------------------------+
 *  |  CRC (4)                       |
 *  +--------------------------------+
 *
 *  a segment
 *  +--------------------------------+--------------------------------+
 *  |  id (8)                        |  salt (8)                      |    0
 *  +--------------------------------+--------------------------------+
 *  |  live bytes (8)                |  bytes of deletions (8)        |   16
 *  +--------------------------------+---------------+----------------+
 *  |  numbers that expire (8)       |  kind (4)     |  flags (4)     |   32
 *  +--------------------------------+---------------+----------------+
 *  |  file modified (8)             |  file number (8)               |   48
 *  +--------------------------------+--------------------------------+
 *  |  base position (8)             |  length (8)                    |   64
 *  +--------------------------------+--------------------------------+
 *  |  seal end (8)                  |  seal first (8)                |   80
 *  +--------------------------------+--------------------------------+
 *  |  seal last (8)                 |  watermark generation (8)      |   96
 *  +--------------------------------+--------------------------------+
 *  |  watermark end (8)             |  watermark first (8)           |  112
 *  +--------------------------------+--------------------------------+
 *  |  watermark last durable (8)    |  zeros (8)                     |  128
 *  +--------------------------------+--------------------------------+
 * </pre>
 * Every record up to the covered sequence is in the pages; the next one stands at the replay offset of the replay
 * segment, or in a later one. The figures, keys and bytes, count every record up to the counted sequence, but for the
 * waiting changes. The numbers that expire are an origin in milliseconds since 1970, and pairs of a step of time from
 * there and the live bytes that expire in it, as {@code ExpiringBytes} describes. The log was durable up to the counted
 * sequence before the file got its name. Pages are in the order of their hash prefixes; together they cover all of
 * them. The CRC32C covers everything before it behind the header page, and the salt of the file.
 *
 * <p>The layout is {@value #LAYOUT}. Layout 0 had no copies of headers, and slots and checksums of pages side by side;
 * it is not read any more: what has it is opened from its log, and gets a new checkpoint.
 *
 * <p>Of a sealed segment its header may be kept (flag 1), with the time of the last change of the file and its number:
 * as long as the file has these and its length, it need not be opened to know what its header says. The kind is that of
 * the header; flag 2 says that there is a watermark, flags 4 and 8 are its clean and its write-ahead log. A merged
 * segment is kept only if its header says by itself that it counts.
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
    private static final int LAYOUT_OFFSET = EXPIRING_OFFSET + BitUtil.SIZE_OF_INT;
    /** The layout that is described here. */
    public static final int LAYOUT = 2;
    /** Bytes of the part of fixed length. */
    public static final int FIXED_LENGTH = 64;
    /** Bytes of the figures of one segment. */
    public static final int SEGMENT_LENGTH = 144;
    private static final int ID_OFFSET = 0;
    private static final int SALT_OFFSET = ID_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int LIVE_OFFSET = SALT_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int DELETIONS_OFFSET = LIVE_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int EXPIRING_COUNT_OFFSET = DELETIONS_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int KIND_OFFSET = EXPIRING_COUNT_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int FLAGS_OFFSET = KIND_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int MODIFIED_OFFSET = FLAGS_OFFSET + BitUtil.SIZE_OF_INT;
    private static final int FILE_NUMBER_OFFSET = MODIFIED_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int BASE_OFFSET = FILE_NUMBER_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int LENGTH_OFFSET = BASE_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int SEAL_END_OFFSET = LENGTH_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int SEAL_FIRST_OFFSET = SEAL_END_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int SEAL_LAST_OFFSET = SEAL_FIRST_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int GENERATION_OFFSET = SEAL_LAST_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int WATERMARK_END_OFFSET = GENERATION_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int WATERMARK_FIRST_OFFSET = WATERMARK_END_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int WATERMARK_DURABLE_OFFSET = WATERMARK_FIRST_OFFSET + BitUtil.SIZE_OF_LONG;
    private static final int FLAG_KEPT = 1;
    private static final int FLAG_WATERMARK = 2;
    private static final int FLAG_CLEAN = 4;
    private static final int FLAG_WAL = 8;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private CheckpointDescriptor() {
    }

    /** The part of fixed length. */
    public record Fixed(long coveredSequence, long countedSequence, long replaySegment, long replayOffset, long keys,
        int segments, int waiting, int pages, int expiring) {
        /** Bytes from the header page to the CRC. */
        public long bodyLength() {
            return FIXED_LENGTH + (long)segments * SEGMENT_LENGTH + ((long)expiring + waiting) * Long.BYTES +
                (long)pages * 2 * Integer.BYTES + BitUtil.align((long)pages, Long.BYTES);
        }

        /** Bytes of it before what the pages take: their slots, then their checksums, then their depths. */
        public int headLength() {
            return slotsOffset(this);
        }

        /** Bytes between the depths of the pages and the CRC. */
        public int paddingLength() {
            return (int)(BitUtil.align((long)pages, Long.BYTES) - pages);
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

    /**
     * The figures of a segment: bytes that live, and of deletions; the numbers that tell what expires when; and its
     * header, or null if that is not kept.
     */
    public record SegmentFigures(
        long id, long salt, long liveBytes, long tombstoneBytes, long[] expiring, HeaderCopy header) {
    }

    /**
     * What the header of a sealed segment says, besides id and salt, and what the file system told of the file when
     * that was read.
     *
     * @param watermark null if there is none.
     */
    public record HeaderCopy(long modifiedNs, long fileNumber, int kind, long basePosition, long length, Seal seal,
        Watermark watermark) {
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
        body.putInt(LAYOUT_OFFSET, LAYOUT, ORDER);
    }

    /** The layout in which the body is written. */
    public static int layout(final DirectBuffer body) {
        return body.getInt(LAYOUT_OFFSET, ORDER);
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
        body.putLong(at + ID_OFFSET, figures.id(), ORDER);
        body.putLong(at + SALT_OFFSET, figures.salt(), ORDER);
        body.putLong(at + LIVE_OFFSET, figures.liveBytes(), ORDER);
        body.putLong(at + DELETIONS_OFFSET, figures.tombstoneBytes(), ORDER);
        body.putLong(at + EXPIRING_COUNT_OFFSET, figures.expiring().length, ORDER);
        for (int i = 0; i < figures.expiring().length; i++) {
            body.putLong(expiringOffset(fixed, expiringBefore + i), figures.expiring()[i], ORDER);
        }
        if (figures.header() != null) {
            putHeader(body, at, figures.header());
        }
    }

    private static void putHeader(final MutableDirectBuffer body, final int at, final HeaderCopy header) {
        body.putInt(at + KIND_OFFSET, header.kind(), ORDER);
        body.putLong(at + MODIFIED_OFFSET, header.modifiedNs(), ORDER);
        body.putLong(at + FILE_NUMBER_OFFSET, header.fileNumber(), ORDER);
        body.putLong(at + BASE_OFFSET, header.basePosition(), ORDER);
        body.putLong(at + LENGTH_OFFSET, header.length(), ORDER);
        body.putLong(at + SEAL_END_OFFSET, header.seal().endOffset(), ORDER);
        body.putLong(at + SEAL_FIRST_OFFSET, header.seal().firstSequence(), ORDER);
        body.putLong(at + SEAL_LAST_OFFSET, header.seal().lastSequence(), ORDER);
        int flags = FLAG_KEPT;
        final Watermark watermark = header.watermark();
        if (watermark != null) {
            flags |= FLAG_WATERMARK | (watermark.clean() ? FLAG_CLEAN : 0) | (watermark.wal() ? FLAG_WAL : 0);
            body.putLong(at + GENERATION_OFFSET, watermark.generation(), ORDER);
            body.putLong(at + WATERMARK_END_OFFSET, watermark.endOffset(), ORDER);
            body.putLong(at + WATERMARK_FIRST_OFFSET, watermark.firstSequence(), ORDER);
            body.putLong(at + WATERMARK_DURABLE_OFFSET, watermark.lastDurableSequence(), ORDER);
        }
        body.putInt(at + FLAGS_OFFSET, flags, ORDER);
    }

    /** Reads the figures of a segment; {@code expiringBefore} as in {@link #putSegment}. */
    public static SegmentFigures segment(
        final DirectBuffer body, final Fixed fixed, final int index, final int expiringBefore) {
        final int at = FIXED_LENGTH + index * SEGMENT_LENGTH;
        final long count = Math.min(body.getLong(at + EXPIRING_COUNT_OFFSET, ORDER), fixed.expiring() - expiringBefore);
        final long[] expiring = new long[(int)Math.max(0, count)];
        for (int i = 0; i < expiring.length; i++) {
            expiring[i] = body.getLong(expiringOffset(fixed, expiringBefore + i), ORDER);
        }
        return new SegmentFigures(body.getLong(at + ID_OFFSET, ORDER), body.getLong(at + SALT_OFFSET, ORDER),
            body.getLong(at + LIVE_OFFSET, ORDER), body.getLong(at + DELETIONS_OFFSET, ORDER), expiring,
            header(body, at));
    }

    private static HeaderCopy header(final DirectBuffer body, final int at) {
        final int flags = body.getInt(at + FLAGS_OFFSET, ORDER);
        if ((flags & FLAG_KEPT) == 0) {
            return null;
        }
        final Watermark watermark = (flags & FLAG_WATERMARK) == 0 ? null : new Watermark(
            body.getLong(at + GENERATION_OFFSET, ORDER), body.getLong(at + WATERMARK_END_OFFSET, ORDER),
            body.getLong(at + WATERMARK_FIRST_OFFSET, ORDER), body.getLong(at + WATERMARK_DURABLE_OFFSET, ORDER),
            (flags & FLAG_CLEAN) != 0, (flags & FLAG_WAL) != 0);
        return new HeaderCopy(body.getLong(at + MODIFIED_OFFSET, ORDER), body.getLong(at + FILE_NUMBER_OFFSET, ORDER),
            body.getInt(at + KIND_OFFSET, ORDER), body.getLong(at + BASE_OFFSET, ORDER),
            body.getLong(at + LENGTH_OFFSET, ORDER), new Seal(body.getLong(at + SEAL_END_OFFSET, ORDER),
            body.getLong(at + SEAL_FIRST_OFFSET, ORDER), body.getLong(at + SEAL_LAST_OFFSET, ORDER)), watermark);
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

    private static int slotsOffset(final Fixed fixed) {
        return waitingOffset(fixed, fixed.waiting());
    }

    private static int checksumsOffset(final Fixed fixed) {
        return slotsOffset(fixed) + fixed.pages() * Integer.BYTES;
    }

    private static int depthsOffset(final Fixed fixed) {
        return checksumsOffset(fixed) + fixed.pages() * Integer.BYTES;
    }

    /** Writes where the pages stand; the first {@link Fixed#pages()} of each array count. */
    public static void putPages(
        final ByteBuffer body, final Fixed fixed, final int[] slots, final int[] checksums, final byte[] depths) {
        ints(body, slotsOffset(fixed)).put(slots, 0, fixed.pages());
        ints(body, checksumsOffset(fixed)).put(checksums, 0, fixed.pages());
        body.duplicate().clear().position(depthsOffset(fixed)).put(depths, 0, fixed.pages());
    }

    private static IntBuffer ints(final ByteBuffer body, final int offset) {
        return body.duplicate().clear().position(offset).order(ORDER).asIntBuffer();
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
