package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.SegmentFill;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.fault.FaultingFileOps;
import org.mapcask.fault.FaultingFileOps.Operation;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.support.DiskUse;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/**
 * A store that is closed gives back the blocks that no record uses, and one that is opened has them again before it
 * appends; if the disk is full by then, it opens all the same, and is read.
 */
@Tag("core")
class TailRoomTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int SEGMENT_LENGTH = 64 << 10;
    private static final int MIB = 1 << 20;

    @TempDir
    private Path temp;

    private final MemoryFileOps memory = new MemoryFileOps();
    private final FaultingFileOps files = new FaultingFileOps(memory);
    private final Map<String, String> expected = new TreeMap<>();

    private EngineStore open() {
        return EngineStore.open(files, DIRECTORY, SEGMENT_LENGTH);
    }

    private void put(final EngineStore store, final String key) {
        store.put(key, "value of " + key);
        expected.put(key, "value of " + key);
    }

    @Test
    void shouldOpenWithoutRoomForTheTailAndWriteOnceThereIsRoom() {
        try (EngineStore store = open()) {
            put(store, "before");
        }
        files.failAt(EnumSet.of(Operation.ALLOCATE), 1, true, FaultingFileOps::noSpace);
        try (EngineStore store = open()) {
            assertEquals(expected, store.contents());
            assertThrows(StorageSpaceException.class, () -> store.put("refused", "x"));
            assertEquals(expected, store.contents());
            files.heal();
            put(store, "after");
            store.sync();
            put(store, "and after that");
        }
        try (EngineStore store = open()) {
            assertEquals(expected, store.contents());
        }
        assertTrue(EngineStore.verify(memory, DIRECTORY).sound());
    }

    @Test
    void shouldOpenAnEmptySegmentWithoutRoomAndGoOnInTheNext() {
        open().close();
        files.failAt(EnumSet.of(Operation.ALLOCATE), 1, false, FaultingFileOps::noSpace);
        try (EngineStore store = open()) {
            put(store, "first");
        }
        try (EngineStore store = open()) {
            assertEquals(expected, store.contents());
        }
        assertTrue(EngineStore.verify(memory, DIRECTORY).sound());
    }

    @Test
    void shouldNotOpenWhenTheDiskFailsAtTheTail() {
        try (EngineStore store = open()) {
            put(store, "before");
        }
        files.failAt(EnumSet.of(Operation.ALLOCATE), 1, true, FaultingFileOps::ioError);
        assertThrows(StoreIoException.class, this::open);
        files.heal();
        try (EngineStore store = open()) {
            assertEquals(expected, store.contents());
        }
        assertEquals(0, memory.openFiles() + memory.liveMappings());
    }

    @Test
    void shouldTakeLittleOfTheDiskWhenClosedAndAllOfTheSegmentWhenOpen() throws Exception {
        final boolean givesBack = NativeAccess.get().mode().startsWith("jna");
        for (final SegmentFill fill : new SegmentFill[] {SegmentFill.ALLOCATE, SegmentFill.ZERO}) {
            final Path directory = temp.resolve(fill.name());
            final MapcaskOptions options =
                MapcaskOptions.builder().segmentLength(4 * MIB).segmentFill(fill).build();
            for (int round = 0; round < 3; round++) {
                try (Mapcask store = Mapcask.open(directory, options)) {
                    store.put("key " + round, "value");
                    assertTrue(DiskUse.of(directory) >= 4 * MIB, "open, " + fill);
                    for (int i = 0; i <= round; i++) {
                        assertEquals("value", store.get("key " + i));
                    }
                }
                final long closed = DiskUse.of(directory);
                assertEquals(givesBack && fill == SegmentFill.ALLOCATE, closed < MIB, closed + " bytes, " + fill);
                assertTrue(Mapcask.verify(directory, (phase, done, total) -> {
                }).sound());
            }
        }
    }
}
