package org.mapcask.keydir;

/**
 * Pages on their way to the {@link PageStore}, some at a time: {@link #capture()}, {@link #copy()}, {@link #copyRest()}
 * if that left some, {@link #write()}, {@link #confirm()}, over and over. The writer is held up by the first and the
 * last only, which do no more than note what is to be copied and what became of it. Belongs to one thread, which takes
 * the writer's part where it says so.
 */
public abstract class KeydirStep {
    /** Where the pages are. */
    final PageCache cache;

    private final int pages;
    private PageCopies copies;

    /** Steps of so many pages at the most. */
    KeydirStep(final PageCache cache, final int pages) {
        this.cache = cache;
        this.pages = pages;
    }

    /** The pages of a step; their memory is taken with the first. */
    final PageCopies copies() {
        if (copies == null) {
            copies = new PageCopies(pages);
        }
        return copies;
    }

    /** Chooses the pages. Writer. */
    public abstract void capture();

    /**
     * Copies them, beside the writer.
     *
     * @return whether that went well with all; one that the writer keeps changing does not.
     */
    public final boolean copy() {
        return copies().copy(cache.edits());
    }

    /** Copies the rest. Writer. */
    public final void copyRest() {
        copies().copyRest();
    }

    /** Writes what was copied, beside the writer. */
    public final void write() {
        copies().write(cache.store());
    }

    /** Ends the step: what was written stands in its slots. Has to come even if the write failed. Writer. */
    public void confirm() {
        copies().confirm(cache);
    }
}
