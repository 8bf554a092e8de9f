package org.mapcask.errors;

/** Base of every error that Mapcask throws. Unchecked: most callers can only log it and stop using the store. */
public class MapcaskException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public MapcaskException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public MapcaskException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
