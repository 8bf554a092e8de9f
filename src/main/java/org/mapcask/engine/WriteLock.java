package org.mapcask.engine;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of the writers. Who finds it taken looks again for some microseconds before he is put to sleep: it is mostly
 * held for less than that, by another writer or by a merge that moves a few entries, while to be put to sleep and woken
 * takes tens of microseconds, and milliseconds where processors are short. Nobody looks again while others sleep, or on
 * a machine with one processor. Whoever takes it first may have something to do before, for which the open of the store
 * did not wait; a reader, who takes it by {@link #tryLock()}, leaves that alone. Thread-safe.
 */
final class WriteLock extends ReentrantLock {
    private static final long serialVersionUID = 1L;
    /** About ten microseconds. */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 300 : 0;

    private transient volatile Runnable first;

    /**
     * Has something done by whoever locks next, before he goes on. Before other threads know the lock.
     *
     * @param work what fails in it fails him, and is not done again.
     */
    void beforeFirst(final Runnable work) {
        first = work;
    }

    /** Does that, or waits until it is done: for whoever changes something without the lock. */
    void doFirst() {
        if (first != null) {
            lock();
            unlock();
        }
    }

    @Override
    public void lock() {
        if (!tryLock() && !lockSoon()) {
            super.lock();
        }
        final Runnable work = first;
        if (work != null) {
            begin(work);
        }
    }

    private void begin(final Runnable work) {
        boolean done = false;
        try {
            work.run();
            done = true;
        } finally {
            first = null;
            if (!done) {
                unlock();
            }
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
