package org.mapcask.keydir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.ErrorText;
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
 *   <li><b>Recycled frames (ABA).</b> A frame may serve again, even in the same place of the table, but its entry
 *       then has another version. Chunks stay mapped, and all words of a frame are written whole, so a late reader
 *       meets only words that are or were slots of this keydir: positions the matcher may be asked about.
 *   <li><b>Doubling.</b> The new table is published as a new array with the same entries. Later splits change only
 *       the new array; a reader of the old one may miss because of that, and then sees that the table is another.
 * </ol>
 */
public final class Keydir implements AutoCloseable {
    /** The answer when there is no such key. */
    public static final long NOT_FOUND = -1L;

    /** Entries of the table a page, beyond which the hash is taken to be useless: a good hash needs fewer than 8. */
    private static final int TABLE_ENTRIES_PER_PAGE_MAX = 1024;
    private static final VarHandle SIZE;
    private static final VarHandle PAGES;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            SIZE = lookup.findVarHandle(Keydir.class, "size", long.class);
            PAGES = lookup.findVarHandle(Keydir.class, "pages", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final KeydirMemory memory;
    private final PageTable table;
    private final int depthMax;
    private final PageEditor editor = new PageEditor();
    private final PageSplitter splitter = new PageSplitter();
    private long size;
    private long pages = 1;

    private boolean located;
    private int locatedPrefix;
    private int locatedHome;

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
        this.depthMax = depthMax;
        final int frame = this.memory.take();
        // The halves of a splitter that has divided nothing are empty.
        splitter.write(this.memory.chunk(frame), KeydirMemory.offset(frame), 0, 0, 0);
        table = new PageTable(frame);
    }

