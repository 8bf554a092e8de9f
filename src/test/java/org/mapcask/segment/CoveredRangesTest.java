package org.mapcask.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mapcask.format.MergeDescriptor.Range;

class CoveredRangesTest {
    @Test
    void shouldMakeNeighboursAndOverlapsOneRange() {
        final CoveredRanges ranges = new CoveredRanges();
        assertEquals(0, ranges.highest());
        assertEquals(7, ranges.nextOutside(7));
        ranges.add(10, 20);
        ranges.add(30, 40);
        assertEquals(List.of(new Range(10, 20), new Range(30, 40)), ranges.list());
        ranges.add(21, 29);
        assertEquals(List.of(new Range(10, 40)), ranges.list());
        ranges.add(1, 1);
        final CoveredRanges copy = ranges.copy();
        copy.add(2, 9);
        assertEquals(List.of(new Range(1, 40)), copy.list());
        assertEquals(List.of(new Range(1, 1), new Range(10, 40)), ranges.list());
        assertEquals(40, ranges.highest());
        assertThrows(IllegalArgumentException.class, () -> ranges.add(0, 3));
        assertThrows(IllegalArgumentException.class, () -> ranges.add(5, 4));
    }

    @Test
    void shouldHoldWhatASetOfSequencesHolds() {
        final Random random = new Random(77);
        for (int round = 0; round < 200; round++) {
            final CoveredRanges ranges = new CoveredRanges();
            final TreeSet<Long> set = new TreeSet<>();
            for (int i = 0; i < 15; i++) {
                final long first = 1 + random.nextInt(80);
                final long last = first + random.nextInt(8);
                ranges.add(first, last);
                for (long sequence = first; sequence <= last; sequence++) {
                    set.add(sequence);
                }
                check(ranges, set);
            }
        }
    }

    private static void check(final CoveredRanges ranges, final TreeSet<Long> set) {
        long outside = 1;
        for (long sequence = 90; sequence > 0; sequence--) {
            assertEquals(set.contains(sequence), ranges.contains(sequence, sequence));
            outside = set.contains(sequence) ? outside : sequence;
            if (sequence < 90) {
                assertEquals(outside, ranges.nextOutside(sequence));
            }
        }
        long covered = 0;
        long end = -1;
        for (final Range range : ranges.list()) {
            assertTrue(range.first() > end + 1, ranges.toString());
            assertTrue(ranges.contains(range.first(), range.last()));
            assertFalse(ranges.contains(range.first(), range.last() + 1));
            covered += range.last() - range.first() + 1;
            end = range.last();
        }
        assertEquals(set.size(), covered);
        assertEquals(set.last(), ranges.highest());
    }
}
