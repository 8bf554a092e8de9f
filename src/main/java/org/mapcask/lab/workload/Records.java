package org.mapcask.lab.workload;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keys by index, and for each key a value by version: any answer can be checked without a second copy of the data.
 * Implementations are immutable; threads share them.
 */
public interface Records {
    /** Number of keys; indexes go from 0 to below it. */
    long count();

    /** Length of the longest key, in bytes. */
    int keyLengthMax();

    /** Length of the longest value, in bytes. */
    int valueLengthMax();

    /**
     * Writes a key to the beginning of a buffer.
     *
     * @return its length.
     */
    int key(long index, MutableDirectBuffer key);

    /**
     * Writes a value to the beginning of a buffer.
     *
     * @param version 0 for the first value of a key, 1 for what it is written over with, and so on.
     * @return its length.
     */
    int value(long index, int version, MutableDirectBuffer value);

    /** Whether these bytes, from offset on, are the value of that version. */
    boolean matches(long index, int version, DirectBuffer value, int offset, int length);

    /** The index whose key these bytes are, or -1 if it is none of these keys. */
    long index(DirectBuffer key, int offset, int length);

    /** Draws indexes as often as they are asked for in life: a few of them very often. */
    AliasSampler popularity();

    /** What this is, for the reader of a result. */
    String description();

    /** A new buffer for the longest key. */
    default UnsafeBuffer newKeyBuffer() {
        return new UnsafeBuffer(new byte[keyLengthMax()]);
    }

    /** A new buffer for the longest value. */
    default UnsafeBuffer newValueBuffer() {
        return new UnsafeBuffer(new byte[valueLengthMax()]);
    }
}
