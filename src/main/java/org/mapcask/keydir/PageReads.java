package org.mapcask.keydir;

/**
 * What a reader needs to look into pages that are not in memory: room for one page, and the last one it read, which it
 * may offer to the writer ({@link Keydir#adopt}). Belongs to one thread at a time.
 */
public final class PageReads {
    private PageBuffer buffer;
    private int prefix;
    private long entry;
    private long reads;

    /** Room for another page; the one before is gone. */
    PageBuffer buffer() {
        if (buffer == null) {
            buffer = new PageBuffer();
        }
        entry = 0;
        return buffer;
    }

    /** Whether the page read last is that of an entry: an entry never comes back with another page. */
    boolean has(final long tableEntry) {
        return entry == tableEntry;
    }

    void done(final int pagePrefix, final long tableEntry) {
        prefix = pagePrefix;
        entry = tableEntry;
        reads++;
    }

    /** Whether a page was read since the last time that one was offered. */
    public boolean hasPage() {
        return entry != 0;
    }

    /** Pages read so far. */
    public long reads() {
        return reads;
    }

    int prefix() {
        return prefix;
    }

    /** The table entry through which the page was read, once. */
    long takeEntry() {
        final long last = entry;
        entry = 0;
        return last;
    }

    PageBuffer copy() {
        return buffer;
    }
}
