package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.io.StoreLock;
import org.mapcask.io.SystemFileOps;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.OpenMappingsExtension;

/** The story: a process died at a bad moment and left files in some state between two steps of its work. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class LeftoversTest {
    private static final Path MEMORY = Path.of("store");
    private static final int LENGTH = 8192;

    @TempDir
    private Path temp;

    private Path store() {
        final Path directory = temp.resolve("store");
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            store.put("hello", "world");
        }
        return directory;
    }

    private static void checkOpens(final Path directory) {
        for (int i = 0; i < 2; i++) {
            try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
                assertEquals("world", store.get("hello"));
                assertEquals(1, store.size());
            }
        }
    }

    @Test
    void shouldOpenWithALockFileOfADeadProcessAndWithAnEmptyOne() throws IOException {
        final Path directory = store();
        final Path lock = directory.resolve(StoreLock.FILE_NAME);
        Files.write(lock, "pid=1\nboot=gone\nstarted=once\n".getBytes(StandardCharsets.UTF_8));
        checkOpens(directory);
        Files.write(lock, new byte[0]);
        checkOpens(directory);
        Files.write(lock, new byte[] {0, -1, 7, 10, 13, 0});
        checkOpens(directory);
        Files.delete(lock);
        checkOpens(directory);
    }

    @Test
    void shouldRemoveTemporaryFilesWhateverIsInThem() throws IOException {
        final Path directory = store();
        final byte[] garbage = new byte[5_000];
        Arrays.fill(garbage, (byte)0x77);
        Files.write(directory.resolve(SegmentFileNames.temporary(77)), garbage);
        Files.write(directory.resolve(SegmentFileNames.temporary(78)), new byte[0]);
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            assertEquals(List.of(SegmentFileNames.temporary(77), SegmentFileNames.temporary(78)),
                store.recoveryReport().removed());
        }
        assertFalse(Files.exists(directory.resolve(SegmentFileNames.temporary(77))));
        checkOpens(directory);
    }

    @Test
    void shouldRemoveASegmentThatWasPreparedAndNeverUsed() throws IOException {
        final Path directory = store();
        final SegmentHeader header;
        try (StoreFile file = new SystemFileOps().open(
            directory.resolve(CrashState.segments(directory).get(0)), false)) {
            header = SegmentHeader.read(file);
        }
        final HeaderDescriptor.Identity was = header.identity();
        final SegmentImage spare = new SegmentImage(new HeaderDescriptor.Identity(was.version(), was.kind(),
            was.storeIdHigh(), was.storeIdLow(), 50, 50L << 20, LENGTH, 1234, was.hashSeed()), 0);
        Files.write(directory.resolve(spare.name()), spare.bytes());
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            assertEquals(List.of(spare.name()), store.recoveryReport().removed());
            assertTrue(CrashState.segments(directory).stream().noneMatch(spare.name()::equals));
        }
        checkOpens(directory);
    }

    /** Killed while the very first segment was being made: there is a temporary file and nothing else. */
    @Test
    void shouldStartANewStoreFromATemporaryFileAlone() throws IOException {
        final Path directory = temp.resolve("fresh");
        Files.createDirectories(directory);
        Files.write(directory.resolve(SegmentFileNames.temporary(1)), new byte[LENGTH]);
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            store.put("hello", "world");
        }
        checkOpens(directory);
    }

    /** Killed after the first segment got its name and before it was used. */
    @Test
    void shouldKeepTheIdentityOfAStoreThatHasOnlyAPreparedSegment() {
        final MemoryFileOps files = new MemoryFileOps();
        final SegmentImage spare = new SegmentImage(new SegmentImage(1, LENGTH, 1).identity(), 0);
        files.put(spare.name(), spare.bytes());
        try (EngineStore store = EngineStore.open(files, MEMORY, LENGTH)) {
            store.put("a", "b");
        }
        try (Recovery recovery = new Recovery(EngineStore.settings(files, MEMORY, false, false))) {
            assertEquals(SegmentImage.STORE, recovery.run().identity());
        }
    }

    /** Killed after two segments were rolled and before they were sealed: the next opening seals them. */
    @Test
    void shouldSealMiddleSegmentsThatACrashLeftUnsealed() {
        final SegmentImage first = new SegmentImage(1, LENGTH, 1).put("a", "1").put("b", "1");
        final SegmentImage second = new SegmentImage(2, LENGTH, 3).put("a", "2").delete("b");
        final SegmentImage third = new SegmentImage(3, LENGTH, 5).put("c", "3");
        final MemoryFileOps files = new MemoryFileOps(
            Map.of(first.name(), first.bytes(), second.name(), second.bytes(), third.name(), third.bytes()));
        try (EngineStore store = EngineStore.open(files, MEMORY, LENGTH)) {
            assertEquals(Map.of("a", "2", "c", "3"), store.contents());
        }
        for (final SegmentImage image : List.of(first, second)) {
            final SegmentHeader header = SegmentHeader.read(files.open(MEMORY.resolve(image.name()), false));
            assertEquals(new HeaderDescriptor.Seal(image.end(), image.nextSequence() - 2, image.nextSequence() - 1),
                header.seal());
        }
        assertTrue(EngineStore.verify(files, MEMORY).sound());
        try (EngineStore store = EngineStore.open(files, MEMORY, LENGTH)) {
            assertTrue(store.report().clean());
            assertEquals(Map.of("a", "2", "c", "3"), store.contents());
        }
    }

    /** Killed between the first watermark of a segment for one long value and the publication of that value. */
    @Test
    void shouldClearALongValueThatWasNeverPublishedWhereverItsSegmentSorts() {
        for (final long longId : new long[] {1, 3}) {
            final SegmentImage before = new SegmentImage(10, LENGTH, 1).put("a", "1");
            final SegmentImage own = new SegmentImage(longId, 3 * HeaderDescriptor.PAGE_LENGTH, 2);
            Arrays.fill(own.bytes(), HeaderDescriptor.PAGE_LENGTH + 24, own.bytes().length, (byte)'x');
            final SegmentImage active = new SegmentImage(2, LENGTH, 2);
            final MemoryFileOps files = new MemoryFileOps(
                Map.of(before.name(), before.bytes(), own.name(), own.bytes(), active.name(), active.bytes()));
            try (EngineStore store = EngineStore.open(files, MEMORY, LENGTH)) {
                assertEquals(Map.of("a", "1"), store.contents());
                store.put("b", "2");
            }
            final VerifyReport report = EngineStore.verify(files, MEMORY);
            assertTrue(report.sound(), report.toString());
            try (EngineStore store = EngineStore.open(files, MEMORY, LENGTH)) {
                assertEquals(Map.of("a", "1", "b", "2"), store.contents());
            }
        }
    }

    @Test
    void shouldRefuseAForeignFileAndTouchNothing() throws IOException {
        final Path directory = store();
        Files.write(directory.resolve("notes.txt"), new byte[] {1});
        final Map<String, ByteBuffer> before = CrashState.bytes(directory);
        final ForeignFileException ex = assertThrows(ForeignFileException.class,
            () -> Mapcask.open(directory, CrashState.options(LENGTH).build()).close());
        assertTrue(ex.getMessage().contains("notes.txt"), ex.getMessage());
        assertEquals(before, CrashState.bytes(directory));
        Files.delete(directory.resolve("notes.txt"));
        checkOpens(directory);
    }
}
