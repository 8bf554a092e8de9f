package org.mapcask.errors;

/** A write was asked of a store that is open for reading only. */
public class ReadOnlyStoreException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public ReadOnlyStoreException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public ReadOnlyStoreException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
