package org.mapcask.fault;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.DurableFile;
import org.mapcask.io.FileOps;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.support.ForwardingFiles;

/**
 * File operations that fail on demand: the k-th operation of some kinds, once or from then on. What fails has done
 * nothing; or, when told so, a write or a sync has done all of its work before it tells the failure. Counts what
 * passes, and remembers which syncs were asked for after one of the same file had failed. Thread-safe.
 */
public final class FaultingFileOps extends ForwardingFiles {
    /** Kinds of operations; the files of durable writes have their own. */
    public enum Operation {
        CREATE, OPEN, RENAME, LINK, DELETE, LIST, READ, WRITE, ALLOCATE, MAP, SYNC_FILE, SYNC_MAPPING, SYNC_DIRECTORY,
        DURABLE_CREATE, DURABLE_OPEN, DURABLE_WRITE;

        /** Those that change files or make changes durable. */
        public static final Set<Operation> CHANGING = Set.copyOf(EnumSet.of(CREATE, RENAME, LINK, DELETE, WRITE,
            ALLOCATE, SYNC_FILE, SYNC_MAPPING, SYNC_DIRECTORY, DURABLE_CREATE, DURABLE_WRITE));
        /** Those that make records or names durable. */
        public static final Set<Operation> SYNCING = Set.copyOf(
            EnumSet.of(SYNC_FILE, SYNC_MAPPING, SYNC_DIRECTORY, DURABLE_WRITE));

        /** Whether it can have done its work and yet fail. */
        boolean mayFailLate() {
            return SYNCING.contains(this) || this == WRITE;
        }
    }

    private final Map<Operation, Long> counts = new EnumMap<>(Operation.class);
    private final Set<Path> failedDirectories = new HashSet<>();
    private final List<String> repeatedSyncs = new ArrayList<>();
    private final List<String> repeatedDirectorySyncs = new ArrayList<>();
    private volatile boolean linking = true;
    private Set<Operation> kinds = Set.of();
    private long failFrom;
    private boolean forEver;
    private boolean late;
    private Function<String, MapcaskException> fault = FaultingFileOps::ioError;
    private long passed;
    private long failures;
    private long syncFailures;
    private String firstFailure;

    /** Lets everything through until told otherwise. */
    public FaultingFileOps(final FileOps inner) {
        super(inner);
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
        syncFailures = 0;
        firstFailure = null;
    }

    /** From now on a write or a sync that fails has done its work. */
    synchronized void failLate(final boolean newLate) {
        late = newLate;
    }

    /** Lets everything through again. */
    public synchronized void heal() {
        kinds = Set.of();
    }

    /** How many operations failed since the last order. */
    public synchronized long failures() {
        return failures;
    }

    /** Of these, the durable writes, and the syncs that failed for another reason than lack of room. */
    synchronized long syncFailures() {
        return syncFailures;
    }

    /** The first operation that failed since the last order, or null. */
    synchronized String firstFailure() {
        return firstFailure;
    }

    /** How many operations of a kind were asked for, whether they failed or not. */
    synchronized long count(final Operation operation) {
        return counts.getOrDefault(operation, 0L);
    }

    /** Syncs of an open file and durable writes to it that came after one had failed. */
    public synchronized List<String> repeatedSyncs() {
        return List.copyOf(repeatedSyncs);
    }

    /** Syncs of a directory that came after one had failed. */
    synchronized List<String> repeatedDirectorySyncs() {
        return List.copyOf(repeatedDirectorySyncs);
    }

    /** Tells that the process has ended, or the store was opened again: a directory may be synced again. */
    synchronized void forgetFailedDirectories() {
        failedDirectories.clear();
    }

    /** An error as a broken disk gives it. */
    public static MapcaskException ioError(final String what) {
        return new StoreIoException(ErrorText.what(what + " failed: EIO (injected)").todo("look at the test"));
    }

    /** An error as a full disk gives it. */
    public static MapcaskException noSpace(final String what) {
        return new StorageSpaceException(ErrorText.what(what + " failed: ENOSPC (injected)").todo("look at the test"));
    }

    /** What one open file, or its mappings, has gone through. */
    private static final class Trace {
        private boolean failed;
    }

    private void run(final Operation operation, final Object where, final Runnable work) {
        run(operation, where, new Trace(), work);
    }

    private void run(final Operation operation, final Object where, final Trace trace, final Runnable work) {
        final MapcaskException failure = before(operation, where, trace);
        if (failure == null) {
            work.run();
            return;
        }
        if (late && operation.mayFailLate()) {
            work.run();
        }
        throw failure;
    }

