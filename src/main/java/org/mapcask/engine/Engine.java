package org.mapcask.engine;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.mapcask.checkpoint.CheckpointFiles;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.ReadOnlyStoreException;
import org.mapcask.errors.StoreClosedException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.Log;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.Segment;

/**
 * The running store: log, keydir, writers, readers and the background threads together. Owns the segments and the
 * keydir and frees them in {@link #close()}, after every call that was under way has ended; a later call finds the
 * store closed before it touches anything.
 * <p>
 * Thread-safe. Every operation takes place inside a context of {@link #enter()}.
 */
public final class Engine implements AutoCloseable {
    /** The answer when there is no such key. */
    public static final int NOT_FOUND = -1;

    private static final System.Logger LOGGER = System.getLogger(Engine.class.getName());

    private final boolean inBackground;
    private final EngineSettings settings;
    private final Log log;
    private final Keydir keydir;
    private final ContextPool contexts;
    private final FailStop failStop = new FailStop();
    private final InstallGate gate = new InstallGate();
    private final LogSync sync;
    private final SegmentSupply supply;
    private final Leases leases = new Leases();
    private final Retirement retirement;
    private final MergeAccess merging;
    private final Iteration iteration;
    private final EngineFigures figures;
    private final Housekeeper housekeeper;
    private final CheckpointFiles checkpointFiles;
    private final Checkpoints checkpoints;
    private final WritePath writePath;
    private final ReadPath readPath;
    private final ReentrantLock closing = new ReentrantLock();
    private volatile boolean closed;

    /**
     * Starts the engine on a recovered log.
     *
     * @param recoveredLogBytes bytes of records in that log, for the statistics.
     * @param inBackground      whether a thread does the background work; otherwise it is done only when {@link
     *                          #housekeep()} is called, so that one thread determines everything that happens.
     */
    public Engine(
        final EngineSettings settings, final Log log, final Keydir keydir, final long recoveredLogBytes,
        final boolean inBackground) {
        this(settings, log, keydir, recoveredLogBytes, inBackground, null);
    }

    /**
     * Starts the engine on a recovered log.
     *
     * @param walMaker makes the write-ahead log that commits go through, and which the engine then owns; null to sync
     *                 the segments instead.
     */
    public Engine(
        final EngineSettings settings, final Log log, final Keydir keydir, final long recoveredLogBytes,
        final boolean inBackground, final WalMaker walMaker) {
        this(settings, log, keydir, recoveredLogBytes, inBackground, walMaker, null, 0);
    }

    /**
     * Starts the engine on a recovered log.
     *
     * @param files         for checkpoints, which the engine then owns; null to make none.
     * @param replayedBytes of the log behind the last checkpoint.
     */
    public Engine(
        final EngineSettings settings, final Log log, final Keydir keydir, final long recoveredLogBytes,
        final boolean inBackground, final WalMaker walMaker, final CheckpointFiles files, final long replayedBytes) {
        this.inBackground = inBackground;
        this.settings = settings;
        this.log = log;
        this.keydir = keydir;
        contexts = new ContextPool(log.table(), settings.verifyReads(), settings.clock());
        final HugePages hugePages = new HugePages(settings.hugeSegments());
        sync = new LogSync(
            failStop, log.durableSequence(), contexts, helpers("seal", Segment.SEALED_TOGETHER_MAX),
            hugePages);
        log.factory().onFailedSync(failStop::latch);
        supply = new SegmentSupply(
            log.table(), log.factory(), settings, failStop, helpers("supply", 2 * SegmentSupply.SPARES_MAX),
            hugePages);
        retirement = new Retirement(log.factory(), contexts, leases, supply::keepLength);
        housekeeper = new Housekeeper(settings, log.table(), keydir, supply, sync, contexts, retirement);
        checkpointFiles = files;
        checkpoints = files == null || !settings.writable() ? null :
            new Checkpoints(settings, log, keydir, files, replayedBytes, failStop, retirement,
                new Hints(settings, log, files, contexts, failStop));
        writePath = settings.writable() ?
            new WriteStart(log, sync, failStop, housekeeper).start(() -> new WritePath(settings, log, keydir, supply,
            sync, failStop, housekeeper::signal, gate, contexts), walMaker, inBackground) : null;
        merging = writePath == null ? null : new MergeAccess(
            log, keydir, contexts, sync, failStop, retirement, writePath, housekeeper::signalBehind,
            settings.clock(), checkpoints);
        final ExactKeydir exact =
            writePath == null ? new ExactKeydir(keydir, contexts, new ReentrantLock()) : writePath.exact();
        readPath = new ReadPath(log.identity().hashSeed(), keydir, gate, exact.lock());
        keydir.deferred().guardBy(exact.lock());
        if (checkpoints != null) {
            checkpoints.start(writePath, inBackground ? housekeeper::once : null);
        }
        figures = new EngineFigures(log, keydir, contexts, sync, supply, failStop, merging, writePath, checkpoints,
            gate, exact, recoveredLogBytes);
        iteration = new Iteration(log, keydir, contexts, leases, gate, exact, this::checkOpen);
        if (writePath == null) {
            housekeeper.startReading(inBackground);
        }
    }

