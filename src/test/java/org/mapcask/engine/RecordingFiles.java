package org.mapcask.engine;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.mapcask.io.DurableFile;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.io.SystemFileOps;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.support.ForwardingFiles;

/**
 * Real files that note what is done to them, as {@code verb file}, and ask a hook before each of those, which may wait
 * or throw. Files are known by the number of their making: 1, 2, 3 … Thread-safe.
 */
final class RecordingFiles extends ForwardingFiles {
    /** What was done, in order. */
    final List<String> events = new CopyOnWriteArrayList<>();

    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private volatile Consumer<String> hook = event -> {
    };
    private int created;

    RecordingFiles() {
        super(new SystemFileOps());
    }

    /** Sets what is asked before each event; it runs in the thread that does it. */
    void before(final Consumer<String> newHook) {
        hook = newHook;
    }

    /** How many events are this one. */
    long count(final String event) {
        return events.stream().filter(event::equals).count();
    }

    /** The number of the making of a segment; segments that are made side by side may be taken in another order. */
    int numberOf(final Segment segment) {
        return numbers.get(SegmentFileNames.temporary(segment.id()));
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
        numbers.put(path.getFileName().toString(), number);
        note("create " + number);
        return new File(number, super.create(path));
    }

    @Override
    public DurableFile createDurable(final Path path) {
        return new Durable(super.createDurable(path));
    }

    @Override
    public DurableFile openDurable(final Path path) {
        return new Durable(super.openDurable(path));
    }

    /** A file of the write-ahead log; known by no number. */
    private final class Durable extends ForwardingFiles.Durable {
        Durable(final DurableFile file) {
            super(file);
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer alignedBuffer) {
            note("wal write");
            super.write(fileOffset, alignedBuffer);
        }
    }

    private final class File extends ForwardingFiles.File {
        private final int number;
        private boolean made;

        File(final int number, final StoreFile file) {
            super(file);
            this.number = number;
        }

        @Override
        public boolean punchHole(final long fileOffset, final long length) {
            note("punch " + number);
            return super.punchHole(fileOffset, length);
        }

        @Override
        public void startWriteback(final long fileOffset, final long length) {
            note("writeback " + number + " " + fileOffset + "+" + length);
            super.startWriteback(fileOffset, length);
        }

        /** The first sync belongs to the making of the file. */
        @Override
        public void sync() {
            if (made) {
                note("sync " + number);
            }
            made = true;
            super.sync();
        }

        /** The hook is asked, but no note is made: there may be very many. */
        @Override
        public int read(final long fileOffset, final ByteBuffer directBuffer) {
            hook.accept("read " + number);
            return super.read(fileOffset, directBuffer);
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            return new Mapping(number, super.map(length, writable));
        }
    }

    private final class Mapping extends ForwardingFiles.Mapping {
        private final int number;

        Mapping(final int number, final MappedFile mapping) {
            super(mapping);
            this.number = number;
        }

        @Override
        public boolean prefault(final int offset, final int length) {
            note("prefault " + number);
            return super.prefault(offset, length);
        }

        @Override
        public void sync(final int offset, final int length) {
            note("msync " + number);
            super.sync(offset, length);
        }

        @Override
        public void unmap() {
            note("unmap " + number);
            super.unmap();
        }
    }
}
