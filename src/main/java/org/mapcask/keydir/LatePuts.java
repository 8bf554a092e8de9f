package org.mapcask.keydir;

import org.mapcask.io.ReadPace;

/**
 * Enters puts into their pages a few at a time. A put by itself waits for memory twice, for the entry of the table and
 * for the line of the page, and a third time for the record that it replaces; nothing that it does meanwhile is enough
 * to hide that. Of several puts these misses do not depend on each other, so they are all begun before the first is
 * needed.
 * <p>
 * Until then {@link LateEntries} holds them, where readers find them. What cannot be entered, because the record with
 * which it has to be compared cannot be read, or because the keydir is full, stays there, and others are entered past
 * it. All methods belong to the writer.
 */
final class LatePuts {
    /** What it takes to enter a put that is compared with nothing, about. */
    private static final long ENTER_NS = 1_000;

    private final LateEntries late;
    private final KeydirMemory memory;
    private final PageTable table;
    private final PageCache cache;
    private final KeydirWriter writer;
    private KeyPairs pairs;
    private final int[] frames = new int[LateEntries.CAPACITY];
    private final long[] controls = new long[LateEntries.CAPACITY];
    private final long[] candidates = new long[LateEntries.CAPACITY * KeydirPage.SLOTS];
    private final ReadPace pace = new ReadPace();
    private RuntimeException failure;

    LatePuts(
        final LateEntries late, final KeydirMemory memory, final PageTable table, final PageCache cache,
        final KeydirWriter writer) {
        this.late = late;
        this.memory = memory;
        this.table = table;
        this.cache = cache;
        this.writer = writer;
    }

    /** Compares records by this from now on. */
    void compareWith(final KeyPairs newPairs) {
        pairs = newPairs;
    }

    /**
     * Whether a put may be entered late. If so there is room for it; what was there may have been entered for that.
     */
    boolean canPut(final long hash) {
        if (pairs == null || cache.isTight() || !isInMemory(hash)) {
            return false;
        }
        if (late.count() == LateEntries.CAPACITY) {
            settle();
        }
        return late.count() < LateEntries.CAPACITY && (failure == null || !late.holds(hash));
    }

    private boolean isInMemory(final long hash) {
        return writer.pages() == cache.frames().used() || !cache.isStored(KeydirPage.prefix(hash));
    }

    /** Remembers a put, after {@link #canPut}. */
    void put(final long hash, final long position) {
        KeydirWriter.checkPosition(position);
        if (pace.isCold()) {
            ask(hash);
        }
        late.add(hash, position);
    }

    /** Has the record that a put replaces read from the device while others are put. */
    private void ask(final long hash) {
        final int i = late.count();
        final long[] entries = table.entries();
        frames[i] = PageTable.frame(entries[PageTable.index(entries, KeydirPage.prefix(hash))]);
        if (frames[i] >= 0) {
            final int found = addCandidates(i, hash, control(i, hash), 0);
            final long begin = System.nanoTime();
            for (int candidate = 0; candidate < found; candidate++) {
                pairs.ask(candidates[candidate]);
            }
            pace.asked(found, System.nanoTime() - begin);
        }
    }

    /** Enters what there is, before something is done with a key; fails if that key cannot be entered. */
    void settleFor(final long hash) {
        if (late.count() > 0) {
            settle();
            if (failure != null && late.holds(hash)) {
                throw failure;
            }
        }
    }

    /** Enters everything, or fails. */
    void settleAll() {
        if (late.count() > 0) {
            settle();
            if (failure != null) {
                throw failure;
            }
        }
    }

    private void settle() {
        failure = null;
        final int count = late.count();
        int kept = 0;
        int at = 0;
        try {
            final long begin = System.nanoTime();
            final int compared = touch(count);
            for (; at < count; at++) {
                if (!enter(late.hash(at), late.position(at))) {
                    late.keep(kept++, at);
                }
            }
            pace.looked(compared, System.nanoTime() - begin - count * ENTER_NS);
        } finally {
            for (; at < count; at++) {
                late.keep(kept++, at);
            }
            late.truncate(kept);
        }
    }

    private boolean enter(final long hash, final long position) {
        try {
            writer.enter(hash, position, false, false);
            return true;
        } catch (final RuntimeException ex) {
            failure = failure == null ? ex : failure;
            return false;
        }
    }

    /**
     * Three rounds of loads that do not wait for each other: entries of the table, lines of pages, records.
     *
     * @return how many records.
     */
    private int touch(final int count) {
        final long[] entries = table.entries();
        for (int i = 0; i < count; i++) {
            final int index = PageTable.index(entries, KeydirPage.prefix(late.hash(i)));
            frames[i] = PageTable.frame(entries[index]);
        }
        for (int i = 0; i < count; i++) {
            controls[i] = frames[i] < 0 ? 0 : control(i, late.hash(i));
        }
        int found = 0;
        for (int i = 0; i < count; i++) {
            if (frames[i] >= 0) {
                found = addCandidates(i, late.hash(i), controls[i], found);
            }
        }
        if (found > 0) {
            pairs.touch(candidates, found);
        }
        return found;
    }

    private int addCandidates(final int i, final long hash, final long control, final int found) {
        return KeydirPage.addHomeCandidates(memory.chunk(frames[i]), homeOffset(i, hash), control,
            KeydirPage.prefix(hash), candidates, found);
    }

    private long control(final int i, final long hash) {
        return memory.chunk(frames[i]).getLong(homeOffset(i, hash));
    }

    private int homeOffset(final int i, final long hash) {
        return KeydirPage.lineOffset(KeydirMemory.offset(frames[i]), KeydirPage.homeLine(hash));
    }
}
