package org.mapcask.io;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.nativeaccess.MemoryBlock;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * New files that are off-heap memory and nothing else: for what shall look like a part of a store without a change on
 * disk. A file is gone with its {@link StoreFile#close()}, which frees the memory; no directory knows it. Its length is
 * given once, by {@link StoreFile#allocate}, at most {@link MemoryBlock#LENGTH_MAX}. Thread-safe as {@link FileOps}.
 */
public final class MemoryFiles implements FileOps {
    private final NativeAccess nativeAccess;

    /** Files out of this memory. */
    public MemoryFiles(final NativeAccess nativeAccess) {
        this.nativeAccess = nativeAccess;
    }

    @Override
    public StoreFile create(final Path path) {
        return new MemoryFile(nativeAccess, path);
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        throw missing(path);
    }

    @Override
    public DurableFile createDurable(final Path path) {
        throw missing(path);
    }

    @Override
    public DurableFile openDurable(final Path path) {
        throw missing(path);
    }

    /** Nothing: no directory has the name. */
    @Override
    public void rename(final Path from, final Path to) {
    }

    /** Nothing: no directory has the name. */
    @Override
    public void delete(final Path path) {
    }

    /** Nothing: no directory has the names. */
    @Override
    public void syncDirectory(final Path directory) {
    }

    /** Nothing: files need no directory here. */
    @Override
    public void createDirectories(final Path directory) {
    }

    @Override
    public List<String> list(final Path directory) {
        return List.of();
    }

    private static StoreIoException missing(final Path path) {
        return new StoreIoException(ErrorText.what("a file in memory cannot be opened by name, or be durable")
            .where(path).expected("a file on disk").found("one in memory").todo("report this as a fault of Mapcask"));
    }

    private static final class MemoryFile implements StoreFile {
        private final NativeAccess nativeAccess;
        private volatile Path path;
        private volatile MemoryBlock block;

        MemoryFile(final NativeAccess nativeAccess, final Path path) {
            this.nativeAccess = nativeAccess;
            this.path = path;
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public void renamed(final Path newPath) {
            path = newPath;
        }

        @Override
        public long length() {
            return block == null ? 0 : block.length();
        }

        @Override
        public int read(final long fileOffset, final ByteBuffer directBuffer) {
            final int count = (int)Math.max(0, Math.min(directBuffer.remaining(), length() - fileOffset));
            if (count > 0) {
                block.buffer().getBytes((int)fileOffset, directBuffer, count);
            }
            return count;
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer directBuffer) {
            block.buffer().putBytes((int)fileOffset, directBuffer, directBuffer.remaining());
        }

        @Override
        public void allocate(final long length) {
            if (block != null) {
                throw new IllegalStateException("the length of a file in memory is given once: " + path);
            }
            block = nativeAccess.allocate(length);
        }

        /** Nothing: memory is not given back. */
        @Override
        public void allocateAgain(final long fileOffset, final long length) {
        }

        @Override
        public boolean punchHole(final long fileOffset, final long length) {
            return false;
        }

        /** Nothing: there is no disk. */
        @Override
        public void startWriteback(final long fileOffset, final long length) {
        }

        /** Nothing: there is no page cache. */
        @Override
        public void dropCached(final long fileOffset, final long length) {
        }

        /** Nothing: there is no disk. */
        @Override
        public void sync() {
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            return new MemoryMapping(path.toString(), new UnsafeBuffer(block.buffer(), 0, length));
        }

        @Override
        public void close() {
            if (block != null) {
                block.free();
            }
        }
    }

    /** All of it is present and stays so. */
    private record MemoryMapping(String description, UnsafeBuffer buffer) implements MappedFile {
        @Override
        public int length() {
            return buffer.capacity();
        }

        @Override
        public void advise(final int offset, final int length, final Advice advice) {
        }

        @Override
        public boolean prefault(final int offset, final int length) {
            return false;
        }

        @Override
        public void sync(final int offset, final int length) {
        }

        /** The memory goes with the file. */
        @Override
        public void unmap() {
            buffer.wrap(0L, 0);
        }
    }
}
