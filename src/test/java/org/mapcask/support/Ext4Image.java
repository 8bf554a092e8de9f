package org.mapcask.support;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A small ext4 file system in a file, mounted through a loop device; a test that may not mount is skipped. */
public final class Ext4Image implements AutoCloseable {
    private final Path directory;

    private Ext4Image(final Path directory) {
        this.directory = directory;
    }

    /**
     * Makes and mounts one.
     *
     * @param home   existing directory for the image and the mount point.
     * @param length of the image in bytes.
     */
    public static Ext4Image mount(final Path home, final long length) throws IOException {
        final Path image = home.resolve("ext4.image");
        final Path directory = Files.createDirectories(home.resolve("ext4"));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(length);
        }
        Assumptions.assumeTrue(run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString())
            && run("mount", "-o", "loop", image.toString(), directory.toString()), "no loop mount is possible here");
        return new Ext4Image(directory);
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        if (!run("umount", directory.toString())) {
            run("umount", "-l", directory.toString());
        }
    }

    private static boolean run(final String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (final IOException ex) {
            return false;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
