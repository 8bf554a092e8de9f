package org.mapcask.engine;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.io.DurableFile;
import org.mapcask.io.FileOps;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.io.SystemFileOps;
import org.mapcask.nativeaccess.Advice;

/**
 * Real files that note what is done to them, as {@code verb file}, and ask a hook before each of those, which may wait
 * or throw. Files are known by the number of their making: 1, 2, 3 … Thread-safe.
 */
final class RecordingFiles implements FileOps {
    /** What was done, in order. */
    final List<String> events = new CopyOnWriteArrayList<>();

    private final SystemFileOps files = new SystemFileOps();
    private volatile Consumer<String> hook = event -> {
    };
    private int created;

    /** Sets what is asked before each event; it runs in the thread that does it. */
    void before(final Consumer<String> newHook) {
        hook = newHook;
    }

    /** How many events are this one. */
    long count(final String event) {
        return events.stream().filter(event::equals).count();
    }

    private void note(final String event) {
        hook.accept(event);
        events.add(event);
    }

    @Override
    public StoreFile create(final Path path) {
        final int number;
        synchronized (this) {
            number = ++created;
        }
        note("create " + number);
        return new File(number, files.create(path));
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        return files.open(path, writable);
    }

    @Override
    public DurableFile createDurable(final Path path) {
        return new Durable(files.createDurable(path));
    }

    @Override
    public DurableFile openDurable(final Path path) {
        return new Durable(files.openDurable(path));
    }

    @Override
    public void rename(final Path from, final Path to) {
        files.rename(from, to);
    }

    @Override
    public void delete(final Path path) {
        files.delete(path);
    }

    @Override
    public void syncDirectory(final Path directory) {
        files.syncDirectory(directory);
    }

    @Override
    public void createDirectories(final Path directory) {
        files.createDirectories(directory);
    }

    @Override
    public List<String> list(final Path directory) {
        return files.list(directory);
    }

    /** A file of the write-ahead log; known by no number. */
    private final class Durable implements DurableFile {
        private final DurableFile file;

        Durable(final DurableFile file) {
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
            note("wal write");
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

    private final class File implements StoreFile {
        private final int number;
        private final StoreFile file;
        private boolean made;

        File(final int number, final StoreFile file) {
            this.number = number;
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
        public int read(final long fileOffset, final ByteBuffer directBuffer) {
            return file.read(fileOffset, directBuffer);
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer directBuffer) {
            file.write(fileOffset, directBuffer);
        }

        @Override
        public void allocate(final long length) {
            file.allocate(length);
        }

        @Override
        public boolean punchHole(final long fileOffset, final long length) {
            note("punch " + number);
            return file.punchHole(fileOffset, length);
        }

        @Override
        public void startWriteback(final long fileOffset, final long length) {
            note("writeback " + number + " " + fileOffset + "+" + length);
            file.startWriteback(fileOffset, length);
        }

        @Override
        public void dropCached(final long fileOffset, final long length) {
            file.dropCached(fileOffset, length);
        }

        /** The first sync belongs to the making of the file. */
        @Override
        public void sync() {
            if (made) {
                note("sync " + number);
            }
            made = true;
            file.sync();
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            return new Mapping(number, file.map(length, writable));
        }

        @Override
        public void close() {
            file.close();
        }
    }

    private final class Mapping implements MappedFile {
        private final int number;
        private final MappedFile mapping;

        Mapping(final int number, final MappedFile mapping) {
            this.number = number;
            this.mapping = mapping;
        }

        @Override
        public UnsafeBuffer buffer() {
            return mapping.buffer();
        }

        @Override
        public int length() {
            return mapping.length();
        }

        @Override
        public String description() {
            return mapping.description();
        }

        @Override
        public void advise(final int offset, final int length, final Advice advice) {
            mapping.advise(offset, length, advice);
        }

        @Override
        public boolean prefault(final int offset, final int length) {
            note("prefault " + number);
            return mapping.prefault(offset, length);
        }

        @Override
        public void sync(final int offset, final int length) {
            note("msync " + number);
            mapping.sync(offset, length);
        }

        @Override
        public void unmap() {
            note("unmap " + number);
            mapping.unmap();
        }
    }
}
