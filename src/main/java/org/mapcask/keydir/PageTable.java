package org.mapcask.keydir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The directory of an extendible hash table: the leading bits of a prefix lead to an entry, which names the frame of
 * the page. A page whose depth is less than that of the table has several entries, side by side.
 *
 * <p>An entry is [version 32 | frame 32]; for a page that is not in memory the lower half is ~slot, which is negative.
 * Each change of an entry brings a version that it never had, so whoever reads an entry twice and finds it equal knows
 * that the page behind it was the same all the time. (A version comes again after 2^32 changes, during which a reader
 * would have to stand still; and then it must meet the same frame in the same place.)
 *
 * <p>Threads: the reading methods belong to anybody, the changing ones to the writer.
 */
final class PageTable {
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int COPY_BLOCK = 64;

    /** Smaller tables are doubled without preparation. */
    private static final int SPARE_ENTRIES_MIN = 4096;
    /**
     * A table is doubled as soon as one of its pages is full: the larger it is, the sooner there is one. Of 4,096
     * entries 13 to 14 in 16 have pages of their own by then, of 65,536 12, and a quarter of an entry fewer with each
     * doubling. A writer that finds no spare array waits 14 ms for one of 1 MiB.
     */
    private static final long SPARE_SIXTEENTHS = 10;

    private volatile long[] entries;
    private volatile long[] spare;
    /** So many entries of the table stand in the spare one already, twice each; what changes of them is kept equal. */
    private int copied;
    private int lastVersion;
    /** Pages were divided: a store that is only read, or written over, is left without a spare array. */
    private volatile boolean growing;

    /** A table of depth 0 with one page. */
    PageTable(final int frame) {
        entries = new long[] {newEntry(frame)};
    }

    /**
     * Puts pages that are all in the store in the place of all that is here.
     *
     * @param slots  of the pages, in the order of their prefixes.
     * @param depths of the pages.
     * @param count  of the pages.
     * @return the least of the depths.
     */
    int restore(final int[] slots, final byte[] depths, final int count) {
        int depth = 0;
        int least = KeydirPage.PREFIX_BITS;
        for (int i = 0; i < count; i += COPY_BLOCK) {
            depth = Math.max(depth, deepest(depths, i, Math.min(count, i + COPY_BLOCK)));
            least = Math.min(least, shallowest(depths, i, Math.min(count, i + COPY_BLOCK)));
        }
        final long[] table = new long[1 << depth];
        int index = 0;
        for (int i = 0; i < count; i += COPY_BLOCK) {
            index = fill(table, index, slots, depths, i, Math.min(count, i + COPY_BLOCK), lastVersion + 1);
        }
        if (index != table.length) {
            throw new IllegalArgumentException("the pages of a checkpoint do not cover all prefixes");
        }
        lastVersion += count;
        spare = null;
        copied = 0;
        growing = false;
        entries = table;
        return least;
    }

    private static int deepest(final byte[] depths, final int from, final int to) {
        int depth = 0;
        for (int i = from; i < to; i++) {
            depth = Math.max(depth, depths[i]);
        }
        return depth;
    }

    private static int shallowest(final byte[] depths, final int from, final int to) {
        int depth = KeydirPage.PREFIX_BITS;
        for (int i = from; i < to; i++) {
            depth = Math.min(depth, depths[i]);
        }
        return depth;
    }

    /**
     * As {@link #copyTwice}, in pieces. Most pages have one entry or two, and nobody can foresee which: two are stored,
     * and the next page stores over what was too many.
     */
    private static int fill(final long[] table, final int start, final int[] slots, final byte[] depths,
        final int from, final int to, final int firstVersion) {
        final int depth = depth(table);
        int index = start;
        for (int i = from; i < to; i++) {
            final int end = index + (1 << depth - depths[i]);
            final long entry = entry(firstVersion + i, ~slots[i]);
            table[index] = entry;
            table[Math.min(index + 1, table.length - 1)] = entry;
            for (int more = index + 2; more < end; more++) {
                table[more] = entry;
            }
            index = end;
        }
        return index;
    }

    /** The table as it is now; to be passed to the methods that read. Doubling brings another array. */
    long[] entries() {
        return entries;
    }

    /** Place of the entry for a prefix. */
    static int index(final long[] entries, final int prefix) {
        return prefix >>> KeydirPage.PREFIX_BITS - depth(entries);
    }

    /** The first prefix that leads to the entry at an index. */
    static int prefix(final long[] entries, final int index) {
        return index << KeydirPage.PREFIX_BITS - depth(entries);
    }

