package org.mapcask.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mapcask.checkpoint.Checkpoint;
import org.mapcask.checkpoint.CheckpointFiles;
import org.mapcask.checkpoint.CheckpointStore;
import org.mapcask.checkpoint.PageFile;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirCleaner;
import org.mapcask.keydir.KeydirStep;
import org.mapcask.keydir.KeydirWalk;
import org.mapcask.segment.Log;

/**
 * Makes checkpoints of the keydir while writers go on, and keeps the pages of a keydir that is larger than its memory
 * in order. A checkpoint in steps, each of which leaves the one before in force:
 * <ol>
 *   <li>Remember where the log ends: everything up to there is going to be in the pages.
 *   <li>Walk through the pages, a few at a time under the write lock; those that changed are written to slots that
 *       nothing durable leads to. A page may hold more than the log up to the first step; replaying that again changes
 *       nothing.
 *   <li>Take the figures, at one moment, and make the log durable up to it: so no page leads beyond what is durable. So
 *       are all seals before the first step, and recovery relies on that.
 *   <li>Make the pages durable, then the checkpoint ({@link CheckpointStore}). From here on the slots of the one before
 *       are free.
 * </ol>
 * Merges install nothing from the first step to the third: a move has no record of its own that could be replayed; and
 * no checkpoint comes between the moves of one merge, since recovery takes a merge as a whole or undoes it. A segment
 * that a merge emptied goes only when a checkpoint that began later is durable, since those before lead to it.
 * A full disk ends a checkpoint, which is tried again later; a failed sync stops the store. Thread-safe.
 */
final class Checkpoints {
    /** A store with less log than this needs no checkpoint: its log is read as fast. */
    static final long LOG_BYTES_MIN = 4 << 20;
    /** If so many headers had to be read that a checkpoint could keep, the close makes one that does. */
    private static final int HEADERS_MAX = 8;
    /** A checkpoint writes at most this many bytes of pages for a byte of log, unless its time has come. */
    private static final int WRITE_FACTOR = 8;
    private static final int PAGE_SHIFT = 12;
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(200);
    /** What a writer at full speed writes in between, 16 MB, is replayed after a kill, too. */
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final System.Logger LOGGER = System.getLogger(Checkpoints.class.getName());

    private final Keydir keydir;
    private final Log log;
    private final CheckpointStore store;
    private final PageFile pages;
    private final long intervalBytes;
    private final long intervalNs;
    private final FailStop failStop;
    private final Retirement retirement;
    private final KeydirCleaner cleaner;
    private final Hints hints;
    private final ReentrantLock moves = new ReentrantLock(true);
    private final BackgroundLoop loop;
    private WritePath writePath;
    private boolean inBackground;
    private int growthWanted;
    private volatile boolean stopping;
    private int headersRead;
    private volatile long begun;
    private volatile long durable;
    private volatile long lastNumber = -1;
    private volatile long lastNs = System.nanoTime();
    private volatile long lastLogBytes;
    private volatile long lastDurationNs;
    private volatile boolean running;
    private volatile long runningSinceNs;
    private volatile long lastPagesWritten;
    private volatile long made;
    private volatile long waitingBytes;
    private volatile long notBeforeNs = System.nanoTime();
    private volatile String failure;

    Checkpoints(
        final EngineSettings settings, final Log log, final Keydir keydir, final CheckpointFiles files,
        final long replayedBytes, final FailStop failStop, final Retirement retirement, final Hints hints) {
        this.keydir = keydir;
        this.log = log;
        this.store = files.store();
        this.pages = files.pages();
        this.intervalBytes = settings.checkpointBytes();
        this.intervalNs = settings.checkpointIntervalNs();
        this.failStop = failStop;
        this.retirement = retirement;
        this.hints = hints;
        this.cleaner = new KeydirCleaner(keydir);
        this.loop = new BackgroundLoop(
            "mapcask-checkpoint-" + settings.name(), PAUSE_NS, this::round);
        if (files.last() != null) {
            lastNumber = files.last().number();
            begun = 1;
            durable = 1;
        }
        headersRead = files.headersRead();
        lastLogBytes = -replayedBytes;
    }

    /**
     * Begins.
     *
     * @param once does something soon in another thread; null if {@link #round()} is called from outside.
     */
    void start(final WritePath newWritePath, final Consumer<Runnable> once) {
        writePath = newWritePath;
        inBackground = once != null;
        if (inBackground) {
            once.accept(() -> loop.startAfter(FIRST_PAUSE_NS));
        }
    }

    /** Asks for a look soon. Any thread. */
    void signal() {
        loop.signal();
    }

