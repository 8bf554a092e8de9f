package org.mapcask.engine;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirWalk;

/**
 * The keydir for those who must not meet changes that wait for their page: beside writers under their lock; in a store
 * that nobody writes under a lock of its own. There, what stood behind the checkpoint waits until somebody asks for the
 * number of keys, or walks over its page: to enter it all at open would read every page of a large store. Thread-safe.
 */
final class ExactKeydir {
    private final Keydir keydir;
    private final ContextPool contexts;
    private final WritePath writePath;
    private final ReentrantLock lock;

    /**
     * A keydir to be had exactly.
     *
     * @param writePath of its writers; null if there are none.
     */
    ExactKeydir(final Keydir keydir, final ContextPool contexts, final WritePath writePath) {
        this.keydir = keydir;
        this.contexts = contexts;
        this.writePath = writePath;
        this.lock = writePath == null ? new ReentrantLock() : writePath.lock();
    }

    /** The lock of whoever changes the keydir. */
    ReentrantLock lock() {
        return lock;
    }

    /** Reads something while nobody writes; the work may enter what waits for a page. */
    <T> T undisturbed(final Supplier<T> read) {
        if (writePath != null) {
            return writePath.undisturbed(read);
        }
        final ReadContext context = contexts.enter();
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
            context.exit();
        }
    }

    /** Enters every write into the keydir. Throws why one of them cannot be entered. */
    void settle() {
        if (writePath != null) {
            writePath.settle();
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
