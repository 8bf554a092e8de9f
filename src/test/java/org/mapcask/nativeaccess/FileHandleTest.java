package org.mapcask.nativeaccess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.errors.StoreIoException;

/** Files, in both modes; effects are looked up in the file system and in the page cache. */
@Tag("core")
class FileHandleTest {
    private static final int MIB = 1024 * 1024;
    private static final long NO_DUMP = 0x40;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldReadWhatWasWrittenAtItsOffset(final String mode) {
        try (FileHandle file = create(mode, "a")) {
            final ByteBuffer source = direct("head hello tail");
            source.position(5).limit(10);
            file.write(100_000, source);
            assertEquals(10, source.position());
            assertEquals(100_005, file.length());

            final ByteBuffer target = ByteBuffer.allocateDirect(10);
            target.position(2);
            assertEquals(7, file.read(99_998, target), "up to the end of the file");
            assertEquals(9, target.position());
            assertEquals("\0\0hello", text(target, 2, 9));
            target.clear();
            assertEquals(0, file.read(200_000, target), "behind the end");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldMoveMoreThanOneChunk(final String mode) {
        final int length = 300_001;
        try (FileHandle file = create(mode, "a")) {
            final ByteBuffer source = ByteBuffer.allocateDirect(length);
            for (int i = 0; i < length; i++) {
                source.put(i, (byte) (i * 31 >>> 5));
            }
            file.write(7, source);
            final ByteBuffer target = ByteBuffer.allocateDirect(length);
            assertEquals(length, file.read(7, target));
            assertEquals(source.flip(), target.flip());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldAllocateRealBlocksThatReadAsZeroAndKeepWhatIsStored(final String mode) throws IOException {
        try (FileHandle file = create(mode, "a")) {
            file.write(0, direct("kept"));
            file.allocate(3 * MIB + 1);
            file.sync();
            assertEquals(3 * MIB + 1, file.length());
            final long bytes = blockBytes(file.path());
            assertTrue(bytes >= 3 * MIB + 1, "bytes in blocks: " + bytes);
            final ByteBuffer target = ByteBuffer.allocateDirect(3 * MIB + 1);
            file.read(0, target);
            assertEquals("kept", text(target, 0, 4));
            for (int i = 4; i < target.capacity(); i++) {
                assertEquals(0, target.get(i), "at offset " + i);
            }
            file.allocate(MIB);
            assertEquals(3 * MIB + 1, file.length(), "never made shorter");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldWriteZerosOverAnUnalignedRangeOnly(final String mode) {
        try (FileHandle file = create(mode, "a")) {
            final ByteBuffer ones = ByteBuffer.allocateDirect(20_000);
            for (int i = 0; i < ones.capacity(); i++) {
                ones.put(i, (byte) 1);
            }
            file.write(0, ones);
            file.writeZeros(4090, 8200);
            final ByteBuffer target = ByteBuffer.allocateDirect(20_000);
            file.read(0, target);
            for (int i = 0; i < 20_000; i++) {
                assertEquals(i >= 4090 && i < 12_290 ? 0 : 1, target.get(i), "at offset " + i);
            }
        }
    }

    @Test
    void shouldGiveBlocksBackAndReadZeroInAPunchedHole() throws IOException {
        try (FileHandle file = create("jna", "a")) {
            final ByteBuffer ones = ByteBuffer.allocateDirect(MIB);
            ones.put(MIB / 2, (byte) 1);
            file.write(0, ones);
            file.sync();
            final long before = blockBytes(file.path());
            assertTrue(file.punchHole(0, MIB));
            assertEquals(MIB, file.length());
            final long after = blockBytes(file.path());
            assertTrue(after <= before - MIB, "blocks before " + before + ", after " + after);
            final ByteBuffer target = ByteBuffer.allocateDirect(1);
            file.read(MIB / 2, target);
            assertEquals(0, target.get(0));
        }
    }

    @Test
    void shouldDropCleanPagesFromTheCache() throws IOException {
        assumeFalse("tmpfs".equals(Files.getFileStore(directory).type()), "tmpfs is nothing but cache");
        final NativeAccess access = NativeAccess.of("jna");
        try (FileHandle file = create("jna", "a")) {
            file.writeZeros(0, MIB);
            final MappedByteBuffer mapping = file.map(MIB, false);
            final long address = BufferUtil.address(mapping);
            final long pages = MIB / access.pageSize();
            assertEquals(pages, access.residentPages(address, MIB));
            assertTrue(file.startWriteback(0, MIB));
            assertTrue(file.awaitWriteback(0, MIB), "so that the pages are clean, and may be dropped");
            assertTrue(file.dropCached(0, MIB));
            final long left = access.residentPages(address, MIB);
            assertTrue(left < pages / 2, "pages left in memory: " + left);
            IoUtil.unmap(mapping);
        }
    }

    /** Whoever waits for the page has asked for it: the test ends when it is there. */
    @Test
    @Timeout(60)
    void shouldReadPagesIntoTheCacheForWhoeverComesLater() throws IOException {
        assumeFalse("tmpfs".equals(Files.getFileStore(directory).type()), "tmpfs is nothing but cache");
        final NativeAccess access = NativeAccess.of("jna");
        try (FileHandle file = create("jna", "a")) {
            file.writeZeros(0, MIB);
            final MappedByteBuffer mapping = file.map(MIB, false);
            final long page = BufferUtil.address(mapping) + MIB / 2;
            assertTrue(file.startWriteback(0, MIB));
            assertTrue(file.awaitWriteback(0, MIB), "so that the pages are clean, and may be dropped");
            assertTrue(file.dropCached(0, MIB));
            assertTrue(file.readAhead(MIB / 2 + 100, 128));
            while (access.residentPages(page, access.pageSize()) == 0) {
                Thread.onSpinWait();
            }
            IoUtil.unmap(mapping);
        }
    }

    @Test
    void shouldTellTheAttributesThatChattrSets() throws Exception {
        final NativeAccess access = NativeAccess.of("jna");
        final Path file = Files.createFile(directory.resolve("a"));
        final long before = access.attributes(file);
        final Process chattr = new ProcessBuilder("chattr", "+d", file.toString()).redirectErrorStream(true).start();
        assumeTrue(chattr.waitFor() == 0, "this file system has no attributes");
        assertEquals(before | NO_DUMP, access.attributes(file));
        assertEquals(0, before & NO_DUMP);
        assertTrue(access.attributes(directory) >= 0, "of a directory as well");
        assertEquals(-1, access.attributes(directory.resolve("not there")));
        assertEquals(-1, NativeAccess.of("java").attributes(file));
    }

    @Test
    void shouldBypassThePageCacheWithDirectWrites() throws IOException {
        assumeFalse("tmpfs".equals(Files.getFileStore(directory).type()), "tmpfs is nothing but cache");
        final NativeAccess access = NativeAccess.of("jna");
        final Path path = directory.resolve("direct");
        try (FileHandle file = access.open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW, OpenFlag.DIRECT,
            OpenFlag.DATA_SYNC)) {
            assertTrue(file.isDirect());
            final ByteBuffer page = BufferUtil.allocateDirectAligned(65_536, 4096);
            page.put(0, (byte) 'x');
            file.write(0, page);
            final MappedByteBuffer mapping = file.map(65_536, false);
            assertEquals(0, access.residentPages(BufferUtil.address(mapping), 65_536));
            assertEquals('x', mapping.get(0));
            IoUtil.unmap(mapping);
            assertEquals(02_000_000 | 040_000 | 010_000 | 2, openFlagsOf(path) & ~0100_000,
                "O_CLOEXEC, O_DIRECT, O_DSYNC, O_RDWR, as the kernel tells them");
            final StoreIoException e = assertThrows(StoreIoException.class, () -> file.write(1, direct("odd")));
            assertTrue(e.getMessage().contains("EINVAL"), e.getMessage());
        }
    }

    @Test
    void shouldSayThatHintsAreNotAvailableInPureJava() {
        try (FileHandle file = create("java", "a")) {
            file.writeZeros(0, 8192);
            assertFalse(file.punchHole(0, 4096));
            assertFalse(file.startWriteback(0, 8192));
            assertFalse(file.awaitWriteback(0, 8192));
            assertFalse(file.readAhead(0, 8192));
            assertFalse(file.dropCached(0, 8192));
            assertFalse(file.isDirect());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldNotHandTheDescriptorToChildren(final String mode) throws IOException {
        try (FileHandle file = create(mode, "a")) {
            if (mode.equals("jna")) {
                assertTrue((openFlagsOf(file.path()) & 02_000_000) != 0);
            }
            final Process child = new ProcessBuilder("ls", "-l", "/proc/self/fd").redirectErrorStream(true).start();
            final String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertFalse(output.contains(file.path().toString()), output);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldTellWhatIsWrongWithAPath(final String mode) throws IOException {
        final NativeAccess access = NativeAccess.of(mode);
        assertError("ENOENT", () -> access.open(directory.resolve("missing")));
        assertError("ENOENT", () -> access.open(directory.resolve("missing"), OpenFlag.WRITE));
        assertFalse(Files.exists(directory.resolve("missing")), "opening creates nothing");
        assertError("ENOENT", () -> access.open(directory.resolve("no/file"), OpenFlag.WRITE, OpenFlag.CREATE_NEW));
        assertError("EISDIR", () -> access.open(directory, OpenFlag.WRITE));
        create(mode, "a").close();
        assertError("EEXIST", () -> create(mode, "a"));
        assertError("ENOENT", () -> access.syncDirectory(directory.resolve("missing")));
        assertError("ENOTDIR", () -> access.syncDirectory(directory.resolve("a")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldRefuseToWriteAFileOpenedForReading(final String mode) {
        create(mode, "a").close();
        try (FileHandle file = NativeAccess.of(mode).open(directory.resolve("a"))) {
            assertThrows(StoreIoException.class, () -> file.write(0, direct("no")));
            assertEquals(0, file.length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldFailAfterCloseAndCloseTwice(final String mode) {
        final FileHandle file = create(mode, "a");
        file.close();
        file.close();
        assertThrows(StoreIoException.class, () -> file.write(0, direct("no")));
        assertThrows(StoreIoException.class, () -> file.read(0, ByteBuffer.allocateDirect(1)));
        assertThrows(StoreIoException.class, file::sync);
        assertThrows(StoreIoException.class, file::length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldSetTheLength(final String mode) {
        try (FileHandle file = create(mode, "a")) {
            file.truncate(5000);
            assertEquals(5000, file.length());
            file.truncate(10);
            assertEquals(10, file.length());
        }
    }

    @Test
    void shouldNeedADirectBuffer() {
        try (FileHandle file = create("jna", "a")) {
            assertThrows(IllegalArgumentException.class, () -> file.write(0, ByteBuffer.allocate(1)));
            assertThrows(IllegalArgumentException.class, () -> file.read(0, ByteBuffer.allocate(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldOpenAPathWithLettersOutsideAscii(final String mode) {
        final String encoding = System.getProperty("sun.jnu.encoding");
        assumeFalse(encoding == null || !encoding.startsWith("UTF"), "the host's file names are " + encoding);
        try (FileHandle file = create(mode, "grün-日本")) {
            file.write(0, direct("x"));
            assertTrue(Files.exists(directory.resolve("grün-日本")));
        }
    }

    private FileHandle create(final String mode, final String name) {
        return NativeAccess.of(mode).open(directory.resolve(name), OpenFlag.WRITE, OpenFlag.CREATE_NEW);
    }

    private static void assertError(final String errno, final org.junit.jupiter.api.function.Executable call) {
        final StoreIoException e = assertThrows(StoreIoException.class, call);
        assertTrue(e.getMessage().contains(errno), e.getMessage());
    }

    static ByteBuffer direct(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static String text(final ByteBuffer buffer, final int from, final int to) {
        final byte[] bytes = new byte[to - from];
        buffer.get(from, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Java tells no block count, stat(1) does. */
    static long blockBytes(final Path path) throws IOException {
        final Process stat = new ProcessBuilder("stat", "-c", "%b %B", path.toString()).start();
        final String output = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final String[] words = output.strip().split(" ");
        return Long.parseLong(words[0]) * Long.parseLong(words[1]);
    }

    private static int openFlagsOf(final Path path) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (final Path descriptor : descriptors) {
                if (isLinkTo(path.toRealPath(), descriptor)) {
                    return Files.readAllLines(Path.of("/proc/self/fdinfo", descriptor.getFileName().toString()))
                        .stream().filter(line -> line.startsWith("flags:"))
                        .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8)).findFirst().orElseThrow();
                }
            }
        }
        throw new IOException("no descriptor of " + path);
    }

    private static boolean isLinkTo(final Path target, final Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(target);
        } catch (final IOException goneMeanwhile) {
            return false;
        }
    }
}
