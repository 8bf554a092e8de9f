package org.mapcask.keydir;

/**
 * Parts of a keydir: equal ranges of the prefixes by which pages are found. Where no page is found by fewer bits than
 * number a part, each page belongs to one of them, and the keys of a part stand in pages side by side. Static and
 * stateless; any thread.
 */
public final class KeydirParts {
    /** Most bits of the number of a part. */
    public static final int BITS_MAX = 10;

    private KeydirParts() {
    }

    /** Number of the part of a key, by the hash of that, among 2 to the power of so many. */
    public static int part(final long hash, final int bits) {
        return ofPrefix(KeydirPage.prefix(hash), bits);
    }

    static int ofPrefix(final int prefix, final int bits) {
        return prefix >>> KeydirPage.PREFIX_BITS - bits;
    }
}
