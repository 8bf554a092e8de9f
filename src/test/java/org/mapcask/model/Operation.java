package org.mapcask.model;

/** What one thread did to one key, and when: the stamps come from one counter. Values are small numbers, 0 is none. */
final class Operation {
    /** What was done. */
    enum Kind {
        GET, CONTAINS, PUT, PUT_IF_ABSENT, REPLACE, COMPARE_AND_SET, DELETE
    }

    private static final int FALSE = 0;
    private static final int TRUE = 1;

    final int thread;
    final int key;
    final Kind kind;
    final int expected;
    final int value;
    final int result;
    final long invoked;
    final long responded;

    /**
     * An operation that is over.
     *
     * @param expected of a compare-and-set.
     * @param value    that was to be written.
     * @param result   the value that was read; for the others 1 is true.
     */
    Operation(
        final int thread, final int key, final Kind kind, final int expected, final int value, final int result,
        final long invoked, final long responded) {
        this.thread = thread;
        this.key = key;
        this.kind = kind;
        this.expected = expected;
        this.value = value;
        this.result = result;
        this.invoked = invoked;
        this.responded = responded;
    }

    /** The state after this operation, or -1 if it cannot have had its result in this state. */
    int apply(final int state) {
        switch (kind) {
            case GET:
                return result == state ? state : -1;
            case CONTAINS:
                return result == (state != 0 ? TRUE : FALSE) ? state : -1;
            case PUT:
                return value;
            case PUT_IF_ABSENT:
                return conditional(state == 0, state, value);
            case REPLACE:
                return conditional(state != 0, state, value);
            case COMPARE_AND_SET:
                return conditional(state != 0 && state == expected, state, value);
            default:
                return conditional(state != 0, state, 0);
        }
    }

    /** Whether the operation changed nothing, whatever it was told: a history without it is as good. */
    boolean onlyLooked() {
        return kind == Kind.GET || kind == Kind.CONTAINS || kind != Kind.PUT && result == FALSE;
    }

    private int conditional(final boolean holds, final int state, final int next) {
        if (result != (holds ? TRUE : FALSE)) {
            return -1;
        }
        return holds ? next : state;
    }

    @Override
    public String toString() {
        final String arguments = kind == Kind.COMPARE_AND_SET ? expected + " -> " + value :
            kind == Kind.PUT || kind == Kind.PUT_IF_ABSENT || kind == Kind.REPLACE ? "" + value : "";
        return String.format("[%d, %d] thread %d: %s(%s) = %d", invoked, responded, thread, kind, arguments, result);
    }
}
