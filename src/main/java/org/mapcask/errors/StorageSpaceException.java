package org.mapcask.errors;

/**
 * The file system has no room (or quota) for the next segment. The store stays readable, and a later write succeeds
 * once there is room.
 */
public class StorageSpaceException extends MapcaskException {
    private static final long serialVersionUID = 1L;

    /** An error with its text, see {@link ErrorText}. */
    public StorageSpaceException(final String message) {
        super(message);
    }

    /** An error with its text and the failure that led to it. */
    public StorageSpaceException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