    private HelperThreads helpers(final String work, final int max) {
        return inBackground ? new HelperThreads("mapcask-" + work + "-" + settings.name(), max) : null;
    }

    /**
     * Begins a call.
     *
     * @return a context of the calling thread, to be left with {@link ReadContext#exit()}.
     * @throws StoreClosedException when the store is closed.
     */
    public ReadContext enter() {
        final ReadContext context = contexts.enter();
        checkOpen(context);
        return context;
    }

    private void checkOpen(final ReadContext context) {
        if (closed) {
            context.exit();
            throw new StoreClosedException(ErrorText.what("the store is closed").where(settings.name())
                .expected("an open store").found("close() was called").todo("open the directory again"));
        }
    }

    /** As {@link ReadPath#get}. */
    public int get(
        final ReadContext context, final DirectBuffer key, final int keyOffset, final int keyLength,
        final MutableDirectBuffer destination, final int destinationOffset, final int destinationLength) {
        return readPath.get(
            context, key, keyOffset, keyLength, destination, destinationOffset, destinationLength);
    }

    /** As {@link ReadPath#locate}. */
    public boolean locate(final ReadContext context, final DirectBuffer key, final int keyOffset, final int keyLength) {
        return readPath.locate(context, key, keyOffset, keyLength);
    }

    /** As {@link ReadPath#locateHead}. */
    public boolean locateHead(
        final ReadContext context, final DirectBuffer key, final int keyOffset, final int keyLength) {
        return readPath.locateHead(context, key, keyOffset, keyLength);
    }

    /** Writes a value without an expiry, or removes a key when {@code value} is null, if the condition holds. */
    public boolean write(
        final ReadContext context, final Condition condition,
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength) {
        return write(context, condition, key, keyOffset, keyLength, value, valueOffset, valueLength,
            RecordDescriptor.EXPIRY_NEVER, expected, expectedOffset, expectedLength);
    }

    /**
     * Writes a value, or removes a key when {@code value} is null, if the condition holds.
     *
     * @param expiry in milliseconds since 1970, or {@link RecordDescriptor#EXPIRY_NEVER}.
     * @return whether the condition held; for a delete, whether the key was there.
     */
    public boolean write(
        final ReadContext context, final Condition condition,
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength, final long expiry,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength) {
        requireWritable();
        context.written(0, false);
        final boolean held = writePath.write(context, condition, key, keyOffset, keyLength, value, valueOffset,
            valueLength, expiry, expected, expectedOffset, expectedLength);
        if (context.writtenSequence() != 0) {
            syncIfEveryWrite(context);
        }
        return held;
    }

    private void syncIfEveryWrite(final ReadContext context) {
        if (settings.syncPolicy().everyWrite()) {
            commit(context);
        }
    }

    private void commit(final ReadContext context) {
        writePath.commits().commit(context.writtenSequence(), context.writtenStaged());
    }

    /**
     * Waits until what the call did is durable.
     *
     * @param written whether it wrote anything; otherwise everything written before has to be durable.
     */
    public void makeDurable(final ReadContext context, final boolean written) {
        requireWritable();
        if (!written || context.writtenSequence() == 0) {
            writePath.commits().commitAll();
        } else if (!settings.syncPolicy().everyWrite()) {
            commit(context);
        }
    }

    /** Writes a batch, all of it or nothing. */
    public void write(final ReadContext context, final BatchEntries batch) {
        requireWritable();
        writePath.write(context, batch);
        syncIfEveryWrite(context);
    }

    private void requireWritable() {
        requireWritable("a write");
    }

    private void requireWritable(final String wanted) {
        if (writePath == null) {
            throw new ReadOnlyStoreException(ErrorText.what("the store is open for reading only").where(settings.name())
                .expected("readOnly=false and an undamaged store").found(wanted).todo("open it for writing"));
        }
    }

    /** Takes records, inside of {@link #forEach}. */
    public interface RecordVisitor {
        /** A checked record; the reader tells where key and value are in it. */
        void onRecord(DirectBuffer record, RecordReader reader);
    }

