package org.mapcask.keydir;

import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.KeydirFullException;

/**
 * The key directory: finds the position of a record by the hash of its key, off heap, in about 14 bytes a key
 * whatever the key's length. It is an extendible hash table of 4 KiB pages; {@link KeydirPage} describes a page,
 * {@link PageTable} the way to it. Pages split one by one; they are never merged, so memory does not shrink when keys
 * are removed, and is used again when keys come.
 *
 * <h2>Threads</h2>
 * Any number of readers: {@link #find}, {@link #touch}, cursors and the figures. They take no lock, write nothing and
 * allocate nothing. One writer at a time: the caller's lock guards all methods marked "writer". One background thread
 * may call {@link #prepareAhead()}. {@link #close()} comes after the last of them has returned: it gives the memory
 * back, and the keydir does not check for late callers.
 *
 * <h2>Why a reader is right without a lock</h2>
 * <ol>
 *   <li><b>Within a page.</b> Stores are single words with release, in the order given in {@link PageEditor}, and
 *       readers load with acquire in the opposite order. What can go wrong is that a candidate's slot changes between
 *       the load of its tag and the answer of the matcher: it was moved, overwritten or used by another key. Then the
 *       control word or the slot word is no longer what it was, and the reader looks at the line again. The one case
 *       in which the control word is the same again, an entry moved on and its place taken by one with an equal tag,
 *       is harmless: while the moved entry lives, the overflow count of the line is not 0, so the reader goes on to
 *       the lines behind and finds it there.
 *   <li><b>Across a split.</b> A hit needs no check: the slot was read from a page that held the key, the matcher has
 *       compared the whole key, and if the page was replaced during the call, the position was current at a moment
 *       within the call. A miss is believed only if the entry and the table are unchanged after the last load. The
 *       frame of a replaced page gets new content only after a fence behind the change of the entries, and the reader
 *       re-reads the entry behind a fence of its own: if it has seen any of the new content, it sees the changed
 *       entry too.
 *   <li><b>Recycled frames (ABA).</b> A frame may serve again, for a page, even in the same place of the table, or for
 *       changes that wait; but its entry then has another version. Chunks stay mapped, so a late reader meets some word
 *       or other; before it asks the matcher about one, or follows one, it looks at the entry once more.
 *   <li><b>Late entries.</b> They are looked at before the pages, and go after they stand in one: {@link LateEntries}.
 *   <li><b>Deferred changes.</b> Nobody looks at a page whose part has some: {@link DeferredParts}.
 *   <li><b>Doubling.</b> The new table is published as a new array with the same entries. Later splits change only
 *       the new array; a reader of the old one may miss because of that, and then sees that the table is another.
 * </ol>
 */
public final class Keydir implements AutoCloseable {
    /** The answer when there is no such key. */
    public static final long NOT_FOUND = -1L;

    private final KeydirMemory memory;
    private final PageTable table;
    private final PageCache cache;
    private final StoredSearch stored;
    private final DeferredParts deferred;
    private final KeydirWriter writer;
    private final LateEntries late = new LateEntries();
    private final LatePuts latePuts;

    /**
     * An empty keydir; it takes 64 KiB.
     *
     * @param memory gives and takes back the memory; used from the writer's and from the background thread.
     */
    public Keydir(final ChunkAllocator memory) {
        this(memory, KeydirPage.PREFIX_BITS);
    }

    /** With another limit of the depth, for tests. */
    Keydir(final ChunkAllocator memory, final int depthMax) {
        this.memory = new KeydirMemory(memory);
        final int frame = this.memory.take();
        // The halves of a splitter that has divided nothing are empty.
        new PageSplitter().write(this.memory.chunk(frame), KeydirMemory.offset(frame), 0, 0, 0);
        table = new PageTable(frame);
        cache = new PageCache(this.memory, table);
        stored = new StoredSearch(cache, table);
        deferred = cache.deferred();
        cache.fresh(frame);
        writer = new KeydirWriter(this.memory, table, cache, depthMax);
        latePuts = new LatePuts(late, this.memory, table, cache, writer);
    }

