package org.mapcask;

/**
 * The setters of the options about merging, see {@link MapcaskOptions.Builder}.
 *
 * @param <B> the builder that has them.
 */
abstract class MergeOptionSetters<B> {
    MergeOptionSetters() {
    }

    abstract B set(Option option, Object value);

    /**
     * Milliseconds between two looks whether to merge: 0, which merges only on demand, to 86,400,000; 60,000 by
     * default.
     */
    public B mergeIntervalMs(final long milliseconds) {
        return set(Option.MERGE_INTERVAL_MS, milliseconds);
    }

    /** Such a look merges from this many sealed segments with dead space on: 1 to 1,000,000; 10 by default. */
    public B mergeMinSegments(final int segments) {
        return set(Option.MERGE_MIN_SEGMENTS, (long)segments);
    }

    /**
     * Dead bytes from which on to merge, also without waiting for the interval: 0, which takes no notice of them, to 8
     * TiB; 512 MiB by default.
     */
    public B mergeDeadBytes(final long bytes) {
        return set(Option.MERGE_DEAD_BYTES, bytes);
    }

    /**
     * Percentage of all bytes of records that has to be dead to merge, also without waiting for the interval: 1 to 100;
     * 25 by default.
     */
    public B mergeFragmentation(final int percent) {
        return set(Option.MERGE_FRAGMENTATION, (long)percent);
    }

    /** Percentage of a segment's bytes that has to be dead for it to be merged: 1 to 100; 25 by default. */
    public B mergeSegmentDead(final int percent) {
        return set(Option.MERGE_SEGMENT_DEAD, (long)percent);
    }

    /**
     * Bytes of records that one merge moves at the most: 1 MiB to 1 TiB; 128 MiB by default. So much room is needed
     * beside the store.
     */
    public B mergeRunBytes(final long bytes) {
        return set(Option.MERGE_RUN_BYTES, bytes);
    }

    /** Bytes that merges read and write in a second at the most: 0, which is without limit, to 1 TiB; 0 by default. */
    public B mergeRate(final long bytesPerSecond) {
        return set(Option.MERGE_RATE, bytesPerSecond);
    }
}
