package org.mapcask.errors;

/** A file was written by a version of the format that this version cannot read. */
public class FormatVersionException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public FormatVersionException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public FormatVersionException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
