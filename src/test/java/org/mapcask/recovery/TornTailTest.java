package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.FileOps;
import org.mapcask.io.StoreFile;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.EngineStore;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.OpenMappingsExtension;

/**
 * The story: the power goes while the last records are on their way to the disk. Some of their pages have reached it,
 * others have not, in any order. What comes back must be a prefix of what was written, and stay one.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class TornTailTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int LENGTH = 8192;

    @Test
    void shouldTruncateTornTailAtEveryByteAndKeepEarlierRecords() {
        final SegmentImage image = new SegmentImage(1, LENGTH, 1)
            .put("a", "first").put("b", "second").put("c", "x".repeat(97));
        final int start = image.offset(2);
        for (int cut = start; cut < image.end(); cut++) {
            final byte[] bytes = image.bytes().clone();
            Arrays.fill(bytes, cut, LENGTH, (byte)0);
            final boolean whole = Arrays.equals(bytes, image.bytes());
            final MemoryFileOps files = new MemoryFileOps(Map.of(image.name(), bytes));
            final Map<String, String> expected = new TreeMap<>(Map.of("a", "first", "b", "second"));
            if (whole) {
                expected.put("c", "x".repeat(97));
            }
            assertTrue(EngineStore.verify(files, DIRECTORY).sound(), "a torn tail is no damage, cut at " + cut);
            try (EngineStore store = EngineStore.open(files, DIRECTORY, LENGTH)) {
                assertEquals(expected, store.contents(), "cut at " + cut);
                assertEquals(whole ? 3 : 2, store.report().lastSequence());
                if (cut > start && !whole) {
                    assertEquals(image.name(), store.report().tornFile(), "cut at " + cut);
                    assertEquals(start, store.report().tornOffset());
                }
                store.put("d", "new");
                expected.put("d", "new");
            }
            assertTrue(EngineStore.verify(files, DIRECTORY).sound(), "cut at " + cut);
            try (EngineStore store = EngineStore.open(files, DIRECTORY, LENGTH)) {
                assertTrue(store.report().clean());
                assertNull(store.report().tornFile());
                assertEquals(expected, store.contents(), "cut at " + cut);
            }
        }
    }

    @Test
    void shouldCutTornTailOfARealStore(@TempDir final Path directory) throws Exception {
        final Path crashed;
        try (Mapcask store = Mapcask.open(directory.resolve("live"), CrashState.options(1 << 16).build())) {
            for (int i = 0; i < 20; i++) {
                store.put("key" + i, "value" + i);
            }
            crashed = CrashState.copy(directory.resolve("live"), directory.resolve("crashed"));
        }
        final String name = CrashState.segments(crashed).get(0);
        final SegmentImage same = new SegmentImage(1, 1 << 16, 1);
        for (int i = 0; i < 20; i++) {
            same.put("key" + i, "value" + i);
        }
        CrashState.write(crashed.resolve(name), same.offset(19) + 20, new byte[64]);
        try (Mapcask store = Mapcask.open(crashed, CrashState.options(1 << 16).build())) {
            assertEquals(19, store.size());
            assertNull(store.get("key19"));
            assertEquals("value18", store.get("key18"));
            assertNotNull(store.recoveryReport().tornFile());
            store.put("key19", "again");
        }
        assertTrue(Mapcask.verify(crashed, (phase, done, total) -> {
        }).sound());
        try (Mapcask store = Mapcask.open(crashed, CrashState.options(1 << 16).build())) {
            assertEquals("again", store.get("key19"));
            assertEquals(20, store.size());
        }
    }

    /** Length, checksum, sequence and shape are stored in several steps; the process may die between any two. */
    @Test
    void shouldClearBytesOfARecordThatWasNeverPublished() {
        final SegmentImage image = new SegmentImage(1, LENGTH, 1).put("a", "first").put("b", "second");
        final byte[] bytes = image.bytes().clone();
        Arrays.fill(bytes, image.offset(1), image.offset(1) + 4, (byte)0);
        final MemoryFileOps files = new MemoryFileOps(Map.of(image.name(), bytes));
        try (EngineStore store = EngineStore.open(files, DIRECTORY, LENGTH)) {
            assertEquals(Map.of("a", "first"), store.contents());
            assertEquals(image.offset(1), store.report().tornOffset());
        }
        assertTrue(EngineStore.verify(files, DIRECTORY).sound());
        final byte[] after = files.bytes(image.name());
        for (int i = image.offset(1); i < LENGTH; i++) {
            assertEquals(0, after[i], "byte " + i);
        }
    }

    /**
     * The zeros over a torn tail become durable before its first word is zero: so whoever is cut off in between leaves
     * a torn tail again, and not one whose zeros are in the page cache alone.
     */
    @Test
    void shouldLeaveTheFirstWordOfATornTailUntilAllBehindItIsDurable() {
        for (int failing = 1; failing <= 3; failing++) {
            final SegmentImage image = new SegmentImage(1, LENGTH, 1).put("a", "1").put("b", "2").put("c", "3");
            // Zeros where the next record would be, and bytes behind them.
            final int end = image.offset(1);
            Arrays.fill(image.bytes(), end, image.offset(2), (byte)0);
            final MemoryFileOps memory = new MemoryFileOps(Map.of(image.name(), image.bytes()));
            final int[] syncs = {failing};
            final FileOps files = new ForwardingFiles(memory) {
                @Override
                public StoreFile open(final Path path, final boolean writable) {
                    return new ForwardingFiles.File(super.open(path, writable)) {
                        @Override
                        public void sync() {
                            if (--syncs[0] == 0) {
                                throw new StoreIoException(
                                    ErrorText.what("no sync").where(path).todo("look at the test"));
                            }
                            super.sync();
                        }
                    };
                }
            };
            assertThrows(StoreIoException.class, () -> EngineStore.open(files, DIRECTORY, LENGTH));
            final boolean traced = memory.bytes(image.name())[end] != 0;
            assertEquals(failing < 3, traced, "sync " + failing);
            try (EngineStore store = EngineStore.open(memory, DIRECTORY, LENGTH)) {
                assertEquals(failing < 3, store.report().tornFile() != null, "sync " + failing);
                assertEquals(Map.of("a", "1"), store.contents());
            }
            final byte[] after = memory.bytes(image.name());
            for (int i = end; i < LENGTH; i++) {
                assertEquals(0, after[i], "byte " + i);
            }
        }
    }

    @Test
    void shouldGiveTheSameWhenItIsRecoveredTwice() {
        final SegmentImage image = new SegmentImage(1, LENGTH, 1).put("a", "1").put("b", "2").delete("a").put("c", "3");
        image.bytes()[image.offset(3) + 9] ^= 1;
        final MemoryFileOps files = new MemoryFileOps(Map.of(image.name(), image.bytes()));
        try (Recovery recovery = new Recovery(EngineStore.settings(files, DIRECTORY, true, false))) {
            recovery.run();
            assertEquals(3, recovery.report().records());
            assertEquals(3, recovery.report().lastSequence());
        }
        final Map<String, byte[]> once = files.image();
        try (Recovery recovery = new Recovery(EngineStore.settings(files, DIRECTORY, true, false))) {
            recovery.run();
            assertEquals(3, recovery.report().records());
            assertNull(recovery.report().tornFile());
        }
        once.forEach((name, bytes) -> assertEquals(-1, Arrays.mismatch(bytes, files.bytes(name)), name));
        try (EngineStore store = EngineStore.open(files, DIRECTORY, LENGTH)) {
            assertEquals(Map.of("b", "2"), store.contents());
        }
        assertEquals(0, files.liveMappings());
        assertEquals(0, files.openFiles());
    }
}
