package org.mapcask.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.wal.WalContents.FlawKind;

/** How a ring comes to be, is taken over and replaced; and what is left when the process ends in between. */
class RingMakerTest {
    private static final long SHORT = 64 << 10;
    private static final long LONG = 128 << 10;
    private static final Path STORE = Path.of("store");

    /** The end of the process. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static List<String> ring(final long number) {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < Wal.FILE_COUNT; i++) {
            names.add(WalFileNames.of(number, i));
        }
        return names;
    }

    private static WalRig rig(final MemoryFileOps files) {
        return new WalRig(files, STORE);
    }

    private static MemoryFileOps withRing(final long length, final long records) {
        final MemoryFileOps files = new MemoryFileOps();
        final WalRig rig = rig(files);
        try (Wal wal = rig.open(length)) {
            for (long i = 1; i <= records; i++) {
                WalRig.write(wal, i, 10);
            }
        }
        return files;
    }

    @Test
    void shouldMakeFourFilesOfZerosBehindTheirHeaders() {
        final MemoryFileOps files = withRing(SHORT, 0);
        assertEquals(ring(0), files.list(STORE));
        assertTrue(rig(files).contents().isComplete());
        assertEquals(List.of(), rig(files).contents().flaws());
        for (final byte[] bytes : files.image().values()) {
            assertEquals(SHORT / 4, bytes.length);
            for (int i = 512; i < bytes.length; i++) {
                assertEquals(0, bytes[i]);
            }
        }
        assertEquals(0, files.openFiles());
    }

    @Test
    void shouldTakeOverARingOfItsLengthAndBeginWithItsFirstFile() {
        final MemoryFileOps files = withRing(SHORT, 7);
        final WalRig rig = rig(files);
        rig.makeDurable(7);
        try (Wal wal = rig.open(SHORT)) {
            assertEquals(7, wal.durableSequence());
            wal.commit(7);
            assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), List.copyOf(rig.records(0).keySet()));
            WalRig.write(wal, 8, 10);
        }
        assertEquals(ring(0), files.list(STORE));
        assertEquals(List.of(2L, 3L, 4L, 5L, 6L, 7L, 8L), List.copyOf(rig.records(0).keySet()));
        assertEquals(7, rig.contents().segmentsDurable());
    }

    @Test
    void shouldReplaceARingOfAnotherLengthOrOneThatIsNotWhole() {
        final MemoryFileOps files = withRing(SHORT, 3);
        rig(files).open(LONG).close();
        assertEquals(ring(1), files.list(STORE));
        assertEquals(List.of(), rig(files).frames());

        files.remove(WalFileNames.of(1, 2));
        rig(files).open(LONG).close();
        assertEquals(ring(2), files.list(STORE));

        files.bytes(WalFileNames.of(2, 3))[20]++;
        rig(files).open(LONG).close();
        assertEquals(ring(3), files.list(STORE));

        files.put(WalFileNames.of(3, 0), java.util.Arrays.copyOf(files.bytes(WalFileNames.of(3, 0)), 4096));
        files.put(WalFileNames.of(9, 4), new byte[10]);
        rig(files).open(LONG).close();
        assertEquals(ring(10), files.list(STORE));
    }

    @Test
    void shouldRefuseAForeignRingAndAnOddLength() {
        final MemoryFileOps files = withRing(SHORT, 0);
        final WalRig rig = rig(files);
        assertThrows(ForeignFileException.class, () -> new Wal(new WalSettings(files, STORE, 1, 2, SHORT, e -> {
        }), rig));
        assertEquals(ring(0), files.list(STORE));
        for (final long length : new long[] {0, -1, 4 * 4096, SHORT + 4096, SHORT + 4, 8L << 30}) {
            assertThrows(IllegalArgumentException.class, () -> rig.open(length), "length " + length);
        }
    }

    /** Every change of files in an opening is the last one of its process, in turn; then the next process opens. */
    @Test
    void shouldKeepAWholeRingWhereverAProcessEnds() {
        for (final boolean hasOld : new boolean[] {false, true}) {
            final Map<String, byte[]> image = (hasOld ? withRing(SHORT, 5) : new MemoryFileOps()).image();
            int steps = 0;
            boolean killed = true;
            while (killed) {
                final MemoryFileOps files = new MemoryFileOps(image);
                killed = isKilledAfter(files, steps);
                final WalContents contents = rig(files).contents();
                final String where = "after step " + steps + ": " + files.list(STORE) + contents.flaws();
                assertTrue(contents.isComplete() || !hasOld, where);
                if (hasOld && files.list(STORE).containsAll(ring(0))) {
                    assertEquals(5, contents.lastSequence(), where);
                }
                assertTrue(contents.flaws().stream().allMatch(flaw -> flaw.kind() == FlawKind.MISSING), where);

                final WalRig next = rig(files);
                next.makeDurable(5);
                try (Wal wal = next.open(LONG)) {
                    WalRig.write(wal, 6, 10);
                }
                assertEquals(Wal.FILE_COUNT, files.list(STORE).size(), where);
                assertTrue(next.contents().isComplete() && next.contents().flaws().isEmpty(), where);
                next.checkHolds(next.records(5), 6, 10);
                steps++;
            }
            assertTrue(steps > 4 * 3, "steps of an opening: " + steps);
        }
    }

    private static boolean isKilledAfter(final MemoryFileOps files, final int steps) {
        final HookedFileOps hooked = new HookedFileOps(files);
        final int[] left = {steps};
        hooked.hook((operation, path, offset) -> {
            if (left[0]-- == 0) {
                throw new Killed();
            }
        });
        try {
            new WalRig(hooked, STORE).open(LONG).close();
            return false;
        } catch (final Killed e) {
            return true;
        }
    }

    @Test
    void shouldMakeNamesDurableBeforeItRemovesAnything() {
        final HookedFileOps hooked = new HookedFileOps(withRing(SHORT, 0));
        final List<String> steps = new ArrayList<>();
        hooked.hook((operation, path, offset) -> steps.add(operation + " " + path.getFileName() + " " + offset));
        new WalRig(hooked, STORE).open(LONG).close();
        final List<String> expected = new ArrayList<>();
        ring(1).forEach(name -> expected.addAll(
            List.of("create " + name + " 0", "write " + name + " 0", "write " + name + " 0")));
        expected.add("sync directory store 0");
        ring(0).forEach(name -> expected.add("delete " + name + " 0"));
        assertEquals(expected, steps);

        // The process that made the ring may have ended before all of it was durable.
        steps.clear();
        new WalRig(hooked, STORE).open(LONG).close();
        expected.clear();
        ring(1).forEach(name -> expected.addAll(List.of("open " + name + " 0", "write " + name + " 0")));
        expected.add("sync directory store 0");
        assertEquals(expected, steps);
    }

    @Test
    void shouldGiveTheRoomBackWhenThereIsTooLittle() {
        final MemoryFileOps files = withRing(SHORT, 2);
        final HookedFileOps hooked = new HookedFileOps(files);
        final String full = WalFileNames.of(1, 2);
        hooked.hook((operation, path, offset) -> {
            if (operation.equals("write") && path.endsWith(full)) {
                throw new StorageSpaceException(ErrorText.what("ENOSPC of the test").todo("nothing"));
            }
        });
        final WalRig rig = new WalRig(hooked, STORE);
        assertThrows(StorageSpaceException.class, () -> rig.open(LONG));
        assertEquals(ring(0), files.list(STORE));
        assertEquals(2, rig.contents().lastSequence());
        assertEquals(0, files.openFiles());
        assertFalse(rig.contents().frames().isEmpty());
    }
}
