package org.mapcask.support;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.DurableFile;
import org.mapcask.io.FileOps;
import org.mapcask.nativeaccess.FileStamp;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.nativeaccess.Advice;

/**
 * A file system of one directory in byte arrays, for tests that need thousands of stores. What is written is there at
 * once, in files and mappings alike, as in the page cache of a kernel that goes on after its process was killed.
 * Thread-safe as far as the real one is.
 */
public final class MemoryFileOps implements FileOps {
    private static final class Content {
        volatile byte[] bytes = new byte[0];
    }

    private final Map<String, Content> files = new ConcurrentSkipListMap<>();
    private final AtomicInteger liveMappings = new AtomicInteger();
    private final AtomicInteger openFiles = new AtomicInteger();

    /** An empty directory. */
    public MemoryFileOps() {
    }

    /** A directory with these files; the arrays are copied. */
    public MemoryFileOps(final Map<String, byte[]> image) {
        image.forEach((name, bytes) -> put(name, bytes.clone()));
    }

    /** Makes or replaces a file; the array is used as it is. */
    public void put(final String name, final byte[] bytes) {
        final Content content = new Content();
        content.bytes = bytes;
        files.put(name, content);
    }

    /** Removes a file behind the back of everybody. */
    public void remove(final String name) {
        files.remove(name);
    }

    /** The bytes of a file themselves, not a copy. */
    public byte[] bytes(final String name) {
        return files.get(name).bytes;
    }

    /** A copy of all files. */
    public Map<String, byte[]> image() {
        final Map<String, byte[]> image = new TreeMap<>();
        files.forEach((name, content) -> image.put(name, content.bytes.clone()));
        return image;
    }

    /** Mappings that are not unmapped. */
    public int liveMappings() {
        return liveMappings.get();
    }

    /** Files that are not closed. */
    public int openFiles() {
        return openFiles.get();
    }

    @Override
    public StoreFile create(final Path path) {
        final Content content = new Content();
        if (files.putIfAbsent(name(path), content) != null) {
            throw failure("file exists", path);
        }
        return new MemoryFile(path, content);
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        return new MemoryFile(path, existing(path));
    }

    @Override
    public DurableFile createDurable(final Path path) {
        return new MemoryDurableFile(create(path));
    }

    @Override
    public DurableFile openDurable(final Path path) {
        return new MemoryDurableFile(open(path, true));
    }

    @Override
    public void rename(final Path from, final Path to) {
        files.put(name(to), existing(from));
        files.remove(name(from));
    }

    /** Equal as long as the contents are. */
    @Override
    public FileStamp stamp(final Path path) {
        final Content content = files.get(name(path));
        return content == null ? null : stampOf(content.bytes);
    }

