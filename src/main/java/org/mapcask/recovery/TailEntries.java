package org.mapcask.recovery;

import java.util.Arrays;

/** Records of the end of a log as the keydir wants them, side by side in memory that grows. Belongs to one thread. */
final class TailEntries {
    private static final int FIRST = 64;
    private static final int WORDS = 5;
    private static final int POSITION = 1;
    private static final int SEQUENCE = 2;
    private static final int EXPIRY = 3;
    private static final int LENGTH = 4;
    private static final long GONE = 1L << 62;
    private static final long EXPIRES = 1L << 61;
    private static final long UNCOUNTED = 1L << 60;
    private static final long LENGTH_MASK = UNCOUNTED - 1;

    private long[] words = new long[FIRST * WORDS];
    private int count;

    /**
     * Adds a record.
     *
     * @param length    with padding.
     * @param uncounted whether the figures have not counted a deletion.
     */
    void add(final long hash, final long position, final int length, final long sequence, final boolean gone,
        final boolean expires, final long expiry, final boolean uncounted) {
        final int at = count * WORDS;
        if (at == words.length) {
            words = Arrays.copyOf(words, 2 * at);
        }
        words[at] = hash;
        words[at + POSITION] = position;
        words[at + SEQUENCE] = sequence;
        words[at + EXPIRY] = expiry;
        words[at + LENGTH] = length | (gone ? GONE : 0) | (expires ? EXPIRES : 0) | (uncounted ? UNCOUNTED : 0);
        count++;
    }

    /** Adds one of others. */
    void add(final TailEntries from, final int i) {
        add(from.hash(i), from.position(i), from.length(i), from.sequence(i), from.isGone(i), from.expires(i),
            from.expiry(i), from.isUncounted(i));
    }

    int count() {
        return count;
    }

    /** Forgets those from one on. */
    void truncate(final int newCount) {
        count = newCount;
    }

    long hash(final int i) {
        return words[i * WORDS];
    }

    long position(final int i) {
        return words[i * WORDS + POSITION];
    }

    long sequence(final int i) {
        return words[i * WORDS + SEQUENCE];
    }

    long expiry(final int i) {
        return words[i * WORDS + EXPIRY];
    }

    int length(final int i) {
        return (int)(words[i * WORDS + LENGTH] & LENGTH_MASK);
    }

    boolean isGone(final int i) {
        return (words[i * WORDS + LENGTH] & GONE) != 0;
    }

    boolean expires(final int i) {
        return (words[i * WORDS + LENGTH] & EXPIRES) != 0;
    }

    boolean isUncounted(final int i) {
        return (words[i * WORDS + LENGTH] & UNCOUNTED) != 0;
    }
}
