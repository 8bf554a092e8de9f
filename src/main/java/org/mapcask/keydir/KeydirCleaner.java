package org.mapcask.keydir;

/**
 * Writes pages that changed and that nobody looked at lately, so that the writer finds pages that can go. In steps as
 * {@link KeydirWalk}, and by the same thread as that.
 */
public final class KeydirCleaner implements KeydirStep {
    private static final int COPIES = 64;

    private final PageCache cache;
    private PageCopies copies;

    /** A cleaner. */
    public KeydirCleaner(final Keydir keydir) {
        cache = keydir.cache();
    }

    /** Whether there is something to do. Any thread; roughly. */
    public boolean isWanted() {
        return cache.isMuchChanged();
    }

    @Override
    public void capture() {
        if (copies == null) {
            copies = new PageCopies(COPIES);
        }
        copies.clear();
        cache.captureCold(copies);
    }

    @Override
    public boolean copy() {
        return copies.copy(cache.edits());
    }

    @Override
    public void copyRest() {
        copies.copyRest();
    }

    @Override
    public void write() {
        copies.write(cache.store());
    }

    @Override
    public void confirm() {
        if (copies != null) {
            copies.confirm(cache);
        }
    }
}
