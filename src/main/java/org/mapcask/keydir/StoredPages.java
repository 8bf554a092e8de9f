package org.mapcask.keydir;

/**
 * The way to the pages of a checkpoint as a keydir takes it over: made for {@link Keydir#restore} of that keydir alone.
 * Belongs to one thread at a time.
 */
public final class StoredPages {
    private final long[] entries;
    private final int count;
    private final int version;
    private final int leastDepth;

    StoredPages(final long[] entries, final int count, final int version, final int leastDepth) {
        this.entries = entries;
        this.count = count;
        this.version = version;
        this.leastDepth = leastDepth;
    }

    /**
     * Makes it. Any thread, as long as nothing is done to the keydir before it is restored.
     *
     * @param slots  of the pages in the store, in the order of their prefixes.
     * @param depths of the pages.
     * @param count  of the pages.
     */
    public static StoredPages of(final Keydir keydir, final int[] slots, final byte[] depths, final int count) {
        return keydir.table().prepare(slots, depths, count);
    }

    /** Bits of the number of a {@link KeydirParts part} with which no page belongs to several of them. */
    public int partBits() {
        return Math.min(KeydirParts.BITS_MAX, leastDepth);
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
