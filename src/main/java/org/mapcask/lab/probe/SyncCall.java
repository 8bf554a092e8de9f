package org.mapcask.lab.probe;

import java.util.Locale;

/** How an append is made durable; two that do not make it so are there for comparison. */
public enum SyncCall {
    /** Store into a mapping, then msync of the range. */
    MSYNC("store, msync of the range", true, true),
    /** Store into a mapping, then fdatasync. */
    FDATASYNC("store, fdatasync", true, true),
    /** Store into a mapping, then {@code MappedByteBuffer.force} of the range. */
    FORCE("store, MappedByteBuffer.force", true, false),
    /** Write of the block that the append is in, past the page cache. */
    DIRECT("pwrite, O_DIRECT and O_DSYNC", true, true),
    /** Write of the append to a file that is opened so that each write is durable. */
    WRITE_DSYNC("pwrite, O_DSYNC", true, false),
    /** Write of the append, then fdatasync. */
    WRITE_FDATASYNC("pwrite, fdatasync", true, true),
    /** The same through Java's channel. */
    CHANNEL_DATA("FileChannel.write, force(false)", true, false),
    /** Write through Java's channel and force of all metadata, which is fsync. */
    CHANNEL_ALL("FileChannel.write, force(true), which is fsync", true, false),
    /** Store into a mapping, then write-back of the range, awaited; the cache of the device is not emptied. */
    WRITEBACK("store, sync_file_range (not durable)", false, true),
    /** Write of the block past the page cache and nothing else; the cache of the device is not emptied. */
    DIRECT_ALONE("pwrite, O_DIRECT alone (not durable)", false, true);

    private final String label;
    private final boolean durable;
    private final boolean needsNative;

    SyncCall(final String label, final boolean durable, final boolean needsNative) {
        this.label = label;
        this.durable = durable;
        this.needsNative = needsNative;
    }

    /** In words, for tables. */
    public String label() {
        return label;
    }

    /** Whether an append is durable after it. */
    public boolean isDurable() {
        return durable;
    }

    /** Whether pure Java cannot do it. */
    boolean needsNative() {
        return needsNative;
    }

    /** Name in lower case with dashes, for the names of files. */
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