    /** The work that is there now. */
    void round() {
        if (failStop.isLatched()) {
            return;
        }
        if (inBackground) {
            hints.startIfDue();
        } else {
            hints.round();
        }
        writePath.enterIfPossible();
        if (isDue()) {
            if (inBackground) {
                hints.start();
            }
            tryToRun();
        } else if (keydir.pending() > 0 && !keydir.isTight()) {
            settle();
        }
        while (cleaner.isWanted() && !stopping) {
            clean();
        }
    }

    private void tryToRun() {
        try {
            run();
            failure = null;
        } catch (final MapcaskException ex) {
            notBeforeNs = System.nanoTime() + RETRY_NS;
            if (failure == null) {
                LOGGER.log(System.Logger.Level.WARNING, "no checkpoint, tried again later: " + ex.getMessage());
            }
            failure = ex.getMessage();
            if (ex instanceof StorageSpaceException && waitingBytes > 0) {
                giveUpCheckpoint();
            }
        }
    }

    /**
     * For want of room: without any checkpoint nothing durable leads to the segments that merges emptied, and they may
     * go. The next checkpoint begins anew; an open before that reads the log.
     */
    private void giveUpCheckpoint() {
        moves.lock();
        try {
            store.removeAll(pages.number(), this::guarded);
            writePath.runUndisturbed(() -> {
                pages.begin();
                pages.end(true, true);
            });
            lastNumber = -1;
            waitingBytes = 0;
            begun = begun + 1;
            durable = begun;
            hints.forget();
        } finally {
            moves.unlock();
        }
    }

    private boolean isDue() {
        final long now = System.nanoTime();
        if (now - notBeforeNs < 0) {
            return false;
        }
        if (keydir.isPendingHigh()) {
            return true;
        }
        final long since = writePath.counters().logBytes() - lastLogBytes;
        final long changed = (long)keydir.figures().changedPages() << PAGE_SHIFT;
        return intervalBytes > 0 && since >= intervalBytes && since >= changed / WRITE_FACTOR && hasRested(now)
            || intervalNs > 0 && since >= LOG_BYTES_MIN && now - lastNs >= intervalNs
            || waitingBytes > 0 && waitingBytes >= changed;
    }

    /** A thread of its own takes processor and device half of the time at the most: the writers have to share them. */
    private boolean hasRested(final long now) {
        return !inBackground || now - lastNs >= lastDurationNs;
    }

    /** Makes a checkpoint, unless the store is being closed or has failed. */
    void run() {
        moves.lock();
        try {
            failStop.check();
            final long startNs = System.nanoTime();
            runningSinceNs = startNs;
            running = true;
            writePath.exact().enterDeferred();
            final Start start = writePath.undisturbed(this::begin);
            final long released = waitingBytes;
            boolean isDurable = false;
            boolean mayBeDurable = false;
            try {
                final KeydirWalk walk = new KeydirWalk(keydir, true);
                walk(walk);
                final CheckpointSnapshot figures = writePath.undisturbed(() ->
                    CheckpointSnapshot.take(log, keydir, retirement, writePath.appender().lastSequence()));
                // Segments before the one where the log goes on are sealed, also those that recovery found, and that
                // one is in use, even if nothing was appended to it yet: else the checkpoint would not fit.
                writePath.sealRolled(figures.sequence());
                writePath.syncSegments(figures.sequence());
                writePath.confirmUse();
                guarded(pages::sync);
                mayBeDurable = true;
                final long number = store.nextNumber();
                store.write(checkpoint(number, start, figures, walk), this::guarded);
                isDurable = true;
                lastNumber = number;
                durable = begun;
                headersRead = 0;
                lastPagesWritten = walk.pagesWritten();
            } finally {
                end(isDurable, mayBeDurable);
            }
            waitingBytes = Math.max(0, waitingBytes - released);
            lastLogBytes = start.logBytes();
            lastNs = System.nanoTime();
            lastDurationNs = lastNs - startNs;
            made = made + 1;
            removeOlder(start);
        } finally {
            running = false;
            moves.unlock();
        }
    }

    /** The new checkpoint stands, whatever becomes of the others; the next one, or the next open, tries again. */
    private void removeOlder(final Start start) {
        try {
            store.removeOthers(lastNumber, pages.number());
            hints.covered(start.sequence(), start.segment(), start.offset());
        } catch (final MapcaskException ex) {
            LOGGER.log(System.Logger.Level.WARNING, "an older checkpoint was not removed: " + ex.getMessage());
        }
    }