    /**
     * Looks a key up. Any thread.
     *
     * @param hash    of the key, see {@link KeyHash}.
     * @param matcher compares keys; asked about once, rarely more often.
     * @return the position of the record, or {@link #NOT_FOUND}.
     */
    public long find(final long hash, final KeyMatcher matcher) {
        final int prefix = KeydirPage.prefix(hash);
        final int home = KeydirPage.homeLine(hash);
        while (true) {
            final long[] entries = table.entries();
            final int index = PageTable.index(entries, prefix);
            final long entry = PageTable.entryAcquire(entries, index);
            final int frame = PageTable.frame(entry);
            final UnsafeBuffer chunk = memory.chunk(frame);
            final long position = PageReader.probe(chunk, KeydirMemory.offset(frame), prefix, home, matcher);
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
        final long[] entries = table.entries();
        final int index = PageTable.index(entries, KeydirPage.prefix(hash));
        final int frame = PageTable.frame(PageTable.entryAcquire(entries, index));
        final int pageOffset = KeydirMemory.offset(frame);
        return memory.chunk(frame).getLong(KeydirPage.lineOffset(pageOffset, KeydirPage.homeLine(hash)));
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
        return seek(hash, matcher, NOT_FOUND);
    }

    /**
     * Makes sure that the {@link #putLocated} that follows cannot fail for want of room or memory: for a writer who
     * appends its record in between. Writer, after {@link #locate}.
     *
     * @throws KeydirFullException as {@link #put}.
     */
    public void reserveLocated() {
        checkLocated();
        if (!editor.found()) {
            int frame = table.frame(locatedPrefix);
            while (!edit(frame).makeRoom(locatedHome)) {
                split(locatedPrefix, frame);
                frame = table.frame(locatedPrefix);
            }
        }
    }

    /**
     * Inserts the key that was located last, or gives it another position. Writer. Once for each {@link #locate}.
     * Throws as {@link #put}.
     *
     * @return the position before, or {@link #NOT_FOUND} if the key is new.
     */
    public long putLocated(final long position) {
        checkPosition(position);
        checkLocated();
        located = false;
        if (editor.found()) {
            return editor.overwrite(position);
        }
        insert(locatedPrefix, locatedHome, position);
        SIZE.setRelease(this, size + 1);
        return NOT_FOUND;
    }

    /**
     * Removes the key that was located last. Writer. Once for each {@link #locate}.
     *
     * @return the position before, or {@link #NOT_FOUND} if the key was not there.
     */
    public long removeLocated() {
        checkLocated();
        located = false;
        if (!editor.found()) {
            return NOT_FOUND;
        }
        final long position = editor.removeFound();
        SIZE.setRelease(this, size - 1);
        return position;
    }

    /**
     * Gives an entry another position if it still has the expected one; no key is compared. Writer. A merge installs
     * a copied record with it.
     *
     * @return false if there is no such entry; nothing has changed then.
     * @throws InvalidArgumentException as in {@link #put}.
     */
    public boolean compareAndSet(final long hash, final long expectedPosition, final long newPosition) {
        checkPosition(newPosition);
        if (seek(hash, null, expectedPosition) == NOT_FOUND) {
            located = false;
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
        seek(hash, null, expectedPosition);
        return removeLocated() != NOT_FOUND;
    }

    /** Whether there is an entry with this position. Writer; no key is compared. */
    public boolean isAt(final long hash, final long position) {
        final boolean found = seek(hash, null, position) != NOT_FOUND;
        located = false;
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
        located = false;
        insert(KeydirPage.prefix(hash), KeydirPage.homeLine(hash), KeydirPage.RESERVED_POSITION);
    }

    /** Enters the position of a key for which a place was kept: one store. Writer. Fails only if there is none. */
    public void fillPlace(final long hash, final long position) {
        checkPosition(position);
        seekPlace(hash);
        editor.overwrite(position);
        SIZE.setRelease(this, size + 1);
    }

    /** Frees a place that was kept. Writer. Fails only if there is none. */
    public void giveBackPlace(final long hash) {
        seekPlace(hash);
        editor.removeFound();
    }

    private void seekPlace(final long hash) {
        if (!isAt(hash, KeydirPage.RESERVED_POSITION)) {
            throw new IllegalStateException("no place was kept");
        }
    }

    /** Number of keys. Any thread. */
    public long size() {
        return (long) SIZE.getAcquire(this);
    }

    /** Number of pages. Any thread. */
    public long pages() {
        return (long) PAGES.getAcquire(this);
    }

    /** Bytes of memory held: chunks, with what is free in them or made ahead, and the table. Any thread. */
    public long residentBytes() {
        return memory.length() + table.length();
    }

    /** Leading hash bits that select a page: the table has 2 to this power entries. Any thread. */
    public int depth() {
        return PageTable.depth(table.entries());
    }

    /** A new cursor over all positions. Any thread may make one; it belongs to one thread at a time. */
    public KeydirCursor cursor() {
        return new KeydirCursor(table, memory);
    }

    /**
     * Hands out the positions of all keys; see {@link KeydirCursor} for what that means while keys come and go. Any
     * thread.
     *
     * @return how many there were.
     */
    public long forEach(final PositionConsumer consumer) {
        final KeydirCursor cursor = cursor();
        long count = 0;
        while (cursor.nextPage()) {
            for (int i = 0; i < cursor.count(); i++) {
                consumer.accept(cursor.position(i));
            }
            count += cursor.count();
        }
        return count;
    }

    /** Takes a position. */
    @FunctionalInterface
    public interface PositionConsumer {
        /**
         * Takes the position of a record.
         *
         * @param position in the whole log.
         */
        void accept(long position);
    }

    /**
     * Allocates the next chunk if few frames are left, so that the writer need not. One background thread, which
     * calls it now and then.
     *
     * @return true if it allocated.
     */
    public boolean prepareAhead() {
        return memory.prepareAhead() | table.prepareAhead(pages());
    }

    /**
     * Gives the memory back. Idempotent. No other call may be under way or follow, except a {@link #prepareAhead()}.
     */
    @Override
    public void close() {
        located = false;
        memory.close();
    }

    /** The way to the pages, for tests. */
    PageTable table() {
        return table;
    }

    /** The frames, for tests. */
    KeydirMemory memory() {
        return memory;
    }

    /** The writer's search: by key if there is a matcher, else by position. Remembers what it finds. */
    private long seek(final long hash, final KeyMatcher matcher, final long expectedPosition) {
        locatedPrefix = KeydirPage.prefix(hash);
        locatedHome = KeydirPage.homeLine(hash);
        located = false;
        final PageEditor page = edit(table.frame(locatedPrefix));
        final long position = page.seek(locatedPrefix, locatedHome, matcher, expectedPosition);
        located = true;
        return position;
    }

    private PageEditor edit(final int frame) {
        return editor.on(memory.chunk(frame), KeydirMemory.offset(frame));
    }

    private void insert(final int prefix, final int home, final long position) {
        int frame = table.frame(prefix);
        while (!edit(frame).insert(prefix, home, position)) {
            split(prefix, frame);
            frame = table.frame(prefix);
        }
    }

    private void split(final int prefix, final int frame) {
        final UnsafeBuffer chunk = memory.chunk(frame);
        final int pageOffset = KeydirMemory.offset(frame);
        final int depth = KeydirPage.depth(chunk, pageOffset);
        if (depth == PageTable.depth(table.entries())) {
            checkDepth(depth);
            table.doubleDepth();
        }
        final int zeroFrame = memory.take();
        final int oneFrame = takeOther(zeroFrame);
        final int bit = 1 << KeydirPage.PREFIX_BITS - 1 - depth;
        splitter.divide(chunk, pageOffset, depth);
        splitter.write(memory.chunk(zeroFrame), KeydirMemory.offset(zeroFrame), 0, depth + 1, prefix & ~bit);
        splitter.write(memory.chunk(oneFrame), KeydirMemory.offset(oneFrame), 1, depth + 1, prefix | bit);
        table.split(prefix, depth, zeroFrame, oneFrame);
        memory.give(frame);
        PAGES.setRelease(this, pages + 1);
    }

    private int takeOther(final int taken) {
        try {
            return memory.take();
        } catch (final RuntimeException | Error e) {
            memory.give(taken);
            throw e;
        }
    }

    private void checkDepth(final int depth) {
        if (depth >= depthMax || 1L << depth > pages * TABLE_ENTRIES_PER_PAGE_MAX) {
            throw new KeydirFullException(ErrorText.what("too many keys with the same hash bits in the keydir")
                .where("depth " + depth + ", " + size + " keys in " + pages + " pages")
                .expected("keys spread evenly, depth at most " + depthMax)
                .found("a full page that does not divide")
                .todo("rewrite the store into a new one, which draws another hash seed"));
        }
    }

    private void checkLocated() {
        if (!located) {
            throw new IllegalStateException("locate() has to come first, once for each change");
        }
    }

    private static void checkPosition(final long position) {
        if ((position & 7) != 0 || position <= 0 || position > KeydirPage.POSITION_MAX) {
            throw new InvalidArgumentException(ErrorText.what("position does not fit").where("the keydir")
                .expected("a multiple of 8 from 8 to " + KeydirPage.POSITION_MAX)
                .found(position)
                .todo("split the data over several stores if the log has outgrown 8 TiB"));
        }
    }
}
