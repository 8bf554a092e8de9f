package org.mapcask.lab.workload;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Keys and values that follow from an index, so that any answer can be checked without a second copy of the data.
 *
 * <p>A key is 16 bytes: a mixed word, which spreads the hash, and the index itself. Each word of a value depends on
 * the index and on its place, so a value of another key, a shifted one and a half-written one all fail the check.
 * Stateless and thread-safe.
 */
public final class SyntheticRecords {
    /** Length of each key, in bytes. */
    public static final int KEY_LENGTH = 16;
    /** Length of a value unless a benchmark says otherwise, in bytes. */
    public static final int VALUE_LENGTH = 100;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private SyntheticRecords() {
    }

    /**
     * Writes the key of an index to the beginning of a buffer.
     *
     * @param index number of the record.
     * @param key   receives {@link #KEY_LENGTH} bytes.
     */
    public static void key(final long index, final MutableDirectBuffer key) {
        key.putLong(0, mix(index), ORDER);
        key.putLong(Long.BYTES, index, ORDER);
    }

    /**
     * Writes a key of any length. One of {@link #KEY_LENGTH} bytes or more begins as {@link #key(long,
     * MutableDirectBuffer)} has it; a shorter one begins with the index, lowest byte first.
     *
     * @param index  number of the record; it has to fit into the key.
     * @param key    receives the bytes.
     * @param length number of bytes, at least 1.
     */
    public static void key(final long index, final MutableDirectBuffer key, final int length) {
        final long mixed = mix(index);
        int offset = 0;
        if (length >= KEY_LENGTH) {
            key.putLong(0, mixed, ORDER);
            key.putLong(Long.BYTES, index, ORDER);
            offset = KEY_LENGTH;
        } else {
            for (; offset < Math.min(length, Long.BYTES); offset++) {
                key.putByte(offset, (byte) (index >>> Byte.SIZE * offset));
            }
        }
        for (; offset < length; offset++) {
            key.putByte(offset, (byte) (mixed >>> Byte.SIZE * (offset % Long.BYTES)));
        }
    }

    /**
     * The index that a key of {@link #key(long, MutableDirectBuffer, int)} was made of.
     *
     * @param key    holds the key.
     * @param offset where it begins.
     * @param length number of bytes.
     * @return the number of the record.
     */
    public static long index(final DirectBuffer key, final int offset, final int length) {
        if (length >= KEY_LENGTH) {
            return key.getLong(offset + Long.BYTES, ORDER);
        }
        long index = 0;
        for (int i = Math.min(length, Long.BYTES) - 1; i >= 0; i--) {
            index = index << Byte.SIZE | key.getByte(offset + i) & 0xff;
        }
        return index;
    }

    /**
     * Writes the value of an index to the beginning of a buffer.
     *
     * @param index  number of the record.
     * @param value  receives the bytes.
     * @param length number of bytes.
     */
    public static void value(final long index, final MutableDirectBuffer value, final int length) {
        long word = mix(~index);
        int offset = 0;
        for (; offset + Long.BYTES <= length; offset += Long.BYTES) {
            value.putLong(offset, word, ORDER);
            word += GOLDEN;
        }
        for (; offset < length; offset++) {
            value.putByte(offset, (byte) word);
            word >>>= Byte.SIZE;
        }
    }

    /**
     * Checks a value.
     *
     * @param index  number of the record that was asked for.
     * @param value  what the store answered.
     * @param offset where the value begins.
     * @param length number of bytes.
     * @return true if each byte is that of {@link #value}.
     */
    public static boolean matches(final long index, final DirectBuffer value, final int offset, final int length) {
        long word = mix(~index);
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            if (value.getLong(offset + at, ORDER) != word) {
                return false;
            }
            word += GOLDEN;
        }
        for (; at < length; at++) {
            if (value.getByte(offset + at) != (byte) word) {
                return false;
            }
            word >>>= Byte.SIZE;
        }
        return true;
    }

    /**
     * Mixes the bits of a word, one to one (the finisher of SplitMix64).
     *
     * @param value any word.
     * @return its image.
     */
    public static long mix(final long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
