package org.mapcask.keydir;

/**
 * Writes pages that changed and that nobody looked at lately, so that the writer finds pages that can go. In steps as
 * {@link KeydirWalk}, and by the same thread as that.
 */
public final class KeydirCleaner extends KeydirStep {
    private static final int COPIES = 64;

    /** A cleaner. */
    public KeydirCleaner(final Keydir keydir) {
        super(keydir.cache(), COPIES);
    }

    /** Whether there is something to do. Any thread; roughly. */
    public boolean isWanted() {
        return cache.isMuchChanged();
    }

    @Override
    public void capture() {
        copies().clear();
        cache.captureCold(copies());
    }
}
