package org.mapcask.keydir;

import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;

/**
 * Walks through all positions of a {@link Keydir}, a page at a time, in the order of the hash prefix; for a person
 * that is no order at all.
 *
 * <p>Each page is copied as it was at one moment. A key that is there during the whole walk comes exactly once,
 * however pages split meanwhile; with which of its positions, if it is overwritten, depends on the moment. No key
 * comes twice, and one that is inserted or removed meanwhile comes or does not.
 *
 * <p>Why: the walk goes through the prefixes, and a page is asked for by the first prefix that was not covered yet.
 * Pages split at prefix boundaries and are never merged, so a page that is met starts exactly there. A copy is taken
 * again if the entry of the page changed while it was copied (split, recycled frame), or the change sequence of the
 * page did (an entry moved or was removed).
 *
 * <p>Belongs to one thread at a time and is to be reused: it allocates nothing after its construction. It must not be
 * used after {@link Keydir#close()}.
 */
public final class KeydirCursor {
    private static final int PREFIX_END = 1 << KeydirPage.PREFIX_BITS;

    private final PageTable table;
    private final KeydirMemory memory;
    private final long[] positions = new long[KeydirPage.CAPACITY];
    private int count;
    private int pagePrefix;
    private int nextPrefix;
    private final PageCache cache;
    private PageBuffer buffer;
    private boolean needsWriter;

    KeydirCursor(final PageTable table, final KeydirMemory memory, final PageCache cache) {
        this.table = table;
        this.memory = memory;
        this.cache = cache;
    }

    /** Starts again from the first page. */
    public void reset() {
        pagePrefix = 0;
        nextPrefix = 0;
        count = 0;
    }

    /**
     * Whether the last {@link #nextPage()} copied nothing, since changes wait for the page: only the writer can enter
     * them, so {@link #nextPageByWriter()} has to be asked.
     */
    public boolean needsWriter() {
        return needsWriter;
    }

    /** As {@link #nextPage()}, by the writer. */
    public boolean nextPageByWriter() {
        if (nextPrefix < PREFIX_END) {
            cache.frame(nextPrefix);
        }
        return nextPage();
    }

    /** Copies the next page; it may be empty. False, with {@link #count()} 0, if there was none left. */
    public boolean nextPage() {
        count = 0;
        needsWriter = false;
        pagePrefix = nextPrefix;
        if (nextPrefix >= PREFIX_END) {
            return false;
        }
        while (true) {
            final long[] entries = table.entries();
            final int index = PageTable.index(entries, nextPrefix);
            final long entry = PageTable.entryAcquire(entries, index);
            final int frame = PageTable.frame(entry);
            if (frame < 0) {
                if (copyStored(entries, index, entry, ~frame)) {
                    return true;
                }
                continue;
            }
            final UnsafeBuffer chunk = memory.chunk(frame);
            final int pageOffset = KeydirMemory.offset(frame);
            final int sequenceOffset = pageOffset + KeydirPage.CHANGE_SEQUENCE_OFFSET;
            final long sequence = chunk.getLongAcquire(sequenceOffset);
            final int depth = KeydirPage.depth(chunk, pageOffset);
            final int copied = copy(chunk, pageOffset);
            VarHandle.acquireFence();
            if ((sequence & 1) == 0 && chunk.getLongAcquire(sequenceOffset) == sequence
                && table.unchanged(entries, index, entry)) {
                count = copied;
                nextPrefix += PREFIX_END >>> depth;
                return true;
            }
            Thread.onSpinWait();
        }
    }

    /** False if the page came into memory meanwhile. */
    private boolean copyStored(final long[] entries, final int index, final long entry, final int slot) {
        if (cache.pending().head(slot) != 0) {
            needsWriter = table.unchanged(entries, index, entry);
            return needsWriter;
        }
        if (buffer == null) {
            buffer = new PageBuffer();
        }
        try {
            cache.read(nextPrefix, slot, buffer);
        } catch (final CorruptionException ex) {
            if (table.unchanged(entries, index, entry)) {
                throw ex;
            }
            return false;
        }
        if (cache.pending().head(slot) != 0 || !table.unchanged(entries, index, entry)) {
            return false;
        }
        count = copy(buffer.words(), 0);
        nextPrefix += PREFIX_END >>> KeydirPage.depth(buffer.words(), 0);
        return true;
    }

    /** Goes back, so that {@link #nextPage()} copies what it copied last once more. */
    public void again() {
        nextPrefix = pagePrefix;
        count = 0;
    }

    /** Number of positions of the page copied last. */
    public int count() {
        return count;
    }

    /**
     * A position of the page copied last.
     *
     * @param index from 0 to {@link #count()} - 1.
     */
    public long position(final int index) {
        return positions[index];
    }

    /** How far the walk is, from 0 to 1. */
    public double progress() {
        return (double) nextPrefix / PREFIX_END;
    }

    private int copy(final UnsafeBuffer chunk, final int pageOffset) {
        int copied = 0;
        for (int line = 0; line < KeydirPage.LINES; line++) {
            final int lineOffset = KeydirPage.lineOffset(pageOffset, line);
            final long control = chunk.getLongAcquire(lineOffset);
            for (long taken = control & KeydirPage.TAKEN_MASK; taken != 0; taken &= taken - 1) {
                final int slotOffset = KeydirPage.slotOffset(lineOffset, KeydirPage.firstSlot(taken));
                final long position = KeydirPage.position(chunk.getLongAcquire(slotOffset));
                if (position != 0 && position != KeydirPage.RESERVED_POSITION) {
                    positions[copied++] = position;
                }
            }
        }
        return copied;
    }
}
