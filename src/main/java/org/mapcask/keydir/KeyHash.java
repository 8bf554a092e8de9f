package org.mapcask.keydir;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * The 64-bit hash of a key. It folds 128-bit products, in the manner of wyhash: 16 bytes a multiplication, 48 a round
 * for long keys.
 *
 * <p>The values are part of the file format, since checkpoints keep bits of them: the function is defined on
 * little-endian words, does not depend on alignment or machine, and its test vectors are fixed. A store draws its own
 * seed, so nobody can prepare keys that collide.
 *
 * <p>Thread-safe, without state, allocates nothing.
 */
public final class KeyHash {
    /** Digits of pi: constants that hide nothing. */
    private static final long PI_0 = 0x243F6A8885A308D3L;
    private static final long PI_1 = 0x13198A2E03707344L;
    private static final long PI_2 = 0xA4093822299F31D0L;
    private static final long PI_3 = 0x082EFA98EC4E6C89L;

    private static final int BLOCK = 16;
    private static final int ROUND = 48;

    private KeyHash() {
    }

    /**
     * Hashes the bytes of a key.
     *
     * @param key    the buffer with the key.
     * @param offset of the first byte.
     * @param length in bytes; 0 is allowed.
     * @param seed   of the store.
     * @return 64 bits, each of which depends on every bit of the key and of the seed.
     */
    public static long hash(final DirectBuffer key, final int offset, final int length, final long seed) {
        long state = fold(seed ^ PI_0, length ^ PI_1) ^ seed;
        final long first;
        final long last;
        if (length > BLOCK) {
            state = absorb(key, offset, length, state);
            first = key.getLong(offset + length - BLOCK, LITTLE_ENDIAN);
            last = key.getLong(offset + length - Long.BYTES, LITTLE_ENDIAN);
        } else if (length >= Long.BYTES) {
            first = key.getLong(offset, LITTLE_ENDIAN);
            last = key.getLong(offset + length - Long.BYTES, LITTLE_ENDIAN);
        } else if (length >= Integer.BYTES) {
            first = key.getInt(offset, LITTLE_ENDIAN) & 0xFFFFFFFFL;
            last = key.getInt(offset + length - Integer.BYTES, LITTLE_ENDIAN) & 0xFFFFFFFFL;
        } else if (length > 0) {
            first = key.getByte(offset) & 0xFFL
                | (key.getByte(offset + (length >>> 1)) & 0xFFL) << 8
                | (key.getByte(offset + length - 1) & 0xFFL) << 16;
            last = 0;
        } else {
            first = 0;
            last = 0;
        }
        return conclude(first ^ state, last ^ PI_2 ^ Long.rotateLeft(state, 32), state);
    }

    /** All blocks but the last 16 bytes, which the caller takes itself; those may overlap what is read here. */
    private static long absorb(final DirectBuffer key, final int offset, final int length, final long seeded) {
        int at = offset;
        int left = length;
        long state = seeded;
        if (left > ROUND) {
            long second = state ^ PI_3;
            long third = Long.rotateLeft(state, 32) ^ PI_1;
            do {
                state = block(key, at, state, PI_1);
                second = block(key, at + 16, second, PI_2);
                third = block(key, at + 32, third, PI_3);
                at += ROUND;
                left -= ROUND;
            } while (left > ROUND);
            state ^= second + Long.rotateLeft(third, 23);
        }
        while (left > BLOCK) {
            state = block(key, at, state, PI_1);
            at += BLOCK;
            left -= BLOCK;
        }
        return state;
    }

    /** Both factors depend on the state, hence on the seed: no fixed input makes one of them zero. */
    private static long block(final DirectBuffer key, final int at, final long state, final long salt) {
        final long left = key.getLong(at, LITTLE_ENDIAN) ^ state;
        final long right = key.getLong(at + Long.BYTES, LITTLE_ENDIAN) ^ salt ^ Long.rotateLeft(state, 32);
        return fold(left, right) + Long.rotateLeft(state, 17);
    }

    private static long conclude(final long left, final long right, final long state) {
        final long low = left * right;
        final long high = multiplyHighUnsigned(left, right);
        return fold(low ^ PI_3, high ^ PI_0 ^ state);
    }

    private static long fold(final long left, final long right) {
        return left * right ^ multiplyHighUnsigned(left, right);
    }

    /** JDK 17 knows only the signed product. */
    private static long multiplyHighUnsigned(final long left, final long right) {
        return Math.multiplyHigh(left, right) + (left >> 63 & right) + (right >> 63 & left);
    }
}
