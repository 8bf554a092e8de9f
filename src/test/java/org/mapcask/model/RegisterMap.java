package org.mapcask.model;

import org.mapcask.model.Operation.Kind;

/** What the linearizability test drives: keys and values are numbers, 0 is no value. Thread-safe, or found out. */
@FunctionalInterface
interface RegisterMap {
    /**
     * Does an operation.
     *
     * @return the value read, or 1 for true.
     */
    int apply(Kind kind, long key, int expected, int value);
}
