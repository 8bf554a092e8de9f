package org.mapcask.engine;

import java.util.concurrent.atomic.AtomicReference;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreFailedException;

/**
 * Remembers the first failure after which nothing more may be promised. A sync that failed is never tried again: the
 * kernel forgets the pages that it could not write, and the second call would succeed without having written them.
 * Thread-safe.
 */
final class FailStop {
    private final AtomicReference<Throwable> first = new AtomicReference<>();

    /** Latches the store; the first failure stays. */
    void latch(final Throwable failure) {
        first.compareAndSet(null, failure);
    }

    /** Whether the store is latched. */
    boolean isLatched() {
        return first.get() != null;
    }

    /** Throws if the store is latched. */
    void check() {
        final Throwable failure = first.get();
        if (failure != null) {
            throw new StoreFailedException(ErrorText
                .what("the store takes no more writes after a failure to make data durable")
                .where("the store").expected("every sync to succeed").found(failure.getMessage())
                .todo("close the store, repair the disk or file system, and open it again; reads go on until then"),
                failure);
        }
    }
}
