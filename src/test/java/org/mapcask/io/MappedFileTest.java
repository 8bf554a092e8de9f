package org.mapcask.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.errors.StoreIoException;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.nativeaccess.Errno;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;
import org.mapcask.nativeaccess.ProcessMemory;
import org.mapcask.nativeaccess.SystemErrors;
import org.mapcask.support.ForwardingHandle;
import org.mapcask.support.OpenMappingsExtension;

/** Mappings in both modes: their life, their syncs and hints. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class MappedFileTest {
    private static final int LENGTH = 256 * 1024;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldShareBytesWithReadsAndWritesOfTheFile(final String mode) {
        try (StoreFile file = allocated(mode)) {
            final MappedFile mapped = file.map(LENGTH, true);
            assertEquals(LENGTH, mapped.length());
            assertEquals(LENGTH, mapped.buffer().capacity());
            assertEquals(file.path().toString(), mapped.description());
            mapped.buffer().putByte(LENGTH - 1, (byte) 9);
            final ByteBuffer one = ByteBuffer.allocateDirect(1);
            file.read(LENGTH - 1, one);
            assertEquals(9, one.get(0));
            one.put(0, (byte) 3).clear();
            file.write(5, one);
            assertEquals(3, mapped.buffer().getByte(5));
            assertThrows(IndexOutOfBoundsException.class, () -> mapped.buffer().getByte(LENGTH));
            mapped.unmap();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldKeepWhatWasWrittenThroughPagesThatLeaveTheMapping(final String mode) {
        try (StoreFile file = allocated(mode)) {
            final MappedFile mapped = file.map(LENGTH, true);
            for (int at = 0; at < LENGTH; at += Long.BYTES) {
                mapped.buffer().putLong(at, at + 1L);
            }
            mapped.advise(0, LENGTH, Advice.DONT_NEED);
            mapped.buffer().putLong(8, -1L);
            mapped.sync(0, LENGTH);
            final ByteBuffer all = ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.nativeOrder());
            file.read(0, all);
            for (int at = 0; at < LENGTH; at += Long.BYTES) {
                final long expected = at == 8 ? -1L : at + 1L;
                assertEquals(expected, mapped.buffer().getLong(at));
                assertEquals(expected, all.getLong(at));
            }
            mapped.unmap();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldWriteZerosWhereTheFileSystemCannotAllocate(final String mode) {
        final NativeAccess access = NativeAccess.of(mode);
        try (TmpfsMount mount = TmpfsMount.mountWithoutAllocation(directory);
            StoreFile file = new SystemFileOps(access).create(mount.directory().resolve("a"))) {
            file.allocate(LENGTH);
            assertEquals(LENGTH, file.length());
            assertFalse(file.punchHole(0, LENGTH));
            final MappedFile mapped = file.map(LENGTH, true);
            final long resident = access.residentPages(mapped.buffer().addressOffset(), LENGTH);
            assertEquals(access.isNative() ? LENGTH / access.pageSize() : -1, resident, "pages that were written");
            mapped.unmap();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldNeverMapBeyondTheEndNorExtendTheFile(final String mode) {
        try (StoreFile file = allocated(mode)) {
            final StoreIoException e = assertThrows(StoreIoException.class, () -> file.map(LENGTH + 1, true));
            assertTrue(e.getMessage().contains("1 to " + LENGTH) && e.getMessage().contains("found: " + (LENGTH + 1)),
                e.getMessage());
            assertThrows(StoreIoException.class, () -> file.map(0, true));
            assertEquals(LENGTH, file.length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldMapTheSameFileAfterRenameAndRemovalAndLiveLongerThanIt(final String mode) throws IOException {
        final StoreFile file = allocated(mode);
        Files.move(file.path(), directory.resolve("renamed"));
        Files.write(file.path(), new byte[LENGTH]);
        final MappedFile renamed = file.map(LENGTH, true);
        Files.delete(directory.resolve("renamed"));
        final MappedFile removed = file.map(LENGTH, true);
        file.close();
        renamed.buffer().putInt(64, 4711);
        assertEquals(4711, removed.buffer().getInt(64));
        assertEquals(0, Files.readAllBytes(file.path())[64], "the file that took the name is another one");
        renamed.unmap();
        removed.unmap();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldCountMappingsAndUnmapOnce(final String mode) {
        final int before = SystemFileOps.liveMappings();
        try (StoreFile file = allocated(mode)) {
            final MappedFile mapped = file.map(LENGTH, true);
            final long address = mapped.buffer().addressOffset();
            assertEquals(before + 1, SystemFileOps.liveMappings());
            final long mark = System.nanoTime();
            mapped.buffer().putLong(0, mark, ByteOrder.nativeOrder());
            assertTrue(ProcessMemory.holds(mark, address));
            mapped.unmap();
            mapped.unmap();
            assertFalse(ProcessMemory.holds(mark, address), "the mapping is gone");
            assertEquals(before, SystemFileOps.liveMappings());
            assertEquals(0, mapped.buffer().capacity());
            assertThrows(IndexOutOfBoundsException.class, () -> mapped.buffer().getByte(0));
            assertThrows(IllegalStateException.class, () -> mapped.sync(0, 1));
            assertThrows(IllegalStateException.class, () -> mapped.prefault(0, 1));
            assertThrows(IllegalStateException.class, () -> mapped.advise(0, 1, Advice.RANDOM));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldWriteDirtyPagesBackAtSync(final String mode) throws IOException {
        assumeFalse("tmpfs".equals(Files.getFileStore(directory).type()), "tmpfs has nothing to write back to");
        try (StoreFile file = allocated(mode)) {
            file.sync();
            final MappedFile mapped = file.map(LENGTH, true);
            final long address = mapped.buffer().addressOffset();
            mapped.buffer().putByte(100, (byte) 1);
            mapped.buffer().putByte(LENGTH - 1, (byte) 1);
            assertTrue(ProcessMemory.dirtyKib(address, LENGTH) > 0);
            mapped.sync(101, 0);
            assertTrue(ProcessMemory.dirtyKib(address, LENGTH) > 0, "an empty range syncs nothing");
            mapped.sync(101, LENGTH - 101);
            assertEquals(0, ProcessMemory.dirtyKib(address, LENGTH), "the range is widened to whole pages");
            mapped.unmap();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldCheckRangesBeforeTheKernelSeesThem(final String mode) {
        try (StoreFile file = allocated(mode)) {
            final MappedFile mapped = file.map(LENGTH, true);
            assertThrows(IndexOutOfBoundsException.class, () -> mapped.sync(-1, 10));
            assertThrows(IndexOutOfBoundsException.class, () -> mapped.sync(0, LENGTH + 1));
            assertThrows(IndexOutOfBoundsException.class, () -> mapped.prefault(Integer.MAX_VALUE, Integer.MAX_VALUE));
            assertThrows(IndexOutOfBoundsException.class, () -> mapped.advise(1, LENGTH, Advice.RANDOM));
            mapped.unmap();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldTakeWriteFaultsAheadWhereThatIsPossible(final String mode) {
        try (StoreFile file = allocated(mode)) {
            final MappedFile mapped = file.map(LENGTH, true);
            final long address = mapped.buffer().addressOffset();
            assertEquals(0, ProcessMemory.kib("Rss", address, LENGTH));
            final boolean done = mapped.prefault(100, LENGTH / 2 - 100);
            assertFalse(done && mode.equals("java"));
            final long residentKib = ProcessMemory.kib("Rss", address, LENGTH);
            assertTrue(done ? residentKib >= LENGTH / 2 / 1024 : residentKib == 0, "KiB in memory: " + residentKib);
            assertEquals(0, mapped.buffer().getByte(100), "nothing is written");
            mapped.unmap();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldMapForReadingOnly(final String mode) {
        allocated(mode).close();
        try (StoreFile file = new SystemFileOps(NativeAccess.of(mode)).open(directory.resolve("a"), false)) {
            final MappedFile mapped = file.map(LENGTH, false);
            assertEquals(0, mapped.buffer().getByte(LENGTH - 1));
            mapped.prefault(0, LENGTH);
            assertFalse(ProcessMemory.hasFlag("wr", mapped.buffer().addressOffset(), LENGTH), "a store would fail");
            mapped.unmap();
            assertThrows(StoreIoException.class, () -> file.map(LENGTH, true));
        }
    }

    @Test
    void shouldTellTheKernelTheAccessPattern() {
        try (StoreFile file = allocated("jna")) {
            final MappedFile mapped = file.map(LENGTH, true);
            final long address = mapped.buffer().addressOffset();
            assertFalse(ProcessMemory.hasFlag("rr", address, LENGTH));
            mapped.advise(0, LENGTH, Advice.RANDOM);
            assertTrue(ProcessMemory.hasFlag("rr", address, LENGTH));
            mapped.advise(0, LENGTH, Advice.SEQUENTIAL);
            assertTrue(ProcessMemory.hasFlag("sr", address, LENGTH));
            mapped.advise(0, LENGTH, Advice.NORMAL);
            assertFalse(ProcessMemory.hasFlag("sr", address, LENGTH));
            mapped.advise(0, LENGTH, Advice.DONT_DUMP);
            assertTrue(ProcessMemory.hasFlag("dd", address, LENGTH));
            mapped.unmap();
        }
    }

    /** The kernel reports a write-back error once; the second sync would succeed, and the bytes would be gone. */
    @ParameterizedTest
    @ValueSource(strings = {"jna", "java"})
    void shouldRefuseEverySyncAfterOneFailed(final String mode) {
        final NativeAccess access = NativeAccess.of(mode);
        try (StoreFile good = allocated(mode)) {
            final FailingHandle handle = new FailingHandle(access.open(good.path(), OpenFlag.WRITE));
            try (StoreFile file = new SystemStoreFile(access, handle, SyncMethod.MSYNC, new BlockRelease())) {
                final MappedFile mapped = file.map(LENGTH, true);
                mapped.sync(0, LENGTH);
                final StoreIoException first = assertThrows(StoreIoException.class, file::sync);
                assertTrue(first.getMessage().contains("EIO"), first.getMessage());
                for (int i = 0; i < 3; i++) {
                    final StoreIoException later = assertThrows(StoreIoException.class, file::sync);
                    assertTrue(later.getMessage().contains("sync refused"), later.getMessage());
                    assertEquals(first, later.getCause());
                    assertThrows(StoreIoException.class, () -> mapped.sync(0, 1), "a mapping shares the failure");
                }
                assertEquals(1, handle.syncs.get(), "syncs that reached the system");
                mapped.unmap();
            }
        }
    }

    private StoreFile allocated(final String mode) {
        final StoreFile file = new SystemFileOps(NativeAccess.of(mode)).create(directory.resolve("a"));
        file.allocate(LENGTH);
        return file;
    }

    /** A file whose first sync fails with EIO, and whose later ones would succeed. */
    private static final class FailingHandle extends ForwardingHandle {
        private final AtomicInteger syncs = new AtomicInteger();

        FailingHandle(final FileHandle real) {
            super(real);
        }

        @Override
        public void sync() {
            if (syncs.incrementAndGet() == 1) {
                throw SystemErrors.of("fdatasync", path(), Errno.EIO);
            }
        }
    }
}
