package org.mapcask.nativeaccess;

/** How {@link NativeAccess#open} opens a file; reading is always possible. */
public enum OpenFlag {
    /** Also for writing. */
    WRITE,
    /** Create it; an error where the name exists already. Needs {@link #WRITE}. */
    CREATE_NEW,
    /**
     * Bypass the page cache (O_DIRECT): buffers, offsets and lengths must be multiples of the device's block. Not
     * available in pure Java: see {@link FileHandle#isDirect()}.
     */
    DIRECT,
    /** Each write returns only when its data is durable (O_DSYNC). */
    DATA_SYNC
}
