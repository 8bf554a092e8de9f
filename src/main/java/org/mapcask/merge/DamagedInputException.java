package org.mapcask.merge;

import org.mapcask.errors.MapcaskException;
import org.mapcask.segment.Segment;

/** An input of a merge cannot be read, or not as it was written: it stays, and is not chosen again. */
final class DamagedInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Segment input;

    DamagedInputException(final Segment input, final MapcaskException cause) {
        super(cause.getMessage(), cause);
        this.input = input;
    }

    Segment input() {
        return input;
    }
}
