package org.mapcask.wal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.mapcask.io.DurableFile;
import org.mapcask.io.FileOps;
import org.mapcask.io.StoreFile;

/** File operations that tell a hook about each change before they make it; the hook may wait, or throw. */
final class HookedFileOps implements FileOps {
    /** Told before a change. */
    @FunctionalInterface
    interface Hook {
        void before(String operation, Path path, long offset);
    }

    private final FileOps inner;
    private volatile Hook hook = (operation, path, offset) -> {
    };

    HookedFileOps(final FileOps inner) {
        this.inner = inner;
    }

    void hook(final Hook newHook) {
        hook = newHook;
    }

    @Override
    public StoreFile create(final Path path) {
        hook.before("create", path, 0);
        return inner.create(path);
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        return inner.open(path, writable);
    }

    @Override
    public DurableFile createDurable(final Path path) {
        hook.before("create", path, 0);
        return new HookedFile(inner.createDurable(path));
    }

    @Override
    public DurableFile openDurable(final Path path) {
        hook.before("open", path, 0);
        return new HookedFile(inner.openDurable(path));
    }

    @Override
    public void rename(final Path from, final Path to) {
        hook.before("rename", from, 0);
        inner.rename(from, to);
    }

    @Override
    public void delete(final Path path) {
        hook.before("delete", path, 0);
        inner.delete(path);
    }

    @Override
    public void syncDirectory(final Path directory) {
        hook.before("sync directory", directory, 0);
        inner.syncDirectory(directory);
    }

    @Override
    public void createDirectories(final Path directory) {
        inner.createDirectories(directory);
    }

    @Override
    public List<String> list(final Path directory) {
        return inner.list(directory);
    }

    private final class HookedFile implements DurableFile {
        private final DurableFile file;

        HookedFile(final DurableFile file) {
            this.file = file;
        }

        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public long length() {
            return file.length();
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer alignedBuffer) {
            hook.before("write", file.path(), fileOffset);
            file.write(fileOffset, alignedBuffer);
        }

        @Override
        public String method() {
            return file.method();
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
