package org.mapcask.errors;

/**
 * A caller passed a key, value or range that no store takes. Nothing was changed; the same call with a proper argument
 * works.
 */
public class InvalidArgumentException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public InvalidArgumentException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public InvalidArgumentException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
