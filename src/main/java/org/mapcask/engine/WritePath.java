package org.mapcask.engine;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.MapcaskException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.Log;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;

/**
 * Writes, one writer at a time under a short lock: asks the condition, has the record appended ({@link Appender}),
 * enters it into the keydir, and tells it to whatever makes it durable ({@link Commits}). A record is built and summed
 * up before the lock is taken; under it there are a look into the keydir, a copy into the mapping, the release store of
 * the length, and the store of the slot. A value too long for a segment goes through {@link OversizeWriter}, a batch
 * through {@link BatchWriter}.
 * <p>
 * Thread-safe. Allocates nothing, but when a segment is rolled.
 */
final class WritePath {
    /** When the put under way comes into the keydir. */
    private enum Entering {
        /** At once, where the key was located. */
        NOW,
        /** Together with some others. */
        LATE,
        /** When the page comes into memory. */
        WITH_PAGE
    }

    private static final System.Logger LOGGER = System.getLogger(WritePath.class.getName());

    private final WriteLock lock = new WriteLock();
    private final EngineSettings settings;
    /** A record that needs a longer segment gets one of its own. */
    private final int ownFrom;
    private final Keydir keydir;
    private final long hashSeed;
    private final LogSync sync;
    private final FailStop failStop;
    private final ExactKeydir exact;
    private final Appender appender;
    private final OversizeWriter oversize;
    private final BatchWriter batches;
    private Commits commits;
    private Entering entering = Entering.NOW;
    private long hashToEnter;
    private long puts;
    private long deletes;

    WritePath(
        final EngineSettings settings, final Log log, final Keydir keydir, final SegmentSupply supply,
        final LogSync sync, final FailStop failStop, final Runnable background, final InstallGate gate,
        final ContextPool contexts) {
        this.settings = settings;
        this.exact = new ExactKeydir(keydir, contexts, lock);
        this.ownFrom = supply.shortest();
        this.keydir = keydir;
        this.hashSeed = log.identity().hashSeed();
        this.sync = sync;
        this.failStop = failStop;
        this.appender = new Appender(settings, log, supply, sync, failStop, background);
        this.oversize = new OversizeWriter(this, appender, log.factory(), failStop, gate, background);
        this.batches = new BatchWriter(
            this, appender, settings, keydir, log.table(), supply, failStop, gate, hashSeed);
        this.commits = new SegmentCommits(sync, appender::tip);
    }

    /** The end of the log. */
    Appender appender() {
        return appender;
    }

    /**
     * Has something done before the first write, by whoever comes to that first. Before anybody else knows the path.
     */
    void beforeFirst(final Runnable work) {
        lock.beforeFirst(work);
    }

    /** Does that, or waits until it is done: for whoever changes files without the lock of the writers. */
    void begin() {
        lock.doFirst();
    }

    /** How writes are made durable. */
    Commits commits() {
        return commits;
    }

    /** Takes another way to make writes durable; before the first write. */
    void commitThrough(final Commits newCommits) {
        commits = newCommits;
    }

