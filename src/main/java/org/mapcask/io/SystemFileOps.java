package org.mapcask.io;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.mapcask.errors.MapcaskException;
import org.mapcask.nativeaccess.Errno;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.FileStamp;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;
import org.mapcask.nativeaccess.SystemErrors;

/**
 * File operations on the real file system, by native access or in pure Java. Thread-safe; an interrupt of the calling
 * thread neither fails an operation nor closes a file, and stays set.
 */
public final class SystemFileOps implements FileOps {
    private final NativeAccess nativeAccess;
    private final SyncMethod syncMethod;
    private final BlockRelease release = new BlockRelease();

    /** Works through the native access of this process. */
    public SystemFileOps() {
        this(NativeAccess.get());
    }

    /** Works through a given native access. */
    public SystemFileOps(final NativeAccess nativeAccess) {
        this(nativeAccess, SyncMethod.MSYNC);
    }

    /** Works through a given native access, and makes ranges of mappings durable in a given way. */
    public SystemFileOps(final NativeAccess nativeAccess, final SyncMethod syncMethod) {
        this.nativeAccess = nativeAccess;
        this.syncMethod = syncMethod;
    }

    /** Mappings of this process, of all stores, that are not unmapped. */
    public static int liveMappings() {
        return SystemMappedFile.liveMappings();
    }

    /** What the operations go through. */
    public NativeAccess nativeAccess() {
        return nativeAccess;
    }

    @Override
    public StoreFile create(final Path path) {
        return new SystemStoreFile(nativeAccess, nativeAccess.open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW),
            syncMethod, release);
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        return new SystemStoreFile(nativeAccess,
            writable ? nativeAccess.open(path, OpenFlag.WRITE) : nativeAccess.open(path), syncMethod, release);
    }

    @Override
    public DurableFile createDurable(final Path path) {
        // Made by itself: a file system may create the file and then refuse the flags.
        nativeAccess.open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW).close();
        return openDurable(path);
    }

    @Override
    public DurableFile openDurable(final Path path) {
        return new SystemDurableFile(path, nativeAccess.isNative(), flags -> nativeAccess.open(path, flags));
    }

    @Override
    public void rename(final Path from, final Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException e) {
            throw SystemErrors.of("rename", from, ", to " + to, 0, e);
        }
    }

    @Override
    public boolean link(final Path existing, final Path link) {
        try {
            Files.createLink(link, existing);
            return true;
        } catch (final FileAlreadyExistsException e) {
            throw SystemErrors.of("link", link, ", to " + existing, 0, e);
        } catch (final IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public int links(final Path path) {
        try {
            return (int)Files.getAttribute(path, "unix:nlink");
        } catch (final IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Integer.MAX_VALUE;
        }
    }

    @Override
    public FileStamp stamp(final Path path) {
        return nativeAccess.stamp(path);
    }

    @Override
    public void delete(final Path path) {
        try {
            Files.delete(path);
        } catch (final IOException e) {
            throw SystemErrors.of("delete", path, e);
        }
    }

    @Override
    public void unlink(final Path path) {
        FileHandle last = null;
        try {
            last = nativeAccess.open(path);
        } catch (final MapcaskException ex) {
            // one that cannot be opened is removed as any other; what is wrong with it shows there
        }
        try {
            delete(path);
        } finally {
            if (last != null) {
                release.close(last);
            }
        }
    }

    @Override
    public void syncDirectory(final Path directory) {
        nativeAccess.syncDirectory(directory);
    }

    @Override
    public void createDirectories(final Path directory) {
        final Deque<Path> missing = new ArrayDeque<>();
        Path present = directory.toAbsolutePath().normalize();
        while (present != null && !Files.isDirectory(present)) {
            missing.push(present);
            present = present.getParent();
        }
        for (final Path next : missing) {
            try {
                Files.createDirectory(next);
            } catch (final FileAlreadyExistsException e) {
                if (!Files.isDirectory(next)) {
                    throw SystemErrors.of("create directory " + directory, next, Errno.ENOTDIR);
                }
            } catch (final IOException e) {
                throw SystemErrors.of("create directory", next, e);
            }
            syncDirectory(next.getParent());
        }
    }

    @Override
    public List<String> list(final Path directory) {
        final List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (final Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (final DirectoryIteratorException e) {
            throw SystemErrors.of("list", directory, e.getCause());
        } catch (final IOException e) {
            throw SystemErrors.of("list", directory, e);
        }
        Collections.sort(names);
        return names;
    }
}