    /**
     * Lets pages go to a store when there are more than the budget holds. Before the keydir is shared.
     *
     * @param store  takes the pages; stays the caller's.
     * @param budget bytes of memory in all, if the store can be written; otherwise nothing bounds the memory.
     * @param pairs  compares records when changes are entered that were put off.
     */
    public void attach(final PageStore store, final long budget, final KeyPairs pairs) {
        cache.attach(store, budget, pairs, writer);
        writer.compareWith(pairs);
        latePuts.compareWith(pairs);
    }

    /** Compares records by this from now on. Before the keydir is shared. */
    public void compareWith(final KeyPairs pairs) {
        cache.compareWith(pairs, writer);
        writer.compareWith(pairs);
        latePuts.compareWith(pairs);
    }

    /**
     * Takes over the pages of a checkpoint instead of what is in here. After {@link #attach}, and before the keydir is
     * shared.
     *
     * @param slots  of so many pages in the store, in the order of their prefixes.
     * @param depths of the pages.
     * @param keys   in them.
     * @return bits of the number of a {@link KeydirParts part} with which no page belongs to several of them.
     */
    public int restore(final int[] slots, final byte[] depths, final int pages, final long keys) {
        cache.clear();
        final int leastDepth = table.restore(slots, depths, pages);
        writer.reset(keys, pages);
        return Math.min(KeydirParts.BITS_MAX, leastDepth);
    }

    /**
     * Looks a key up. Any thread.
     *
     * @param hash    of the key, see {@link KeyHash}.
     * @param matcher compares keys; asked about once, rarely more often.
     * @return the position of the record, or {@link #NOT_FOUND}.
     */
    public long find(final long hash, final KeyMatcher matcher) {
        final long newest = late.find(hash, matcher);
        if (newest != NOT_FOUND) {
            return newest;
        }
        final int prefix = KeydirPage.prefix(hash);
        final int home = KeydirPage.homeLine(hash);
        if (deferred.isDeferred(prefix)) {
            deferred.enterGuarded(prefix);
        }
        while (true) {
            final long[] entries = table.entries();
            final int index = PageTable.index(entries, prefix);
            final long entry = PageTable.entryAcquire(entries, index);
            final int frame = PageTable.frame(entry);
            if (frame < 0) {
                final long found = stored.find(entries, index, entry, hash, matcher);
                if (found != StoredSearch.RETRY) {
                    return found;
                }
                continue;
            }
            cache.refer(frame);
            final long position = PageReader.probe(
                memory.chunk(frame), KeydirMemory.offset(frame), prefix, home, matcher, table, entry);
            if (position != NOT_FOUND || table.unchanged(entries, index, entry)) {
                return position;
            }
        }
    }

    /**
     * Brings the cache line in which a search for a key starts into the processor, so that the misses of several
     * lookups overlap. Any thread.
     *
     * @param hash of the key.
     * @return some word; the caller has to use it in some way, lest the compiler drops the load.
     */
    public long touch(final long hash) {
        return KeydirTouch.touch(table, memory, cache.pending(), hash);
    }

    /** One that touches many keys at once. Any thread may make one; it belongs to one thread at a time. */
    public KeydirTouch newTouch() {
        return new KeydirTouch(table, memory, cache.pending());
    }

    /**
     * Inserts a key, or gives it another position. Writer. If it throws, no key has changed.
     *
     * @return the position before, or {@link #NOT_FOUND} if the key is new.
     * @throws InvalidArgumentException if the position is not a multiple of 8 between 8 and 8 TiB.
     * @throws KeydirFullException      if too many keys have the same hash bits; practically only if they are made so.
     */
    public long put(final long hash, final long position, final KeyMatcher matcher) {
        locate(hash, matcher);
        return putLocated(position);
    }

    /**
     * Removes a key. Writer.
     *
     * @return the position before, or {@link #NOT_FOUND} if the key was not there.
     */
    public long remove(final long hash, final KeyMatcher matcher) {
        locate(hash, matcher);
        return removeLocated();
    }

