package org.mapcask.keydir;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.Lock;

/**
 * Which parts of a keydir have {@link DeferredChanges} that are to be entered yet. Whoever needs a page of such a part
 * has them entered first, a reader under the lock of the writers; so nobody sees a page, or what waits for one, without
 * all of them. Pages may come into memory while they are entered, or after that failed in the middle: so it does not
 * matter where a page is.
 * <p>
 * Any thread may ask; to enter is the writer's, unless it says otherwise.
 */
public final class DeferredParts {
    /** What is there to be entered; null when nothing is. */
    private volatile State state;

    private static final class State {
        private final DeferredChanges changes;
        private final int bits;
        private final AtomicIntegerArray entered;
        private volatile Lock lock;
        private int left;
        private int next;
        /** The part that is being entered, or -1. */
        private int entering = -1;

        State(final DeferredChanges changes) {
            this.changes = changes;
            bits = changes.partBits();
            entered = new AtomicIntegerArray(1 << bits);
            left = entered.length();
        }
    }

    DeferredParts() {
    }

    /**
     * Puts off changes. After {@link Keydir#restore}, before any page is in memory and before the keydir is shared.
     *
     * @param changes closed when they are entered, or with the keydir.
     */
    public void begin(final DeferredChanges changes) {
        state = new State(changes);
    }

    /** From now on others share the keydir, and a reader enters changes under this lock. */
    public void guardBy(final Lock writers) {
        final State now = state;
        if (now != null) {
            now.lock = writers;
        }
    }

    /** Whether nothing is left to be entered. Any thread. */
    public boolean isEmpty() {
        return state == null;
    }

    /**
     * Enters what is left of one more part.
     *
     * @return whether there may be another.
     * @throws RuntimeException why it cannot be entered; nothing is lost, and it may be tried again.
     */
    public boolean enterNext() {
        final State now = state;
        if (now == null) {
            return false;
        }
        while (now.next < now.entered.length() && now.entered.get(now.next) != 0) {
            now.next++;
        }
        if (now.next < now.entered.length()) {
            enter(now, now.next);
        }
        return state != null;
    }

    /** Enters all that is left; throws as {@link #enterNext()}. */
    public void enterAll() {
        boolean isMore = true;
        while (isMore) {
            isMore = enterNext();
        }
    }

    /** Fails if anything is left: for who looks at pages one after the other. Any thread. */
    void requireEmpty() {
        if (state != null) {
            throw new IllegalStateException("changes of some parts of the keydir are to be entered first");
        }
    }

    /** Whether changes of the part of a prefix are to be entered yet. Any thread. */
    boolean isDeferred(final int prefix) {
        final State now = state;
        return now != null && now.entered.getAcquire(KeydirParts.ofPrefix(prefix, now.bits)) == 0;
    }

    /** Enters those of the part of a prefix, unless that is going on in this very call. */
    void enter(final int prefix) {
        final State now = state;
        if (now != null) {
            enter(now, KeydirParts.ofPrefix(prefix, now.bits));
        }
    }

    /** As {@link #enter}, by any thread. */
    void enterGuarded(final int prefix) {
        final State now = state;
        final Lock writers = now == null ? null : now.lock;
        if (writers == null) {
            enter(prefix);
            return;
        }
        writers.lock();
        try {
            enter(prefix);
        } finally {
            writers.unlock();
        }
    }

    private void enter(final State now, final int part) {
        if (part == now.entering || now.entered.get(part) != 0) {
            return;
        }
        now.entering = part;
        try {
            now.changes.enter(part);
        } finally {
            now.entering = -1;
        }
        now.entered.setRelease(part, 1);
        if (--now.left == 0) {
            state = null;
            now.changes.close();
        }
    }

    /** Nobody asks any more. */
    void close() {
        final State now = state;
        if (now != null) {
            state = null;
            now.changes.close();
        }
    }
}
