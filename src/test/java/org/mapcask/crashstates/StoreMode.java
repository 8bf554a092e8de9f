package org.mapcask.crashstates;

import org.mapcask.sync.SyncPolicy;

/** How a script opens its store. */
enum StoreMode {
    /** Nothing is durable before a sync. */
    UNSYNCED(false, 0),
    /** A write is durable when it returns, in the segments. */
    EVERY_WRITE(true, 0),
    /** A write is durable when it returns, in the shortest ring that there is: three frames of a page in each file. */
    WAL(true, 64 << 10),
    /** The same with a longer ring. */
    LONG_WAL(true, 128 << 10);

    private final boolean everyWrite;
    private final int walLength;

    StoreMode(final boolean everyWrite, final int walLength) {
        this.everyWrite = everyWrite;
        this.walLength = walLength;
    }

    /** Whether a write that has returned must survive a power cut. */
    boolean everyWrite() {
        return everyWrite;
    }

    /** Whether there is a ring. */
    boolean hasWal() {
        return walLength > 0;
    }

    /** Length of the ring; 0 is none. */
    int walLength() {
        return walLength;
    }

    SyncPolicy policy() {
        return everyWrite ? new SyncPolicy(0, 0, true) : SyncPolicy.NONE;
    }
}
