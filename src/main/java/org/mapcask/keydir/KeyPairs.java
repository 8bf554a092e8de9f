package org.mapcask.keydir;

/**
 * Compares the keys of records, and is told of records that lost their entry, when changes that were put off are
 * entered into a page. Used by the writer.
 */
public interface KeyPairs {
    /** Whether the records at two positions have the same key. */
    boolean sameKey(long position, long other);

    /** Brings records that are going to be compared into the processor, so that their cache misses overlap. */
    void touch(long[] positions, int count);

    /** Has the record at a position read from the device, without waiting for it; a hint. */
    default void ask(final long position) {
    }

    /** Has records read from the device, all at once, and waits for them; a hint. Any one thread beside the writer. */
    default void bring(final long[] positions, final int count) {
    }

    /** No entry leads to the record at this position any more. */
    void onReplaced(long position);
}
