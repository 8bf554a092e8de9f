package org.mapcask.lab.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes and removes the directories of throw-away stores. Stateless. */
public final class DataDirectory {
    private DataDirectory() {
    }

    /**
     * Makes an empty directory, removing what stood there from an earlier run.
     *
     * @param parent holds it; made if it is not there.
     * @param name   its name.
     * @return the empty directory.
     * @throws IOException if it cannot be made.
     */
    public static Path fresh(final Path parent, final String name) throws IOException {
        final Path directory = parent.resolve(name);
        remove(directory);
        return Files.createDirectories(directory);
    }

    /**
     * Removes a directory with all that is in it; does nothing if it is not there.
     *
     * @param directory what to remove.
     * @throws IOException if something cannot be removed.
     */
    public static void remove(final Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        final List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path path : paths) {
            Files.delete(path);
        }
    }
}