    /** A stamp that tells one content from another, as a time of change does. */
    public static FileStamp stampOf(final byte[] bytes) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return new FileStamp(bytes.length, 1 + crc.getValue(), 1);
    }

    @Override
    public void delete(final Path path) {
        existing(path);
        files.remove(name(path));
    }

    @Override
    public void syncDirectory(final Path directory) {
    }

    @Override
    public void createDirectories(final Path directory) {
    }

    @Override
    public List<String> list(final Path directory) {
        return List.copyOf(files.keySet());
    }

    private static String name(final Path path) {
        return path.getFileName().toString();
    }

    private Content existing(final Path path) {
        final Content content = files.get(name(path));
        if (content == null) {
            throw failure("no such file", path);
        }
        return content;
    }

    private static StoreIoException failure(final String what, final Path path) {
        return new StoreIoException(ErrorText.what(what).where(path).todo("look at the test"));
    }

    private final class MemoryFile implements StoreFile {
        private volatile Path path;
        private final Content content;
        private final AtomicBoolean closed = new AtomicBoolean();

        MemoryFile(final Path path, final Content content) {
            this.path = path;
            this.content = content;
            openFiles.incrementAndGet();
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
            return content.bytes.length;
        }

        @Override
        public int read(final long fileOffset, final ByteBuffer directBuffer) {
            checkOpen();
            final byte[] bytes = content.bytes;
            final int count = (int)Math.max(0, Math.min(directBuffer.remaining(), bytes.length - fileOffset));
            if (count > 0) {
                directBuffer.put(bytes, (int)fileOffset, count);
            }
            return count;
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer directBuffer) {
            checkOpen();
            final int end = (int)fileOffset + directBuffer.remaining();
            if (end > content.bytes.length) {
                content.bytes = Arrays.copyOf(content.bytes, end);
            }
            directBuffer.get(content.bytes, (int)fileOffset, directBuffer.remaining());
        }

        @Override
        public void allocate(final long length) {
            checkOpen();
            if (length > content.bytes.length) {
                content.bytes = Arrays.copyOf(content.bytes, (int)length);
            }
        }

        @Override
        public void allocateAgain(final long fileOffset, final long length) {
            checkOpen();
        }

        @Override
        public boolean punchHole(final long fileOffset, final long length) {
            checkOpen();
            Arrays.fill(content.bytes, (int)fileOffset, (int)(fileOffset + length), (byte)0);
            return true;
        }

        @Override
        public void startWriteback(final long fileOffset, final long length) {
            checkOpen();
        }

        @Override
        public void dropCached(final long fileOffset, final long length) {
            checkOpen();
        }

        @Override
        public void sync() {
            checkOpen();
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            checkOpen();
            if (length > content.bytes.length) {
                throw failure("mapping beyond the end of the file", path);
            }
            return new MemoryMapping(path.toString(), content.bytes, length);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                openFiles.decrementAndGet();
            }
        }

        private void checkOpen() {
            if (closed.get()) {
                throw new IllegalStateException("file is closed: " + path);
            }
        }
    }

    /** What is written is there at once, so it is durable as far as anything here is. */
    private static final class MemoryDurableFile implements DurableFile {
        private final StoreFile file;

        MemoryDurableFile(final StoreFile file) {
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
            if (fileOffset % ALIGNMENT != 0 || alignedBuffer.remaining() % ALIGNMENT != 0 ||
                alignedBuffer.alignmentOffset(alignedBuffer.position(), ALIGNMENT) != 0) {
                throw new IllegalArgumentException("not aligned: offset " + fileOffset + ", " + alignedBuffer);
            }
            file.write(fileOffset, alignedBuffer);
        }

        @Override
        public String method() {
            return "memory";
        }

        @Override
        public void close() {
            file.close();
        }
    }

    private final class MemoryMapping implements MappedFile {
        private final String description;
        private final UnsafeBuffer buffer;
        private final int length;
        private final AtomicBoolean unmapped = new AtomicBoolean();

        MemoryMapping(final String description, final byte[] bytes, final int length) {
            this.description = description;
            this.buffer = new UnsafeBuffer(bytes, 0, length);
            this.length = length;
            liveMappings.incrementAndGet();
        }

        @Override
        public UnsafeBuffer buffer() {
            return buffer;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public String description() {
            return description;
        }

        @Override
        public void advise(final int offset, final int rangeLength, final Advice advice) {
            checkRange(offset, rangeLength);
        }

        @Override
        public boolean prefault(final int offset, final int rangeLength) {
            checkRange(offset, rangeLength);
            return true;
        }

        @Override
        public void sync(final int offset, final int rangeLength) {
            checkRange(offset, rangeLength);
        }

        @Override
        public void unmap() {
            if (unmapped.compareAndSet(false, true)) {
                buffer.wrap(new byte[0]);
                liveMappings.decrementAndGet();
            }
        }

        private void checkRange(final int offset, final int rangeLength) {
            if (unmapped.get()) {
                throw new IllegalStateException("mapping was unmapped: " + description);
            }
            if (offset < 0 || rangeLength < 0 || rangeLength > length - offset) {
                throw new IndexOutOfBoundsException(
                    "range " + offset + "+" + rangeLength + " of " + length + " bytes of " + description);
            }
        }
    }
}
