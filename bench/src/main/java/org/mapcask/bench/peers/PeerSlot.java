package org.mapcask.bench.peers;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * One key and one value, in the kind of memory that a store likes best, so that none pays for the form of another.
 * Used by one thread.
 */
final class PeerSlot {
    /** Bytes of each key. */
    static final int KEY_LENGTH = SyntheticRecords.KEY_LENGTH;

    /** The key, for stores that take arrays; null outside of the heap. */
    final byte[] keyArray;
    /** The value, for stores that take arrays; null outside of the heap. */
    final byte[] valueArray;
    /** The key, for stores that take byte buffers. Whoever moves its position puts it back. */
    final ByteBuffer keyBytes;
    /** The value, for stores that take byte buffers. Whoever moves its position puts it back. */
    final ByteBuffer valueBytes;
    /** The key. */
    final UnsafeBuffer key;
    /** The value to put, or the place that a get copies to. */
    final UnsafeBuffer value;

    private final UnsafeBuffer answer = new UnsafeBuffer(0, 0);
    private boolean hasAnswer;

    PeerSlot(final int valueLength, final boolean direct) {
        keyArray = direct ? null : new byte[KEY_LENGTH];
        valueArray = direct ? null : new byte[valueLength];
        keyBytes = direct ? ByteBuffer.allocateDirect(KEY_LENGTH) : ByteBuffer.wrap(keyArray);
        valueBytes = direct ? ByteBuffer.allocateDirect(valueLength) : ByteBuffer.wrap(valueArray);
        key = new UnsafeBuffer(keyBytes);
        value = new UnsafeBuffer(valueBytes);
    }

    /** Says that the answer of a get is in a new array that nobody else uses, and not in the slot's value. */
    void answer(final byte[] array) {
        answer.wrap(array);
        hasAnswer = true;
    }

    /** Forgets the last answer. */
    void clear() {
        hasAnswer = false;
    }

    /** Where the answer of the last get is. */
    UnsafeBuffer answer() {
        return hasAnswer ? answer : value;
    }
}
