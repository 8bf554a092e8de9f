package org.mapcask.keydir;

/** What a {@link Keydir} counts when a page that comes into memory gets the changes that waited for it. */
interface KeydirCounts {
    /** Counts nothing. */
    KeydirCounts NONE = new KeydirCounts() {
        @Override
        public void add(final long keys, final long pages) {
            // nothing counts yet
        }

        @Override
        public void checkDepth(final int depth, final long splits) {
            // no limit yet
        }
    };

    /** More keys, which may be negative, and more pages. */
    void add(long keys, long pages);

    /** Throws if a page of this depth may not split. */
    void checkDepth(int depth, long splits);
}
