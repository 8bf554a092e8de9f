package org.mapcask.errors;

/** The key directory cannot take another key. */
public class KeydirFullException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public KeydirFullException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public KeydirFullException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
