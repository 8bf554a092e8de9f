package org.mapcask.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Entries in the order of their hashes, each once. */
class HashOrderTest {
    private static final int COUNT = 10_000;

    @Test
    void shouldGiveEachEntryOnceInTheOrderOfTheLeadingBits() {
        final long[] hashes = new SplittableRandom(8).longs(COUNT).toArray();
        final HashOrder order = new HashOrder(COUNT, i -> hashes[i]);
        final BitSet seen = new BitSet();
        for (int i = 0; i < COUNT; i++) {
            seen.set(order.at(i));
            assertTrue(i == 0 || hashes[order.at(i - 1)] >>> 28 << 28 <= hashes[order.at(i)], "place " + i);
        }
        assertEquals(COUNT, seen.cardinality());
    }

    @Test
    void shouldGiveEachEntryOnceWhereHashesAreEqual() {
        final HashOrder order = new HashOrder(COUNT, i -> -1L);
        final BitSet seen = new BitSet();
        for (int i = 0; i < COUNT; i++) {
            seen.set(order.at(i));
        }
        assertEquals(COUNT, seen.cardinality());
        assertEquals(COUNT, seen.length());
    }

    @Test
    void shouldRefuseMoreThanItHasBitsFor() {
        assertThrows(IllegalArgumentException.class, () -> new HashOrder(HashOrder.COUNT_MAX + 1, i -> 0));
    }
}
