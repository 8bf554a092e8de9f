package org.mapcask.errors;

/**
 * The store was latched by an earlier failure to make data durable, which is its cause; reads go on, writes need a
 * reopen.
 */
public class StoreFailedException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public StoreFailedException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public StoreFailedException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
