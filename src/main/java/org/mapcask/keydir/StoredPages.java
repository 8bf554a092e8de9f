package org.mapcask.keydir;

/**
 * The pages of a checkpoint as a keydir takes them over: made by {@link Keydir#prepare}, and of use for that keydir
 * alone. Belongs to one thread at a time.
 */
public final class StoredPages {
    private final long[] entries;
    private final int count;
    private final int version;

    StoredPages(final long[] entries, final int count, final int version) {
        this.entries = entries;
        this.count = count;
        this.version = version;
    }

    long[] entries() {
        return entries;
    }

    int count() {
        return count;
    }

    /** The last version of the table for which this was made. */
    int version() {
        return version;
    }
}
