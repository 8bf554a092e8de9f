package org.mapcask.engine;

/** What must hold for a write to happen. */
public enum Condition {
    /** Nothing: always write. */
    NONE,
    /** The key has no value. */
    ABSENT,
    /** The key has a value. */
    PRESENT,
    /** The key has a certain value. */
    EQUAL
}
