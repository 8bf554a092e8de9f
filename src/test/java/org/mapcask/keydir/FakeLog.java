package org.mapcask.keydir;

/**
 * Stands in for the log: a position holds key and version, (version &lt;&lt; 32 | key) &lt;&lt; 3, so that any
 * position tells whose record it is. One instance is the matcher of one thread.
 */
final class FakeLog implements KeyMatcher {
    private long sought;
    private long questions;

    /** Chooses the key that {@link #matches} compares with; keys start at 1. */
    FakeLog seek(final long key) {
        sought = key;
        return this;
    }

    /** How often the matcher was asked. */
    long questions() {
        return questions;
    }

    @Override
    public boolean matches(final long position) {
        questions++;
        return key(position) == sought;
    }

    /** Position of a version of a key; versions to 31. */
    static long position(final long key, final long version) {
        return (version << 32 | key) << 3;
    }

    /** The key at a position. */
    static long key(final long position) {
        return position >>> 3 & 0xFFFFFFFFL;
    }

    /** A good hash of a number (the finalizer of splitmix64). */
    static long mix(final long number) {
        long z = number + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
