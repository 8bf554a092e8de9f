package org.mapcask;

/** How a new segment gets its blocks on disk, before it is written. */
public enum SegmentFill {
    /** {@link #ZERO} if writes sync segments, which is {@code syncEveryWrite} without {@code wal}; else the other. */
    AUTO,
    /** Blocks are allocated: at once, but the first sync of each page also changes metadata of the file. */
    ALLOCATE,
    /** Zeros are written: each segment is written twice, but a sync of a page writes that page and nothing else. */
    ZERO
}
