package org.mapcask.keydir;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.io.ReadPace;

/**
 * Which pages of a {@link Keydir} are in memory. Without a {@link PageStore} all of them are. With one, no more than
 * the budget holds: a page that nobody looked at lately goes, after it was written if it was changed, and comes back
 * when the writer needs it, or when a reader does and offers the writer its copy. Pages are read into memory by calls,
 * never by page faults.
 *
 * <p>A change of a page that is not in memory may be put off ({@link PendingChanges}): then it costs no read now, and
 * is entered with all others of that page when the page comes in. <b>A page in memory has no changes that wait.</b>
 *
 * <p>The methods belong to the writer, unless they say otherwise.
 */
final class PageCache {
    /** Readers may look at each of a few pages while the hand goes round; not so often, one after the other. */
    private static final int EVICTION_TRIES = 64;
    /** Pages that the writer itself writes when it finds none that can go. */
    private static final int WRITE_PAGES = 64;
    /** What table, marks of frames and heads of lists may take away from the budget, as a divisor. */
    private static final int OVERHEAD_DIVISOR = 10;
    /**
     * Of the rest, half may be taken by changes that wait: each walk reads and writes all of the pages, and the more
     * changes share it the less of that falls on each. 50 M keys with 73 MB: with an eighth for the changes a load took
     * 270 walks. What they do not take is for pages.
     */
    private static final int PENDING_DIVISOR = 2;
    private static final int STEP_DIVISOR = 4;

    private final KeydirMemory memory;
    private final PageTable table;
    private final PageFrames frames = new PageFrames();
    private final KeydirPauses pauses = new KeydirPauses();
    private final PageEdits edits = new PageEdits();
    private final PendingChanges pending;
    private final PageLoad load;
    private final ReadPace pace = new ReadPace();
    private KeyPairs pairs;
    private PageStore store;
    private int pendingFramesMax;
    private volatile boolean tight;
    private int pinned = -1;
    private PageBuffer single;
    private PageCopies own;
    private volatile long loads;
    private volatile long evictions;
    private final DeferredParts deferred = new DeferredParts();

    PageCache(final KeydirMemory memory, final PageTable table) {
        this.memory = memory;
        this.table = table;
        pending = new PendingChanges(memory);
        load = new PageLoad(this, memory, table, pending);
    }

    /** Lets pages go to a store. */
    void attach(final PageStore newStore, final long budget, final KeyPairs newPairs, final KeydirCounts counts) {
        store = newStore;
        compareWith(newPairs, counts);
        single = new PageBuffer();
        final long rest = budget - budget / OVERHEAD_DIVISOR;
        if (newStore.isWritable()) {
            own = new PageCopies(WRITE_PAGES);
            memory.limit(rest);
        }
        pendingFramesMax = (int)Math.min(memory.framesMax(), rest / KeydirPage.LENGTH) / PENDING_DIVISOR;
    }

    void compareWith(final KeyPairs newPairs, final KeydirCounts counts) {
        pairs = newPairs;
        load.connect(newPairs, counts);
    }

    /** What compares the records of changes that wait. */
    KeyPairs pairs() {
        return pairs;
    }

    /** How fast walks enter what waits. */
    ReadPace pace() {
        return pace;
    }

    PageFrames frames() {
        return frames;
    }

    KeydirPauses pauses() {
        return pauses;
    }

    PendingChanges pending() {
        return pending;
    }

    PageStore store() {
        return store;
    }

    /** Whether pages have to go before others can come. Any thread. */
    boolean isTight() {
        return tight;
    }

    /**
     * How many frames a step of background work may hold, in which they cannot go: a part of those there are, so that
     * the writer finds others meanwhile.
     */
    private int stepMax() {
        return Math.max(1, frames.used() / STEP_DIVISOR);
    }

    /** Whether a step of background work that holds so many frames may hold one more. */
    boolean mayHold(final int held) {
        return held < stepMax() || !tight && memory.canTake();
    }

