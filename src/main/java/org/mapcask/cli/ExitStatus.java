package org.mapcask.cli;

import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.InvalidOptionsException;

/** The exit statuses, and the one place that says which error ends in which. */
final class ExitStatus {
    static final int DONE = 0;
    static final int NOT_FOUND = 1;
    static final int USAGE = 2;
    static final int CORRUPTION = 3;
    static final int STORE_ERROR = 4;

    private ExitStatus() {
    }

    /** The status for an error that a command let through. */
    static int of(final Throwable error) {
        if (error instanceof CorruptionException) {
            return CORRUPTION;
        }
        if (error instanceof InvalidOptionsException || error instanceof InvalidArgumentException) {
            return USAGE;
        }
        return STORE_ERROR;
    }
}
