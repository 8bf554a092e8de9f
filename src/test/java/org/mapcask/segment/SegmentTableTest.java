package org.mapcask.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.fault.FaultingFileOps;
import org.mapcask.fault.FaultingFileOps.Operation;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.support.MemoryFileOps;

class SegmentTableTest {
    private static final int UNIT = SegmentTable.UNIT_LENGTH;
    private static final Path DIRECTORY = Path.of("store");

    private static Segment segment(final long id, final long base, final int length) {
        return new Segment(new Identity(1, 1, 0, 0, id, base, length, 0, 0), null, null);
    }

    @Test
    void shouldDealOutPositionsInWholeUnits() {
        final SegmentTable table = new SegmentTable();
        assertEquals(0, table.reservePositions(8192));
        assertEquals(UNIT, table.reservePositions(UNIT));
        assertEquals(2 * UNIT, table.reservePositions(UNIT + 1));
        assertEquals(4 * UNIT, table.reservePositions(1));
        assertEquals(0, table.count());
    }

    @Test
    void shouldFindTheSegmentOfEveryUnitAlsoOfLongOnes() {
        final SegmentTable table = new SegmentTable();
        final Segment small = segment(1, 0, 8192);
        final Segment oversize = segment(2, UNIT, 3 * UNIT + 4096);
        final Segment after = segment(3, 5L * UNIT, UNIT);
        table.add(small);
        table.add(oversize);
        table.add(after);
        assertSame(small, table.segmentAt(0));
        assertSame(small, table.segmentAt(8191));
        for (int unit = 1; unit < 5; unit++) {
            assertSame(oversize, table.segmentAt((long)unit * UNIT));
            assertSame(oversize, table.segmentAt((long)unit * UNIT + UNIT - 1));
        }
        assertSame(after, table.segmentAt(5L * UNIT));
        assertEquals(List.of(small, oversize, after), table.segments());
        assertEquals(6L * UNIT, table.reservePositions(1));
    }

    @Test
    void shouldAddManyAtOnceAsOneByOne() {
        final SegmentTable table = new SegmentTable();
        final List<Segment> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(segment(i, 2L * i * UNIT, 2 * UNIT));
        }
        table.add(segment(999, 400L * UNIT, UNIT));
        table.addAll(many);
        for (int i = 0; i < 200; i++) {
            assertSame(many.get(i), table.segmentAt(2L * i * UNIT + UNIT + 5));
        }
        assertEquals(999, table.segmentAt(400L * UNIT).id());
        assertEquals(201, table.count());
        assertEquals(401L * UNIT, table.reservePositions(1));
    }

    @Test
    void shouldGrowWithoutLosingSegments() {
        final SegmentTable table = new SegmentTable();
        for (int i = 0; i < 1_000; i++) {
            table.add(segment(i, table.reservePositions(UNIT), UNIT));
        }
        table.add(segment(1_000, 500_000L * UNIT, 1 << 30));
        for (int i = 0; i < 1_000; i++) {
            assertEquals(i, table.segmentAt((long)i * UNIT + 77).id());
        }
        assertNull(table.segmentAt(1_000L * UNIT));
        assertEquals(1_000, table.segmentAt(500_000L * UNIT + (1 << 30) - 1).id());
        assertEquals(1_001, table.count());
    }

    @Test
    void shouldDealOutThePositionsOfARemovedSegmentAgain() {
        final SegmentTable table = new SegmentTable();
        final Segment first = segment(1, table.reservePositions(2 * UNIT), 2 * UNIT);
        final Segment second = segment(2, table.reservePositions(UNIT), UNIT);
        final Segment third = segment(3, table.reservePositions(UNIT), UNIT);
        List.of(first, second, third).forEach(table::add);
        table.remove(first);
        assertEquals(List.of(second, third), table.segments());
        assertEquals(2, table.count());
        assertNull(table.segmentAt(0));
        assertNull(table.segmentAt(2 * UNIT - 1));
        assertSame(second, table.segmentAt(2 * UNIT));
        assertThrows(IllegalArgumentException.class, () -> table.remove(first));
        assertEquals(4 * UNIT, table.reservePositions(3 * UNIT), "too long for the hole");
        assertEquals(0, table.reservePositions(UNIT));
        assertEquals(UNIT, table.reservePositions(4096));
        assertEquals(7 * UNIT, table.reservePositions(4096));
        table.giveBackPositions(UNIT, 4096);
        assertEquals(UNIT, table.reservePositions(UNIT));
    }

    @Test
    void shouldEndAtTheLimitOfPositions() {
        final SegmentTable table = new SegmentTable();
        assertEquals(0, table.reservePositions(SegmentTable.POSITION_LIMIT - UNIT));
        assertEquals(-1, table.reservePositions(UNIT + 1));
        assertEquals(SegmentTable.POSITION_LIMIT - UNIT, table.reservePositions(UNIT));
        assertEquals(-1, table.reservePositions(1));
        final SegmentFactory factory =
            new SegmentFactory(new MemoryFileOps(), DIRECTORY, SegmentImage.STORE, table, 1);
        final StorageSpaceException ex = assertThrows(StorageSpaceException.class, () -> factory.create(8192));
        assertTrue(ex.getMessage().contains("positions"), ex.getMessage());
    }

    /** Writers that keep trying on a full disk must not use up the positions of the log. */
    @Test
    void shouldNotUseUpPositionsWhileTheDiskIsFull() {
        final SegmentTable table = new SegmentTable();
        final FaultingFileOps files = new FaultingFileOps(new MemoryFileOps());
        final SegmentFactory factory = new SegmentFactory(files, DIRECTORY, SegmentImage.STORE, table, 1);
        files.failAt(EnumSet.of(Operation.ALLOCATE), 1, true,
            what -> new StorageSpaceException(ErrorText.what(what).todo("wait")));
        for (int i = 0; i < 10_000; i++) {
            assertThrows(StorageSpaceException.class, () -> factory.create(SegmentFactory.SEGMENT_LENGTH_MAX));
        }
        files.heal();
        final Segment segment = factory.create(8192);
        assertEquals(0, segment.basePosition());
        assertEquals(List.of(SegmentFileNames.of(segment.id())), files.list(DIRECTORY));
        segment.close();
    }

    @Test
    void shouldLeaveNothingBehindWhicheverStepOfMakingASegmentFails() {
        for (final Operation operation : EnumSet.of(Operation.CREATE, Operation.ALLOCATE, Operation.WRITE,
            Operation.SYNC_FILE, Operation.MAP, Operation.RENAME, Operation.SYNC_DIRECTORY)) {
            final MemoryFileOps disk = new MemoryFileOps();
            final FaultingFileOps files = new FaultingFileOps(disk);
            final SegmentFactory factory =
                new SegmentFactory(files, DIRECTORY, SegmentImage.STORE, new SegmentTable(), 1);
            files.failAt(EnumSet.of(operation), 1, false, FaultingFileOps::ioError);
            assertThrows(RuntimeException.class, () -> factory.create(8192));
            assertEquals(1, files.failures());
            assertEquals(List.of(), disk.list(DIRECTORY), operation.toString());
            assertEquals(0, disk.openFiles(), operation.toString());
            assertEquals(0, disk.liveMappings(), operation.toString());
            final Segment segment = factory.create(8192);
            assertNotNull(segment.buffer());
            factory.discard(List.of(segment));
            assertEquals(List.of(), disk.list(DIRECTORY));
        }
    }
}
