package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class KeyHashTest {
    private static final long SEED = 0x1234_5678_9ABC_DEF0L;
    private static final int[] LENGTHS = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 65, 96, 97, 200};

    private static long hash(final byte[] key, final long seed) {
        return KeyHash.hash(new UnsafeBuffer(key), 0, key.length, seed);
    }

    private static byte[] counting(final int length) {
        final byte[] key = new byte[length];
        for (int i = 0; i < length; i++) {
            key[i] = (byte) (i * 7 + 1);
        }
        return key;
    }

    /** Checkpoints keep bits of these values: a change here needs another format version. */
    @Test
    void shouldKeepTheValuesOfTheFormat() {
        final int[] lengths = {0, 1, 3, 4, 7, 8, 15, 16, 17, 48, 49, 64, 100, 65536};
        final long[] expected = {
            0x6A249E64A22CBCBAL, 0x40334F0A500297F5L, 0xFC0A1F3446E7FC46L, 0x149AFB78AB58BBF3L,
            0xC3574B1FB842B1C4L, 0xECB5139EFEA560AAL, 0x3B36519696728CCFL, 0x83BCB1CABBF09255L,
            0x65FFB2C2C608F3CAL, 0xAB046264058B4FD7L, 0x72FE86FA0FF68C6CL, 0x7FCCFA9BDA85F21AL,
            0x32417D626795526AL, 0xB17B3DDCC32FDFFFL
        };
        for (int i = 0; i < lengths.length; i++) {
            assertEquals(expected[i], hash(counting(lengths[i]), SEED), "length " + lengths[i]);
        }
    }

    @Test
    void shouldNotDependOnAlignmentOrKindOfBuffer() {
        final UnsafeBuffer large = new UnsafeBuffer(new byte[512]);
        final ExpandableArrayBuffer other = new ExpandableArrayBuffer(512);
        for (final int length : LENGTHS) {
            final byte[] key = counting(length);
            final long expected = hash(key, SEED);
            for (int offset = 0; offset < 17; offset++) {
                large.setMemory(0, 512, (byte) 0x5A);
                large.putBytes(offset, key);
                other.putBytes(offset, key);
                assertEquals(expected, KeyHash.hash(large, offset, length, SEED), length + " at " + offset);
                assertEquals(expected, KeyHash.hash(other, offset, length, SEED), length + " at " + offset);
            }
        }
    }

    @Test
    void shouldFlipEveryHashBitWithProbabilityOneHalfForEveryKeyBit() {
        final Random random = new Random(11);
        final int trials = 600;
        for (final int length : LENGTHS) {
            final int[][] flips = new int[length * 8][64];
            for (int trial = 0; trial < trials; trial++) {
                final byte[] key = new byte[length];
                random.nextBytes(key);
                // Another seed each time: there are only 128 pairs of one-byte keys.
                final long seed = random.nextLong();
                final long base = hash(key, seed);
                for (int bit = 0; bit < length * 8; bit++) {
                    key[bit >> 3] ^= (byte) (1 << (bit & 7));
                    final long difference = base ^ hash(key, seed);
                    key[bit >> 3] ^= (byte) (1 << (bit & 7));
                    for (int out = 0; out < 64; out++) {
                        flips[bit][out] += (int) (difference >>> out & 1);
                    }
                }
            }
            // 6.5 standard deviations of a binomial: about 1 failure in 10^10 cells by chance.
            final double bound = 6.5 * Math.sqrt(trials * 0.25);
            for (int bit = 0; bit < length * 8; bit++) {
                for (int out = 0; out < 64; out++) {
                    final int count = flips[bit][out];
                    final String where = "length " + length + ", key bit " + bit + ", hash bit " + out + ": " + count;
                    assertTrue(Math.abs(count - trials / 2) <= bound, where);
                }
            }
        }
    }

    @Test
    void shouldChangeWithTheSeed() {
        final Set<Long> seen = new HashSet<>();
        final byte[] key = "mapcask".getBytes(StandardCharsets.UTF_8);
        for (long seed = 0; seed < 10_000; seed++) {
            seen.add(hash(key, seed));
            seen.add(hash(key, ~seed << 32));
        }
        assertEquals(20_000, seen.size());
    }

    @Test
    void shouldTellZerosOfDifferentLengthsApart() {
        final Set<Long> seen = new HashSet<>();
        final UnsafeBuffer zeros = new UnsafeBuffer(new byte[4096]);
        for (int length = 0; length <= 4096; length++) {
            seen.add(KeyHash.hash(zeros, 0, length, SEED));
        }
        assertEquals(4097, seen.size());
    }

    @Test
    void shouldDependOnEveryByteOfALongKey() {
        final byte[] key = counting(65536);
        final Set<Long> seen = new HashSet<>();
        seen.add(hash(key, SEED));
        for (int i = 0; i < key.length; i += 13) {
            key[i]++;
            seen.add(hash(key, SEED));
            key[i]--;
        }
        assertEquals(1 + (65536 + 12) / 13, seen.size());
    }

    @Test
    void shouldSpreadSequentialSparseAndWordLikeKeys() {
        final int count = 200_000;
        final byte[][] sequential = new byte[count][];
        final byte[][] sparse = new byte[count][];
        final byte[][] words = new byte[count][];
        final String[] parts = {"un", "light", "house", "keep", "er", "ing", "sea", "_of_", "able", "ness", "war"};
        for (int i = 0; i < count; i++) {
            sequential[i] = ("user" + i).getBytes(StandardCharsets.US_ASCII);
            final byte[] thin = new byte[24];
            thin[i % 24] = (byte) (1 + i / 24 % 255);
            thin[(i / 24 / 255 + 1 + i) % 24] ^= (byte) (0x80 | i / 24 / 255);
            sparse[i] = thin;
            final StringBuilder word = new StringBuilder();
            for (int rest = i + 1; rest > 0; rest /= parts.length) {
                word.append(parts[rest % parts.length]);
            }
            words[i] = word.toString().getBytes(StandardCharsets.US_ASCII);
        }
        checkSpread(sequential, "sequential");
        checkSpread(sparse, "sparse");
        checkSpread(words, "words");
    }

    private static void checkSpread(final byte[][] keys, final String name) {
        final Set<String> distinct = new HashSet<>();
        final Set<Long> whole = new HashSet<>();
        final int[] high = new int[1024];
        final int[] low = new int[1024];
        for (final byte[] key : keys) {
            if (distinct.add(new String(key, StandardCharsets.ISO_8859_1))) {
                final long hash = hash(key, SEED);
                whole.add(hash);
                high[(int) (hash >>> 54)]++;
                low[(int) (hash & 1023)]++;
            }
        }
        assertEquals(distinct.size(), whole.size(), name + ": 64-bit collisions");
        assertTrue(distinct.size() > 50_000, name + ": too few distinct keys " + distinct.size());
        for (final int[] cells : new int[][] {high, low}) {
            final double expected = distinct.size() / 1024.0;
            final double chi = Arrays.stream(cells).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
            // 1023 degrees of freedom: mean 1023, standard deviation 45.
            assertTrue(chi > 1023 - 6 * 45 && chi < 1023 + 6 * 45, name + ": chi squared " + chi);
        }
    }

    @Test
    void shouldNotBeBlindBehindAWordThatEqualsAConstant() {
        final long[] constants = {0x243F6A8885A308D3L, 0x13198A2E03707344L, 0xA4093822299F31D0L, 0x082EFA98EC4E6C89L};
        for (final long constant : constants) {
            for (int at = 0; at + 8 <= 64; at += 8) {
                final UnsafeBuffer key = new UnsafeBuffer(new byte[64]);
                key.putLong(at, constant);
                final long before = KeyHash.hash(key, 0, 64, SEED);
                for (int i = 0; i < 64; i++) {
                    key.putByte(i, (byte) (key.getByte(i) ^ 0x55));
                    assertNotEquals(before, KeyHash.hash(key, 0, 64, SEED), "word at " + at + ", byte " + i);
                    key.putByte(i, (byte) (key.getByte(i) ^ 0x55));
                }
            }
        }
    }
}