    /**
     * Looks a key up and remembers its place for {@link #putLocated} or {@link #removeLocated}. Writer, who keeps its
     * lock until then.
     *
     * @return the position of the record, or {@link #NOT_FOUND}.
     */
    public long locate(final long hash, final KeyMatcher matcher) {
        latePuts.settleFor(hash);
        return writer.seek(hash, matcher, NOT_FOUND);
    }

    /**
     * Makes sure that the {@link #putLocated} that follows cannot fail for want of room or memory: for a writer who
     * appends its record in between. Writer, after {@link #locate}.
     *
     * @throws KeydirFullException as {@link #put}.
     */
    public void reserveLocated() {
        writer.reserveLocated();
    }

    /**
     * Inserts the key that was located last, or gives it another position. Writer. Once for each {@link #locate}.
     * Throws as {@link #put}.
     *
     * @return the position before, or {@link #NOT_FOUND} if the key is new.
     */
    public long putLocated(final long position) {
        return writer.putLocated(position);
    }

    /**
     * Removes the key that was located last. Writer. Once for each {@link #locate}.
     *
     * @return the position before, or {@link #NOT_FOUND} if the key was not there.
     */
    public long removeLocated() {
        return writer.removeLocated();
    }

    /**
     * Gives an entry another position if it still has the expected one; no key is compared. Writer. A merge installs
     * a copied record with it.
     *
     * @return false if there is no such entry; nothing has changed then.
     * @throws InvalidArgumentException as in {@link #put}.
     */
    public boolean compareAndSet(final long hash, final long expectedPosition, final long newPosition) {
        KeydirWriter.checkPosition(newPosition);
        latePuts.settleFor(hash);
        if (writer.seek(hash, null, expectedPosition) == NOT_FOUND) {
            writer.forgetLocated();
            return false;
        }
        putLocated(newPosition);
        return true;
    }

    /**
     * Removes an entry if it still has the expected position; no key is compared. Writer.
     *
     * @return false if there is no such entry; nothing has changed then.
     */
    public boolean removeAt(final long hash, final long expectedPosition) {
        latePuts.settleFor(hash);
        writer.seek(hash, null, expectedPosition);
        return removeLocated() != NOT_FOUND;
    }

    /** Whether there is an entry with this position. Writer; no key is compared. */
    public boolean isAt(final long hash, final long position) {
        latePuts.settleFor(hash);
        final boolean found = writer.seek(hash, null, position) != NOT_FOUND;
        writer.forgetLocated();
        return found;
    }

    /**
     * Keeps a place for a key that is not there, until {@link #fillPlace} or {@link #giveBackPlace}: for a writer who
     * adds several keys at once and must know beforehand that there is room for all. The place is an entry that nobody
     * finds and that does not count; whatever pages split or entries move meanwhile, it stays. Writer.
     *
     * @throws KeydirFullException as {@link #put}; nothing is kept then.
     */
    public void reservePlace(final long hash) {
        writer.insertPlace(hash);
    }

    /** Enters the position of a key for which a place was kept: one store. Writer. Fails only if there is none. */
    public void fillPlace(final long hash, final long position) {
        writer.fillPlace(hash, position);
    }

    /** Frees a place that was kept. Writer. Fails only if there is none. */
    public void giveBackPlace(final long hash) {
        writer.giveBackPlace(hash);
    }

    /**
     * Whether a put need not know where the key is: pages have to go for others to come, and that of the key is not in
     * memory. Writer; then {@link #putOff} may follow. Fails as {@link #settle} does if there is a put of this key that
     * cannot be entered.
     */
    public boolean canPutOff(final long hash) {
        latePuts.settleFor(hash);
        return writer.canPutOff(hash);
    }

    /**
     * Inserts a key, or gives it another position, without a look at its page, which is not in memory: readers find it
     * at once, and {@link #size()} counts it when the page comes in. Writer, after {@link #canPutOff}. Throws as
     * {@link #put}.
     */
    public void putOff(final long hash, final long position) {
        writer.putOff(hash, position, false, false);
    }

