package org.mapcask.keydir;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Layout of a keydir page, and of the hash bits in it. This is the only place that knows the offsets. A page is 64
 * cache lines: a header, then 63 lines of seven slots. All words are little-endian and aligned, and each is read and
 * written as a whole.
 *
 * <pre>
 *   0                   4                   8                  12                 15
 *  +-------------------+-------------------+-------------------+--------------------+
 *  | CRC32C            | layout  | depth   | prefix            | live count         |   0  header
 *  +-------------------+-------------------+-------------------+--------------------+
 *  | change sequence                       | log position covered                   |  16
 *  +---------------------------------------+----------------------------------------+
 *  | reserved, zero                                                                 |  32
 *  +--------------------------------------------------------------------------------+
 *  | control of line 0                     | slot 0                                 |  64  line 0
 *  +---------------------------------------+----------------------------------------+
 *  | slots 1 to 6                                                                   |  80
 *  +--------------------------------------------------------------------------------+
 *  | lines 1 to 62 ...                                                              | 128 to 4095
 *  +--------------------------------------------------------------------------------+
 *
 *  control   63        56 55                                                       0
 *           +------------+-----------+-----------+-----------+-- ... --+-------------+   tag: 0 = free,
 *           | overflow   | tag 6     | tag 5     | tag 4     |         | tag 0       |   else 0x80 | low 7 bits
 *           +------------+-----------+-----------+-----------+-- ... --+-------------+   of the hash prefix
 *  slot      63                 42 41          40 39                               0
 *           +---------------------+--------------+-----------------------------------+
 *           | high 22 bits of the | displacement | location = position / 8           |
 *           | hash prefix         |              | 0 = none                          |
 *           +---------------------+--------------+-----------------------------------+
 * </pre>
 *
 * <ul>
 *   <li>Header: the writer sets layout, depth and prefix when it builds the page, and never changes them. The live
 *       count is that of the moment of building: it is not kept up to date, since that would cost every insert a
 *       second cache line; {@link #liveCount} counts. The change sequence makes a copy of the page consistent (see
 *       {@link KeydirCursor}). CRC and log position are for pages on disk.
 *   <li>Overflow: how many entries have their home in this line or in one before it, and lie behind it. 0 ends a
 *       search.
 *   <li>Displacement: lines between the home and the place of an entry, 0 to 3, counted in a ring of 63. So a page
 *       can be split, and entries can move, without reading a key.
 * </ul>
 *
 * <p>Stateless.
 */
final class KeydirPage {
    /** Bytes of a page. */
    static final int LENGTH = 4096;
    /** Words of 8 bytes in a page. */
    static final int WORDS = LENGTH >>> 3;
    /** Lines with slots. */
    static final int LINES = 63;
    /** Slots of a line. */
    static final int SLOTS = 7;
    /** Slots of a page. */
    static final int CAPACITY = LINES * SLOTS;
    /** Lines in which an entry may lie: its home and the next three. */
    static final int REACH = 4;
    /** Hash bits that a slot keeps, so the greatest depth of a page. */
    static final int PREFIX_BITS = 29;
    /** The layout this class describes. */
    static final int LAYOUT = 1;
    /** Stands in the slot of a place that is kept for a key to come; no record has this position, it would not fit. */
    static final long RESERVED_POSITION = ((1L << 40) - 1) << 3;
    /** Greatest position of a record that fits into a slot. */
    static final long POSITION_MAX = RESERVED_POSITION - 8;

    /** CRC32C of the page on disk, 4 bytes; 0 in memory. */
    static final int CRC_OFFSET = 0;
    /** Layout number, 2 bytes. */
    static final int LAYOUT_OFFSET = CRC_OFFSET + Integer.BYTES;
    /** Number of leading prefix bits that all entries share, 2 bytes. */
    static final int DEPTH_OFFSET = LAYOUT_OFFSET + Short.BYTES;
    /** Those bits, left-aligned in {@value #PREFIX_BITS}, 4 bytes. */
    static final int PREFIX_OFFSET = DEPTH_OFFSET + Short.BYTES;
    /** Entries when the page was built, 4 bytes. */
    static final int LIVE_COUNT_OFFSET = PREFIX_OFFSET + Integer.BYTES;
    /** Odd while entries move; greater after each removal and each move; 8 bytes. */
    static final int CHANGE_SEQUENCE_OFFSET = LIVE_COUNT_OFFSET + Integer.BYTES;
    /** For a page on disk: its entries hold all records below this position, 8 bytes; 0 in memory. */
    static final int LOG_POSITION_OFFSET = CHANGE_SEQUENCE_OFFSET + Long.BYTES;
    /** Start of the lines. */
    static final int LINES_OFFSET = 64;

