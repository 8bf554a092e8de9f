package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PageFramesTest {
    private static final int NONE_PINNED = -1;

    private final PageFrames frames = new PageFrames();

    @Test
    void shouldCountWhatIsUsedAndChanged() {
        frames.fresh(0);
        frames.loaded(1, 40);
        frames.loaded(100, 41);
        assertEquals(3, frames.used());
        assertEquals(1, frames.changed());
        frames.change(1);
        frames.change(1);
        assertEquals(2, frames.changed());
        assertTrue(frames.isChanged(0) && frames.isChanged(1) && !frames.isClean(1) && frames.isClean(100));
        assertEquals(PageStore.NONE, frames.leave(0));
        assertEquals(40, frames.leave(1));
        assertEquals(41, frames.leave(100));
        assertEquals(0, frames.used());
        assertEquals(0, frames.changed());
        assertFalse(frames.isUsed(0) || frames.isUsed(100) || frames.isUsed(1_000));
    }

    @Test
    void shouldGiveBackTheSlotBeforeWhenACopyWasWritten() {
        frames.loaded(3, 7);
        frames.change(3);
        frames.captured(3, 9);
        assertFalse(frames.isClean(3), "nobody may let it go before it is written");
        assertEquals(7, frames.written(3, 9));
        assertTrue(frames.isClean(3));
        assertEquals(9, frames.slot(3));
    }

    @Test
    void shouldStayChangedWhenItChangedWhileItsCopyWasWritten() {
        frames.fresh(3);
        frames.captured(3, 9);
        frames.change(3);
        assertEquals(PageStore.NONE, frames.written(3, 9));
        assertTrue(frames.isChanged(3));
        assertEquals(9, frames.slot(3));
    }

    @Test
    void shouldKeepTheFrameOfAPageThatHasLeftWhileACopyIsUnderWay() {
        frames.fresh(3);
        frames.fresh(4);
        frames.captured(3, 9);
        frames.leave(3);
        frames.leave(4);
        assertTrue(frames.isLeft(3) && !frames.isUsed(3));
        assertFalse(frames.isLeft(4));
        assertEquals(-1, frames.findCold(NONE_PINNED, true, 100));
        frames.letGo(3);
        assertFalse(frames.isLeft(3) || frames.isUsed(3));
    }

    @Test
    void shouldGiveBackTheSlotOfACopyWhosePageHasLeft() {
        frames.fresh(3);
        frames.captured(3, 9);
        assertEquals(PageStore.NONE, frames.leave(3));
        assertEquals(9, frames.written(3, 9), "the frame is free");
        frames.captured(addFresh(3), 10);
        assertEquals(9, frames.written(3, 9), "another page is in it, with another copy under way");
        assertEquals(PageStore.NONE, frames.written(3, 10));
        assertEquals(10, frames.slot(3));
    }

    private int addFresh(final int frame) {
        frames.fresh(frame);
        return frame;
    }

    @Test
    void shouldBeChangedAgainWhenTheCopyCouldNotBeWritten() {
        frames.loaded(3, 7);
        frames.change(3);
        frames.captured(3, 9);
        assertEquals(0, frames.changed());
        assertEquals(9, frames.notWritten(3, 9));
        assertEquals(1, frames.changed());
        assertEquals(7, frames.slot(3));
        assertEquals(7, frames.leave(3));
        assertEquals(9, frames.notWritten(3, 9), "the page has left");
        assertEquals(0, frames.changed());
    }

    @Test
    void shouldFindWhatNobodyLookedAtSinceTheLastRound() {
        for (int i = 0; i < 4; i++) {
            frames.loaded(i, 10 + i);
        }
        final int round = frames.capacity();
        assertEquals(-1, frames.findCold(NONE_PINNED, true, round), "all were looked at when they came");
        frames.refer(0);
        frames.refer(2);
        assertEquals(1, frames.findCold(NONE_PINNED, true, round));
        frames.leave(1);
        assertEquals(-1, frames.findCold(3, true, 2), "pinned");
        frames.refer(1_000_000);
        assertEquals(-1, frames.findCold(NONE_PINNED, false, 2 * round), "none is changed");
        frames.change(2);
        assertEquals(2, frames.findCold(NONE_PINNED, false, 2 * round));
    }
}
