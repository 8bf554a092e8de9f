package org.mapcask.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a SIGKILL leaves of an open store, but for what changes while it is copied: nobody may write meanwhile. */
public final class KilledCopy {
    private KilledCopy() {
    }

    /** Makes it; merges and checkpoints may go on beside. */
    public static void make(final Path from, final Path to) throws IOException {
        Files.createDirectories(to);
        for (boolean whole = false; !whole; ) {
            for (final Path file : names(to)) {
                Files.delete(file);
            }
            final List<Path> before = names(from);
            whole = copy(before, to) && before.equals(names(from));
        }
    }

    private static boolean copy(final List<Path> files, final Path to) throws IOException {
        for (final Path file : files) {
            try {
                Files.copy(file, to.resolve(file.getFileName()));
            } catch (final NoSuchFileException ex) {
                return false;
            }
        }
        return true;
    }

    private static List<Path> names(final Path of) throws IOException {
        try (Stream<Path> all = Files.list(of)) {
            return all.filter(path -> !path.toString().endsWith(".lock")).sorted().toList();
        } catch (final UncheckedIOException ex) {
            throw ex.getCause();
        }
    }
}
