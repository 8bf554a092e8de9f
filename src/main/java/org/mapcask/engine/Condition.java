package org.mapcask.engine;

import org.agrona.DirectBuffer;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.segment.RecordReader;

/** What must hold for a write to happen. */
public enum Condition {
    /** Nothing: always write. */
    NONE,
    /** The key has no value. */
    ABSENT,
    /** The key has a value. */
    PRESENT,
    /** The key has a certain value. */
    EQUAL;

    /**
     * Whether a write may happen. A key that is not there cannot be deleted, whatever the condition.
     *
     * @param type     of the record to be written.
     * @param present  whether the key has a record, and one whose time is not over.
     * @param reader   holds that record if there is one.
     * @param expected value to compare with; of use for {@link #EQUAL} only.
     */
    boolean holds(
        final int type, final boolean present, final RecordReader reader, final DirectBuffer expected,
        final int expectedOffset, final int expectedLength) {
        if (type == RecordDescriptor.TYPE_DELETE && !present) {
            return false;
        }
        return switch (this) {
            case NONE -> true;
            case ABSENT -> !present;
            case PRESENT -> present;
            case EQUAL -> present && reader.valueEquals(expected, expectedOffset, expectedLength);
        };
    }
}
