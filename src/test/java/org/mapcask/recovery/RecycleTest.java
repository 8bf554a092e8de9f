package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.MapcaskException;
import org.mapcask.fault.FaultingFileOps;
import org.mapcask.fault.FaultingFileOps.Operation;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.io.FileOps;
import org.mapcask.io.StoreFile;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.support.EngineStore;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;

/** The story: what a merge replaced becomes the next segment of the log, and the process dies on the way. */
class RecycleTest {
    private static final int FIRST_ID = 5_000;

    private final StoreDamage store = new StoreDamage();
    private final Map<String, byte[]> committed = committed();

    /** After the commit of a merge, with its inputs still there. */
    private Map<String, byte[]> committed() {
        final Map<String, Map<String, byte[]>> images = new LinkedHashMap<>();
        final HandMerge merge = new HandMerge(store.files, new Random(4), 4 * HeaderDescriptor.PAGE_LENGTH,
            step -> images.put(step.split(" ")[0], store.files.image()));
        assertTrue(merge.run(1));
        return images.get("commit");
    }

    private static SegmentHeader header(final FileOps files, final String name) {
        try (StoreFile file = files.open(StoreDamage.DIRECTORY.resolve(name), false)) {
            return SegmentHeader.read(file);
        }
    }

    private static List<String> inputs(final MemoryFileOps files) {
        return files.image().keySet().stream().map(name -> header(files, name))
            .filter(header -> header.isMerged() && header.merge().commit() != null).findFirst().orElseThrow()
            .merge().commit().inputIds().stream().map(SegmentFileNames::of).toList();
    }

    /** A segment as the engine has it. */
    private static Segment opened(final FileOps files, final SegmentFactory factory, final String name) {
        return factory.open(header(files, name), true, true);
    }

    private static SegmentFactory factory(final FileOps files, final SegmentTable table) {
        final Identity any = header(files, files.list(StoreDamage.DIRECTORY).get(0)).identity();
        return new SegmentFactory(files, StoreDamage.DIRECTORY,
            new StoreIdentity(any.storeIdHigh(), any.storeIdLow(), any.hashSeed()), table, FIRST_ID);
    }

    /** What the engine does, first behind the writer, and later ahead of it. */
    private static Segment recycle(final SegmentFactory factory, final SegmentTable table, final Segment old) {
        remove(factory, table, old);
        return factory.create(old.length());
    }

    private static void remove(final SegmentFactory factory, final SegmentTable table, final Segment old) {
        table.add(old);
        factory.remove(List.of(old), old.length());
    }

    @Test
    void shouldLeaveNothingOfTheOldRecordsAndGiveEverythingAnew() {
        final MemoryFileOps files = new MemoryFileOps(committed);
        final FaultingFileOps all = new FaultingFileOps(files);
        final SegmentTable table = new SegmentTable();
        final SegmentFactory factory = factory(all, table);
        long recycled = 0;
        for (final String name : inputs(files)) {
            final Segment old = opened(all, factory, name);
            final Segment fresh = recycle(factory, table, old);
            assertEquals(++recycled, factory.recycled());
            assertFalse(files.image().containsKey(name));
            assertEquals(old.length(), fresh.length());
            assertNotEquals(old.salt(), fresh.salt());
            assertNotEquals(old.id(), fresh.id());
            assertEquals(SegmentFileNames.of(fresh.id()), fresh.name());
            assertFalse(fresh.isMerged() || fresh.isSealed());
            final SegmentHeader header = header(files, fresh.name());
            assertFalse(header.wasUsed());
            assertEquals(List.of(), header.oddities());
            final byte[] bytes = files.bytes(fresh.name());
            for (int i = HeaderDescriptor.SECTOR_LENGTH; i < bytes.length; i++) {
                assertEquals(0, bytes[i], "byte " + i);
            }
            fresh.close();
        }
        assertEquals(0, files.openFiles() + files.liveMappings());
    }

