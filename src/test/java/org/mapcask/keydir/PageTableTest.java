package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PageTableTest {
    private static final int FRAME = 7;
    private static final long SEED = 28;

    @Test
    void shouldNoticeAFrameThatComesBackToItsOldPlace() {
        final PageTable table = new PageTable(FRAME);
        table.doubleDepth();
        table.doubleDepth();
        final long[] entries = table.entries();
        final long before = PageTable.entryAcquire(entries, 0);
        assertTrue(table.unchanged(entries, 0, before));
        table.split(0, 0, 8, 9);
        assertFalse(table.unchanged(entries, 0, before));
        table.split(0, 1, FRAME, 10);
        assertSame(entries, table.entries());
        assertEquals(FRAME, table.frame(0), "the frame is where it was");
        assertNotEquals(before, PageTable.entryAcquire(entries, 0), "its entry is not what it was");
        assertFalse(table.unchanged(entries, 0, before));
    }

    @Test
    void shouldNoticeADoubling() {
        final PageTable table = new PageTable(FRAME);
        final long[] entries = table.entries();
        table.doubleDepth();
        assertFalse(table.unchanged(entries, 0, entries[0]));
    }

    @Test
    void shouldLeaveTheNeighboursOfASplitPageAlone() {
        final PageTable table = new PageTable(1);
        table.doubleDepth();
        table.split(0, 0, 2, 3);
        table.doubleDepth();
        table.doubleDepth();
        final int upper = 1 << KeydirPage.PREFIX_BITS - 1;
        table.split(upper | 1, 1, 4, 5);
        final int[] frames = {2, 2, 2, 2, 4, 4, 5, 5};
        for (int i = 0; i < frames.length; i++) {
            assertEquals(frames[i], table.frame(i << KeydirPage.PREFIX_BITS - 3), "entry " + i);
        }
    }

    @Test
    void shouldMakeTheNextArrayAheadOnceAndUseIt() {
        final PageTable table = new PageTable(FRAME);
        assertFalse(table.prepareAhead(1_000_000), "a small table needs none");
        while (table.entries().length < 4096) {
            table.doubleDepth();
        }
        assertFalse(table.prepareAhead(4000), "nothing grows");
        table.split(0, 1, FRAME, FRAME);
        assertFalse(table.prepareAhead(2500), "not near");
        assertEquals(4096 * 8, table.length());
        assertTrue(table.prepareAhead(2560), "a large table may be doubled when three quarters have pages, or before");
        assertFalse(table.prepareAhead(2561), "once");
        assertEquals((4096 + 8192) * 8, table.length());
        table.doubleDepth();
        assertEquals(8192 * 8, table.length());
        for (int i = 0; i < 8192; i++) {
            assertEquals(FRAME, table.frame(i << KeydirPage.PREFIX_BITS - 13), "entry " + i);
        }
    }

    /** The next array is filled a little at each split; what changes in the part that is filled changes there, too. */
    @Test
    void shouldDoubleToTheSameTableWhateverChangesWhileItIsCopiedAhead() {
        final Random random = new Random(SEED);
        for (int splits = 0; splits < 200; splits += 9) {
            final PageTable ahead = wide();
            final PageTable plain = wide();
            assertTrue(ahead.prepareAhead(7000));
            for (int i = 0; i < splits; i++) {
                final int prefix = random.nextInt(1 << KeydirPage.PREFIX_BITS);
                final int depth = 4 + random.nextInt(9);
                for (final PageTable table : new PageTable[] {ahead, plain}) {
                    if (i % 3 > 0) {
                        table.split(prefix, depth, 2 * i, 2 * i + 1);
                    } else {
                        table.replace(prefix, depth + 1, ~i);
                    }
                }
            }
            ahead.doubleDepth();
            plain.doubleDepth();
            assertArrayEquals(plain.entries(), ahead.entries(), "seed " + SEED + ", " + splits + " splits");
        }
    }

    private static PageTable wide() {
        final PageTable table = new PageTable(FRAME);
        while (table.entries().length < 8192) {
            table.doubleDepth();
        }
        for (int i = 0; i < 64; i++) {
            table.replace(i << KeydirPage.PREFIX_BITS - 6, 6, 1000 + i);
        }
        table.split(0, 6, 2000, 2001);
        return table;
    }

    @Test
    void shouldTakeOverPagesOfAnyDepthsInTheOrderOfTheirPrefixes() {
        final PageTable table = new PageTable(FRAME);
        assertEquals(1, table.restore(new int[] {10, 11, 12, 13}, new byte[] {2, 3, 3, 1}, 4));
        assertEquals(3, PageTable.depth(table.entries()));
        final int[] slots = {10, 10, 11, 12, 13, 13, 13, 13};
        for (int i = 0; i < slots.length; i++) {
            assertEquals(~slots[i], table.frame(i << KeydirPage.PREFIX_BITS - 3), "entry " + i);
        }
        final int[] starts = {0, 2, 3, 4};
        final int[] depths = {2, 3, 3, 1};
        for (int i = 0; i < starts.length; i++) {
            assertEquals(depths[i], table.pageDepth(starts[i] << KeydirPage.PREFIX_BITS - 3), "page " + i);
        }
        assertThrows(IllegalArgumentException.class, () -> table.restore(new int[] {1, 2}, new byte[] {1, 2}, 2));
        assertEquals(0, table.restore(new int[] {9}, new byte[] {0}, 1));
        assertEquals(~9, table.frame(0));
    }

    @Test
    void shouldNoticeAPageThatWentAndCameBackToItsFrame() {
        final PageTable table = new PageTable(FRAME);
        table.doubleDepth();
        table.split(0, 0, 2, 3);
        final long[] entries = table.entries();
        final long before = PageTable.entryAcquire(entries, 1);
        final long neighbour = PageTable.entryAcquire(entries, 0);
        final int upper = 1 << KeydirPage.PREFIX_BITS - 1;
        table.replace(upper, 1, ~70);
        assertEquals(~70, table.frame(upper));
        assertFalse(table.unchanged(entries, 1, before));
        table.replace(upper, 1, 3);
        assertEquals(3, table.frame(upper));
        assertFalse(table.unchanged(entries, 1, before));
        assertTrue(table.unchanged(entries, 0, neighbour));
    }

    @Test
    void shouldGrowForThePartsOfAPageThatIsDeeperThanTheTable() {
        final PageTable table = new PageTable(1);
        table.replace(0, 2, 5);
        table.replace(1 << KeydirPage.PREFIX_BITS - 2, 2, 6);
        table.replace(1 << KeydirPage.PREFIX_BITS - 1, 1, 7);
        final int[] frames = {5, 6, 7, 7};
        for (int i = 0; i < frames.length; i++) {
            assertEquals(frames[i], table.frame(i << KeydirPage.PREFIX_BITS - 2), "entry " + i);
        }
        assertEquals(1, table.pageDepth(2 << KeydirPage.PREFIX_BITS - 2));
    }
}
