package org.mapcask.keydir;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Brings a page into memory, and enters the changes that waited for it before any reader sees it there. The page may
 * split on the way, also more than once. If anything fails, nothing has changed. Belongs to the writer.
 */
final class PageLoad {
    private static final int PARTS_MAX = KeydirPage.PREFIX_BITS;

    private final PageCache cache;
    private final KeydirMemory memory;
    private final PageTable table;
    private final PendingChanges pending;
    private final PageEditor editor = new PageEditor();
    private final PageSplitter splitter = new PageSplitter();
    private final int[] partFrames = new int[PARTS_MAX];
    private final int[] partDepths = new int[PARTS_MAX];
    private final int[] partPrefixes = new int[PARTS_MAX];
    private int parts;
    private int[] order = new int[64];
    private long[] replaced = new long[64];
    private int replacedCount;
    private long added;
    private long splits;
    private boolean edited;
    private final PairMatcher pairs = new PairMatcher();
    private KeydirCounts counts = KeydirCounts.NONE;

    PageLoad(final PageCache cache, final KeydirMemory memory, final PageTable table, final PendingChanges pending) {
        this.cache = cache;
        this.memory = memory;
        this.table = table;
        this.pending = pending;
    }

    void connect(final KeyPairs newPairs, final KeydirCounts newCounts) {
        pairs.compareWith(newPairs);
        counts = newCounts;
    }

    /**
     * Loads.
     *
     * @param copy of the page, or null to read it.
     * @return the frame in which the page of the prefix is.
     */
    int run(final int prefix, final int slot, final PageBuffer copy) {
        final PageBuffer page = copy != null ? copy : cache.readForWriter(prefix, slot);
        parts = 0;
        replacedCount = 0;
        added = 0;
        splits = 0;
        edited = false;
        boolean done = false;
        try {
            addPart(cache.take(), KeydirPage.depth(page.words(), 0), KeydirPage.pagePrefix(page.words(), 0));
            copyPage(page.words(), partFrames[0]);
            applyAll(slot);
            done = true;
        } finally {
            if (!done) {
                for (int i = 0; i < parts; i++) {
                    memory.give(partFrames[i]);
                }
            }
        }
        publish(slot);
        return table.frame(prefix);
    }

    private void copyPage(final UnsafeBuffer page, final int frame) {
        final UnsafeBuffer chunk = memory.chunk(frame);
        final int at = KeydirMemory.offset(frame);
        KeydirPage.copy(page, 0, chunk, at);
        chunk.putInt(at + KeydirPage.CRC_OFFSET, 0);
    }

    private void addPart(final int frame, final int depth, final int prefix) {
        partFrames[parts] = frame;
        partDepths[parts] = depth;
        partPrefixes[parts] = prefix;
        parts++;
    }

    private void applyAll(final int slot) {
        int count = 0;
        for (int node = pending.head(slot); node != 0; node = pending.next(node)) {
            if (count == order.length) {
                order = Arrays.copyOf(order, count << 1);
            }
            order[count++] = node;
        }
        while (--count >= 0) {
            apply(order[count]);
        }
    }

    private void apply(final int node) {
        final long position = pending.position(node);
        final long hash = pending.hash(node);
        final int prefix = KeydirPage.prefix(hash);
        final int home = KeydirPage.homeLine(hash);
        final boolean gone = pending.isGone(node);
        final boolean settled = pending.isSettled(node);
        final long before = edit(part(prefix)).seek(prefix, home, pairs.seek(position),
            Keydir.NOT_FOUND);
        if (before == position) {
            return;
        }
        if (before != Keydir.NOT_FOUND) {
            edited = true;
            if (gone) {
                editor.removeFound();
                added -= settled ? 0 : 1;
            } else {
                editor.overwrite(position);
            }
            noteReplaced(before, settled);
        } else if (!gone) {
            edited = true;
            while (!edit(part(prefix)).insert(prefix, home, position)) {
                splitPart(part(prefix), prefix);
            }
            added += settled ? 0 : 1;
        }
    }

    private void noteReplaced(final long before, final boolean settled) {
        if (!settled) {
            if (replacedCount == replaced.length) {
                replaced = Arrays.copyOf(replaced, replacedCount << 1);
            }
            replaced[replacedCount++] = before;
        }
    }

    private PageEditor edit(final int part) {
        final int frame = partFrames[part];
        return editor.on(memory.chunk(frame), KeydirMemory.offset(frame));
    }

    private int part(final int prefix) {
        for (int i = 0; i < parts; i++) {
            if ((prefix & KeydirPage.depthMask(partDepths[i])) == partPrefixes[i]) {
                return i;
            }
        }
        throw new IllegalStateException("a change waited at the wrong page");
    }

    private void splitPart(final int part, final int prefix) {
        final int frame = partFrames[part];
        final int depth = partDepths[part];
        counts.checkDepth(depth, splits);
        if (parts == PARTS_MAX) {
            throw new IllegalStateException("a page splits more often than a hash has bits");
        }
        final int one = cache.take();
        splitter.split(memory, frame, depth, prefix, frame, one);
        partDepths[part] = depth + 1;
        addPart(one, depth + 1, partPrefixes[part] | KeydirPage.depthBit(depth));
        splits++;
    }

    private void publish(final int slot) {
        for (int i = 0; i < parts; i++) {
            if (parts == 1) {
                cache.loaded(partFrames[i], slot);
                if (edited) {
                    cache.change(partFrames[i]);
                }
            } else {
                cache.fresh(partFrames[i]);
            }
            table.replace(partPrefixes[i], partDepths[i], partFrames[i]);
        }
        pending.clear(slot);
        if (parts > 1) {
            cache.store().free(slot);
        }
        counts.add(added, splits);
        for (int i = 0; i < replacedCount; i++) {
            pairs.onReplaced(replaced[i]);
        }
    }
}