    @Test
    void shouldLoseNothingWhereverTheProcessDies() {
        final List<String> inputs = inputs(new MemoryFileOps(committed));
        for (final String name : inputs) {
            boolean more = true;
            for (long step = 1; more; step++) {
                final MemoryFileOps files = new MemoryFileOps(committed);
                final FaultingFileOps faulty = new FaultingFileOps(files);
                final SegmentTable table = new SegmentTable();
                final SegmentFactory factory = factory(faulty, table);
                final Segment old = opened(faulty, factory, name);
                faulty.failAt(Operation.CHANGING, step, true, FaultingFileOps::ioError);
                try {
                    recycle(factory, table, old).close();
                } catch (final MapcaskException ex) {
                    assertTrue(ex.getMessage().contains("injected"), ex.getMessage());
                }
                more = faulty.failures() > 0;
                assertEquals(0, files.openFiles() + files.liveMappings(), "step " + step);
                checkStore(name + " recycled, killed at step " + step, files);
            }
        }
    }

    /** One that fails is closed and gone, and its positions are free; the store goes on with a new file. */
    @Test
    void shouldLeaveNoFileWhenItCannotBeUsedAgain() {
        for (final Operation operation : new Operation[] {Operation.RENAME, Operation.SYNC_DIRECTORY, Operation.WRITE,
            Operation.ALLOCATE, Operation.SYNC_FILE, Operation.MAP}) {
            final MemoryFileOps files = new MemoryFileOps(committed);
            final FaultingFileOps faulty = new FaultingFileOps(files);
            final SegmentTable table = new SegmentTable();
            final SegmentFactory factory = factory(faulty, table);
            final String name = inputs(files).get(0);
            final Segment old = opened(faulty, factory, name);
            remove(factory, table, old);
            faulty.failAt(EnumSet.of(operation), 1, false, FaultingFileOps::ioError);
            assertThrows(MapcaskException.class, () -> factory.create(old.length()));
            assertFalse(files.image().containsKey(name), operation.toString());
            assertEquals(committed.size() - 1, files.image().size(), operation.toString());
            assertEquals(0, files.openFiles() + files.liveMappings(), operation.toString());
            assertEquals(0, table.reservePositions(1), operation.toString());
            checkStore(operation.toString(), files);
        }
    }

    /** Somebody may have a second name for the file before the merge removes it, or make one until it is used again. */
    @Test
    void shouldNeverUseAFileAgainThatHasASecondName() {
        for (int looks = 0; looks < 2; looks++) {
            final int single = looks;
            final int[] asked = new int[1];
            final MemoryFileOps files = new MemoryFileOps(committed);
            final FileOps linked = new ForwardingFiles(files) {
                @Override
                public int links(final Path path) {
                    return asked[0]++ < single ? 1 : 2;
                }
            };
            final SegmentTable table = new SegmentTable();
            final SegmentFactory factory = factory(linked, table);
            final Segment old = opened(linked, factory, inputs(files).get(0));
            final byte[] bytes = files.bytes(old.name());
            final byte[] before = bytes.clone();
            factory.onFailedSync(failure -> {
                throw new AssertionError(failure);
            });
            recycle(factory, table, old).close();
            assertEquals(single + 1, asked[0]);
            assertEquals(0, factory.recycled());
            assertArrayEquals(before, bytes);
            assertEquals(0, files.openFiles() + files.liveMappings());
            assertEquals(committed.size(), files.image().size());
            checkStore("with a second name", files);
        }
    }

    @Test
    void shouldKeepOneFileAndLetItGoWhenTheStoreIsClosed() {
        final MemoryFileOps files = new MemoryFileOps(committed);
        final SegmentTable table = new SegmentTable();
        final SegmentFactory factory = factory(files, table);
        final List<Segment> old = inputs(files).stream().map(name -> opened(files, factory, name)).toList();
        old.forEach(table::add);
        factory.remove(old, old.get(0).length());
        assertTrue(old.size() > 1);
        assertEquals(committed.size() - old.size() + 1, files.image().size());
        factory.dropKept(true);
        assertEquals(committed.size() - old.size(), files.image().size());
        assertEquals(0, files.openFiles() + files.liveMappings());
        checkStore("dropped", files);
    }

    private void checkStore(final String what, final MemoryFileOps files) {
        final VerifyReport report = EngineStore.verify(files, StoreDamage.DIRECTORY);
        assertTrue(report.sound(), what + ": " + report);
        try (EngineStore opened = EngineStore.open(files, StoreDamage.DIRECTORY, StoreDamage.SEGMENT_LENGTH)) {
            assertEquals(store.expected, opened.contents(), what);
        }
        try (Recovery recovery = new Recovery(EngineStore.settings(files, StoreDamage.DIRECTORY, true, false))) {
            final Log log = recovery.run();
            assertEquals(1, log.covered().list().size(), what);
        }
    }
}