    /** Enters what waits for the page of a key. Writer. If it throws, the page cannot be had, and all is as it was. */
    public void enterWaiting(final long hash) {
        latePuts.settleFor(hash);
        writer.bringIn(hash);
    }

    /**
     * Whether a put may be entered late, together with some others, which takes a fraction of the time: pages are in
     * memory, and records can be compared without the caller. Writer; then {@link #putLate} may follow, which cannot
     * fail for want of room. Fails as {@link #put} does if others have to be entered first and cannot be.
     */
    public boolean canPutLate(final long hash) {
        return latePuts.canPut(hash);
    }

    /**
     * Inserts a key, or gives it another position: readers find it at once, and {@link #size()} counts it when it is
     * {@link #settle entered}, as it is before the writer does anything else with the keydir. Writer, after {@link
     * #canPutLate}.
     */
    public void putLate(final long hash, final long position) {
        latePuts.put(hash, position);
    }

    /** Whether puts are to be entered yet. Any thread. */
    public boolean hasLatePuts() {
        return !late.isEmpty();
    }

    /**
     * Enters every put of {@link #putLate}. Writer.
     *
     * @throws RuntimeException why one of them cannot be entered: the record with which it has to be compared cannot be
     *                          read, or as {@link #put}. It is still found, and the others have been entered.
     */
    public void settle() {
        latePuts.settleAll();
    }

    /**
     * Enters a record of the log behind a checkpoint; in the order of the log. Writer.
     *
     * @param gone    whether the record is a deletion.
     * @param settled whether the figures have counted it.
     */
    public void enter(final long hash, final long position, final boolean gone, final boolean settled) {
        writer.enter(hash, position, gone, settled);
    }

    /** Offers the writer the page that a reader has read last. Writer. */
    public void adopt(final PageReads reads) {
        cache.adopt(reads);
    }

    /** Changes that wait for their pages to come into memory. Any thread. */
    public int pending() {
        return cache.pending().count();
    }

    /** Whether pages have to go for others to come. Any thread. */
    public boolean isTight() {
        return cache.isTight();
    }

    /** Positions of the records whose changes wait. Writer. */
    public long[] waitingPositions() {
        return cache.pending().positions();
    }

    /** Which pages are in memory, and what that took. Any thread. */
    public KeydirFigures figures() {
        return cache.figures(pages());
    }

    /** How long writers were held up. Any thread; {@link KeydirPauses#end} by the writer. */
    public KeydirPauses pauses() {
        return cache.pauses();
    }

    /** Whether a background thread should {@link KeydirWalk walk} and enter what waits. Any thread. */
    public boolean isPendingHigh() {
        return cache.isPendingHigh();
    }

    /** The cache of pages. */
    PageCache cache() {
        return cache;
    }

    /** Number of keys. Any thread. */
    public long size() {
        return writer.size();
    }

    /** Number of pages. Any thread. */
    public long pages() {
        return writer.pages();
    }

    /** Bytes of memory held: chunks, with what is free in them or made ahead, and the table. Any thread. */
    public long residentBytes() {
        return cache.length();
    }

    /** Leading hash bits that select a page: the table has 2 to this power entries. Any thread. */
    public int depth() {
        return PageTable.depth(table.entries());
    }

    /** Changes behind a checkpoint that are entered when one of their part is needed. Any thread. */
    public DeferredParts deferred() {
        return deferred;
    }

    /** A new cursor over all positions; nothing may be {@link #deferred()}. Any thread; one at a time uses it. */
    public KeydirCursor cursor() {
        deferred.requireEmpty();
        return new KeydirCursor(table, memory, cache);
    }

    /** Allocates the next chunk if few frames are left, now and then, by a background thread. True if it allocated. */
    public boolean prepareAhead() {
        synchronized (memory) {
            return memory.prepareAhead() | table.prepareAhead(pages());
        }
    }

    /** Gives the memory back. Idempotent. No other call may be under way or follow, except {@link #prepareAhead()}. */
    @Override
    public void close() {
        writer.forgetLocated();
        cache.close();
    }

    PageTable table() {
        return table;
    }

    KeydirMemory memory() {
        return memory;
    }
}
