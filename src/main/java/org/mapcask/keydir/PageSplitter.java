package org.mapcask.keydir;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Divides the entries of a page among two new ones, on the heap; the halves are then written into frames as a whole.
 * No key is read and nothing can fail: an entry stays in its line unless there is room nearer to its home, and so
 * there is always a place for it. Works without branches that depend on the hash, since those would be mispredicted
 * half of the time. Belongs to the writer.
 */
final class PageSplitter {
    private static final int LINE_WORDS = 1 << KeydirPage.LINE_SHIFT - 3;
    private static final int FIRST_LINE_WORD = KeydirPage.LINES_OFFSET >>> 3;

    /** The two halves one behind the other. */
    private final long[] words = new long[KeydirPage.WORDS << 1];
    /** For each line of each half: the tag bytes of the entries that did not lie at home and have to be settled. */
    private final long[] displaced = new long[KeydirPage.LINES << 1];

    /**
     * Makes two pages out of one.
     *
     * @param depth     of the page.
     * @param prefix    of any of its keys.
     * @param zeroFrame takes the keys whose next bit is 0; may be that of the page.
     * @param oneFrame  takes the others.
     */
    void split(final KeydirMemory memory, final int frame, final int depth, final int prefix, final int zeroFrame,
        final int oneFrame) {
        final int bit = KeydirPage.depthBit(depth);
        divide(memory.chunk(frame), KeydirMemory.offset(frame), depth);
        write(memory.chunk(zeroFrame), KeydirMemory.offset(zeroFrame), 0, depth + 1, prefix & ~bit);
        write(memory.chunk(oneFrame), KeydirMemory.offset(oneFrame), 1, depth + 1, prefix | bit);
    }

    /**
     * Divides a page.
     *
     * @param depth of the page: the number of the prefix bit, from the left, that decides.
     */
    void divide(final UnsafeBuffer chunk, final int pageOffset, final int depth) {
        final int bit = KeydirPage.PREFIX_BITS - 1 - depth;
        for (int line = 0; line < KeydirPage.LINES; line++) {
            final int lineOffset = KeydirPage.lineOffset(pageOffset, line);
            final long control = chunk.getLong(lineOffset);
            final int at = word(line);
            long ones = 0;
            long away = 0;
            for (int slot = 0; slot < KeydirPage.SLOTS; slot++) {
                final long word = chunk.getLong(KeydirPage.slotOffset(lineOffset, slot));
                final int side = KeydirPage.prefix(word, control, slot) >>> bit & 1;
                final int displacement = KeydirPage.displacement(word);
                words[at + 1 + slot] = word & side - 1L;
                words[KeydirPage.WORDS + at + 1 + slot] = word & -(long) side;
                ones |= (0xFFL & -side) << (slot << 3);
                away |= (0xFFL & -displacement >> 31) << (slot << 3);
            }
            final long tags = control & KeydirPage.OVERFLOW_ONE - 1;
            words[at] = tags & ~ones;
            words[KeydirPage.WORDS + at] = tags & ones;
            displaced[line] = away & ~ones;
            displaced[KeydirPage.LINES + line] = away & ones;
        }
        pullBack(0);
        pullBack(1);
    }

    /**
     * Writes a half into a frame, each word whole: a late reader of the frame's former page meets no torn word.
     *
     * @param side   0 or 1: the value of the bit that decided.
     * @param depth  of the new page.
     * @param prefix of any of its keys.
     */
    void write(final UnsafeBuffer chunk, final int pageOffset, final int side, final int depth, final int prefix) {
        final int base = side * KeydirPage.WORDS;
        for (int i = FIRST_LINE_WORD; i < KeydirPage.WORDS; i++) {
            chunk.putLong(pageOffset + (i << 3), words[base + i]);
        }
        KeydirPage.header(chunk, pageOffset, depth, prefix, count(base));
    }

    /** Moves entries as near to their homes as there is room, and counts the overflows. */
    private void pullBack(final int side) {
        final int base = side * KeydirPage.WORDS;
        for (int line = 0; line < KeydirPage.LINES; line++) {
            final long unsettled = displaced[side * KeydirPage.LINES + line] & KeydirPage.TAKEN_MASK;
            for (long left = unsettled; left != 0; left &= left - 1) {
                settle(base, line, KeydirPage.firstSlot(left));
            }
        }
    }

    private void settle(final int base, final int line, final int slot) {
        final int at = base + word(line);
        final long word = words[at + 1 + slot];
        final int displacement = KeydirPage.displacement(word);
        for (int less = 0; less < displacement; less++) {
            final int target = base + word(KeydirPage.lineBefore(line, displacement - less));
            final long free = KeydirPage.freePlaces(words[target]);
            if (free != 0) {
                final int to = KeydirPage.firstSlot(free);
                words[target + 1 + to] = KeydirPage.withDisplacement(word, less);
                words[target] |= (words[at] >>> (slot << 3) & 0xFF) << (to << 3);
                words[at] = KeydirPage.withoutTag(words[at], slot);
                words[at + 1 + slot] = 0;
                return;
            }
            words[target] += KeydirPage.OVERFLOW_ONE;
        }
    }

    private int count(final int base) {
        int count = 0;
        for (int line = 0; line < KeydirPage.LINES; line++) {
            count += Long.bitCount(words[base + word(line)] & KeydirPage.TAKEN_MASK);
        }
        return count;
    }

    private static int word(final int line) {
        return FIRST_LINE_WORD + line * LINE_WORDS;
    }
}
