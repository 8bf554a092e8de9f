package org.mapcask.crashstates;

import java.util.Locale;

/**
 * One step of a script.
 *
 * @param action      what is done.
 * @param key         of a put or delete, else null.
 * @param valueLength of a put; of {@link Action#KILL_IN_NEXT} the operations that are still done; else 0.
 */
record Step(Action action, String key, int valueLength) {
    /** What a step does. */
    enum Action {
        /** Opens the store; the first step, and the one after {@link #CLOSE} and {@link #KILL}. */
        OPEN,
        PUT,
        /** A put that fails, since its value cannot be read: a segment that was made for it is thrown away. */
        FAIL,
        DELETE,
        SYNC,
        /** A round of the background work: the next segment is made, what was rolled is sealed. */
        HOUSEKEEP,
        /** Goes on in a new segment, and merges some of the sealed ones: valueLength chooses which. */
        MERGE,
        CLOSE,
        /** The process ends without closing; the page cache stays. */
        KILL,
        /** In the next step the process ends so many operations on files later, and the store is opened again. */
        KILL_IN_NEXT
    }

    static Step of(final Action action) {
        return new Step(action, null, 0);
    }

    static Step put(final String key, final int valueLength) {
        return new Step(Action.PUT, key, valueLength);
    }

    static Step fail(final String key, final int valueLength) {
        return new Step(Action.FAIL, key, valueLength);
    }

    static Step merge(final int choice) {
        return new Step(Action.MERGE, null, choice);
    }

    static Step delete(final String key) {
        return new Step(Action.DELETE, key, 0);
    }

    static Step killInNext(final int operations) {
        return new Step(Action.KILL_IN_NEXT, null, operations);
    }

    @Override
    public String toString() {
        final String name = action.toString().toLowerCase(Locale.ROOT);
        if (action == Action.KILL_IN_NEXT) {
            return "kill after " + valueLength + " operations of";
        }
        return key == null ? name : name + " " + key + (valueLength == 0 ? "" : " " + valueLength);
    }
}
