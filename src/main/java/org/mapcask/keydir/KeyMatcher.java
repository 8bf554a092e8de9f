package org.mapcask.keydir;

/**
 * Answers whether the record at a position has the key that is being looked up. The keydir holds no keys, only hash
 * bits, so it asks for every slot whose bits agree.
 *
 * <p>A reader's matcher can be asked about a position that was current a moment ago and is no longer, even one whose
 * segment was retired meanwhile. It has to answer false then (never crash, never throw): the keydir notices that the
 * slot or the page changed, and looks again.
 *
 * <p>Implement it once, by an object that is reused for every call: then the call is inlined and nothing is allocated.
 */
@FunctionalInterface
public interface KeyMatcher {
    /**
     * Compares the key sought with the key of a record.
     *
     * @param position of the record in the whole log, a multiple of 8.
     * @return true if the record there has the key sought.
     */
    boolean matches(long position);

    /**
     * As {@link #matches}, of a record whose entry waits to be put into a page: if it has the key sought, the entry in
     * the page does not count any more. So a matcher that compares positions has to compare keys here.
     */
    default boolean matchesWaiting(final long position) {
        return matches(position);
    }

    /** What its owner uses to look into pages that are not in memory; one that is asked often keeps it. */
    default PageReads pageReads() {
        return new PageReads();
    }
}
