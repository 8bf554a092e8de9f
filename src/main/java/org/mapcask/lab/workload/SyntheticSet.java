package org.mapcask.lab.workload;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** {@link SyntheticRecords} of one length of key and one of value. Immutable; threads share it. */
public final class SyntheticSet implements Records {
    /** Most keys whose popularity is drawn; the tables take 12 bytes a key. */
    private static final int POPULAR_MAX = 10_000_000;
    /** The most popular key of Zipf's law has this weight, the second half of it, the third a third. */
    private static final long ZIPF_WEIGHT = 1L << 40;

    private final long count;
    private final int keyLength;
    private final int valueLength;

    /**
     * Makes the set.
     *
     * @param count       number of keys.
     * @param keyLength   bytes of each key.
     * @param valueLength bytes of each value.
     * @throws IllegalArgumentException if keys so short cannot be that many, or a number is out of range.
     */
    public SyntheticSet(final long count, final int keyLength, final int valueLength) {
        if (count < 1 || keyLength < 1 || keyLength > 1 << 16 || valueLength < 0) {
            throw new IllegalArgumentException("keys " + count + " of " + keyLength + " bytes, values of " + valueLength
                + " bytes: 1 key or more, 1 to 65536 bytes, 0 bytes or more are wanted");
        }
        if (keyLength < Long.BYTES && count > 1L << Byte.SIZE * keyLength) {
            throw new IllegalArgumentException(count + " keys need more than " + keyLength + " bytes each");
        }
        this.count = count;
        this.keyLength = keyLength;
        this.valueLength = valueLength;
    }

    /** Keys of the usual length without an end, and values of a given one. */
    public static SyntheticSet endless(final int valueLength) {
        return new SyntheticSet(Long.MAX_VALUE, SyntheticRecords.KEY_LENGTH, valueLength);
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public int keyLengthMax() {
        return keyLength;
    }

    @Override
    public int valueLengthMax() {
        return valueLength;
    }

    @Override
    public int key(final long index, final MutableDirectBuffer key) {
        SyntheticRecords.key(index, key, keyLength);
        return keyLength;
    }

    @Override
    public int value(final long index, final int version, final MutableDirectBuffer value) {
        SyntheticRecords.value(content(index, version), value, valueLength);
        return valueLength;
    }

    @Override
    public boolean matches(
        final long index, final int version, final DirectBuffer value, final int offset, final int length) {
        return length == valueLength && SyntheticRecords.matches(content(index, version), value, offset, length);
    }

    @Override
    public long index(final DirectBuffer key, final int offset, final int length) {
        if (length != keyLength) {
            return -1;
        }
        final long index = SyntheticRecords.index(key, offset, length);
        if (index < 0 || index >= count) {
            return -1;
        }
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[length]);
        key(index, expected);
        for (int i = 0; i < length; i++) {
            if (expected.getByte(i) != key.getByte(offset + i)) {
                return -1;
            }
        }
        return index;
    }

    @Override
    public AliasSampler popularity() {
        if (count > POPULAR_MAX) {
            throw new IllegalArgumentException("readhot takes at most " + POPULAR_MAX + " keys, not " + count);
        }
        final long[] weights = new long[(int) count];
        for (int rank = 0; rank < weights.length; rank++) {
            weights[rank] = ZIPF_WEIGHT / (rank + 1);
        }
        return new AliasSampler(weights);
    }

    @Override
    public String description() {
        return "synthetic keys of " + keyLength + " B, values of " + valueLength + " B";
    }

    /** The first version is that of the index itself; others follow each other from a point far away. */
    private static long content(final long index, final int version) {
        return version == 0 ? index : SyntheticRecords.mix(index) + version;
    }
}
