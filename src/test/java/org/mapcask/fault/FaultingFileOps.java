package org.mapcask.fault;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.DurableFile;
import org.mapcask.io.FileOps;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.nativeaccess.Advice;

/**
 * File operations that fail on demand: the k-th operation of some kinds, once or from then on. An operation that
 * fails does nothing. Counts what passes, and remembers which syncs were asked for after one had failed. Thread-safe.
 */
public final class FaultingFileOps implements FileOps {
    /** Kinds of operations. */
    public enum Operation {
        CREATE, OPEN, RENAME, LINK, DELETE, LIST, READ, WRITE, ALLOCATE, MAP, SYNC_FILE, SYNC_MAPPING, SYNC_DIRECTORY;

        /** Those that change files or make changes durable. */
        public static final Set<Operation> CHANGING = Set.copyOf(EnumSet.of(
            CREATE, RENAME, LINK, DELETE, WRITE, ALLOCATE, SYNC_FILE, SYNC_MAPPING, SYNC_DIRECTORY));
    }

    private final FileOps inner;
    private volatile boolean linking = true;
    private Set<Operation> kinds = Set.of();
    private long failFrom;
    private boolean forEver;
    private Function<String, MapcaskException> fault = FaultingFileOps::ioError;
    private long passed;
    private long failures;
    private final List<String> failedSyncs = new ArrayList<>();
    private final List<String> repeatedSyncs = new ArrayList<>();

    /** Lets everything through until told otherwise. */
    public FaultingFileOps(final FileOps inner) {
        this.inner = inner;
    }

    /** Makes the k-th of the following operations of these kinds fail, k from 1 on. */
    public synchronized void failAt(
        final Set<Operation> newKinds, final long k, final boolean andAllAfter,
        final Function<String, MapcaskException> newFault) {
        kinds = newKinds;
        failFrom = k;
        forEver = andAllAfter;
        fault = newFault;
        passed = 0;
        failures = 0;
    }

    /** Lets everything through again. */
    public synchronized void heal() {
        kinds = Set.of();
    }

    /** How many operations failed since the last order. */
    public synchronized long failures() {
        return failures;
    }

    /** Syncs of a file that came after one of the same file had failed. */
    public synchronized List<String> repeatedSyncs() {
        return List.copyOf(repeatedSyncs);
    }

    /** An error as a broken disk gives it. */
    public static MapcaskException ioError(final String what) {
        return new StoreIoException(ErrorText.what(what + " failed: EIO (injected)").todo("look at the test"));
    }

    private synchronized void before(final Operation operation, final Object where) {
        final String what = operation + " " + where;
        final boolean sync = operation == Operation.SYNC_FILE || operation == Operation.SYNC_MAPPING;
        if (sync && failedSyncs.contains(where.toString())) {
            repeatedSyncs.add(what);
        }
        if (!kinds.contains(operation)) {
            return;
        }
        passed++;
        if (passed == failFrom || forEver && passed > failFrom) {
            failures++;
            if (sync) {
                failedSyncs.add(where.toString());
            }
            throw fault.apply(what);
        }
    }

    @Override
    public StoreFile create(final Path path) {
        before(Operation.CREATE, path);
        return new FaultingFile(inner.create(path));
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        before(Operation.OPEN, path);
        return new FaultingFile(inner.open(path, writable));
    }

    @Override
    public DurableFile createDurable(final Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DurableFile openDurable(final Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void rename(final Path from, final Path to) {
        before(Operation.RENAME, from);
        inner.rename(from, to);
    }

    @Override
    public boolean link(final Path existing, final Path link) {
        before(Operation.LINK, link);
        return linking && inner.link(existing, link);
    }

    /** From now on the file system has no links, as between two of them. */
    public void refuseLinks() {
        linking = false;
    }

    @Override
    public void delete(final Path path) {
        before(Operation.DELETE, path);
        inner.delete(path);
    }

    @Override
    public void syncDirectory(final Path directory) {
        before(Operation.SYNC_DIRECTORY, directory);
        inner.syncDirectory(directory);
    }

    @Override
    public void createDirectories(final Path directory) {
        inner.createDirectories(directory);
    }

    @Override
    public List<String> list(final Path directory) {
        before(Operation.LIST, directory);
        return inner.list(directory);
    }

    private final class FaultingFile implements StoreFile {
        private final StoreFile file;

        FaultingFile(final StoreFile file) {
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
            before(Operation.READ, path());
            return file.read(fileOffset, directBuffer);
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer directBuffer) {
            before(Operation.WRITE, path());
            file.write(fileOffset, directBuffer);
        }

        @Override
        public void allocate(final long length) {
            before(Operation.ALLOCATE, path());
            file.allocate(length);
        }

        @Override
        public boolean punchHole(final long fileOffset, final long length) {
            return file.punchHole(fileOffset, length);
        }

        @Override
        public void startWriteback(final long fileOffset, final long length) {
            file.startWriteback(fileOffset, length);
        }

        @Override
        public void dropCached(final long fileOffset, final long length) {
            file.dropCached(fileOffset, length);
        }

        @Override
        public void sync() {
            before(Operation.SYNC_FILE, path());
            file.sync();
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            before(Operation.MAP, path());
            return new FaultingMapping(file.map(length, writable));
        }

        @Override
        public void close() {
            file.close();
        }
    }

    private final class FaultingMapping implements MappedFile {
        private final MappedFile mapping;

        FaultingMapping(final MappedFile mapping) {
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
        public void advise(final int offset, final int rangeLength, final Advice advice) {
            mapping.advise(offset, rangeLength, advice);
        }

        @Override
        public boolean prefault(final int offset, final int rangeLength) {
            return mapping.prefault(offset, rangeLength);
        }

        @Override
        public void sync(final int offset, final int rangeLength) {
            before(Operation.SYNC_MAPPING, mapping.description());
            mapping.sync(offset, rangeLength);
        }

        @Override
        public void unmap() {
            mapping.unmap();
        }
    }
}
