package org.mapcask.crashstates;

/**
 * One step of a script.
 *
 * @param action      what is done.
 * @param key         of a put or delete, else null.
 * @param valueLength of a put, else 0.
 */
record Step(Action action, String key, int valueLength) {
    /** What a step does. */
    enum Action {
        /** Opens the store; the first step, and the one after {@link #CLOSE} and {@link #KILL}. */
        OPEN,
        PUT,
        DELETE,
        SYNC,
        /** A round of the background work: the next segment is made, what was rolled is sealed. */
        HOUSEKEEP,
        CLOSE,
        /** The process ends without closing; the page cache stays. */
        KILL
    }

    static Step of(final Action action) {
        return new Step(action, null, 0);
    }

    static Step put(final String key, final int valueLength) {
        return new Step(Action.PUT, key, valueLength);
    }

    static Step delete(final String key) {
        return new Step(Action.DELETE, key, 0);
    }

    @Override
    public String toString() {
        return key == null ? action.toString().toLowerCase(java.util.Locale.ROOT) :
            action == Action.PUT ? "put " + key + " " + valueLength : "delete " + key;
    }
}
