package org.mapcask.nativeaccess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreIoException;

/** Calls on mapped files whose failure or effect can only be seen below the io package. */
class MappingCallsTest {
    private static final int LENGTH = 64 * 1024;

    @TempDir
    Path directory;

    private final NativeAccess access = NativeAccess.of("jna");

    @Test
    void shouldTellRangeAndErrnoWhenASyncFails() {
        // Pages that are not mapped are the one failure of msync that needs no broken disk.
        final StoreIoException e = assertThrows(StoreIoException.class,
            () -> PosixNativeAccess.syncPages(4096, 8192, "segment 1, range 100+5000"));
        assertTrue(e.getMessage().startsWith("msync failed; where: segment 1, range 100+5000; expected: "),
            e.getMessage());
    }

    @Test
    void shouldFindAFileThatIsTooShortWithoutASignal() throws IOException {
        try (FileHandle file = create()) {
            file.allocate(LENGTH);
            final MappedByteBuffer mapping = file.map(LENGTH, true);
            final long address = BufferUtil.address(mapping);
            file.truncate(LENGTH / 2);
            assertTrue(access.populate(address, LENGTH / 2, true, "segment 1"));
            assertThrows(StorageSpaceException.class, () -> access.populate(address, LENGTH, true, "segment 1"));
            assertThrows(StoreIoException.class, () -> access.populate(address, LENGTH, false, "segment 1"));
            IoUtil.unmap(mapping);
        }
    }

    @Test
    void shouldSayFalseWhenAnAdviceIsRefused() {
        assertFalse(access.advise(4096, 4096, Advice.RANDOM), "nothing is mapped there");
        assertFalse(access.advise(4096, 0, Advice.RANDOM));
        assertEquals(-1, access.residentPages(4096, 4096));
        assertFalse(access.lock(4096, 4096));
    }

    private FileHandle create() {
        return access.open(directory.resolve("a"), OpenFlag.WRITE, OpenFlag.CREATE_NEW);
    }
}
