package org.mapcask.support;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.io.DurableFile;
import org.mapcask.io.FileOps;
import org.mapcask.nativeaccess.FileStamp;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.nativeaccess.Advice;

/**
 * File operations that pass everything on to others, for tests that change or watch a few of them: a subclass overrides
 * what it wants, and puts its own subclasses of the nested ones around files and mappings.
 */
public class ForwardingFiles implements FileOps {
    private final FileOps inner;

    /** Passes on to these. */
    public ForwardingFiles(final FileOps inner) {
        this.inner = inner;
    }

    @Override
    public StoreFile create(final Path path) {
        return inner.create(path);
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        return inner.open(path, writable);
    }

    @Override
    public DurableFile createDurable(final Path path) {
        return inner.createDurable(path);
    }

    @Override
    public DurableFile openDurable(final Path path) {
        return inner.openDurable(path);
    }

    @Override
    public void rename(final Path from, final Path to) {
        inner.rename(from, to);
    }

    @Override
    public boolean link(final Path existing, final Path link) {
        return inner.link(existing, link);
    }

    @Override
    public int links(final Path path) {
        return inner.links(path);
    }

    @Override
    public FileStamp stamp(final Path path) {
        return inner.stamp(path);
    }

    @Override
    public void delete(final Path path) {
        inner.delete(path);
    }

    @Override
    public void syncDirectory(final Path directory) {
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

    /** A file that passes everything on. */
    public static class File implements StoreFile {
        private final StoreFile inner;

        /** Passes on to this one. */
        public File(final StoreFile inner) {
            this.inner = inner;
        }

        @Override
        public Path path() {
            return inner.path();
        }

        @Override
        public void renamed(final Path newPath) {
            inner.renamed(newPath);
        }

        @Override
        public long length() {
            return inner.length();
        }

        @Override
        public int read(final long fileOffset, final ByteBuffer directBuffer) {
            return inner.read(fileOffset, directBuffer);
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer directBuffer) {
            inner.write(fileOffset, directBuffer);
        }

        @Override
        public void allocate(final long length) {
            inner.allocate(length);
        }

        @Override
        public void allocateZeroed(final long length) {
            inner.allocateZeroed(length);
        }

        @Override
        public void clear(final long length) {
            inner.clear(length);
        }

        @Override
        public void allocateAgain(final long fileOffset, final long length) {
            inner.allocateAgain(fileOffset, length);
        }

        @Override
        public boolean punchHole(final long fileOffset, final long length) {
            return inner.punchHole(fileOffset, length);
        }

        @Override
        public void startWriteback(final long fileOffset, final long length) {
            inner.startWriteback(fileOffset, length);
        }

        @Override
        public void readAhead(final long fileOffset, final long length) {
            inner.readAhead(fileOffset, length);
        }

        @Override
        public void dropCached(final long fileOffset, final long length) {
            inner.dropCached(fileOffset, length);
        }

        @Override
        public void sync() {
            inner.sync();
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            return inner.map(length, writable);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    /** A mapping that passes everything on. */
    public static class Mapping implements MappedFile {
        private final MappedFile inner;

        /** Passes on to this one. */
        public Mapping(final MappedFile inner) {
            this.inner = inner;
        }

        @Override
        public UnsafeBuffer buffer() {
            return inner.buffer();
        }

        @Override
        public int length() {
            return inner.length();
        }

        @Override
        public String description() {
            return inner.description();
        }

        @Override
        public void advise(final int offset, final int length, final Advice advice) {
            inner.advise(offset, length, advice);
        }

        @Override
        public boolean prefault(final int offset, final int length) {
            return inner.prefault(offset, length);
        }

        @Override
        public void sync(final int offset, final int length) {
            inner.sync(offset, length);
        }

        @Override
        public void unmap() {
            inner.unmap();
        }
    }

    /** A file of durable writes that passes everything on. */
    public static class Durable implements DurableFile {
        private final DurableFile inner;

        /** Passes on to this one. */
        public Durable(final DurableFile inner) {
            this.inner = inner;
        }

        @Override
        public Path path() {
            return inner.path();
        }

        @Override
        public long length() {
            return inner.length();
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer alignedBuffer) {
            inner.write(fileOffset, alignedBuffer);
        }

        @Override
        public String method() {
            return inner.method();
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
