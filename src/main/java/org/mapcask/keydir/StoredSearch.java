package org.mapcask.keydir;

import org.mapcask.errors.CorruptionException;

/** Looks for keys whose page is not in memory: in what waits for it, then in a copy of it. Any thread. */
final class StoredSearch {
    /** What {@link #find} answers when the page came into memory, or changed, meanwhile: look again. */
    static final long RETRY = -2L;

    private final PageCache cache;
    private final PageTable table;
    private final PendingChanges pending;

    StoredSearch(final PageCache cache, final PageTable table) {
        this.cache = cache;
        this.table = table;
        this.pending = cache.pending();
    }

    /**
     * Looks for a key.
     *
     * @return position, {@link Keydir#NOT_FOUND}, or {@link #RETRY}.
     */
    long find(final long[] entries, final int index, final long entry, final long hash,
        final KeyMatcher matcher) {
        final int slot = ~PageTable.frame(entry);
        final int head = pending.head(slot);
        for (int node = head; node != 0;) {
            final long nodeHash = pending.hash(node);
            final long position = pending.position(node);
            final boolean gone = pending.isGone(node);
            final int next = pending.next(node);
            if (!table.unchanged(entries, index, entry)) {
                return RETRY;
            }
            if (nodeHash == hash && matcher.matchesWaiting(position)) {
                return gone ? Keydir.NOT_FOUND : position;
            }
            node = next;
        }
        if (!table.unchanged(entries, index, entry)) {
            return RETRY;
        }
        return findInCopy(entries, index, entry, hash, matcher, head);
    }

    private long findInCopy(final long[] entries, final int index, final long entry, final long hash,
        final KeyMatcher matcher, final int head) {
        final int slot = ~PageTable.frame(entry);
        final int prefix = KeydirPage.prefix(hash);
        final PageReads reads = matcher.pageReads();
        if (!reads.has(entry)) {
            try {
                cache.read(prefix, slot, reads.buffer());
            } catch (final CorruptionException ex) {
                // A slot that was used anew meanwhile holds another page.
                if (!table.unchanged(entries, index, entry)) {
                    return RETRY;
                }
                throw ex;
            }
            if (!table.unchanged(entries, index, entry)) {
                return RETRY;
            }
            reads.done(prefix, entry);
        }
        final long position =
            PageReader.probe(reads.copy().words(), 0, prefix, KeydirPage.homeLine(hash), matcher, table, entry);
        if (!table.unchanged(entries, index, entry) || position == Keydir.NOT_FOUND && pending.head(slot) != head) {
            return RETRY;
        }
        return position;
    }
}