    /** Whether one more change may wait; lets a page go for it, if there is one near that nobody looked at. */
    boolean makeRoomForPending() {
        if (pending.hasRoom()) {
            return true;
        }
        if (pending.frames() >= pendingFramesMax || !hasRoom()) {
            return false;
        }
        final int frame = memory.take();
        if (!PendingChanges.canUse(frame)) {
            memory.give(frame);
            return false;
        }
        pending.addFrame(frame);
        return true;
    }

    /** Whether a background thread should enter what waits. Any thread. */
    boolean isPendingHigh() {
        return pending.count() > (long)PendingChanges.FRAME_NODES * (pendingFramesMax / 2);
    }

    /** Remembers that a page in memory was looked at, if that matters. Any thread. */
    void refer(final int frame) {
        if (tight) {
            frames.refer(frame);
        }
    }

    /** Reads of pages from the store by the writer. Any thread. */
    long loads() {
        return loads;
    }

    /** Pages that went. Any thread. */
    long evictions() {
        return evictions;
    }

    /** Bytes of memory. */
    long length() {
        return memory.length() + table.length() + frames.length() + pending.length();
    }

    /** Changes that are entered when one of their part is needed. Any thread. */
    DeferredParts deferred() {
        return deferred;
    }

    /** Which of so many pages are in memory, and what that took. Any thread. */
    KeydirFigures figures(final long pages) {
        return new KeydirFigures(pages * KeydirPage.LENGTH, length(), pending.count(), frames.used(), frames.changed(),
            loads, evictions, pauses.splits(), pauses.doublings(), pauses.longestNs(), pauses.longestBusyNs(),
            pauses.totalNs(), pauses.histogram());
    }

    /** The frame with the page of a prefix, which it reads if it has to; that frame stays until the next call. */
    int frame(final int prefix) {
        if (deferred.isDeferred(prefix)) {
            deferred.enter(prefix);
        }
        final int reference = table.frame(prefix);
        if (reference >= 0) {
            pinned = reference;
            refer(reference);
            return reference;
        }
        final long begin = System.nanoTime();
        final int frame = load.run(prefix, ~reference, null);
        pauses.loaded(begin);
        pinned = frame;
        return frame;
    }

    /** Takes the copy of a page that a reader made into memory, if nothing happened to the page, and there is room. */
    void adopt(final PageReads reads) {
        final long entry = reads.takeEntry();
        if (table.entry(reads.prefix()) == entry && hasRoom()) {
            final long begin = System.nanoTime();
            load.run(reads.prefix(), ~PageTable.frame(entry), reads.copy());
            pauses.loaded(begin);
        }
    }

    /** Whether there is a frame for a page that only may come; looks no further than a few frames for it. */
    private boolean hasRoom() {
        if (memory.canTake()) {
            return true;
        }
        tight = true;
        final int cold = frames.findCold(pinned, true, WRITE_PAGES);
        if (cold >= 0) {
            evict(cold);
        }
        return cold >= 0;
    }

    /** Whether the page of a prefix is not in memory. Any thread; it may be otherwise a moment later. */
    boolean isStored(final int prefix) {
        return table.frame(prefix) < 0;
    }

    /** Puts off a change of a page that is not in memory. */
    void putOff(final int prefix, final long hash, final long position, final boolean gone, final boolean settled) {
        pending.push(~table.frame(prefix), hash, position, gone, settled);
    }

    /** A frame for another page. The one that {@link #frame} gave last stays. */
    int take() {
        if (!memory.canTake()) {
            tight = true;
            makeFree();
        }
        return memory.take();
    }

    /** A page without a place in the store is in this frame. */
    void fresh(final int frame) {
        frames.fresh(frame);
    }

    /** The page of a frame is about to change. */
    void change(final int frame) {
        edits.name(frame);
        frames.change(frame);
    }

    /** Which pages change; for a thread that copies some. */
    PageEdits edits() {
        return edits;
    }

    /** The page of a frame was replaced by others. */
    void release(final int frame) {
        final int slot = frames.leave(frame);
        if (slot != PageStore.NONE) {
            store.free(slot);
        }
        if (!frames.isLeft(frame)) {
            memory.give(frame);
        }
    }

