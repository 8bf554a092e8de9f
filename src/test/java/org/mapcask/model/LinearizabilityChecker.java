package org.mapcask.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells whether the history of one key can be put into an order that one thread could have made, with each operation at
 * some moment between its call and its return. The search is that of Wing and Gong: take any operation that no other
 * one had to precede, apply it, go on; with Lowe's addition not to go twice into the same (operations done, state).
 */
final class LinearizabilityChecker {
    private static final int OPERATIONS_MAX = 48;
    private static final int STATE_BITS = Long.SIZE - OPERATIONS_MAX;

    private final Set<Long> visited = new HashSet<>();
    private Operation[] operations;

    /** Whether there is such an order; the key has no value at first. */
    boolean isLinearizable(final List<Operation> history) {
        if (history.size() > OPERATIONS_MAX) {
            throw new IllegalArgumentException("history of " + history.size() + " operations, at most " +
                OPERATIONS_MAX);
        }
        operations = history.toArray(new Operation[0]);
        visited.clear();
        return search(0, 0);
    }

    /** Leaves away what changed nothing, as long as the rest is wrong already. */
    List<Operation> shortened(final List<Operation> wrong) {
        final List<Operation> shorter = new ArrayList<>(wrong);
        for (final Operation operation : wrong) {
            if (operation.onlyLooked()) {
                final int index = shorter.indexOf(operation);
                shorter.remove(index);
                if (isLinearizable(shorter)) {
                    shorter.add(index, operation);
                }
            }
        }
        return shorter;
    }

    private boolean search(final long done, final int state) {
        if (done == (1L << operations.length) - 1) {
            return true;
        }
        if (!visited.add(done << STATE_BITS | state)) {
            return false;
        }
        final long firstResponse = firstResponse(done);
        for (int i = 0; i < operations.length; i++) {
            if ((done & 1L << i) == 0 && operations[i].invoked < firstResponse) {
                final int next = operations[i].apply(state);
                if (next >= 0 && search(done | 1L << i, next)) {
                    return true;
                }
            }
        }
        return false;
    }

    private long firstResponse(final long done) {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < operations.length; i++) {
            if ((done & 1L << i) == 0) {
                first = Math.min(first, operations[i].responded);
            }
        }
        return first;
    }
}
