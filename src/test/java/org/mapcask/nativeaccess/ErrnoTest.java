package org.mapcask.nativeaccess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreIoException;

@Tag("core")
class ErrnoTest {
    private static final Path FILE = Path.of("/store/00000001.seg");

    @Test
    void shouldNameEachNumberAsItsConstantIsNamed() throws IllegalAccessException {
        int count = 0;
        for (final Field field : Errno.class.getDeclaredFields()) {
            if (field.getType() == int.class) {
                assertEquals(field.getName(), Errno.name(field.getInt(null)));
                count++;
            }
        }
        assertTrue(count > 25, "constants seen: " + count);
    }

    @Test
    void shouldDescribeWithNumberAndText() {
        assertEquals("ENOSPC (28, no space left on device)", Errno.describe(28));
        assertEquals("EIO (5, input/output error)", Errno.describe(Errno.EIO));
    }

    @Test
    void shouldKeepTheNumberOfAnUnknownError() {
        assertEquals("errno 4711", Errno.describe(4711));
        assertEquals("errno 4711", Errno.name(4711));
    }

    @Test
    void shouldMakeASpaceErrorOfFullDiskAndFullQuotaOnly() {
        assertInstanceOf(StorageSpaceException.class, SystemErrors.of("fallocate", FILE, Errno.ENOSPC));
        assertInstanceOf(StorageSpaceException.class, SystemErrors.of("pwrite", FILE, Errno.EDQUOT));
        assertInstanceOf(StoreIoException.class, SystemErrors.of("pwrite", FILE, Errno.EIO));
        assertInstanceOf(StoreIoException.class, SystemErrors.of("mmap", FILE, Errno.ENOMEM));
    }

    @Test
    void shouldTellCallFileErrnoAndRemedy() {
        final String text = SystemErrors.of("pwrite", FILE + ", range 4096+100", Errno.ENOSPC).getMessage();
        assertEquals("pwrite failed; where: /store/00000001.seg, range 4096+100; expected: room on the file system;"
            + " found: ENOSPC (28, no space left on device); what to do: free room on that file system or"
            + " raise the quota; what is stored stays readable",
            text);
    }

    @Test
    void shouldReadErrnoOutOfJavaExceptions() {
        assertEquals(Errno.ENOENT, SystemErrors.errnoOf(new NoSuchFileException("x")));
        assertEquals(Errno.EACCES, SystemErrors.errnoOf(new AccessDeniedException("x")));
        assertEquals(Errno.ENOSPC, SystemErrors.errnoOf(new IOException("No space left on device")));
        assertEquals(Errno.EDQUOT, SystemErrors.errnoOf(new FileSystemException("x", null, "Disk quota exceeded")));
        assertEquals(Errno.EROFS, SystemErrors.errnoOf(new FileSystemException("x", null, "Read-only file system")));
        assertEquals(Errno.EISDIR, SystemErrors.errnoOf(new IOException("/x (Is a directory)")));
        assertEquals(Errno.ENOTDIR, SystemErrors.errnoOf(new IOException("/x (Not a directory)")));
        assertEquals(0, SystemErrors.errnoOf(new IOException((String) null)));
    }

    @Test
    void shouldTakeAnUnreadableTextForAFullDiskWhenTheRoomIsNotThere() {
        final IOException foreign = new IOException("Auf dem Gerät ist kein Speicherplatz mehr verfügbar");
        final MapcaskException full = SystemErrors.of("write", Path.of("/"), "", Long.MAX_VALUE, foreign);
        assertInstanceOf(StorageSpaceException.class, full);
        assertInstanceOf(StoreIoException.class, SystemErrors.of("write", Path.of("/"), "", 0, foreign));
    }
}
