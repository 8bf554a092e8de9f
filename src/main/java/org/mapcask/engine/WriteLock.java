package org.mapcask.engine;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of the writers. Who finds it taken looks again for some microseconds before he is put to sleep: it is mostly
 * held for less than that, by another writer or by a merge that moves a few entries, while to be put to sleep and woken
 * takes tens of microseconds, and milliseconds where processors are short. Nobody looks again while others sleep, or on
 * a machine with one processor. Thread-safe.
 */
final class WriteLock extends ReentrantLock {
    private static final long serialVersionUID = 1L;
    /** About ten microseconds. */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 300 : 0;

    @Override
    public void lock() {
        if (!tryLock() && !lockSoon()) {
            super.lock();
        }
    }

    private boolean lockSoon() {
        for (int i = 0; i < SPINS && !hasQueuedThreads(); i++) {
            Thread.onSpinWait();
            if (tryLock()) {
                return true;
            }
        }
        return false;
    }
}
