package org.mapcask.errors;

/** An operation of the operating system on a file failed. */
public class StoreIoException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public StoreIoException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public StoreIoException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
