package org.mapcask.keydir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The newest entries of a keydir, which stand in no page yet: {@link LatePuts} enters them a few puts late, all at
 * once. One word each, the oldest first; all of them fill one cache line, which is what a reader pays for them.
 *
 * <pre>
 *  word      63                 40   39                              0
 *           +---------------------+-----------------------------------+
 *           | high 24 bits of the | location = position / 8           |
 *           | hash                | 0 = none                          |
 *           +---------------------+-----------------------------------+
 * </pre>
 *
 * <h2>Threads</h2>
 * One writer. Any number of readers, who look from the newest to the oldest, and only then into the pages. A word goes
 * after its entry stands in a page, and older words go before newer ones, so a reader who misses a word finds the entry
 * in the page, and one who finds a word has found the newest of its key. A word that is used anew under a reader leads
 * to the record of another key, which the matcher refuses.
 */
final class LateEntries {
    /** How many there may be: enough for the misses to overlap, few enough for a reader to look through. */
    static final int CAPACITY = 8;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long HASH_MASK = 0xFFFFFF0000000000L;
    private static final int POSITION_SHIFT = 3;
    /** Words in front and behind, which keep what else changes off the line. */
    private static final int PADDING = 16;

    private final long[] words = new long[PADDING + CAPACITY + PADDING];
    private final long[] hashes = new long[CAPACITY];
    private int count;

    /**
     * Looks a key up. Any thread.
     *
     * @return the position of its newest record, or {@link Keydir#NOT_FOUND} if it is not one of these.
     */
    long find(final long hash, final KeyMatcher matcher) {
        if (isEmpty()) {
            return Keydir.NOT_FOUND;
        }
        for (int i = CAPACITY - 1; i >= 0; i--) {
            final long word = (long) WORD.getAcquire(words, PADDING + i);
            if (((word ^ hash) & HASH_MASK) == 0) {
                final long position = position(word);
                if (position != 0 && matcher.matchesWaiting(position)) {
                    return position;
                }
            }
        }
        return Keydir.NOT_FOUND;
    }

    /** Whether every entry stands in a page, or is about to in this moment. Any thread. */
    boolean isEmpty() {
        return (long) WORD.getAcquire(words, PADDING) == 0;
    }

    /** How many there are. Writer, as all that follow. */
    int count() {
        return count;
    }

    long hash(final int i) {
        return hashes[i];
    }

    long position(final int i) {
        return position(words[PADDING + i]);
    }

    private static long position(final long word) {
        return (word & ~HASH_MASK) << POSITION_SHIFT;
    }

    /** Whether one of them has this hash. */
    boolean holds(final long hash) {
        for (int i = 0; i < count; i++) {
            if (hashes[i] == hash) {
                return true;
            }
        }
        return false;
    }

    /** Adds the newest; there must be room. */
    void add(final long hash, final long position) {
        set(count, hash, position);
        count++;
    }

    /** Keeps one of them at an earlier place, in which none is that is still needed. */
    void keep(final int place, final int i) {
        if (place != i) {
            set(place, hashes[i], position(i));
        }
    }

    /** Lets all go from a place on. */
    void truncate(final int newCount) {
        for (int i = newCount; i < count; i++) {
            WORD.setRelease(words, PADDING + i, 0L);
        }
        count = newCount;
    }

    private void set(final int place, final long hash, final long position) {
        hashes[place] = hash;
        WORD.setRelease(words, PADDING + place, hash & HASH_MASK | position >>> POSITION_SHIFT);
    }
}
