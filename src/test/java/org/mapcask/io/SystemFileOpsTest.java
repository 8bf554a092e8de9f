package org.mapcask.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.errors.StoreIoException;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.support.OpenMappingsExtension;

/** Files, names and directories through the seam, in both modes, also in a thread that is interrupted. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class SystemFileOpsTest {
    @TempDir
    Path directory;

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldCreateWriteReopenAndRead(final String mode) {
        final FileOps ops = ops(mode);
        final Path path = directory.resolve("a");
        try (StoreFile file = ops.create(path)) {
            file.write(0, direct("hello"));
            file.startWriteback(0, 5);
            file.sync();
            file.dropCached(0, 5);
            assertEquals(path, file.path());
            assertEquals(5, file.length());
        }
        ops.syncDirectory(directory);
        try (StoreFile file = ops.open(path, false)) {
            assertEquals("hello", read(file, 5));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldRenameOverATargetAndDeleteAndListSorted(final String mode) throws IOException {
        final FileOps ops = ops(mode);
        for (final String name : List.of("b", "c", "a")) {
            Files.writeString(directory.resolve(name), name);
        }
        ops.rename(directory.resolve("a"), directory.resolve("c"));
        assertEquals(List.of("b", "c"), ops.list(directory));
        assertEquals("a", Files.readString(directory.resolve("c")));
        ops.delete(directory.resolve("b"));
        assertEquals(List.of("c"), ops.list(directory));
    }

    /** What an error names must be there for who reads it. */
    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldNameAFileAndItsMappingsByTheirPresentPathOnceToldOfARename(final String mode) {
        final FileOps ops = ops(mode);
        final Path before = directory.resolve("before");
        final Path after = directory.resolve("after");
        try (StoreFile file = ops.create(before)) {
            file.allocate(4096);
            final MappedFile mapping = file.map(4096, true);
            ops.rename(before, after);
            file.renamed(after);
            assertEquals(after, file.path());
            assertEquals(after.toString(), mapping.description());
            final String text = assertThrows(StoreIoException.class, () -> file.map(8192, true)).getMessage();
            assertTrue(text.contains("where: " + after + ";"), text);
            mapping.unmap();
            final String late = assertThrows(IllegalStateException.class, () -> mapping.sync(0, 1)).getMessage();
            assertTrue(late.endsWith(after.toString()), late);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldCreateAllMissingDirectories(final String mode) {
        final FileOps ops = ops(mode);
        final Path deep = directory.resolve("x/y/../y/z");
        ops.createDirectories(deep);
        ops.createDirectories(deep);
        assertTrue(Files.isDirectory(directory.resolve("x/y/z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldTellWhatIsWrongWithANameOrDirectory(final String mode) throws IOException {
        final FileOps ops = ops(mode);
        final Path file = Files.createFile(directory.resolve("file"));
        Files.createDirectory(directory.resolve("full"));
        Files.createFile(directory.resolve("full/file"));
        assertError("ENOENT", () -> ops.open(directory.resolve("missing"), false));
        assertError("EEXIST", () -> ops.create(file));
        assertError("ENOENT", () -> ops.rename(directory.resolve("missing"), file));
        assertError("ENOENT", () -> ops.delete(directory.resolve("missing")));
        assertError("ENOTEMPTY", () -> ops.delete(directory.resolve("full")));
        assertError("ENOENT", () -> ops.list(directory.resolve("missing")));
        assertError("ENOTDIR", () -> ops.list(file));
        assertError("ENOTDIR", () -> ops.createDirectories(file));
        assertError("ENOTDIR", () -> ops.createDirectories(file.resolve("below")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldReportAReadOnlyFileSystem(final String mode) throws IOException {
        final FileOps ops = ops(mode);
        final Path mountPoint = Files.createDirectory(directory.resolve("mount"));
        try (TmpfsMount mount = TmpfsMount.mount(mountPoint, 1 << 20)) {
            final Path file = Files.createFile(mountPoint.resolve("file"));
            mount.makeReadOnly();
            assertError("EROFS", () -> ops.create(mountPoint.resolve("other")));
            assertError("EROFS", () -> ops.open(file, true));
            assertError("EROFS", () -> ops.createDirectories(mountPoint.resolve("below")));
            assertError("EROFS", () -> ops.delete(file));
            assertError("EROFS", () -> ops.rename(file, mountPoint.resolve("other")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldDoEverythingInAnInterruptedThreadAndKeepTheInterrupt(final String mode) {
        final FileOps ops = ops(mode);
        Thread.currentThread().interrupt();
        final Path path = directory.resolve("a");
        ops.createDirectories(directory.resolve("x/y"));
        try (StoreFile file = ops.create(path)) {
            file.write(0, direct("hello"));
            file.allocate(8192);
            final MappedFile mapped = file.map(8192, true);
            mapped.buffer().putByte(0, (byte) 'J');
            mapped.prefault(0, 8192);
            mapped.sync(0, 8192);
            file.sync();
            assertEquals("Jello", read(file, 5));
            assertEquals(8192, file.length());
            mapped.unmap();
            file.startWriteback(0, 5);
            file.dropCached(0, 5);
            file.punchHole(4096, 4096);
            file.sync();
        }
        ops.rename(path, directory.resolve("b"));
        ops.syncDirectory(directory);
        ops.delete(directory.resolve("b"));
        assertEquals(List.of("x"), ops.list(directory));
        assertTrue(Thread.interrupted(), "the interrupt is still there for the caller");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldStayOpenUnderAStormOfInterrupts(final String mode) throws InterruptedException {
        final FileOps ops = ops(mode);
        try (StoreFile file = ops.create(directory.resolve("a"))) {
            file.allocate(4096);
            final Thread victim = Thread.currentThread();
            final Thread storm = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    victim.interrupt();
                    Thread.onSpinWait();
                }
            });
            storm.start();
            try {
                for (int i = 0; i < 200; i++) {
                    final MappedFile mapped = file.map(4096, true);
                    mapped.buffer().putInt(0, i);
                    mapped.unmap();
                    ops.syncDirectory(directory);
                    final ByteBuffer bytes = ByteBuffer.allocateDirect(4);
                    assertEquals(4, file.read(0, bytes));
                    assertEquals(i, Integer.reverseBytes(bytes.getInt(0)));
                    Thread.interrupted();
                }
            } finally {
                storm.interrupt();
                while (storm.isAlive()) {
                    Thread.interrupted();
                    Thread.onSpinWait();
                }
            }
            Thread.interrupted();
            assertEquals(4096, file.length());
        }
    }

    private static FileOps ops(final String mode) {
        return new SystemFileOps(NativeAccess.of(mode));
    }

    private static void assertError(final String errno, final Executable call) {
        final StoreIoException e = assertThrows(StoreIoException.class, call);
        assertTrue(e.getMessage().contains(errno + " ("), e.getMessage());
        assertFalse(e.getMessage().contains("null"), e.getMessage());
    }

    private static String read(final StoreFile file, final int length) {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        assertEquals(length, file.read(0, buffer));
        final byte[] bytes = new byte[length];
        buffer.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ByteBuffer direct(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
