package org.mapcask.io;

import java.util.concurrent.atomic.AtomicReference;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreIoException;

/**
 * Remembers the first failed sync of one file, for its descriptor and all its mappings. After a failure the kernel
 * marks the pages clean, and another sync would report success for bytes that are not on the disk; so none is made any
 * more. Thread-safe.
 */
final class SyncLatch {
    private final AtomicReference<MapcaskException> first = new AtomicReference<>();

    /** Does a sync, unless one has failed before. */
    void run(final String description, final Runnable sync) {
        refuseAfterFailure("sync", description);
        try {
            sync.run();
        } catch (final MapcaskException e) {
            remember(e);
            throw e;
        }
    }

    /** Throws when something has failed before. */
    void refuseAfterFailure(final String operation, final String description) {
        final MapcaskException failure = first.get();
        if (failure != null) {
            throw new StoreIoException(ErrorText
                .what(operation + " refused, an earlier " + operation + " of this file failed")
                .where(description).expected("no failure before").found(failure.getMessage())
                .todo("reopen the store: recovery finds out what is on the disk"), failure);
        }
    }

    /** Remembers a failure, if it is the first. */
    void remember(final MapcaskException failure) {
        first.compareAndSet(null, failure);
    }
}
