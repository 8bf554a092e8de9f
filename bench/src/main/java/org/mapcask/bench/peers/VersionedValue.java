package org.mapcask.bench.peers;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * Values that tell which key they belong to and which of its versions they are, so that each answer can be checked.
 *
 * <pre>
 *   +---------------+---------------+---------------+-- … --+------------+
 *   | version, 8 B  | word          | word + step   |       | 0 to 7 B   |
 *   +---------------+---------------+---------------+-- … --+------------+
 *   word = mix(key index, version); a value of another key or version, a shifted or half a one has another word
 * </pre>
 * Stateless and thread-safe.
 */
final class VersionedValue {
    /** The shortest value that holds a version and a word. */
    static final int LENGTH_MIN = 2 * Long.BYTES;
    /** What the checks answer for bytes that are no value of the key. */
    static final long WRONG = -1;

    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private VersionedValue() {
    }

    /** Writes a value to the beginning of a buffer. */
    static void write(final long index, final long version, final MutableDirectBuffer value, final int length) {
        value.putLong(0, version, ORDER);
        long word = firstWord(index, version);
        int offset = Long.BYTES;
        for (; offset + Long.BYTES <= length; offset += Long.BYTES) {
            value.putLong(offset, word, ORDER);
            word += STEP;
        }
        for (; offset < length; offset++) {
            value.putByte(offset, (byte) word);
            word >>>= Byte.SIZE;
        }
    }

    /** Checks every byte of a value; its version, or {@link #WRONG}. */
    static long check(final long index, final DirectBuffer value, final int start, final int length) {
        if (length < LENGTH_MIN) {
            return WRONG;
        }
        final long version = value.getLong(start, ORDER);
        long word = firstWord(index, version);
        int offset = Long.BYTES;
        for (; offset + Long.BYTES <= length; offset += Long.BYTES) {
            if (value.getLong(start + offset, ORDER) != word) {
                return WRONG;
            }
            word += STEP;
        }
        for (; offset < length; offset++) {
            if (value.getByte(start + offset) != (byte) word) {
                return WRONG;
            }
            word >>>= Byte.SIZE;
        }
        return version;
    }

    /** Checks the first words and the last whole one, which costs next to nothing; the version, or {@link #WRONG}. */
    static long glance(final long index, final DirectBuffer value, final int start, final int length) {
        if (length < LENGTH_MIN) {
            return WRONG;
        }
        final long version = value.getLong(start, ORDER);
        final long word = firstWord(index, version);
        final int last = length / Long.BYTES - 1;
        return value.getLong(start + Long.BYTES, ORDER) == word
            && value.getLong(start + last * Long.BYTES, ORDER) == word + (last - 1) * STEP ? version : WRONG;
    }

    private static long firstWord(final long index, final long version) {
        return SyntheticRecords.mix(index * STEP ^ version);
    }
}
