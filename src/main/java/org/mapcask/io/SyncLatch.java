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
        final MapcaskException failure = first.get();
        if (failure != null) {
            throw new StoreIoException(ErrorText.what("sync refused, an earlier sync of this file failed")
                .where(description).found(failure.getMessage())
                .todo("reopen the store: recovery finds out what is on the disk"), failure);
        }
        try {
            sync.run();
        } catch (final MapcaskException e) {
            first.compareAndSet(null, e);
            throw e;
        }
    }
}
