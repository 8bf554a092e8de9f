package org.mapcask.io;

import java.nio.file.Path;
import java.util.List;
import org.mapcask.nativeaccess.FileStamp;

/**
 * Every file operation that changes or reads a store passes through here, so that a test can inject faults or record
 * the order of writes and syncs. Thread-safe. Failures are {@link org.mapcask.errors.StoreIoException}, a full file
 * system is {@link org.mapcask.errors.StorageSpaceException}.
 */
public interface FileOps {
    /**
     * Creates a file for reading and writing; it must not exist yet. Its name is durable only after {@link
     * #syncDirectory}.
     */
    StoreFile create(Path path);

    /** Opens an existing file. */
    StoreFile open(Path path, boolean writable);

    /** As {@link #create}, a file whose writes are durable when they return. */
    DurableFile createDurable(Path path);

    /** Opens an existing file for writes that are durable when they return. */
    DurableFile openDurable(Path path);

    /** Renames within one directory, replacing the target; durable only after {@link #syncDirectory}. */
    void rename(Path from, Path to);

    /**
     * Gives a file a second name, in any directory; durable only after {@link #syncDirectory}. From then on both names
     * lead to the same bytes, and removing one leaves the other.
     *
     * @param link must not exist yet.
     * @return false where it cannot be done, since the other directory is on another file system, or for any other
     *         reason; a copy will do then, or tell the reason.
     */
    default boolean link(final Path existing, final Path link) {
        return false;
    }

    /** How many names lead to the bytes of a file; more than one where that cannot be told. */
    default int links(final Path path) {
        return 1;
    }

    /**
     * Length, time of the last change, and number of a file, which nobody need open for it.
     *
     * @return null where they cannot be told, or there is no such file.
     */
    default FileStamp stamp(final Path path) {
        return null;
    }

    /** Removes a file; durable only after {@link #syncDirectory}. */
    void delete(Path path);

    /**
     * As {@link #delete}, for somebody who has no time: the name goes at once, and where it can be, the room is given
     * back by a thread of its own. Allocations that lack room wait for that.
     */
    default void unlink(final Path path) {
        delete(path);
    }

    /** Makes creations, renames and removals in a directory durable. */
    void syncDirectory(Path directory);

    /** Creates a directory with its parents, and makes the names durable. */
    void createDirectories(Path directory);

    /** Names of the entries of a directory, sorted. */
    List<String> list(Path directory);
}