    /** A failed sync stops the store: none is tried again, and pages that were to be durable may be lost. */
    private void guarded(final Runnable sync) {
        try {
            sync.run();
        } catch (final RuntimeException | Error ex) {
            failStop.latch(ex);
            throw ex;
        }
    }

    private record Start(long sequence, long segment, long offset, long logBytes) {
    }

    private Start begin() {
        pages.begin();
        growthWanted = pages.growthWanted();
        begun = begun + 1;
        final Appender appender = writePath.appender();
        return new Start(appender.lastSequence(), appender.active().id(), appender.end(), appender.logBytes());
    }

    private void end(final boolean isDurable, final boolean mayBeDurable) {
        briefly(() -> pages.end(isDurable, mayBeDurable));
    }

    /** Something short under the lock of the writers, and the time that it took them. */
    private void briefly(final Runnable work) {
        writePath.runLocked(() -> {
            final long begin = keydir.pauses().begin();
            work.run();
            keydir.pauses().end(begin);
        });
    }

    private void walk(final KeydirWalk walk) {
        while (!walk.isDone()) {
            writePath.exact().inContext(walk::prefetch);
            step(walk);
        }
    }

    private void clean() {
        step(cleaner);
    }

    /** Has some pages copied and written beside the writers. */
    private void step(final KeydirStep step) {
        final int wanted = growthWanted;
        if (wanted > 0 && pages.growAhead(wanted)) {
            briefly(() -> pages.grown(wanted));
        }
        try {
            briefly(step::capture);
            if (!step.copy()) {
                briefly(step::copyRest);
            }
            step.write();
        } finally {
            briefly(() -> {
                step.confirm();
                growthWanted = pages.growthWanted();
            });
        }
    }

    private Checkpoint checkpoint(
        final long number, final Start start, final CheckpointSnapshot figures, final KeydirWalk walk) {
        return new Checkpoint(log.identity(), number, pages.number(), start.sequence(), figures.sequence(),
            start.segment(), start.offset(), figures.keys(), figures.withHeaders(log.factory()), figures.waiting(),
            walk.slots(), walk.depths(),
            CheckpointStore.checksums(pages, walk.slots(), walk.count()), walk.count());
    }

    /**
     * Enters every change that waits, so that the figures are exact.
     *
     * @return the number of keys.
     */
    long settle() {
        moves.lock();
        try {
            writePath.exact().enterDeferred();
            for (int i = 0; i < 2 && keydir.pending() > 0; i++) {
                walk(new KeydirWalk(keydir, false));
            }
            return writePath.undisturbed(() -> {
                if (keydir.pending() > 0) {
                    KeydirWalk.settleAll(keydir);
                }
                return keydir.size();
            });
        } finally {
            moves.unlock();
        }
    }

    /** Does something while no checkpoint is being made. */
    <T> T withoutCheckpoint(final Supplier<T> work) {
        moves.lock();
        try {
            return work.get();
        } finally {
            moves.unlock();
        }
    }

    /**
     * Tells when segments that were just emptied may go.
     *
     * @param bytes of their files.
     */
    BooleanSupplier releasedLater(final long bytes) {
        if (lastNumber < 0) {
            return () -> true;
        }
        final long now = begun;
        waitingBytes = waitingBytes + bytes;
        signal();
        return () -> durable > now;
    }

    /** Has segments released that wait for a checkpoint. */
    void release() {
        if (waitingBytes > 0 && !failStop.isLatched() && System.nanoTime() - notBeforeNs >= 0) {
            tryToRun();
        }
    }

    /** Ends the thread. */
    void stop() {
        stopping = true;
        hints.stop();
        loop.stop();
    }

    /** Makes the last checkpoint, if the next open is the faster for it. Nobody writes any more. */
    void finish() {
        final long since = writePath.counters().logBytes() - lastLogBytes;
        final boolean faster = lastNumber < 0 ? since >= LOG_BYTES_MIN : since > 0 || headersRead >= HEADERS_MAX;
        try {
            if (!failStop.isLatched() && (faster || waitingBytes > 0)) {
                run();
            }
            if (!failStop.isLatched() && made > 0) {
                pages.giveBack();
            }
        } catch (final MapcaskException ex) {
            LOGGER.log(System.Logger.Level.WARNING, "no checkpoint at the close of the store: " + ex.getMessage());
        }
    }

    /** Figures of checkpoints. */
    CheckpointFigures stats() {
        final long now = System.nanoTime();
        return new CheckpointFigures(lastNumber, made, now - lastNs, lastDurationNs,
            running ? now - runningSinceNs : -1, lastPagesWritten, pages.length(), failure);
    }
}
