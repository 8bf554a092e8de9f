package org.mapcask.errors;

/** The store was closed, before the call or while it ran. Open the directory again to go on. */
public class StoreClosedException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public StoreClosedException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public StoreClosedException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
