package org.mapcask.merge;

import org.mapcask.errors.CorruptionException;

/** Something that failed while a record of an input was taken, and is not a fault of the segment that it came from. */
final class CopyFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient RuntimeException failure;

    private CopyFailure(final RuntimeException failure) {
        super(failure);
        this.failure = failure;
    }

    /** What to throw out of a scan in place of a failure: damage as it is, which is of the segment. */
    static RuntimeException of(final RuntimeException failure) {
        return failure instanceof CorruptionException || failure instanceof CopyFailure ?
            failure : new CopyFailure(failure);
    }

    /** What failed. */
    RuntimeException failure() {
        return failure;
    }
}
