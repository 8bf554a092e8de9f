package org.mapcask.errors;

/** A file or directory is not what a store directory may hold, or belongs to another store. */
public class ForeignFileException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public ForeignFileException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public ForeignFileException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
