package org.mapcask.support;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Bytes that follow from three numbers alone: whose value it is, which version of it, and how long. So a reader knows
 * every byte that must be there, and can say what another value is that it finds instead. Static and stateless.
 */
public final class Payload {
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final int DESCRIBED_LENGTH = 2 * Long.BYTES;

    private Payload() {
    }

    /** Fills a range: owner, version, then numbers that follow from both and from the length. */
    public static void fill(
        final MutableDirectBuffer buffer, final int offset, final int length, final long owner, final long version) {
        long state = start(owner, version, length);
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            buffer.putLong(offset + at, word(at, owner, version, state), ByteOrder.LITTLE_ENDIAN);
            state += STEP;
        }
        final long last = word(at, owner, version, state);
        for (int shift = 0; at < length; at++, shift += Byte.SIZE) {
            buffer.putByte(offset + at, (byte)(last >>> shift));
        }
    }

    /** Null when a range holds exactly this payload, else what is there instead. */
    public static String fault(
        final DirectBuffer buffer, final int offset, final int length, final long owner, final long version) {
        long state = start(owner, version, length);
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            if (buffer.getLong(offset + at, ByteOrder.LITTLE_ENDIAN) != word(at, owner, version, state)) {
                return describe(buffer, offset, length) + ", other than owner " + owner + " version " + version
                    + " from byte " + at + " of " + length + " on";
            }
            state += STEP;
        }
        final long last = word(at, owner, version, state);
        for (int shift = 0; at < length; at++, shift += Byte.SIZE) {
            if (buffer.getByte(offset + at) != (byte)(last >>> shift)) {
                return "byte " + at + " of " + length + " is another than that of owner " + owner + " version "
                    + version;
            }
        }
        return null;
    }

    /** What a value says of itself. */
    private static String describe(final DirectBuffer buffer, final int offset, final int length) {
        return length < DESCRIBED_LENGTH ? length + " bytes" :
            length + " bytes of owner " + buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN) + " version "
                + buffer.getLong(offset + Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    /** A number that follows from others, evenly spread. */
    public static long mix(final long value) {
        long mixed = value * STEP;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return mixed ^ mixed >>> 32;
    }

    private static long start(final long owner, final long version, final int length) {
        return mix(mix(mix(owner) + version) + length);
    }

    private static long word(final int at, final long owner, final long version, final long state) {
        return at == 0 ? owner : at == Long.BYTES ? version : (state ^ state >>> 29) * STEP;
    }
}
