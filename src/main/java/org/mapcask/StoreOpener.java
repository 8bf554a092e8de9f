package org.mapcask;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.engine.Engine;
import org.mapcask.engine.EngineSettings;
import org.mapcask.engine.WalMaker;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.DurableFile;
import org.mapcask.io.StoreLock;
import org.mapcask.io.SystemFileOps;
import org.mapcask.keydir.NativeChunkAllocator;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.recovery.ProgressListener;
import org.mapcask.recovery.Recovery;
import org.mapcask.recovery.RecoveryReport;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.recovery.Verifier;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.segment.Log;
import org.mapcask.sync.SyncPolicy;
import org.mapcask.wal.Wal;
import org.mapcask.wal.WalFileNames;
import org.mapcask.wal.WalSettings;
import org.mapcask.wal.WalStats;

/**
 * Puts a store together: lock, recovery, engine; and takes it apart again if one of them fails. Static and stateless.
 */
final class StoreOpener {
    /** An open store with everything that has to be closed. */
    record Opened(
        Path directory, Engine engine, StoreLock lock, RecoveryReport report, String storeId, boolean readOnly,
        String nativeMode, Durable durable, Merging merging, long keydirMemory)
        implements AutoCloseable {
        /** The lock must not go before the engine: a second thread that closes waits for the first. */
        @Override
        public synchronized void close() {
            try {
                merging.close();
                engine.close();
            } finally {
                lock.release();
            }
        }
    }

    /**
     * How writes are made durable, in words.
     *
     * @param walFound what there is of a write-ahead log that nobody writes.
     */
    record Durable(String policy, String syncMethod, String segmentFill, WalStats walFound) {
    }

    private static final WalStats NO_WAL = new WalStats(null, 0, 0, 0, 0, 0);
    private static final ProgressListener SILENT = (phase, done, total) -> {
    };

    private StoreOpener() {
    }

    static Opened open(final Path directory, final MapcaskOptions options) {
        Arguments.requirePresent("directory", directory);
        Arguments.requirePresent("options", options);
        final NativeAccess nativeAccess = nativeAccess();
        final SystemFileOps files = new SystemFileOps(nativeAccess, options.syncMethod());
        prepareDirectory(directory, options, files);
        final boolean writable = !options.readOnly();
        final StoreLock lock = writable ? StoreLock.acquire(directory) : StoreLock.acquireReadOnly(directory);
        try (Recovery recovery = new Recovery(recoverySettings(directory, options, files, nativeAccess))) {
            final Log log = recovery.run();
            final RecoveryReport report = recovery.report();
            final boolean readOnly = !writable || !report.damages().isEmpty();
            if (log.table().count() == 0 && report.damages().isEmpty() && !options.createIfMissing()) {
                throw noStore(directory);
            }
            final long startNs = System.nanoTime();
            final Durable durable = durable(directory, options, files, readOnly);
            final Engine engine = new Engine(engineSettings(directory, options, !readOnly), log, recovery.keydir(),
                log.recordBytes(), true, isWalWanted(options) ? walMaker(files, directory, options, log) : null,
                recovery.checkpoints(), report.bytes());
            recovery.handOver();
            final Merging merging = Merging.start(engine, options.merging(), storeName(directory));
            return new Opened(directory, engine, lock, report.withPhase("start", (System.nanoTime() - startNs) / 1000),
                log.identity().id(), readOnly, nativeAccess.mode(), durable, merging,
                readOnly ? Long.MAX_VALUE : options.keydir().memory());
        } catch (final RuntimeException | Error ex) {
            lock.release();
            throw ex;
        }
    }

    private static boolean isWalWanted(final MapcaskOptions options) {
        return options.syncEveryWrite() && options.wal() && !options.readOnly();
    }

    private static boolean isZeroed(final MapcaskOptions options) {
        return options.segmentFill() == SegmentFill.ZERO ||
            options.segmentFill() == SegmentFill.AUTO && options.syncEveryWrite() && !options.wal();
    }

    /** The engine has it made when the segments are durable, and owns it then. */
    private static WalMaker walMaker(
        final SystemFileOps files, final Path directory, final MapcaskOptions options, final Log log) {
        return (segments, latch) -> new Wal(new WalSettings(files, directory, log.identity().idHigh(),
            log.identity().idLow(), options.walLength(), latch), segments);
    }

    private static Durable durable(
        final Path directory, final MapcaskOptions options, final SystemFileOps files, final boolean readOnly) {
        final SyncPolicy policy = syncPolicy(options);
        final String when = readOnly ? "read only" : policy.everyWrite() ? "every write" :
            policy.equals(SyncPolicy.NONE) ? "on demand" :
            "every " + policy.bytes() + " bytes, every " + options.syncIntervalMs() + " ms (0 is never)";
        return new Durable(when, options.syncMethod().name().toLowerCase(Locale.ROOT),
            isZeroed(options) ? "zero" : "allocate", readOnly ? walFound(directory, files) : NO_WAL);
    }

