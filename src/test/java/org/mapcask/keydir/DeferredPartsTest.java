package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Parts of a keydir that somebody asks for, or that are entered one after the other. */
@Tag("core")
class DeferredPartsTest {
    private static final int BITS = 2;

    private final DeferredParts parts = new DeferredParts();
    private final List<Integer> entered = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private RuntimeException failure;
    private boolean guarded;
    private int closed;

    private final DeferredChanges changes = new DeferredChanges() {
        @Override
        public int partBits() {
            return BITS;
        }

        @Override
        public void enter(final int part) {
            assertEquals(guarded, lock.isHeldByCurrentThread());
            if (failure != null) {
                throw failure;
            }
            parts.enter(prefix(part)); // as a change does that brings the page in
            entered.add(part);
        }

        @Override
        public void close() {
            closed++;
        }
    };

    private static int prefix(final int part) {
        return part << KeydirPage.PREFIX_BITS - BITS | 1;
    }

    @Test
    void shouldHaveNothingToEnterBeforeSomethingIsPutOff() {
        assertTrue(parts.isEmpty());
        assertFalse(parts.isDeferred(prefix(1)));
        assertFalse(parts.enterNext());
        parts.enterGuarded(prefix(1));
        parts.requireEmpty();
        parts.close();
        assertEquals(0, closed);
    }

    @Test
    void shouldEnterEachPartOnceWhoeverAsks() {
        parts.begin(changes);
        assertThrows(IllegalStateException.class, parts::requireEmpty);
        parts.enter(prefix(2));
        parts.enter(prefix(2));
        assertFalse(parts.isDeferred(prefix(2)));
        assertTrue(parts.isDeferred(prefix(3)));
        assertTrue(parts.enterNext());
        assertTrue(parts.enterNext());
        assertFalse(parts.enterNext());
        assertEquals(List.of(2, 0, 1, 3), entered);
        assertTrue(parts.isEmpty());
        assertEquals(1, closed);
        parts.requireEmpty();
    }

    @Test
    void shouldHoldTheLockOfTheWritersForAReader() {
        parts.begin(changes);
        parts.guardBy(lock);
        guarded = true;
        parts.enterGuarded(prefix(1));
        assertFalse(lock.isLocked());
        lock.lock();
        parts.enterGuarded(prefix(0));
        lock.unlock();
        assertEquals(List.of(1, 0), entered);
    }

    @Test
    void shouldAskAgainForAPartThatCouldNotBeEntered() {
        parts.begin(changes);
        failure = new IllegalStateException("not now");
        assertThrows(IllegalStateException.class, () -> parts.enter(prefix(3)));
        assertThrows(IllegalStateException.class, parts::enterNext);
        assertTrue(parts.isDeferred(prefix(3)));
        failure = null;
        parts.enter(prefix(3));
        assertFalse(parts.isDeferred(prefix(3)));
        parts.close();
        assertEquals(List.of(3), entered);
        assertEquals(1, closed);
        assertTrue(parts.isEmpty());
    }
}
