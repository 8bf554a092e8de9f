package org.mapcask.keydir;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Brings what the entering of many keys needs into the processor, so that their misses overlap. As {@link
 * Keydir#touch}, but in rounds: first the entries of the table, then the lines of the pages to which they lead, then
 * the line behind each one that is full. Within a round no load waits for another, and a round is so short a loop that
 * the processor has several of its steps under way; with both misses of a key in one step it hardly got to the next.
 * A reused object; one thread at a time, any.
 */
public final class KeydirTouch {
    /** Keys of one call, at the most. */
    public static final int KEYS_MAX = 64;

    private final PageTable table;
    private final KeydirMemory memory;
    private final PendingChanges pending;
    private final int[] frames = new int[KEYS_MAX];
    private final long[] controls = new long[KEYS_MAX];

    KeydirTouch(final PageTable table, final KeydirMemory memory, final PendingChanges pending) {
        this.table = table;
        this.memory = memory;
        this.pending = pending;
    }

    /** As {@link Keydir#touch}. */
    static long touch(
        final PageTable table, final KeydirMemory memory, final PendingChanges pending, final long hash) {
        final long[] entries = table.entries();
        final int index = PageTable.index(entries, KeydirPage.prefix(hash));
        final int frame = PageTable.frame(PageTable.entryAcquire(entries, index));
        if (frame < 0) {
            return pending.head(~frame);
        }
        final int pageOffset = KeydirMemory.offset(frame);
        return memory.chunk(frame).getLong(KeydirPage.lineOffset(pageOffset, KeydirPage.homeLine(hash)));
    }

    /**
     * Does it.
     *
     * @param hashes of the keys.
     * @param from   index of the first.
     * @param to     index behind the last.
     * @return some word; the caller has to use it in some way, lest the compiler drops the loads.
     */
    public long touch(final long[] hashes, final int from, final int to) {
        final int count = to - from;
        findFrames(hashes, from, count);
        loadLines(hashes, from, count);
        long words = 0;
        for (int i = 0; i < count; i++) {
            words += controls[i];
            if (KeydirPage.freePlaces(controls[i]) == 0) {
                words += line(frames[i], KeydirPage.nextLine(KeydirPage.homeLine(hashes[from + i])));
            }
        }
        return words;
    }

    private void findFrames(final long[] hashes, final int from, final int count) {
        final long[] entries = table.entries();
        final int shift = KeydirPage.PREFIX_BITS - PageTable.depth(entries);
        for (int i = 0; i < count; i++) {
            frames[i] = PageTable.frame(
                PageTable.entryAcquire(entries, KeydirPage.prefix(hashes[from + i]) >>> shift));
        }
    }

    /** Of a page that is not in memory, the head of what waits for it: too small a number to look like a full line. */
    private void loadLines(final long[] hashes, final int from, final int count) {
        for (int i = 0; i < count; i++) {
            final int frame = frames[i];
            controls[i] = frame < 0 ? pending.head(~frame) :
                line(frame, KeydirPage.homeLine(hashes[from + i]));
        }
    }

    private long line(final int frame, final int line) {
        final UnsafeBuffer chunk = memory.chunk(frame);
        return chunk.getLong(KeydirPage.lineOffset(KeydirMemory.offset(frame), line));
    }
}
