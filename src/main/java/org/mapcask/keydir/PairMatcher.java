package org.mapcask.keydir;

/** Compares the key of the record at one position with those at others. Belongs to the writer. */
final class PairMatcher implements KeyMatcher {
    private KeyPairs pairs;
    private long position;

    /** Compares records by this from now on. */
    void compareWith(final KeyPairs newPairs) {
        pairs = newPairs;
    }

    /** Chooses the record whose key {@link #matches} looks for. */
    PairMatcher seek(final long newPosition) {
        position = newPosition;
        return this;
    }

    /** Tells that a record was replaced, and that no figure has counted that. */
    void onReplaced(final long before) {
        pairs.onReplaced(before);
    }

    @Override
    public boolean matches(final long candidate) {
        return candidate == position || pairs.sameKey(position, candidate);
    }
}
