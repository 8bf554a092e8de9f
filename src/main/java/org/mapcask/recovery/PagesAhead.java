package org.mapcask.recovery;

import java.util.concurrent.FutureTask;
import org.mapcask.checkpoint.Checkpoint;
import org.mapcask.checkpoint.CheckpointStore;
import org.mapcask.checkpoint.PageFile;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.StoredPages;
import org.mapcask.nativeaccess.Uninterruptible;

/**
 * Makes ready what the pages of a checkpoint take in memory, while the segments are looked at: of a large store that
 * is some MiB that are touched for the first time. A thread of its own begins with one half, and whoever asks for both
 * does what is not begun by then. Nothing of it counts before the checkpoint is known to fit.
 */
final class PagesAhead implements AutoCloseable {
    /** Fewer pages are not worth a thread. */
    static final int PAGES_MIN = 1 << 14;

    private final FutureTask<StoredPages> table;
    private final FutureTask<PageFile> file;
    private final Thread thread;
    /** Nobody is going to ask. A task is not cancelled for that: what it has opened by then would be lost. */
    private volatile boolean unwanted;
    private boolean taken;

    PagesAhead(final CheckpointStore store, final Checkpoint checkpoint, final boolean writable, final Keydir keydir,
        final int pagesMin) {
        table = new FutureTask<>(() ->
            StoredPages.of(keydir, checkpoint.slots(), checkpoint.depths(), checkpoint.pages()));
        file = new FutureTask<>(
            () -> unwanted ? null : store.open(checkpoint.store(), checkpoint, writable));
        if (checkpoint.pages() < pagesMin) {
            thread = null;
            return;
        }
        thread = new Thread(this::make, "mapcask-recovery");
        thread.setDaemon(true);
        thread.start();
    }

    private void make() {
        table.run();
        file.run();
    }

    /** The file of pages, which is the caller's now. Throws what its opening threw. */
    PageFile file() {
        file.run();
        finish();
        final PageFile opened = Uninterruptible.resultOf(file);
        taken = true;
        return opened;
    }

    /** The way to the pages. */
    StoredPages table() {
        finish();
        return Uninterruptible.resultOf(table);
    }

    private void finish() {
        table.run();
        if (thread != null) {
            Uninterruptible.join(thread);
        }
    }

    /** Closes the file, unless it was taken. */
    @Override
    public void close() {
        unwanted = true;
        finish();
        if (taken || !file.isDone()) {
            return;
        }
        taken = true;
        try {
            final PageFile opened = Uninterruptible.resultOf(file);
            if (opened != null) {
                opened.close();
            }
        } catch (final RuntimeException ignored) {
            // it was not opened
        }
    }
}
