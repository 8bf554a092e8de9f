package org.mapcask.keydir;

import org.mapcask.errors.CorruptionException;

/**
 * Has read from the device, beside the writer, what a {@link KeydirWalk} needs next: the pages for which changes wait,
 * and, if those come from the device as well, the records with which the changes are going to be compared. What it
 * misses the walk reads itself, under the lock of the writers. One thread.
 */
final class WalkAhead {
    private static final int PAGES = 64;
    /** Pages of which the next step has no need are brought without their records. */
    private static final int RECORD_PAGES = KeydirWalk.LOADS;
    private static final int RECORDS = 2048;

    private final PageCache cache;
    private final PageTable table;
    private final PendingChanges pending;
    private final int[] indices = new int[PAGES];
    private final long[] entries = new long[PAGES];
    private int pages;
    private final long[] positions = new long[RECORDS];
    private int records;
    private PageBuffer page;

    WalkAhead(final PageCache cache, final PageTable table) {
        this.cache = cache;
        this.table = table;
        pending = cache.pending();
    }

    /** Brings what stands behind a prefix. */
    void bring(final int prefix) {
        final long[] all = table.entries();
        choose(all, PageTable.index(all, prefix));
        bringPages();
        if (cache.pace().isCold()) {
            bringRecords(all);
        }
    }

    /** Chooses the next pages for which something waits. */
    private void choose(final long[] all, final int from) {
        pages = 0;
        int before = PageStore.NONE;
        for (int i = from; i < all.length && i - from < KeydirWalk.LOOKS && pages < PAGES; i++) {
            final long entry = PageTable.entryAcquire(all, i);
            final int slot = ~PageTable.frame(entry);
            if (slot >= 0 && slot != before && pending.head(slot) != 0) {
                indices[pages] = i;
                entries[pages] = entry;
                pages++;
                before = slot;
            }
        }
    }

    /** Those side by side at once. */
    private void bringPages() {
        for (int from = 0; from < pages;) {
            final int first = slot(from);
            int to = from + 1;
            while (to < pages && slot(to) == first + to - from) {
                to++;
            }
            cache.store().prefetch(first, to - from);
            from = to;
        }
    }

    private int slot(final int i) {
        return ~PageTable.frame(entries[i]);
    }

    private void bringRecords(final long[] all) {
        records = 0;
        for (int i = 0; i < Math.min(pages, RECORD_PAGES); i++) {
            if (readPage(all, i)) {
                addRecords(all, i);
            }
        }
        if (records > 0) {
            final long begin = System.nanoTime();
            cache.pairs().bring(positions, records);
            cache.pace().asked(records, System.nanoTime() - begin);
        }
    }

    /** False for a page that the walk will find damaged, or for a slot that holds another one by now. */
    private boolean readPage(final long[] all, final int i) {
        if (page == null) {
            page = new PageBuffer();
        }
        try {
            cache.read(PageTable.prefix(all, indices[i]), slot(i), page);
            return true;
        } catch (final CorruptionException ex) {
            return false;
        }
    }

    /** Nothing that was read counts unless the entry that led to it is found unchanged afterwards. */
    private void addRecords(final long[] all, final int i) {
        for (int node = pending.head(slot(i)); node != 0 && records <= RECORDS - KeydirPage.SLOTS;) {
            final long hash = pending.hash(node);
            final int next = pending.next(node);
            if (!table.unchanged(all, indices[i], entries[i])) {
                return;
            }
            final int line = KeydirPage.lineOffset(0, KeydirPage.homeLine(hash));
            records = KeydirPage.addHomeCandidates(
                page.words(), line, page.words().getLong(line), KeydirPage.prefix(hash), positions, records);
            node = next;
        }
    }
}
