package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
class PageTableTest {
    private static final int FRAME = 7;

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
        assertFalse(table.prepareAhead(2000), "not near");
        assertEquals(4096 * 8, table.length());
        assertTrue(table.prepareAhead(3500));
        assertFalse(table.prepareAhead(3500), "once");
        assertEquals((4096 + 8192) * 8, table.length());
        table.doubleDepth();
        assertEquals(8192 * 8, table.length());
        for (int i = 0; i < 8192; i++) {
            assertEquals(FRAME, table.frame(i << KeydirPage.PREFIX_BITS - 13), "entry " + i);
        }
    }
}