    /** Bytes of a line, as a shift. */
    static final int LINE_SHIFT = 6;
    /** Lowest bit of the overflow count in a control word. */
    static final int OVERFLOW_SHIFT = 56;
    /** One more in the overflow count. */
    static final long OVERFLOW_ONE = 1L << OVERFLOW_SHIFT;
    /** The top bit of each tag: taken. */
    static final long TAKEN_MASK = 0x0080808080808080L;

    private static final int PREFIX_MASK = (1 << PREFIX_BITS) - 1;
    private static final long TAG_ONES = 0x0001010101010101L;
    private static final long TAG_LOW_BITS = 0x007F7F7F7F7F7F7FL;
    private static final int TAG_BITS = 7;
    private static final int LOCATION_BITS = 40;
    private static final long LOCATION_MASK = (1L << LOCATION_BITS) - 1;
    private static final int DISPLACEMENT_BITS = 2;
    private static final int POSITION_SHIFT = 3;

    static {
        if (LINES_OFFSET + (LINES << LINE_SHIFT) != LENGTH || LOG_POSITION_OFFSET + Long.BYTES > LINES_OFFSET
            || (REACH - 1) >>> DISPLACEMENT_BITS != 0
            || LOCATION_BITS + DISPLACEMENT_BITS + PREFIX_BITS - TAG_BITS != Long.SIZE) {
            throw new AssertionError("the layout of a keydir page does not add up");
        }
    }

    private KeydirPage() {
    }

    /**
     * The 29 bits by which a key finds its page. They are the top of u = x + x(1 - x)/3, where x is the hash as a
     * fraction: close to log2(1 + x), so the keys lie up to twice as dense at the low end, and pages fill at
     * different times instead of all together.
     */
    static int prefix(final long hash) {
        final long fraction = hash >>> 1;
        final long bend = Math.multiplyHigh(fraction, Long.MAX_VALUE - fraction);
        return (int) (fraction + (bend << 1) / 3 >>> Long.SIZE - 1 - PREFIX_BITS);
    }

    /** The line in which a search starts, from bits of the hash that the prefix does not use. */
    static int homeLine(final long hash) {
        return (int) ((hash & 0xFFFFFFFFL) * LINES >>> Integer.SIZE);
    }

    /** Copies a page, each word as a whole. */
    static void copy(final UnsafeBuffer from, final int fromOffset, final UnsafeBuffer to, final int toOffset) {
        for (int offset = 0; offset < LENGTH; offset += Long.BYTES) {
            to.putLong(toOffset + offset, from.getLong(fromOffset + offset));
        }
    }

    /** The line behind another, in the ring. */
    static int nextLine(final int line) {
        return line + 1 == LINES ? 0 : line + 1;
    }

    /** The line some places before another, in the ring. */
    static int lineBefore(final int line, final int distance) {
        return line >= distance ? line - distance : line - distance + LINES;
    }

    /** The line some places behind another, in the ring. */
    static int lineAfter(final int line, final int distance) {
        return line + distance < LINES ? line + distance : line + distance - LINES;
    }

    /** Offset of the control word of a line in a page that starts at pageOffset. */
    static int lineOffset(final int pageOffset, final int line) {
        return pageOffset + LINES_OFFSET + (line << LINE_SHIFT);
    }

    /** Offset of a slot in a line that starts at lineOffset. */
    static int slotOffset(final int lineOffset, final int slot) {
        return lineOffset + Long.BYTES + (slot << 3);
    }

    /** The tag of a prefix in each of the seven places of a control word. */
    static long tagPattern(final int prefix) {
        return tag(prefix) * TAG_ONES;
    }

    /** The tag of a prefix. */
    static long tag(final int prefix) {
        return 0x80 | prefix & 0x7F;
    }

    /** The taken bit of every place whose tag agrees with the pattern, exactly. */
    static long matches(final long control, final long pattern) {
        final long difference = control ^ pattern;
        return ~((difference & TAG_LOW_BITS) + TAG_LOW_BITS | difference) & TAKEN_MASK;
    }

    /** The taken bit of every free place. */
    static long freePlaces(final long control) {
        return ~control & TAKEN_MASK;
    }

    /** The slot that the lowest bit of a set of places stands for. */
    static int firstSlot(final long places) {
        return Long.numberOfTrailingZeros(places) >>> 3;
    }

    /** The control word with the tag of a slot set. The place was free. */
    static long withTag(final long control, final int slot, final int prefix) {
        return control | tag(prefix) << (slot << 3);
    }

    /** The control word with a slot free. */
    static long withoutTag(final long control, final int slot) {
        return control & ~(0xFFL << (slot << 3));
    }

