package org.mapcask.errors;

/** Another process, or another open handle in this process, holds the store directory. */
public class StoreLockedException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public StoreLockedException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public StoreLockedException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