    private synchronized MapcaskException before(final Operation operation, final Object where, final Trace trace) {
        final String what = operation + " " + where;
        counts.merge(operation, 1L, Long::sum);
        final boolean directory = operation == Operation.SYNC_DIRECTORY;
        final boolean sync = Operation.SYNCING.contains(operation);
        if (sync && (directory ? failedDirectories.contains(where) : trace.failed)) {
            (directory ? repeatedDirectorySyncs : repeatedSyncs).add(what);
        }
        if (!kinds.contains(operation)) {
            return null;
        }
        passed++;
        if (passed != failFrom && !(forEver && passed > failFrom)) {
            return null;
        }
        failures++;
        trace.failed |= sync;
        if (directory) {
            failedDirectories.add((Path)where);
        }
        final String text = what + " (number " + passed + ")";
        firstFailure = firstFailure == null ? text : firstFailure;
        final MapcaskException failure = fault.apply(text);
        final boolean latching = operation == Operation.DURABLE_WRITE || !(failure instanceof StorageSpaceException);
        syncFailures += sync && latching ? 1 : 0;
        return failure;
    }

    @Override
    public StoreFile create(final Path path) {
        run(Operation.CREATE, path, () -> { });
        return new FaultingFile(super.create(path));
    }

    @Override
    public StoreFile open(final Path path, final boolean writable) {
        run(Operation.OPEN, path, () -> { });
        return new FaultingFile(super.open(path, writable));
    }

    @Override
    public DurableFile createDurable(final Path path) {
        run(Operation.DURABLE_CREATE, path, () -> { });
        return new FaultingDurable(super.createDurable(path));
    }

    @Override
    public DurableFile openDurable(final Path path) {
        run(Operation.DURABLE_OPEN, path, () -> { });
        return new FaultingDurable(super.openDurable(path));
    }

    @Override
    public void rename(final Path from, final Path to) {
        run(Operation.RENAME, from, () -> super.rename(from, to));
    }

    @Override
    public boolean link(final Path existing, final Path link) {
        final boolean[] linked = new boolean[1];
        run(Operation.LINK, link, () -> linked[0] = linking && super.link(existing, link));
        return linked[0];
    }

    /** From now on the file system has no links, as between two of them. */
    public void refuseLinks() {
        linking = false;
    }

    @Override
    public void delete(final Path path) {
        run(Operation.DELETE, path, () -> super.delete(path));
    }

    @Override
    public void syncDirectory(final Path directory) {
        run(Operation.SYNC_DIRECTORY, directory, () -> super.syncDirectory(directory));
    }

    @Override
    public List<String> list(final Path directory) {
        run(Operation.LIST, directory, () -> { });
        return super.list(directory);
    }

    private final class FaultingFile extends ForwardingFiles.File {
        private final Trace trace = new Trace();

        FaultingFile(final StoreFile file) {
            super(file);
        }

        @Override
        public int read(final long fileOffset, final ByteBuffer directBuffer) {
            run(Operation.READ, path(), () -> { });
            return super.read(fileOffset, directBuffer);
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer directBuffer) {
            run(Operation.WRITE, path(), () -> super.write(fileOffset, directBuffer));
        }

        @Override
        public void allocate(final long length) {
            run(Operation.ALLOCATE, path(), () -> super.allocate(length));
        }

        @Override
        public void clear(final long length) {
            run(Operation.ALLOCATE, path(), () -> super.clear(length));
        }

        @Override
        public void allocateAgain(final long fileOffset, final long length) {
            run(Operation.ALLOCATE, path(), () -> super.allocateAgain(fileOffset, length));
        }

        @Override
        public void allocateZeroed(final long length) {
            run(Operation.ALLOCATE, path(), () -> super.allocateZeroed(length));
        }

        @Override
        public void sync() {
            run(Operation.SYNC_FILE, path(), trace, super::sync);
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            run(Operation.MAP, path(), () -> { });
            return new FaultingMapping(super.map(length, writable), trace);
        }
    }

    private final class FaultingMapping extends ForwardingFiles.Mapping {
        private final Trace trace;

        FaultingMapping(final MappedFile mapping, final Trace trace) {
            super(mapping);
            this.trace = trace;
        }

        @Override
        public void sync(final int offset, final int length) {
            run(Operation.SYNC_MAPPING, description(), trace, () -> super.sync(offset, length));
        }
    }

    private final class FaultingDurable extends ForwardingFiles.Durable {
        private final Trace trace = new Trace();

        FaultingDurable(final DurableFile file) {
            super(file);
        }

        @Override
        public void write(final long fileOffset, final ByteBuffer alignedBuffer) {
            run(Operation.DURABLE_WRITE, path(), trace, () -> super.write(fileOffset, alignedBuffer));
        }
    }
}