    /** Number of leading prefix bits that select an entry. */
    static int depth(final long[] entries) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(entries.length);
    }

    /** The entry at an index, before anything that is read through it. Pairs with the release in {@link #split}. */
    static long entryAcquire(final long[] entries, final int index) {
        return (long) ENTRY.getAcquire(entries, index);
    }

    /** The frame that an entry names. */
    static int frame(final long entry) {
        return (int) entry;
    }

    /**
     * Tells a reader whether what it has read through an entry belonged to that entry's page all the time.
     *
     * @param table from which the entry was read.
     * @param index of the entry.
     * @param entry as it was read before.
     * @return false if the page may have been split or its frame used anew meanwhile: read again.
     */
    boolean unchanged(final long[] table, final int index, final long entry) {
        VarHandle.acquireFence();
        return entries == table && (long) ENTRY.getAcquire(table, index) == entry;
    }

    /**
     * As {@link #unchanged}, wherever the entry is by now: whether what was read through it belonged to it all the
     * time. Any thread.
     */
    boolean leads(final int prefix, final long entry) {
        VarHandle.acquireFence();
        final long[] table = entries;
        return (long) ENTRY.getAcquire(table, index(table, prefix)) == entry;
    }

    /** Bytes of the table, with the array made ahead. */
    long length() {
        final long[] ready = spare;
        return (long) entries.length + (ready == null ? 0 : ready.length) << 3;
    }

    /** The frame for a prefix, for the writer. */
    int frame(final int prefix) {
        final long[] table = entries;
        return frame(table[index(table, prefix)]);
    }

    /** The entry for a prefix, for the writer. */
    long entry(final int prefix) {
        final long[] table = entries;
        return table[index(table, prefix)];
    }

    /** Depth of the page that begins with a prefix, in memory or not; for the writer. */
    int pageDepth(final int prefix) {
        final long[] table = entries;
        final int index = index(table, prefix);
        final long entry = table[index];
        int run = 1;
        while (index + run < table.length && table[index + run] == entry) {
            run <<= 1;
        }
        return depth(table) - Integer.numberOfTrailingZeros(run);
    }

    /** Doubles the table: a copy of what is not in the spare one yet, and a new array for the readers. */
    void doubleDepth() {
        final long[] old = entries;
        final long[] twice = hasSpare(old) ? spare : new long[old.length << 1];
        for (int i = hasSpare(old) ? copied : 0; i < old.length; i += COPY_BLOCK) {
            copyTwice(old, twice, i, Math.min(i + COPY_BLOCK, old.length));
        }
        spare = null;
        copied = 0;
        entries = twice;
    }

    /** Whether the spare array is for the next doubling of this table; it may have been made for one before that. */
    private boolean hasSpare(final long[] table) {
        final long[] ready = spare;
        return ready != null && ready.length == table.length << 1;
    }

    /** Takes a few entries over into the spare array, so that the doubling itself has little left to copy. */
    private void copyAhead(final long[] table) {
        if (copied < table.length && hasSpare(table)) {
            final int end = Math.min(copied + COPY_BLOCK, table.length);
            copyTwice(table, spare, copied, end);
            copied = end;
        }
    }

    /** Entries of the table have changed: so do theirs in the spare one. */
    private void keepEqual(final long[] table, final int from, final int to) {
        if (from < copied && hasSpare(table)) {
            copyTwice(table, spare, from, Math.min(to, copied));
        }
    }

    /**
     * Makes the array for the next doubling if that is near; by the background thread. Its allocation takes longer than
     * the copy, since the memory of a large array is touched for the first time.
     *
     * @param pages the number of pages now.
     * @return true if it did.
     */
    boolean prepareAhead(final long pages) {
        final long[] table = entries;
        if (!growing || hasSpare(table) || table.length < SPARE_ENTRIES_MIN ||
            pages < (table.length >>> 4) * SPARE_SIXTEENTHS) {
            return false;
        }
        spare = new long[table.length << 1];
        return true;
    }

    /**
     * A method of its own, so that it is compiled by the time the table is large: doubling itself runs 20 times at
     * most.
     */
    private static void copyTwice(final long[] old, final long[] twice, final int from, final int to) {
        for (int i = from; i < to; i++) {
            final long entry = old[i];
            twice[i << 1] = entry;
            twice[(i << 1) + 1] = entry;
        }
    }

    /**
     * Puts two pages in the place of one. On return no reader can come to the old page any more, and one that is
     * there will notice.
     *
     * @param prefix   of any key of the page.
     * @param depth    of the page, less than that of the table.
     * @param zeroFrame page for the keys whose next bit is 0.
     * @param oneFrame  page for the others.
     */
    void split(final int prefix, final int depth, final int zeroFrame, final int oneFrame) {
        final long[] table = entries;
        final int half = 1 << depth(table) - depth - 1;
        final int first = index(table, prefix) & -(half << 1);
        final long zeroEntry = newEntry(zeroFrame);
        final long oneEntry = zeroEntry & 0xFFFFFFFF00000000L | oneFrame;
        for (int i = first; i < first + half; i++) {
            ENTRY.setRelease(table, i, zeroEntry);
            ENTRY.setRelease(table, i + half, oneEntry);
        }
        growing = true;
        keepEqual(table, first, first + (half << 1));
        copyAhead(table);
        // Before the first store into the old frame when it is used anew; pairs with the fence in unchanged().
        VarHandle.storeStoreFence();
    }

    /**
     * Puts something else in the place of a page, or of a part of it: a frame, or ~slot.
     *
     * @param prefix of any key of the new page.
     * @param depth  of the new page; the table is doubled if it has less.
     */
    void replace(final int prefix, final int depth, final int reference) {
        while (depth > depth(entries)) {
            doubleDepth();
        }
        final long[] table = entries;
        final int run = 1 << depth(table) - depth;
        final int first = index(table, prefix) & -run;
        final long entry = newEntry(reference);
        for (int i = first; i < first + run; i++) {
            ENTRY.setRelease(table, i, entry);
        }
        keepEqual(table, first, first + run);
        // As in split().
        VarHandle.storeStoreFence();
    }

    private long newEntry(final int reference) {
        return entry(++lastVersion, reference);
    }

    private static long entry(final int version, final int reference) {
        return (long) version << Integer.SIZE | reference & 0xFFFFFFFFL;
    }
}