    /** What a reader can tell of a write-ahead log without writing: its length, and how it would be written. */
    private static WalStats walFound(final Path directory, final SystemFileOps files) {
        String method = null;
        long length = 0;
        for (final String name : files.list(directory)) {
            if (WalFileNames.isWal(name)) {
                try (DurableFile file = files.openDurable(directory.resolve(name))) {
                    method = file.method();
                    length += file.length();
                } catch (final MapcaskException ex) {
                    method = "not known, a file cannot be opened for writing";
                }
            }
        }
        return new WalStats(method, length, 0, 0, 0, 0);
    }

    static VerifyReport verify(final Path directory, final ProgressListener progress) {
        Arguments.requirePresent("directory", directory);
        Arguments.requirePresent("progress", progress);
        if (!Files.isDirectory(directory)) {
            throw noStore(directory);
        }
        final NativeAccess nativeAccess = nativeAccess();
        final StoreLock lock = StoreLock.acquireReadOnly(directory);
        try {
            final VerifyReport report = Verifier.verify(new RecoverySettings(new SystemFileOps(nativeAccess), directory,
                new NativeChunkAllocator(nativeAccess), false, true, false, 0, progress));
            if (report.segments() == 0 && report.sound()) {
                throw noStore(directory);
            }
            return report;
        } finally {
            lock.release();
        }
    }

    /** The first use of an Agrona buffer fails in a JVM that was started without the flag that Agrona needs. */
    private static NativeAccess nativeAccess() {
        try {
            new UnsafeBuffer(new byte[Long.BYTES]).getLong(0);
        } catch (final IllegalAccessError | ExceptionInInitializerError | NoClassDefFoundError ex) {
            throw new MapcaskException(ErrorText.what("Agrona may not use memory outside of the heap in this JVM")
                .where("JDK " + Runtime.version().feature() + " in " + System.getProperty("java.home"))
                .expected("the flag --add-opens java.base/jdk.internal.misc=ALL-UNNAMED").found(ex)
                .todo("add this flag to the command line of java"), ex);
        }
        return NativeAccess.get();
    }

    private static void prepareDirectory(final Path directory, final MapcaskOptions options,
        final SystemFileOps files) {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (Files.exists(directory)) {
            throw new ForeignFileException(ErrorText.what("the path of the store is not a directory").where(directory)
                .expected("a directory").found("a file").todo("name another path, or move the file elsewhere"));
        }
        if (!options.createIfMissing()) {
            throw noStore(directory);
        }
        files.createDirectories(directory);
    }

    private static StoreIoException noStore(final Path directory) {
        return new StoreIoException(ErrorText.what("there is no store").where(directory)
            .expected("a directory with segments")
            .found(Files.isDirectory(directory) ? "none in it" : "no such directory")
            .todo("check the path, or write to it first: that makes the store"));
    }

    private static RecoverySettings recoverySettings(
        final Path directory, final MapcaskOptions options, final SystemFileOps files,
        final NativeAccess nativeAccess) {
        return new RecoverySettings(files, directory, new NativeChunkAllocator(nativeAccess), !options.readOnly(),
            isWalWanted(options), options.salvageReadOnly(), options.sealedRead() == SealedRead.MAPPED,
            options.mappedSegmentsMax(),
            options.recoveryProgress() == null ? SILENT : options.recoveryProgress(), options.clock(), true,
            options.keydir().memory());
    }

    private static String storeName(final Path directory) {
        return String.valueOf(directory.toAbsolutePath().getFileName());
    }

    private static SyncPolicy syncPolicy(final MapcaskOptions options) {
        return new SyncPolicy(options.syncBytes(), TimeUnit.MILLISECONDS.toNanos(options.syncIntervalMs()),
            options.syncEveryWrite());
    }

    private static EngineSettings engineSettings(final Path directory, final MapcaskOptions options,
        final boolean writable) {
        return new EngineSettings(options.segmentLength(), options.readVerify(), options.prefaultWindow(),
            options.sealedRead() == SealedRead.MAPPED, options.mappedSegmentsMax(), syncPolicy(options), writable,
            storeName(directory), isZeroed(options), options.writebackStep(), options.clock(),
            options.keydir().checkpointBytes(),
            TimeUnit.MILLISECONDS.toNanos(options.keydir().checkpointIntervalMs()), options.keydir().hintBytes(),
            options.hugeSegments());
    }
}
