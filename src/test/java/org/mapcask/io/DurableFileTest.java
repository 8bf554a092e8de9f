package org.mapcask.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.nativeaccess.DirectRefusedException;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;
import org.mapcask.support.OpenMappingsExtension;

/** Files whose writes are durable when they return: on several file systems, in both modes, and when writes fail. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class DurableFileTest {
    private static final int PAGE = DurableFile.ALIGNMENT;
    private static final long SEED = 0xD17EC7;

    @TempDir
    Path directory;

    private static ByteBuffer aligned(final byte[] bytes) {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length + PAGE).alignedSlice(PAGE);
        return buffer.put(bytes).flip();
    }

    private static byte[] random(final Random random, final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Random writes, the file being opened anew now and then, held against an array; the method comes back. */
    private static String writeAndCompare(final FileOps ops, final Path path) throws IOException {
        final Random random = new Random(SEED);
        byte[] expected = new byte[0];
        DurableFile file = ops.createDurable(path);
        for (int i = 0; i < 60; i++) {
            if (random.nextInt(10) == 0) {
                file.close();
                file = ops.openDurable(path);
            }
            final byte[] bytes = random(random, PAGE * (1 + random.nextInt(i % 20 == 0 ? 300 : 4)));
            final int offset = PAGE * random.nextInt(expected.length / PAGE + 1);
            expected = Arrays.copyOf(expected, Math.max(expected.length, offset + bytes.length));
            System.arraycopy(bytes, 0, expected, offset, bytes.length);
            final ByteBuffer buffer = aligned(bytes);
            file.write(offset, buffer);
            assertEquals(0, buffer.remaining());
            assertEquals(expected.length, file.length());
            assertArrayEquals(expected, Files.readAllBytes(path), "seed " + SEED + ", write " + i);
        }
        final String method = file.method();
        assertEquals(path, file.path());
        file.close();
        file.close();
        return method;
    }

    @Test
    void shouldWriteToTheFileSystemOfTheTests() throws IOException {
        final NativeAccess access = NativeAccess.get();
        final String method = writeAndCompare(new SystemFileOps(access), directory.resolve("file"));
        assertTrue((access.isNative() ? List.of("O_DIRECT|O_DSYNC", "pwrite+fdatasync") : List.of("write+fsync"))
            .contains(method), method);
    }

    @Test
    void shouldWriteInPureJava() throws IOException {
        assertEquals("write+fsync",
            writeAndCompare(new SystemFileOps(NativeAccess.of("java")), directory.resolve("file")));
    }

    @Test
    void shouldWriteToMemoryFileSystems() throws IOException {
        try (TmpfsMount mount = TmpfsMount.mount(directory, 64 << 20)) {
            writeAndCompare(new SystemFileOps(), mount.directory().resolve("file"));
        }
        try (TmpfsMount mount = TmpfsMount.mountWithoutAllocation(directory)) {
            final FileOps ops = new SystemFileOps(NativeAccess.of("jna"));
            assertEquals("pwrite+fdatasync", writeAndCompare(ops, mount.directory().resolve("file")),
                "this file system refuses O_DIRECT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldBeLeftAloneByAnInterrupt(final String mode) throws IOException {
        final Path path = directory.resolve("file");
        final byte[] bytes = random(new Random(SEED), 3 * PAGE);
        try (DurableFile file = new SystemFileOps(NativeAccess.of(mode)).createDurable(path)) {
            Thread.currentThread().interrupt();
            file.write(0, aligned(bytes));
            file.write(PAGE, aligned(bytes));
            assertTrue(Thread.interrupted(), "the interrupt is kept");
        }
        assertArrayEquals(bytes, Arrays.copyOfRange(Files.readAllBytes(path), PAGE, 4 * PAGE));
    }

    @Test
    void shouldRefuseWhatIsNotAligned() {
        try (DurableFile file = new SystemFileOps().createDurable(directory.resolve("file"))) {
            final ByteBuffer two = aligned(new byte[2 * PAGE]);
            assertThrows(IllegalArgumentException.class, () -> file.write(8, two));
            assertThrows(IllegalArgumentException.class, () -> file.write(0, two.duplicate().limit(PAGE + 8)));
            assertThrows(IllegalArgumentException.class,
                () -> file.write(0, two.duplicate().position(512).limit(PAGE + 512)));
            assertEquals(0, file.length());
            file.write(0, two);
            assertEquals(2 * PAGE, file.length());
        }
    }

    @Test
    void shouldNotCreateOverAFileOrOpenNone() throws IOException {
        final FileOps ops = new SystemFileOps();
        final Path path = directory.resolve("file");
        assertThrows(StoreIoException.class, () -> ops.openDurable(path).close());
        Files.writeString(path, "here");
        assertThrows(StoreIoException.class, () -> ops.createDurable(path).close());
        assertEquals("here", Files.readString(path));
    }

    @Test
    void shouldGoOnWithSyncsWhereTheFirstDirectWriteIsRefused() {
        final List<String> calls = new ArrayList<>();
        final SystemDurableFile file = new SystemDurableFile(Path.of("file"), true, flags -> {
            final boolean direct = Arrays.asList(flags).contains(OpenFlag.DIRECT);
            return new RecordingHandle(direct, calls, direct ? new DirectRefusedException("EINVAL") : null);
        });
        assertEquals("O_DIRECT|O_DSYNC", file.method());
        file.write(PAGE, aligned(new byte[PAGE]));
        file.write(0, aligned(new byte[PAGE]));
        assertEquals("pwrite+fdatasync", file.method());
        assertEquals(List.of("direct write 4096 4096", "direct close", "write 4096 4096", "sync", "write 0 4096",
            "sync"), calls);
    }

    @Test
    void shouldRefuseEveryWriteAfterAFailedOne() {
        for (final boolean direct : new boolean[] {true, false}) {
            final List<String> calls = new ArrayList<>();
            final MapcaskException failure = new StoreIoException("EIO of the test");
            final SystemDurableFile file =
                new SystemDurableFile(Path.of("file"), direct, flags -> new RecordingHandle(direct, calls, failure));
            assertSame(failure,
                assertThrows(StoreIoException.class, () -> file.write(0, aligned(new byte[PAGE]))));
            final MapcaskException refused =
                assertThrows(StoreIoException.class, () -> file.write(0, aligned(new byte[PAGE])));
            assertSame(failure, refused.getCause());
            assertTrue(refused.getMessage().contains("EIO of the test"), refused.getMessage());
            assertEquals(1, calls.size(), "tried once: " + calls);
        }
    }

    /** A handle that writes its calls down; writes fail where a failure is given. */
    private static final class RecordingHandle extends FileHandle {
        private final boolean direct;
        private final List<String> calls;
        private final MapcaskException failure;

        RecordingHandle(final boolean direct, final List<String> calls, final MapcaskException failure) {
            super(Path.of("file"));
            this.direct = direct;
            this.calls = calls;
            this.failure = failure;
        }

        private void call(final String what) {
            calls.add((direct ? "direct " : "") + what);
        }

        @Override
        public boolean isDirect() {
            return direct;
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer directBuffer) {
            call("write " + fileOffset + " " + directBuffer.remaining());
            directBuffer.position(directBuffer.limit());
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void sync() {
            call("sync");
        }

        @Override
        public void close() {
            call("close");
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public long length() {
            throw new AssertionError();
        }

        @Override
        public int read(final long fileOffset, final ByteBuffer directBuffer) {
            throw new AssertionError();
        }

        @Override
        public void allocate(final long length) {
            throw new AssertionError();
        }

        @Override
        public void truncate(final long length) {
            throw new AssertionError();
        }

        @Override
        public boolean zeroRange(final long fileOffset, final long length) {
            throw new AssertionError();
        }

        @Override
        public void allocateAgain(final long fileOffset, final long length) {
            throw new AssertionError();
        }

        @Override
        public boolean punchHole(final long fileOffset, final long length) {
            throw new AssertionError();
        }

        @Override
        public boolean startWriteback(final long fileOffset, final long length) {
            throw new AssertionError();
        }

        @Override
        public boolean dropCached(final long fileOffset, final long length) {
            throw new AssertionError();
        }

        @Override
        public MappedByteBuffer map(final int length, final boolean writable) {
            throw new AssertionError();
        }
    }
}
