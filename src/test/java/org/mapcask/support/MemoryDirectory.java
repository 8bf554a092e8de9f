package org.mapcask.support;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * A temporary directory on a file system in memory, where there is one with room, for tests that make thousands of
 * stores and ask what is in them: there they do not wait for a device. Tests of what reaches a device, and of what the
 * file system of the user does, take a directory of the usual kind.
 */
public final class MemoryDirectory implements TempDirFactory {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long ROOM_MIN = 1L << 30;

    /** For JUnit. */
    public MemoryDirectory() {
    }

    @Override
    public Path createTempDirectory(final AnnotatedElementContext element, final ExtensionContext test)
        throws IOException {
        return hasRoom() ? Files.createTempDirectory(SHARED_MEMORY, "mapcask") : Files.createTempDirectory("mapcask");
    }

    private static boolean hasRoom() throws IOException {
        if (!Files.isWritable(SHARED_MEMORY)) {
            return false;
        }
        final FileStore store = Files.getFileStore(SHARED_MEMORY);
        return store.type().equals("tmpfs") && store.getUsableSpace() >= ROOM_MIN;
    }
}