    /** Takes what is left of records that cannot be read, inside of {@link #forEach}. */
    public interface FailureVisitor {
        /**
         * A key whose record cannot be read.
         *
         * @param file    name of the segment.
         * @param offset  of the record in it.
         * @param key     of the record, if that much of it is sound, else null.
         * @param failure a {@link CorruptionException} or {@link StoreIoException}.
         */
        void onUnreadable(String file, long offset, byte[] key, MapcaskException failure);
    }

    /** As {@link #forEach(RecordVisitor, FailureVisitor)}; ends with an exception at a record that cannot be read. */
    public void forEach(final RecordVisitor visitor) {
        forEach(visitor, null);
    }

    /**
     * Visits the record of every key that has not expired, in no order. A key that is there all the time comes exactly
     * once, with a value that it had meanwhile. The visitors run outside of any context: they may call the store, and
     * take their time.
     *
     * @param failures told about records that cannot be read, which are passed over; null to end at the first.
     */
    public void forEach(final RecordVisitor visitor, final FailureVisitor failures) {
        iteration.run(visitor, failures);
    }

    /** Makes everything that was acknowledged so far durable. */
    public void sync() {
        final ReadContext context = enter();
        try {
            if (writePath != null) {
                writePath.commits().commitAll();
            }
        } finally {
            context.exit();
        }
    }

    /**
     * Does the background work that is there now, in the calling thread; only for an engine that was started without
     * a thread for it.
     */
    public void housekeep() {
        if (inBackground) {
            throw new IllegalStateException("this engine has a thread for its background work");
        }
        final ReadContext context = enter();
        context.exit();
        if (writePath != null) {
            housekeeper.round();
            if (checkpoints != null) {
                checkpoints.round();
            }
        }
    }

    /** Number of keys, those included that have expired. */
    public long size() {
        final ReadContext context = enter();
        try {
            return figures.keys();
        } finally {
            context.exit();
        }
    }

    /**
     * Ends the log for a moment, and holds what it consists of by then, sealed and durable; for a backup.
     *
     * @return to be closed.
     */
    public LogCut cut() {
        final ReadContext context = enter();
        try {
            requireWritable("a backup");
            return LogCut.make(this, log, keydir, writePath, sync, retirement, leases);
        } finally {
            context.exit();
        }
    }

    /** Does something soon in a thread of the engine, and again if it fails; before {@link #close()}, or never. */
    public void once(final Runnable errand) {
        housekeeper.once(errand);
    }

    /** What a merge needs of this engine; null if it takes no writes. */
    public MergeAccess merging() {
        return merging;
    }

    /** The segments; a copy. */
    public List<Segment> segments() {
        final ReadContext context = enter();
        try {
            return log.table().segments();
        } finally {
            context.exit();
        }
    }

    /** Milliseconds since 1970 by the clock of the store. */
    public long nowMs() {
        return settings.clock().getAsLong();
    }

    /** Figures now. */
    public EngineStats stats() {
        final ReadContext context = enter();
        try {
            return figures.take();
        } finally {
            context.exit();
        }
    }

    /**
     * Closes: new calls find the store closed, calls under way end first; then everything is made durable and marked
     * as clean, and all memory is given back. Idempotent; a second caller waits for the first.
     *
     * @throws MapcaskException when the last sync failed, or one before it; everything is freed all the same.
     */
    @Override
    public void close() {
        closing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            contexts.awaitQuiescence();
            try {
                if (writePath == null) {
                    housekeeper.stop();
                } else {
                    stopWriting();
                }
            } finally {
                housekeeper.close();
                log.table().segments().forEach(Engine::closeSegment);
                keydir.close();
                if (checkpointFiles != null) {
                    checkpointFiles.pages().close();
                }
            }
        } finally {
            closing.unlock();
        }
    }

    private void stopWriting() {
        housekeeper.stop();
        try {
            if (checkpoints != null) {
                checkpoints.stop();
                checkpoints.finish();
            }
            writePath.syncAndMarkClean();
            if (!settings.zeroSegments()) {
                writePath.appender().active().giveRoomBack();
            }
            retirement.removeAll();
        } finally {
            sync.close();
            try {
                writePath.commits().close();
            } finally {
                supply.close();
            }
        }
    }

    /** What was synced is durable whatever closing the file says, and the other segments want to be closed too. */
    private static void closeSegment(final Segment segment) {
        try {
            segment.close();
        } catch (final MapcaskException ex) {
            LOGGER.log(System.Logger.Level.WARNING, "a segment was not closed cleanly: " + ex.getMessage());
        }
    }
}
