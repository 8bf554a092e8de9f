package org.mapcask;

/** How records in sealed segments are read; the active segment is always mapped. */
public enum SealedRead {
    /**
     * Sealed segments are mapped: the cheapest read while the data fits into memory. When it does not, a page fault
     * in the middle of a read holds up the whole JVM at its next safepoint.
     */
    MAPPED,

    /**
     * Sealed segments are read by {@code pread}: a system call each, but a read that has to wait for the disk holds
     * up nobody else.
     */
    PREAD
}