    /**
     * Writes a value, or a tombstone when {@code value} is null, if the condition holds.
     *
     * @param expiry in milliseconds since 1970, or {@link RecordDescriptor#EXPIRY_NEVER}; without meaning for a
     *               tombstone.
     * @return whether the condition held. A delete of an absent key writes nothing; one of an expired key, which is
     *         absent as well, writes a tombstone, so that no clock that is set back brings the key up again.
     */
    boolean write(
        final ReadContext context, final Condition condition,
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength, final long expiry,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength) {
        final long hash = KeyHash.hash(key, keyOffset, keyLength, hashSeed);
        final int type = value == null ? RecordDescriptor.TYPE_DELETE : RecordDescriptor.TYPE_PUT;
        final int flags = flags(type, expiry);
        final int length = RecordDescriptor.length(flags, keyLength, valueLength);
        final long shape = RecordDescriptor.shape(type, flags, keyLength, valueLength);
        context.seekingHead(key, keyOffset, keyLength);
        context.expiring(expiry);
        if (flags != 0) {
            context.nowMs();
        }
        final boolean blind = type == RecordDescriptor.TYPE_PUT && condition == Condition.NONE;
        if (!blind || keydir.isTight()) {
            context.touched(keydir.touch(hash));
        }
        if (SegmentFactory.lengthFor(length) > ownFrom) {
            return oversize.write(context, condition, hash, shape, length, value, valueOffset, expected,
                expectedOffset, expectedLength);
        }
        final boolean built = RecordDescriptor.alignedLength(length) <= RecordReader.COPY_LENGTH;
        if (built) {
            context.stage(flags, length, value, valueOffset, valueLength);
        }
        lock.lock();
        try {
            failStop.check();
            if (blind && canEnterLater(hash)) {
                context.existing(Keydir.NOT_FOUND);
                context.buriesExpired(false);
            } else if (!isWanted(context, condition, type, hash, expected, expectedOffset, expectedLength)) {
                return false;
            }
            if (RecordDescriptor.alignedLength(length) > appender.room()) {
                appender.roll(length);
            }
            final UnsafeBuffer image = built ? context.stagedBuffer() :
                placeLong(context, shape, length, value, valueOffset);
            publish(context, image, shape, length);
            return !context.buriesExpired();
        } catch (final InternalError ex) {
            failStop.latch(ex);
            throw ex;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a put need not look where its key is now. */
    private boolean canEnterLater(final long hash) {
        hashToEnter = hash;
        entering = keydir.canPutLate(hash) ? Entering.LATE : keydir.canPutOff(hash) ? Entering.WITH_PAGE : Entering.NOW;
        return entering != Entering.NOW;
    }

    /** The flags of a record by itself. */
    static int flags(final int type, final long expiry) {
        return type == RecordDescriptor.TYPE_PUT && expiry != RecordDescriptor.EXPIRY_NEVER ?
            RecordDescriptor.FLAG_EXPIRY : 0;
    }

    /**
     * Asks the condition, and makes room in the keydir before anything is published: when it has none, this one write
     * fails and no more. Under the lock; where the key is now stays in the context.
     */
    boolean isWanted(
        final ReadContext context, final Condition condition, final int type, final long hash,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength) {
        entering = Entering.NOW;
        final long existing = keydir.locate(hash, context);
        context.existing(existing);
        if (!holds(context, condition, type, existing, expected, expectedOffset, expectedLength)) {
            return false;
        }
        if (type == RecordDescriptor.TYPE_PUT) {
            keydir.reserveLocated();
        }
        return true;
    }

    /**
     * Asks the condition about the record that was found. A write without a condition, and a delete, do without its
     * checksum: they are how a damaged record is got rid of.
     */
    boolean holds(
        final ReadContext context, final Condition condition, final int type, final long existing,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength) {
        boolean present = existing != Keydir.NOT_FOUND;
        boolean buries = false;
        if (present && type == RecordDescriptor.TYPE_DELETE) {
            buries = context.seemsExpired();
        } else if (present && condition != Condition.NONE) {
            present = !context.isExpired();
        }
        context.buriesExpired(buries);
        return condition.holds(type, present, context.reader(), expected, expectedOffset, expectedLength);
    }

    /**
     * Copies a long record to its place in the segment, or builds it in memory if its image is needed once more.
     *
     * @return its image, or null if it stands in its place.
     */
    private UnsafeBuffer placeLong(
        final ReadContext context, final long shape, final int length, final DirectBuffer value,
        final int valueOffset) {
        if (commits.takes(RecordDescriptor.alignedLength(length))) {
            context.copyRecord(commits.longImage(), 0, shape, length, value, valueOffset);
            return commits.longImage();
        }
        context.copyRecord(appender.buffer(), appender.end(), shape, length, value, valueOffset);
        return null;
    }

    /**
     * Publishes the record at the end of the log. What fails in here leaves sequences, log and keydir apart, so it
     * latches the store, whatever it is.
     */
    private void publish(final ReadContext context, final UnsafeBuffer image, final long shape, final int length) {
        try {
            final Segment segment = appender.active();
            final long position = image == null ?
                appender.appendPlaced(context.checksum(), shape, length) :
                appender.append(context.checksum(), image, 0, shape, length);
            install(context, shape, segment, position, RecordDescriptor.alignedLength(length));
            appender.written();
            final long sequence = appender.lastSequence();
            if (image != null && commits.takes(RecordDescriptor.alignedLength(length))) {
                context.written(sequence, commits.stage(image, 0, length, sequence));
            } else {
                commits.passOver(sequence);
                context.written(sequence, false);
            }
        } catch (final RuntimeException | Error ex) {
            failStop.latch(ex);
            throw ex;
        }
    }

    /** Enters a published record into the keydir. */
    void install(
        final ReadContext context, final long shape, final Segment segment, final long position,
        final int alignedLength) {
        if (RecordDescriptor.type(shape) == RecordDescriptor.TYPE_PUT) {
            enter(position);
            segment.addLiveBytes(alignedLength);
            if (RecordDescriptor.flags(shape) != 0) {
                segment.addExpiring(context.expiring(), alignedLength, context.askedMs());
            }
            puts++;
        } else {
            keydir.removeLocated();
            segment.addTombstoneBytes(alignedLength);
            deletes++;
        }
        if (context.existing() != Keydir.NOT_FOUND) {
            final RecordReader before = context.reader();
            before.segment().addLiveBytes(-before.alignedLength());
            before.segment().removeExpiring(before.expiry(), before.alignedLength());
        }
    }

    private void enter(final long position) {
        switch (entering) {
            case LATE -> keydir.putLate(hashToEnter, position);
            case WITH_PAGE -> keydir.putOff(hashToEnter, position);
            default -> keydir.putLocated(position);
        }
    }

    /** Writes a batch: all of it, or, when it throws and the store is not latched, nothing. */
    void write(final ReadContext context, final BatchEntries batch) {
        batches.prepare(context, batch);
        lock.lock();
        try {
            failStop.check();
            batches.write(context, batch);
        } catch (final InternalError ex) {
            failStop.latch(ex);
            throw ex;
        } finally {
            lock.unlock();
        }
    }

    /** Counts what a batch did; under the lock. */
    void onBatch(final int batchPuts, final int batchDeletes) {
        puts += batchPuts;
        deletes += batchDeletes;
    }

    /** Where the key that was located is looked for by a write that takes its time before the lock. */
    long find(final ReadContext context, final long hash) {
        return keydir.find(hash, context);
    }

    /** The lock of the writers. */
    ReentrantLock lock() {
        return lock;
    }

    /** The keydir under the lock of the writers. */
    ExactKeydir exact() {
        return exact;
    }

    /** As {@link ExactKeydir#undisturbed}. */
    <T> T undisturbed(final Supplier<T> read) {
        return exact.undisturbed(read);
    }

    /** Does something while nobody writes, and every write is in the keydir. */
    void runUndisturbed(final Runnable work) {
        undisturbed(() -> {
            work.run();
            return null;
        });
    }

    /**
     * Does something while nobody writes, although some of the last writes may not be in the pages of the keydir yet.
     * They are entered first where a page may leave the memory that they are to be entered into.
     */
    void runLocked(final Runnable work) {
        exact.locked(() -> {
            if (keydir.isTight() || keydir.pending() > 0) {
                keydir.settle();
            }
            work.run();
            return null;
        });
    }

    /**
     * Enters every write, and what recovery left of the log, so that reads need not look for what waits; what cannot be
     * entered fails who needs it.
     */
    void enterIfPossible() {
        try {
            exact.enterDeferred();
            exact.settle();
        } catch (final MapcaskException ex) {
            LOGGER.log(System.Logger.Level.DEBUG, "a put waits to be entered into the keydir", ex);
        }
    }

    /** Goes on in a new segment if anything in the active one is dead. */
    void rollIfDead() {
        runUndisturbed(() -> {
            failStop.check();
            final int used = appender.end() - HeaderDescriptor.PAGE_LENGTH;
            final Segment active = appender.active();
            if (used > active.liveBytes() - active.expiredBytes(settings.clock())) {
                appender.roll(0);
                appender.written();
            }
        });
    }

    /**
     * Goes on in a new segment, unless the active one is empty, and asks something at that moment; the segment is made
     * before the lock is taken.
     */
    <T> T rollAndAsk(final Supplier<T> question) {
        begin();
        final Segment next = appender.takeNext();
        final boolean[] taken = {false};
        try {
            return undisturbed(() -> {
                failStop.check();
                if (appender.end() > HeaderDescriptor.PAGE_LENGTH) {
                    taken[0] = true;
                    appender.rollTo(next);
                    appender.written();
                }
                return question.get();
            });
        } finally {
            if (!taken[0]) {
                appender.giveBack(next);
            }
        }
    }

    /** Makes everything up to a record durable in the segments; who waits at the same time shares the sync. */
    void syncSegments(final long sequence) {
        sync.sync(sequence, appender::tip);
    }

    /** Makes durable that the segment appended to is in use. */
    void confirmUse() {
        sync.confirmUse(appender::tip);
    }

    /** Seals every segment that was rolled and ends with this record or before it. */
    void sealRolled(final long sequence) {
        sync.sealRolled(sequence);
    }

    /** Makes everything that was written so far durable in the segments. */
    void syncSegments() {
        syncSegments(appender.tip().lastSequence());
    }

    /** Makes everything durable and marks the log as clean; no writer may follow. */
    void syncAndMarkClean() {
        sync.syncAndMarkClean(appender.tip());
    }

    /** Counters of the writer at one moment. */
    record Counters(long puts, long deletes, long rolls, long logBytes, long lastSequence) {
    }

    Counters counters() {
        lock.lock();
        try {
            return new Counters(
                puts, deletes, appender.rolls(), appender.logBytes(), appender.lastSequence());
        } finally {
            lock.unlock();
        }
    }
}
