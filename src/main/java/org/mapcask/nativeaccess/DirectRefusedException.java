package org.mapcask.nativeaccess;

import org.mapcask.errors.StoreIoException;

/**
 * The file system takes no write past the page cache, or none of this alignment, although it let the file be opened for
 * that. Nothing was written by the call that failed.
 */
public final class DirectRefusedException extends StoreIoException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link org.mapcask.errors.ErrorText}. */
    public DirectRefusedException(final String message) {
        super(message);
    }
}
