package org.mapcask.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.support.OpenMappingsExtension;

/**
 * The disk is full. A store to a mapped page without room behind it would be a signal that can end the JVM, so the
 * shortage must show as an exception before: at the allocation, or at the latest at the prefault.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class FullFileSystemTest {
    private static final int MIB = 1024 * 1024;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldReportAFullDiskAtAllocationAndGoOnWhenThereIsRoom(final String mode) {
        final FileOps ops = new SystemFileOps(NativeAccess.of(mode));
        try (TmpfsMount mount = TmpfsMount.mount(directory, 4 * MIB)) {
            final Path first = mount.directory().resolve("first");
            final Path second = mount.directory().resolve("second");
            try (StoreFile file = ops.create(first)) {
                file.allocate(2 * MIB);
                final MappedFile mapped = file.map(2 * MIB, true);
                mapped.buffer().setMemory(0, 2 * MIB, (byte) 7);
                final StoreFile tooLarge = ops.create(second);
                final String text = assertThrows(StorageSpaceException.class, () -> tooLarge.allocate(8 * MIB))
                    .getMessage();
                assertTrue(text.contains(second.toString()) && text.contains("ENOSPC")
                    && text.contains("free room"), text);
                tooLarge.close();
                mapped.sync(0, 2 * MIB);
                mapped.unmap();
                final ByteBuffer read = ByteBuffer.allocateDirect(1);
                assertEquals(1, file.read(2 * MIB - 1, read));
                assertEquals(7, read.get(0), "what was stored stays readable");
            }
            ops.delete(second);
            try (StoreFile file = ops.create(second)) {
                file.allocate(MIB);
                assertEquals(MIB, file.length());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldWaitForTheRoomOfFilesThatWereUnlinkedBeforeItReportsAFullDisk(final String mode) {
        final FileOps ops = new SystemFileOps(NativeAccess.of(mode));
        try (TmpfsMount mount = TmpfsMount.mount(directory, 4 * MIB)) {
            for (int i = 0; i < 50; i++) {
                final Path path = mount.directory().resolve("file" + i);
                try (StoreFile file = ops.create(path)) {
                    file.allocate(3 * MIB);
                }
                ops.unlink(path);
                assertEquals(List.of(), ops.list(mount.directory()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldReportAFullDiskAtAWrite(final String mode) {
        final FileOps ops = new SystemFileOps(NativeAccess.of(mode));
        try (TmpfsMount mount = TmpfsMount.mount(directory, MIB);
            StoreFile file = ops.create(mount.directory().resolve("a"))) {
            final ByteBuffer bytes = ByteBuffer.allocateDirect(2 * MIB);
            final String text = assertThrows(StorageSpaceException.class, () -> file.write(0, bytes)).getMessage();
            assertTrue(text.contains("write failed") && text.contains("range "), text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "jna")
    void shouldReportMissingBlocksAtPrefaultInsteadOfASignal(final String mode) throws Exception {
        final FileOps ops = new SystemFileOps(NativeAccess.of(mode));
        try (TmpfsMount mount = TmpfsMount.mount(directory, MIB)) {
            final Path path = mount.directory().resolve("sparse");
            try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
                sparse.setLength(4 * MIB);
            }
            try (StoreFile file = ops.open(path, true)) {
                final MappedFile mapped = file.map(4 * MIB, true);
                try {
                    final boolean known = mapped.prefault(0, 4096);
                    if (known) {
                        final String text = assertThrows(StorageSpaceException.class,
                            () -> mapped.prefault(0, 4 * MIB)).getMessage();
                        assertTrue(text.contains("POPULATE_WRITE") && text.contains("EFAULT"), text);
                    } else {
                        assertFalse(mapped.prefault(0, 4 * MIB), "a kernel before 5.14 refuses every range");
                    }
                } finally {
                    mapped.unmap();
                }
            }
        }
    }
}
