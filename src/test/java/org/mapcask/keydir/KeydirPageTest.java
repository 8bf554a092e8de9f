package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class KeydirPageTest {
    private static final int PREFIX_MAX = (1 << 29) - 1;

    /** Checkpoints keep these bits: a change here needs another format version. */
    @Test
    void shouldKeepTheHashBitsOfTheFormat() {
        final long[] hashes = {0, -1L, 1L << 63, 1L << 62, 3L << 62, 0x0123456789ABCDEFL, 0xFEDCBA9876543210L};
        final int[] prefixes = {0x00000000, 0x1FFFFFFF, 0x12AAAAAA, 0x09FFFFFF, 0x19FFFFFF, 0x00307DC2, 0x1FE7AC68};
        final int[] lines = {0, 62, 0, 0, 0, 33, 29};
        for (int i = 0; i < hashes.length; i++) {
            assertEquals(prefixes[i], KeydirPage.prefix(hashes[i]), "prefix of " + Long.toHexString(hashes[i]));
            assertEquals(lines[i], KeydirPage.homeLine(hashes[i]), "line of " + Long.toHexString(hashes[i]));
        }
    }

    @Test
    void shouldKeepPrefixesInOrderAndInRange() {
        final Random random = new Random(3);
        for (int i = 0; i < 200_000; i++) {
            final long hash = random.nextLong();
            final long next = hash + (random.nextLong() >>> 1 + random.nextInt(62));
            final int prefix = KeydirPage.prefix(hash);
            assertTrue(prefix >= 0 && prefix <= PREFIX_MAX, "in range: " + Long.toHexString(hash));
            if (Long.compareUnsigned(hash, next) <= 0) {
                assertTrue(prefix <= KeydirPage.prefix(next), "in order: " + Long.toHexString(hash));
            }
        }
        assertEquals(PREFIX_MAX, KeydirPage.prefix(-1L));
    }

    @Test
    void shouldSkewPrefixesLikeALogarithm() {
        for (int i = 0; i < 1000; i++) {
            final double fraction = i / 1000.0;
            final long hash = (long) (fraction * 0x1p62) << 2;
            final double expected = Math.log1p(fraction) / Math.log(2);
            assertEquals(expected, KeydirPage.prefix(hash) / (double) (1 << 29), 0.01, "at " + fraction);
        }
    }

    @Test
    void shouldUseEveryHomeLineAlike() {
        final int[] counts = new int[63];
        for (int i = 0; i < 630_000; i++) {
            counts[KeydirPage.homeLine(FakeLog.mix(i))]++;
        }
        for (int line = 0; line < 63; line++) {
            assertTrue(Math.abs(counts[line] - 10_000) < 600, "line " + line + ": " + counts[line]);
        }
    }

    @Test
    void shouldMatchExactlyTheEqualTags() {
        final Random random = new Random(4);
        for (int i = 0; i < 100_000; i++) {
            long control = random.nextLong() & 0xFF00000000000000L;
            final int prefix = random.nextInt(1 << 29);
            long expected = 0;
            long free = 0;
            for (int slot = 0; slot < 7; slot++) {
                final int kind = random.nextInt(4);
                // Empty, equal, differing in the lowest bit (which a cheaper formula gets wrong), or anything.
                final long tag = kind == 0 ? 0 : 0x80 | (kind == 1 ? prefix : kind == 2 ? prefix ^ 1
                    : random.nextInt(128)) & 0x7F;
                control |= tag << slot * 8;
                expected |= tag == (0x80 | prefix & 0x7F) ? 0x80L << slot * 8 : 0;
                free |= tag == 0 ? 0x80L << slot * 8 : 0;
            }
            assertEquals(expected, KeydirPage.matches(control, KeydirPage.tagPattern(prefix)), "round " + i);
            assertEquals(free, KeydirPage.freePlaces(control), "round " + i);
        }
    }

    @Test
    void shouldPackAndUnpackSlots() {
        final Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            final int prefix = random.nextInt(1 << 29);
            final int displacement = random.nextInt(4);
            final int slot = random.nextInt(7);
            final long position = (random.nextLong() >>> 24 | 1) << 3;
            final long word = KeydirPage.slotWord(prefix, displacement, position);
            final long control = KeydirPage.withTag(random.nextLong() & ~(0xFFL << slot * 8), slot, prefix);
            assertEquals(position, KeydirPage.position(word));
            assertEquals(displacement, KeydirPage.displacement(word));
            assertEquals(prefix, KeydirPage.prefix(word, control, slot));
            assertEquals(KeydirPage.slotKey(prefix, displacement), KeydirPage.slotKey(word));
            assertEquals(8L, KeydirPage.position(KeydirPage.withPosition(word, 8)));
            assertEquals(prefix, KeydirPage.prefix(KeydirPage.withPosition(word, 8), control, slot));
            final long moved = KeydirPage.withDisplacement(word, 3 - displacement);
            assertEquals(KeydirPage.slotWord(prefix, 3 - displacement, position), moved);
        }
        final long greatest = KeydirPage.slotWord(PREFIX_MAX, 3, KeydirPage.POSITION_MAX);
        assertEquals(KeydirPage.POSITION_MAX, KeydirPage.position(greatest));
        assertEquals((8L << 40) - 16, KeydirPage.POSITION_MAX);
        assertEquals((8L << 40) - 8, KeydirPage.RESERVED_POSITION);
    }
}
