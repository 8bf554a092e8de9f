package org.mapcask.io;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A small file system of its own below a directory; a test that may not mount is skipped. */
public final class TmpfsMount implements AutoCloseable {
    private final Path directory;

    private TmpfsMount(final Path directory) {
        this.directory = directory;
    }

    /** Mounts a tmpfs of a size in bytes on an existing directory. */
    public static TmpfsMount mount(final Path directory, final long size) {
        Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", directory.toString()),
            "mounting a file system is not permitted here");
        return new TmpfsMount(directory);
    }

    /** Mounts a ramfs: a file system that cannot allocate ahead. It grows without limit, so write little. */
    public static TmpfsMount mountWithoutAllocation(final Path directory) {
        Assumptions.assumeTrue(run("mount", "-t", "ramfs", "ramfs", directory.toString()),
            "mounting a file system is not permitted here");
        return new TmpfsMount(directory);
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /** Takes the right to write from all processes, root included. */
    public void makeReadOnly() {
        if (!run("mount", "-o", "remount,ro", directory.toString())) {
            throw new IllegalStateException("remount failed: " + directory);
        }
    }

    @Override
    public void close() {
        run("umount", "-l", directory.toString());
    }

    private static boolean run(final String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (final IOException e) {
            return false;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
