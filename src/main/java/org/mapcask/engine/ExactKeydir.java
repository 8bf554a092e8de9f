package org.mapcask.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirWalk;

/**
 * The keydir for those who must not meet changes that wait for their page: beside writers under their lock; in a store
 * that nobody writes under a lock of its own. There, what stood behind the checkpoint waits until somebody asks for the
 * number of keys, or walks over its page: to enter it all at open would read every page of a large store. So does what
 * recovery left in hints until somebody asks for a key near by, or needs the whole. Thread-safe.
 */
final class ExactKeydir {
    /** Longest wait for writers after something was done under their lock. */
    private static final long YIELD_MAX_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Keydir keydir;
    private final ContextPool contexts;
    private final ReentrantLock lock;

    /**
     * A keydir to be had exactly.
     *
     * @param lock of whoever changes it.
     */
    ExactKeydir(final Keydir keydir, final ContextPool contexts, final ReentrantLock lock) {
        this.keydir = keydir;
        this.contexts = contexts;
        this.lock = lock;
    }

    /** The lock of whoever changes the keydir. */
    ReentrantLock lock() {
        return lock;
    }

    /** Reads something while nobody writes, and every write is in the keydir; it may enter what waits for a page. */
    <T> T undisturbed(final Supplier<T> read) {
        return locked(() -> {
            keydir.settle();
            return read.get();
        });
    }

    /** Under the lock, and inside a context: what is entered into the keydir is compared with records of segments. */
    <T> T locked(final Supplier<T> work) {
        final ReadContext context = contexts.enter();
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
            context.exit();
        }
    }

    /** Beside the writers, inside a context: no segment vanishes under whoever looks at its records. */
    void inContext(final Runnable work) {
        final ReadContext context = contexts.enter();
        try {
            work.run();
        } finally {
            context.exit();
        }
    }

    /**
     * Enters what recovery left of the log, a part of the keydir at a time, between which writers have their turn.
     * Throws why a part cannot be entered.
     */
    void enterDeferred() {
        while (!keydir.deferred().isEmpty()) {
            locked(keydir.deferred()::enterNext);
            letWritersIn();
        }
    }

    /** Whoever takes a lock again at once has it before a thread that is waiting for it has woken up. */
    void letWritersIn() {
        if (lock.hasQueuedThreads()) {
            final long end = System.nanoTime() + YIELD_MAX_NS;
            while (lock.hasQueuedThreads() && System.nanoTime() < end) {
                Thread.yield();
            }
        }
    }

    /** Enters every write into the keydir. Throws why one of them cannot be entered. */
    void settle() {
        if (keydir.hasLatePuts()) {
            undisturbed(() -> null);
        }
    }

    /** The number of keys in a store that nobody writes. */
    long keysAtRest() {
        return undisturbed(() -> {
            if (keydir.pending() > 0) {
                KeydirWalk.settleAll(keydir);
            }
            return keydir.size();
        });
    }
}
