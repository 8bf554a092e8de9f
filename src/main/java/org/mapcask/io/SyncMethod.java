package org.mapcask.io;

/** How dirty pages of a mapping are made durable. */
public enum SyncMethod {
    /** msync of the exact range, widened to pages. */
    MSYNC,
    /** fdatasync of the whole file, which also takes pages that only prefault dirtied. */
    FDATASYNC,
    /** {@code MappedByteBuffer.force} of the range: what Java itself offers. */
    FORCE
}
