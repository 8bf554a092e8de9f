package org.mapcask;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.StoreIoException;

/**
 * The place of a store that is made out of another one: checks before anything is written that it lies outside of the
 * other and is free.
 *
 * @param directory of the new store.
 * @param name      of the new store, for messages.
 */
record Destination(Path directory, String name) {
    /** A store within another would be a foreign file to it. */
    void requireOutside(final Path source, final String sourceName) {
        try {
            final Path to = resolved(directory);
            if (to.startsWith(resolved(source))) {
                throw new InvalidArgumentException(ErrorText.what(name + " would lie in " + sourceName)
                    .where(directory).expected("a directory outside of " + source).found(to)
                    .todo("name another directory"));
            }
        } catch (final IOException ex) {
            throw unusable("the paths cannot be resolved", ex);
        }
    }

    /** The path without links, also where its end does not exist yet. */
    private static Path resolved(final Path path) throws IOException {
        final Path absolute = path.toAbsolutePath();
        Path existing = absolute;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
    }

    /** Whether the directory is there already. */
    boolean requireEmpty() {
        if (!Files.exists(directory)) {
            return false;
        }
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                if (!entries.iterator().hasNext()) {
                    return true;
                }
            } catch (final IOException ex) {
                throw unusable("the directory of " + name + " cannot be listed", ex);
            }
        }
        throw notEmpty(Files.isDirectory(directory) ? "files in it" : "a file");
    }

    ForeignFileException notEmpty(final String found) {
        return new ForeignFileException(ErrorText.what("the place of " + name + " is not empty").where(directory)
            .expected("an empty directory, or none").found(found)
            .todo("name another directory, or move what is there elsewhere"));
    }

    private StoreIoException unusable(final String what, final IOException ex) {
        return new StoreIoException(ErrorText.what(what).where(directory).expected("an empty directory, or none")
            .found(ex).todo("check the path and its permissions"), ex);
    }
}
