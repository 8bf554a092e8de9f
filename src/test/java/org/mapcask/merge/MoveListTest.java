package org.mapcask.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.segment.SegmentTable;

/** What goes into the list comes out of it. */
class MoveListTest {
    @Test
    void shouldKeepEveryBit() {
        final long last = SegmentTable.POSITION_LIMIT - RecordDescriptor.ALIGNMENT;
        final int longest = RecordDescriptor.alignedLength(RecordDescriptor.RECORD_LENGTH_MAX);
        final MoveList list = new MoveList();
        final Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            list.add(random.nextLong(), i % 2 == 0 ? last : 8L * i, i % 3 == 0 ? last : 16L * i,
                i % 5 == 0 ? longest : 8 * (i + 4));
        }
        final Random again = new Random(5);
        assertEquals(20_000, list.count());
        for (int i = 0; i < list.count(); i++) {
            assertEquals(again.nextLong(), list.hash(i));
            assertEquals(i % 2 == 0 ? last : 8L * i, list.from(i));
            assertEquals(i % 3 == 0 ? last : 16L * i, list.to(i));
            assertEquals(i % 5 == 0 ? longest : 8 * (i + 4), list.length(i));
        }
    }
}
