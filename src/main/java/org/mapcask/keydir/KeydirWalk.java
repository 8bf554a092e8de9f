package org.mapcask.keydir;

import java.util.Arrays;

/**
 * Walks through all pages of a {@link Keydir} in the order of their prefixes, and enters on the way the changes that
 * wait for pages that are not in memory. For a checkpoint it also has every page that changed written to a slot, and
 * remembers where each page stands: an image of each page as it was at some moment of the walk.
 *
 * <p>Each step may begin with {@link #prefetch()}, beside the writer. One walk at a time.
 */
public final class KeydirWalk extends KeydirStep {
    private static final int PREFIX_END = 1 << KeydirPage.PREFIX_BITS;
    private static final int COPIES = 32;
    /** Pages that a step loads, at the most. */
    static final int LOADS = 32;
    /** Entries of the table that a step looks at, at the most. */
    static final int LOOKS = 512;

    private final Keydir keydir;
    private final PageTable table;
    private final WalkAhead ahead;
    private final boolean keeping;
    private final int[] loaded = new int[LOADS];
    private int loadedCount;
    private int nextPrefix;
    private int[] slots;
    private byte[] depths;
    private int count;
    private long pagesWritten;

    /**
     * A walk from the first page on, of a keydir of which nothing is {@link Keydir#deferred()}.
     *
     * @param keeping whether pages are written, for a checkpoint.
     */
    public KeydirWalk(final Keydir keydir, final boolean keeping) {
        super(keydir.cache(), COPIES);
        keydir.deferred().requireEmpty();
        this.keydir = keydir;
        this.table = keydir.table();
        ahead = new WalkAhead(cache, table);
        this.keeping = keeping;
        final int pages = keeping ? (int)Math.min(Integer.MAX_VALUE - 8, keydir.pages() + 64) : 0;
        slots = new int[pages];
        depths = new byte[pages];
    }

    /** Whether all pages were met. */
    public boolean isDone() {
        return nextPrefix >= PREFIX_END;
    }

    /** How far it is, from 0 to 1. */
    public double progress() {
        return (double)nextPrefix / PREFIX_END;
    }

    /**
     * Has what {@link #capture()} is going to read read beforehand, so that the writer need not wait for it. Inside a
     * reading context.
     */
    public void prefetch() {
        ahead.bring(nextPrefix);
    }

    /** Goes on for some pages. */
    @Override
    public void capture() {
        loadedCount = 0;
        final long begin = System.nanoTime();
        final int waited = cache.pending().count();
        final PageCopies copies = copies();
        copies.clear();
        for (int looks = 0; looks < LOOKS && !isDone() && loadedCount < LOADS && !copies.isFull() &&
            cache.mayHold(loadedCount + copies.count()); looks++) {
            int reference = table.frame(nextPrefix);
            if (reference < 0 && cache.pending().head(~reference) != 0) {
                reference = cache.frame(nextPrefix);
                loaded[loadedCount++] = reference;
            }
            final int depth = table.pageDepth(nextPrefix);
            if (keeping) {
                keep(reference, depth);
            }
            nextPrefix += PREFIX_END >>> depth;
        }
        cache.pace().looked(waited - cache.pending().count(), System.nanoTime() - begin);
    }

    private void keep(final int reference, final int depth) {
        final int slot;
        if (reference < 0) {
            slot = ~reference;
        } else if (cache.frames().isClean(reference)) {
            slot = cache.frames().slot(reference);
        } else {
            slot = cache.capture(copies(), reference);
            pagesWritten++;
        }
        cache.store().keep(slot);
        if (count == slots.length) {
            slots = Arrays.copyOf(slots, count + (count >> 2) + 64);
            depths = Arrays.copyOf(depths, slots.length);
        }
        slots[count] = slot;
        depths[count] = (byte)depth;
        count++;
    }

    /** As above; what was loaded for the walk alone goes. */
    @Override
    public void confirm() {
        super.confirm();
        if (cache.isTight()) {
            for (int i = 0; i < loadedCount; i++) {
                if (cache.frames().isUsed(loaded[i]) && cache.frames().isClean(loaded[i])) {
                    cache.evict(loaded[i]);
                }
            }
        }
        loadedCount = 0;
    }

    /** Slots of the pages, in the order of their prefixes; the first {@link #count()} count. */
    public int[] slots() {
        return slots;
    }

    /** Depths of the pages. */
    public byte[] depths() {
        return depths;
    }

    /** Number of pages met. */
    public int count() {
        return count;
    }

    /** Of them, how many were written. */
    public long pagesWritten() {
        return pagesWritten;
    }

    /** Enters everything that waits, also what is deferred, by the writer in one go. */
    public static void settleAll(final Keydir keydir) {
        keydir.deferred().enterAll();
        final KeydirWalk walk = new KeydirWalk(keydir, false);
        while (!walk.isDone()) {
            walk.prefetch();
            walk.capture();
            walk.confirm();
        }
    }
}