    /** Number of entries behind a line that belong to it or to a line before it. */
    static int overflow(final long control) {
        return (int) (control >>> OVERFLOW_SHIFT);
    }

    /** The upper 24 bits that a slot word has for a prefix and a displacement. */
    static int slotKey(final int prefix, final int displacement) {
        return prefix >>> TAG_BITS << DISPLACEMENT_BITS | displacement;
    }

    /** Those bits of a slot word. */
    static int slotKey(final long word) {
        return (int) (word >>> LOCATION_BITS);
    }

    /**
     * Adds the positions of the records in the home line of a prefix whose keys may have it.
     *
     * @param buffer     with the page.
     * @param lineOffset of the home line in the buffer.
     * @param control    word of the line.
     * @param prefix     of the hash of a key.
     * @param positions  to add to, with room for {@link #SLOTS} more.
     * @param count      of positions there are.
     * @return how many there are then.
     */
    static int addHomeCandidates(
        final UnsafeBuffer buffer, final int lineOffset, final long control, final int prefix, final long[] positions,
        final int count) {
        int added = count;
        for (long left = matches(control, tagPattern(prefix)); left != 0; left &= left - 1) {
            final long word = buffer.getLong(slotOffset(lineOffset, firstSlot(left)));
            if (slotKey(word) == slotKey(prefix, 0) && position(word) != RESERVED_POSITION) {
                positions[added++] = position(word);
            }
        }
        return added;
    }

    /** A slot word. */
    static long slotWord(final int prefix, final int displacement, final long position) {
        return (long) slotKey(prefix, displacement) << LOCATION_BITS | position >>> POSITION_SHIFT;
    }

    /** A slot word with another position. */
    static long withPosition(final long word, final long position) {
        return word & ~LOCATION_MASK | position >>> POSITION_SHIFT;
    }

    /** A slot word with another displacement. */
    static long withDisplacement(final long word, final int displacement) {
        return word & ~(3L << LOCATION_BITS) | (long) displacement << LOCATION_BITS;
    }

    /** Position of the record; 0 if the slot is free. */
    static long position(final long word) {
        return (word & LOCATION_MASK) << POSITION_SHIFT;
    }

    /** Lines between home and place. */
    static int displacement(final long word) {
        return (int) (word >>> LOCATION_BITS) & 3;
    }

    /** The whole prefix of an entry, from its slot word and its tag. */
    static int prefix(final long word, final long control, final int slot) {
        return (int) (word >>> LOCATION_BITS + DISPLACEMENT_BITS) << TAG_BITS | (int) (control >>> (slot << 3)) & 0x7F;
    }

    /** Writes the header of a page that no reader knows yet. */
    static void header(
        final UnsafeBuffer chunk, final int pageOffset, final int depth, final int prefix, final int liveCount) {
        chunk.putInt(pageOffset + CRC_OFFSET, 0);
        chunk.putShort(pageOffset + LAYOUT_OFFSET, (short) LAYOUT);
        chunk.putShort(pageOffset + DEPTH_OFFSET, (short) depth);
        chunk.putInt(pageOffset + PREFIX_OFFSET, prefix & depthMask(depth));
        chunk.putInt(pageOffset + LIVE_COUNT_OFFSET, liveCount);
        for (int i = CHANGE_SEQUENCE_OFFSET; i < LINES_OFFSET; i += Long.BYTES) {
            chunk.putLong(pageOffset + i, 0);
        }
    }

    /** Depth of a page. */
    static int depth(final UnsafeBuffer chunk, final int pageOffset) {
        return chunk.getShort(pageOffset + DEPTH_OFFSET);
    }

    /** Layout of a page. */
    static int layout(final UnsafeBuffer chunk, final int pageOffset) {
        return chunk.getShort(pageOffset + LAYOUT_OFFSET);
    }

    /** The bits that all entries of a page share, the others 0. */
    static int pagePrefix(final UnsafeBuffer chunk, final int pageOffset) {
        return chunk.getInt(pageOffset + PREFIX_OFFSET);
    }

    /** The prefix bits that the entries of a page of this depth share. */
    static int depthMask(final int depth) {
        return PREFIX_MASK & -1 << PREFIX_BITS - depth;
    }

    /** The prefix bit that decides when a page of this depth splits. */
    static int depthBit(final int depth) {
        return 1 << PREFIX_BITS - 1 - depth;
    }

    /** Counts the entries of a page; by the writer, or on a copy. */
    static int liveCount(final UnsafeBuffer chunk, final int pageOffset) {
        int count = 0;
        for (int line = 0; line < LINES; line++) {
            count += Long.bitCount(chunk.getLong(lineOffset(pageOffset, line)) & TAKEN_MASK);
        }
        return count;
    }
}
