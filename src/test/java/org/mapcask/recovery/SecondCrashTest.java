package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.MapcaskException;
import org.mapcask.fault.FaultingFileOps;
import org.mapcask.fault.FaultingFileOps.Operation;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/**
 * The story: the process dies a second time while it clears away what the first crash left, after any number of its
 * steps. Whoever opens the store next finds the same contents.
 */
class SecondCrashTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int PAGE = HeaderDescriptor.PAGE_LENGTH;
    /** Long enough for the clearing of a torn tail to take several writes. */
    private static final int LENGTH = 80 * PAGE;

    /** A hole in the first segment, two segments behind it, one never used, and two temporary files. */
    private static MemoryFileOps crashed() {
        final SegmentImage first = new SegmentImage(1, LENGTH, 1);
        for (int i = 0; i < 150; i++) {
            first.put("key" + i % 50, i + "=".repeat(1500));
        }
        Arrays.fill(first.bytes(), 30 * PAGE, 31 * PAGE, (byte)0);
        final SegmentImage second = new SegmentImage(2, 2 * PAGE, 151).put("x", "x").delete("key1");
        final SegmentImage third = new SegmentImage(3, 2 * PAGE, 153).put("y", "y");
        final SegmentImage spare = new SegmentImage(new SegmentImage(4, 2 * PAGE, 1).identity(), 0);
        return new MemoryFileOps(Map.of(first.name(), first.bytes(), second.name(), second.bytes(), third.name(),
            third.bytes(), spare.name(), spare.bytes(), SegmentFileNames.temporary(5), new byte[100],
            SegmentFileNames.temporary(6), new byte[0]));
    }

    private static Map<String, String> contentsAfterRecovery(final MemoryFileOps files) {
        try (EngineStore store = EngineStore.open(files, DIRECTORY, 2 * PAGE)) {
            return new TreeMap<>(store.contents());
        }
    }

    @Test
    void shouldGiveTheSameContentsAfterACrashAtEveryStepOfRecovery() {
        final Map<String, String> expected = contentsAfterRecovery(crashed());
        assertFalse(expected.isEmpty());
        assertFalse(expected.containsKey("x") || expected.containsKey("y"));
        long steps = 0;
        while (true) {
            final MemoryFileOps files = crashed();
            final FaultingFileOps faulty = new FaultingFileOps(files);
            faulty.failAt(Operation.CHANGING, steps + 1, true, FaultingFileOps::ioError);
            try (Recovery recovery = new Recovery(EngineStore.settings(faulty, DIRECTORY, true, false))) {
                recovery.run();
            } catch (final MapcaskException ex) {
                assertTrue(ex.getMessage().contains("injected"), ex.getMessage());
            }
            assertEquals(0, files.openFiles(), "files left open after a failure at step " + (steps + 1));
            assertEquals(0, files.liveMappings());
            final VerifyReport report = EngineStore.verify(files, DIRECTORY);
            assertTrue(report.sound(), "between two steps nothing is damaged: " + report);
            assertEquals(expected, contentsAfterRecovery(files), "crash at step " + (steps + 1));
            if (faulty.failures() == 0) {
                break;
            }
            steps++;
        }
        assertTrue(steps >= 8, "recovery of this state has more steps than " + steps);
    }

    /** A sync that fails in recovery is an error of opening, and the store is not used as if it had worked. */
    @Test
    void shouldNotOpenWhenASyncOfRecoveryFails() {
        for (final Operation sync : new Operation[] {Operation.SYNC_DIRECTORY, Operation.SYNC_FILE}) {
            final MemoryFileOps files = crashed();
            final FaultingFileOps faulty = new FaultingFileOps(files);
            faulty.failAt(Set.of(sync), 1, false, FaultingFileOps::ioError);
            boolean opened = false;
            try (Recovery recovery = new Recovery(EngineStore.settings(faulty, DIRECTORY, true, false))) {
                recovery.run();
                opened = true;
            } catch (final MapcaskException ex) {
                assertTrue(ex.getMessage().contains(sync.name()), ex.getMessage());
            }
            assertFalse(opened, sync.name());
        }
    }
}
