package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.agrona.concurrent.UnsafeBuffer;

/** Checks everything that must hold in a keydir at rest, from outside, by its own reading of the layout. */
final class KeydirInspector {
    private KeydirInspector() {
    }

    /** Hands out the positions of all keys, and tells how many there were. */
    static long forEach(final Keydir keydir, final LongConsumer consumer) {
        final KeydirCursor cursor = keydir.cursor();
        long count = 0;
        while (cursor.nextPage()) {
            for (int i = 0; i < cursor.count(); i++) {
                consumer.accept(cursor.position(i));
            }
            count += cursor.count();
        }
        return count;
    }

    /** Fails if the table, a page, a count or an overflow is not what it has to be. */
    static void check(final Keydir keydir, final String context) {
        final long[] entries = keydir.table().entries();
        final Set<Integer> frames = new HashSet<>();
        long live = 0;
        int index = 0;
        while (index < entries.length) {
            final int frame = (int) entries[index];
            final UnsafeBuffer chunk = keydir.memory().chunk(frame);
            final int page = KeydirMemory.offset(frame);
            final int depth = chunk.getShort(page + 6);
            final int span = entries.length >>> depth;
            assertTrue(frames.add(frame), () -> context + ": frame " + frame + " serves twice");
            assertEquals(0, index % span, context + ": a page starts at a multiple of its span");
            for (int i = index; i < index + span; i++) {
                assertEquals(frame, (int) entries[i], context + ": all entries of a page name its frame");
            }
            final int bits = PageTable.depth(entries);
            final int prefix = (int) ((long) index << 29 - bits);
            assertEquals(prefix, chunk.getInt(page + 8), context + ": prefix of page " + index);
            live += checkPage(chunk, page, depth, prefix, context);
            index += span;
        }
        assertEquals(frames.size(), keydir.pages(), context + ": pages");
        assertEquals(live, keydir.size(), context + ": size");
    }

    private static int checkPage(
        final UnsafeBuffer chunk, final int page, final int depth, final int prefix, final String context) {
        final int[] overflow = new int[63];
        int live = 0;
        for (int line = 0; line < 63; line++) {
            final int lineOffset = page + 64 + line * 64;
            for (int slot = 0; slot < 7; slot++) {
                final int tag = chunk.getByte(lineOffset + slot) & 0xFF;
                final long word = chunk.getLong(lineOffset + 8 + slot * 8);
                if (tag == 0) {
                    assertEquals(0L, word, context + ": a free slot is empty");
                    continue;
                }
                live++;
                assertTrue(tag >= 0x80, context + ": tag");
                assertNotEquals(0L, word & 0xFFFFFFFFFFL, context + ": location");
                final int entryPrefix = (int) (word >>> 42) << 7 | tag & 0x7F;
                assertEquals(prefix >>> 29 - depth, entryPrefix >>> 29 - depth, context + ": entry in its page");
                final int displacement = (int) (word >>> 40) & 3;
                for (int back = 1; back <= displacement; back++) {
                    overflow[(line - back + 63) % 63]++;
                }
            }
        }
        for (int line = 0; line < 63; line++) {
            final int found = chunk.getByte(page + 64 + line * 64 + 7) & 0xFF;
            assertEquals(overflow[line], found, context + ": overflow count of line " + line);
        }
        return live;
    }
}
