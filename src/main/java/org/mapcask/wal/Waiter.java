package org.mapcask.wal;

import java.util.concurrent.locks.LockSupport;

/**
 * A thread that waits for a frame. Each thread has one for all its waits, so a wait allocates nothing. Fields but the
 * state are guarded by the owner of the list that it is in.
 */
final class Waiter {
    /** A frame that another thread writes holds, or will hold, its record. */
    static final int WAITING = 0;
    /** Its record is durable. */
    static final int SERVED = 1;
    /** It has to write the next frame itself. */
    static final int LEADING = 2;
    /** A write failed, its record may be lost. */
    static final int FAILED = 3;

    private static final ThreadLocal<Waiter> OWN = ThreadLocal.withInitial(Waiter::new);

    /** The next one of a list. */
    Waiter next;
    /** What it waits for. */
    long sequence;
    private final Thread thread = Thread.currentThread();
    private volatile int state;

    private Waiter() {
    }

    /** That of this thread, ready to wait. */
    static Waiter own(final long sequence) {
        final Waiter own = OWN.get();
        own.sequence = sequence;
        own.state = WAITING;
        return own;
    }

    /** Ends a wait; from then on this object belongs to its thread again. */
    void wake(final int newState) {
        state = newState;
        LockSupport.unpark(thread);
    }

    /**
     * Waits until it is woken, and tells why. An interrupt does not end it, and is kept. It parks at once: a write to a
     * device takes longer than a park, and whoever spins takes the processor from those that stage.
     */
    int await() {
        boolean interrupted = false;
        while (state == WAITING) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return state;
    }
}
