package org.mapcask.keydir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.KeydirFullException;

/** The changing half of a {@link Keydir}, whose methods of the same names describe these. Belongs to the writer. */
final class KeydirWriter implements KeydirCounts {
    /** Entries of the table a page, beyond which the hash is taken to be useless: a good hash needs fewer than 8. */
    private static final int TABLE_ENTRIES_PER_PAGE_MAX = 1024;
    private static final VarHandle SIZE;
    private static final VarHandle PAGES;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            SIZE = lookup.findVarHandle(KeydirWriter.class, "size", long.class);
            PAGES = lookup.findVarHandle(KeydirWriter.class, "pages", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final KeydirMemory memory;
    private final PageTable table;
    private final PageCache cache;
    private final int depthMax;
    private final PageEditor editor = new PageEditor();
    private final PageSplitter splitter = new PageSplitter();
    private final PairMatcher pairs = new PairMatcher();
    private long size;
    private long pages = 1;

    private boolean located;
    private int locatedPrefix;
    private int locatedHome;
    private int locatedFrame;

    KeydirWriter(final KeydirMemory memory, final PageTable table, final PageCache cache, final int depthMax) {
        this.memory = memory;
        this.table = table;
        this.cache = cache;
        this.depthMax = depthMax;
    }

    void compareWith(final KeyPairs newPairs) {
        pairs.compareWith(newPairs);
    }

    /** Takes over the figures of a checkpoint. */
    void reset(final long newSize, final long newPages) {
        SIZE.setRelease(this, newSize);
        PAGES.setRelease(this, newPages);
    }

    /** Any thread. */
    long size() {
        return (long) SIZE.getAcquire(this);
    }

    /** Any thread. */
    long pages() {
        return (long) PAGES.getAcquire(this);
    }

    void forgetLocated() {
        located = false;
    }

    void reserveLocated() {
        checkLocated();
        if (!editor.found()) {
            cache.change(locatedFrame);
            int frame = locatedFrame;
            while (!edit(frame).makeRoom(locatedHome)) {
                split(locatedPrefix, frame);
                frame = changing(locatedPrefix);
            }
            locatedFrame = frame;
        }
    }

    long putLocated(final long position) {
        checkPosition(position);
        checkLocated();
        located = false;
        if (editor.found()) {
            cache.change(locatedFrame);
            return editor.overwrite(position);
        }
        insert(locatedPrefix, locatedHome, position);
        SIZE.setRelease(this, size + 1);
        return Keydir.NOT_FOUND;
    }

    long removeLocated() {
        checkLocated();
        located = false;
        if (!editor.found()) {
            return Keydir.NOT_FOUND;
        }
        cache.change(locatedFrame);
        final long position = editor.removeFound();
        SIZE.setRelease(this, size - 1);
        return position;
    }

    void insertPlace(final long hash) {
        located = false;
        insert(KeydirPage.prefix(hash), KeydirPage.homeLine(hash), KeydirPage.RESERVED_POSITION);
    }

    void fillPlace(final long hash, final long position) {
        checkPosition(position);
        seekPlace(hash);
        editor.overwrite(position);
        SIZE.setRelease(this, size + 1);
    }

    void giveBackPlace(final long hash) {
        seekPlace(hash);
        editor.removeFound();
    }

    private void seekPlace(final long hash) {
        final boolean found = seek(hash, null, KeydirPage.RESERVED_POSITION) != Keydir.NOT_FOUND;
        located = false;
        if (!found) {
            throw new IllegalStateException("no place was kept");
        }
        cache.change(locatedFrame);
    }

    /** The search: by key if there is a matcher, else by position. Remembers what it finds. */
    long seek(final long hash, final KeyMatcher matcher, final long expectedPosition) {
        locatedPrefix = KeydirPage.prefix(hash);
        locatedHome = KeydirPage.homeLine(hash);
        located = false;
        locatedFrame = cache.frame(locatedPrefix);
        final PageEditor page = edit(locatedFrame);
        final long position = page.seek(locatedPrefix, locatedHome, matcher, expectedPosition);
        located = true;
        return position;
    }

    /** Brings the page of a key into memory. */
    void bringIn(final long hash) {
        located = false;
        cache.frame(KeydirPage.prefix(hash));
    }

    boolean canPutOff(final long hash) {
        final int prefix = KeydirPage.prefix(hash);
        if (!cache.isTight()) {
            return false;
        }
        cache.deferred().enter(prefix);
        return cache.isStored(prefix) && cache.makeRoomForPending();
    }

    void putOff(final long hash, final long position, final boolean gone, final boolean settled) {
        checkPosition(position);
        cache.putOff(KeydirPage.prefix(hash), hash, position, gone, settled);
    }

    void enter(final long hash, final long position, final boolean gone, final boolean settled) {
        cache.deferred().enter(KeydirPage.prefix(hash));
        if (cache.isStored(KeydirPage.prefix(hash)) && cache.makeRoomForPending()) {
            putOff(hash, position, gone, settled);
            return;
        }
        final long before = seek(hash, pairs.seek(position), Keydir.NOT_FOUND);
        if (before == position) {
            located = false;
            return;
        }
        final long keys = size;
        if (gone) {
            removeLocated();
        } else {
            putLocated(position);
        }
        if (settled) {
            SIZE.setRelease(this, keys);
        } else if (before != Keydir.NOT_FOUND) {
            pairs.onReplaced(before);
        }
    }

    @Override
    public void add(final long keys, final long morePages) {
        SIZE.setRelease(this, size + keys);
        PAGES.setRelease(this, pages + morePages);
    }

    private PageEditor edit(final int frame) {
        return editor.on(memory.chunk(frame), KeydirMemory.offset(frame));
    }

    private int changing(final int prefix) {
        final int frame = cache.frame(prefix);
        cache.change(frame);
        return frame;
    }

    private void insert(final int prefix, final int home, final long position) {
        int frame = changing(prefix);
        while (!edit(frame).insert(prefix, home, position)) {
            split(prefix, frame);
            frame = changing(prefix);
        }
    }

    private void split(final int prefix, final int frame) {
        final long begin = cache.pauses().begin();
        final int depth = KeydirPage.depth(memory.chunk(frame), KeydirMemory.offset(frame));
        checkDepth(depth, 0);
        final int zeroFrame = cache.take();
        final int oneFrame = takeOther(zeroFrame);
        final boolean doubling = depth == PageTable.depth(table.entries());
        if (doubling) {
            table.doubleDepth();
        }
        splitter.split(memory, frame, depth, prefix, zeroFrame, oneFrame);
        table.split(prefix, depth, zeroFrame, oneFrame);
        cache.fresh(zeroFrame);
        cache.fresh(oneFrame);
        cache.release(frame);
        add(0, 1);
        cache.pauses().split(doubling);
        cache.pauses().end(begin);
    }

    private int takeOther(final int taken) {
        try {
            return cache.take();
        } catch (final RuntimeException | Error e) {
            memory.give(taken);
            throw e;
        }
    }

    @Override
    public void checkDepth(final int depth, final long splits) {
        if (depth < PageTable.depth(table.entries())) {
            return;
        }
        if (depth >= depthMax || 1L << depth > (pages + splits) * TABLE_ENTRIES_PER_PAGE_MAX) {
            throw new KeydirFullException(ErrorText.what("too many keys with the same hash bits in the keydir")
                .where("depth " + depth + ", " + size + " keys in " + pages + " pages")
                .expected("keys spread evenly, depth at most " + depthMax)
                .found("a full page that does not divide")
                .todo("rewrite the store into a new one, which draws another hash seed"));
        }
    }

    void checkLocated() {
        if (!located) {
            throw new IllegalStateException("locate() has to come first, once for each change");
        }
    }

    static void checkPosition(final long position) {
        if ((position & 7) != 0 || position <= 0 || position > KeydirPage.POSITION_MAX) {
            throw new InvalidArgumentException(ErrorText.what("position does not fit").where("the keydir")
                .expected("a multiple of 8 from 8 to " + KeydirPage.POSITION_MAX)
                .found(position)
                .todo("split the data over several stores if the log has outgrown 8 TiB"));
        }
    }
}
