package org.mapcask.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.mapcask.format.MergeDescriptor.Commit;
import org.mapcask.format.MergeDescriptor.Range;
import org.mapcask.format.MergeDescriptor.Region;
import org.mapcask.format.MergeDescriptor.State;

class MergeDescriptorTest {
    private static final long SALT = 0x5A17;

    private final UnsafeBuffer page = new UnsafeBuffer(new byte[HeaderDescriptor.PAGE_LENGTH]);

    private static List<Long> ids(final long from, final int count) {
        return LongStream.range(from, from + count).boxed().toList();
    }

    private static List<Range> ranges(final int count) {
        return LongStream.range(0, count).mapToObj(i -> new Range(1 + 10 * i, 5 + 10 * i)).toList();
    }

    @Test
    void shouldReadWhatWasWrittenUpToTheLimits() {
        for (final int count : new int[] {0, 1, 7, 29, 30, 31, 48}) {
            final Commit commit = new Commit(ids(1_000, count), ids(1, 48 - count), ranges(count * 70 / 48));
            MergeDescriptor.putCommit(page, SALT, commit);
            assertEquals(new Region(State.CARRIER, commit), MergeDescriptor.region(page, SALT));
        }
        final Commit most = new Commit(ids(1_000, 48), ids(1, 48), ranges(70));
        MergeDescriptor.putCommit(page, SALT, most);
        assertEquals(new Region(State.CARRIER, most), MergeDescriptor.region(page, SALT));
        assertEquals(State.DAMAGED, MergeDescriptor.region(page, SALT + 1).state());
        for (int offset = 0; offset < MergeDescriptor.REGION_OFFSET; offset++) {
            assertEquals(0, page.getByte(offset), "outside of the region");
        }
    }

    @Test
    void shouldRefuseMoreThanFits() {
        assertThrows(IllegalArgumentException.class, () -> new Commit(ids(1, 49), ids(1, 1), ranges(1)));
        assertThrows(IllegalArgumentException.class, () -> new Commit(ids(1, 1), ids(1, 49), ranges(1)));
        assertThrows(IllegalArgumentException.class, () -> new Commit(ids(1, 1), ids(1, 1), ranges(71)));
    }

    @Test
    void shouldPlaceTheFieldsWhereItsMapSays() {
        MergeDescriptor.putCommit(page, SALT, new Commit(ids(11, 60 - 20), ids(101, 30), ranges(2)));
        assertEquals(2, page.getLong(2048, ByteOrder.LITTLE_ENDIAN), "state");
        assertEquals(40, page.getInt(2056, ByteOrder.LITTLE_ENDIAN), "outputs");
        assertEquals(30, page.getInt(2060, ByteOrder.LITTLE_ENDIAN), "inputs");
        assertEquals(2, page.getInt(2064, ByteOrder.LITTLE_ENDIAN), "ranges");
        assertEquals(0, page.getInt(2068, ByteOrder.LITTLE_ENDIAN), "zeros");
        assertEquals(11, page.getLong(2072, ByteOrder.LITTLE_ENDIAN), "first output");
        assertEquals(101, page.getLong(2072 + 40 * 8, ByteOrder.LITTLE_ENDIAN), "first input");
        assertEquals(2, page.getLong(2560, ByteOrder.LITTLE_ENDIAN), "state again");
        assertEquals(121, page.getLong(2568, ByteOrder.LITTLE_ENDIAN), "the list goes on");
        assertEquals(1, page.getLong(2568 + 10 * 8, ByteOrder.LITTLE_ENDIAN), "first range");
        assertEquals(5, page.getLong(2568 + 11 * 8, ByteOrder.LITTLE_ENDIAN), "its end");
        assertEquals(0, page.getInt(2552, ByteOrder.LITTLE_ENDIAN), "zeros");
        MergeDescriptor.putStamp(page, SALT);
        assertEquals(1, page.getLong(3584, ByteOrder.LITTLE_ENDIAN), "state of a stamp");
        assertEquals(new Region(State.STAMPED, null), MergeDescriptor.region(page, SALT));
    }

    @Test
    void shouldTellWhatWasBegunFromWhatIsDamaged() {
        assertEquals(new Region(State.NONE, null), MergeDescriptor.region(page, SALT));
        MergeDescriptor.putCommit(page, SALT, new Commit(ids(50, 2), ids(1, 3), ranges(5)));
        for (int sector = 0; sector < MergeDescriptor.SECTOR_COUNT; sector++) {
            final UnsafeBuffer copy = new UnsafeBuffer(page.byteArray().clone());
            copy.setMemory(MergeDescriptor.sectorOffset(sector), HeaderDescriptor.SECTOR_LENGTH, (byte)0);
            final Region region = MergeDescriptor.region(copy, SALT);
            assertEquals(State.CUT_SHORT, region.state());
            if (sector == 0) {
                assertNull(region.commit());
            } else {
                assertEquals(new Commit(ids(50, 2), ids(1, 3), List.of()), region.commit());
            }
            copy.putByte(MergeDescriptor.sectorOffset(sector) + 100, (byte)1);
            assertEquals(State.CUT_SHORT, MergeDescriptor.region(copy, SALT).state(), "no checksum yet");
            copy.putInt(MergeDescriptor.sectorOffset(sector) + 508, 1);
            assertEquals(State.DAMAGED, MergeDescriptor.region(copy, SALT).state());
        }
    }
}