    /** A copy of the page of a frame is not under way any more. */
    void letGo(final int frame) {
        if (frames.isLeft(frame)) {
            frames.letGo(frame);
            memory.give(frame);
        }
    }

    /** Reads a page of the store and holds it against the place in the table that led to it. Any thread. */
    void read(final int prefix, final int slot, final PageBuffer into) {
        store.read(slot, into);
        final UnsafeBuffer words = into.words();
        final int depth = KeydirPage.depth(words, 0);
        if (KeydirPage.layout(words, 0) != KeydirPage.LAYOUT || depth < 0 || depth > KeydirPage.PREFIX_BITS
            || KeydirPage.pagePrefix(words, 0) != (prefix & KeydirPage.depthMask(depth))) {
            throw new CorruptionException("keydir", (long)slot * KeydirPage.LENGTH, ErrorText
                .what("a page of the keydir stands in the wrong place").where("slot " + slot)
                .expected("the page of prefix " + prefix).found("the page of prefix "
                + KeydirPage.pagePrefix(words, 0) + ", depth " + depth)
                .todo("run `verify`; without its checkpoint the store is opened from the log"));
        }
    }

    /** The writer reads into its own memory. */
    PageBuffer readForWriter(final int prefix, final int slot) {
        read(prefix, slot, single);
        loads = loads + 1;
        return single;
    }

    /** The frame that a load has filled from a slot. */
    void loaded(final int frame, final int slot) {
        frames.loaded(frame, slot);
    }

    private void makeFree() {
        int cold = frames.findCold(pinned, true, 2 * frames.capacity());
        for (int i = 0; i < EVICTION_TRIES && cold < 0 && store.isWritable(); i++) {
            writeCold();
            cold = frames.findCold(pinned, true, 3 * frames.capacity());
        }
        if (cold < 0) {
            throw new IllegalStateException("no page of the keydir can go: " + frames.used() + " in memory");
        }
        evict(cold);
    }

    /** Lets the page of a frame go, which stands in its slot as it is. */
    void evict(final int frame) {
        final UnsafeBuffer chunk = memory.chunk(frame);
        final int offset = KeydirMemory.offset(frame);
        final int slot = frames.leave(frame);
        table.replace(KeydirPage.pagePrefix(chunk, offset), KeydirPage.depth(chunk, offset), ~slot);
        memory.give(frame);
        evictions = evictions + 1;
    }

    /** Writes some changed pages, in the writer's own time. */
    private void writeCold() {
        own.clear();
        try {
            captureCold(own);
            own.copyRest();
            own.write(store);
        } finally {
            own.confirm(this);
        }
    }

    /** Chooses changed pages that nobody looked at lately, until the memory for copies is full. */
    void captureCold(final PageCopies copies) {
        while (!copies.isFull() && mayHold(copies.count())) {
            final int cold = frames.findCold(pinned, false, 2 * frames.capacity());
            if (cold < 0) {
                return;
            }
            capture(copies, cold);
        }
    }

    /** Chooses the page of a frame to be copied and written to a slot of its own, which is returned. */
    int capture(final PageCopies copies, final int frame) {
        final int slot = store.allocate();
        copies.add(memory.chunk(frame), frame, slot, edits.count());
        frames.captured(frame, slot);
        return slot;
    }

    /** The copy of a page is in its slot. */
    void written(final int frame, final int slot) {
        final int unused = frames.written(frame, slot);
        if (unused != PageStore.NONE) {
            store.free(unused);
        }
    }

    /** The copy of a page could not be written. */
    void notWritten(final int frame, final int slot) {
        store.free(frames.notWritten(frame, slot));
    }

    /** Many pages are changed for the room there is: a background thread should write some. Any thread, roughly. */
    boolean isMuchChanged() {
        return tight && store != null && store.isWritable() && frames.changed() > frames.used() / 2;
    }

    /** Forgets all pages; a table whose pages are in the store takes their place. */
    void clear() {
        Arrays.stream(table.entries()).mapToInt(PageTable::frame).filter(frame -> frame >= 0).distinct()
            .forEach(frame -> {
                frames.leave(frame);
                memory.give(frame);
            });
    }

    void close() {
        deferred.close();
        memory.close();
    }
}
