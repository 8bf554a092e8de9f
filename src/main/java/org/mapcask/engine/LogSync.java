package org.mapcask.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.segment.Segment;

/**
 * Makes the log durable, in the order of the log: a segment is synced only after all before it, so that what is
 * durable is always a prefix. The writer hands over what it rolled; the background thread, or a caller of sync, does
 * the work under one lock. The first failure latches the store. Thread-safe.
 */
final class LogSync {
    /** Unused space of a sealed segment is given back to the file system from this many bytes on. */
    private static final int RELEASE_LENGTH_MIN = 1 << 20;

    private record Rolled(Segment segment, int endOffset, long lastSequence) {
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Rolled> rolled = new ArrayDeque<>();
    private final FailStop failStop;
    private volatile long durableSequence;

    LogSync(final FailStop failStop, final long durableSequence) {
        this.failStop = failStop;
        this.durableSequence = durableSequence;
    }

    /** Hands over a segment that gets no more records; the writer, under its lock. */
    void onRolled(final Segment segment, final int endOffset, final long lastSequence) {
        synchronized (rolled) {
            rolled.add(new Rolled(segment, endOffset, lastSequence));
        }
    }

    /** Whether segments wait to be sealed. */
    boolean hasWork() {
        synchronized (rolled) {
            return !rolled.isEmpty();
        }
    }

    /** Every record up to here is durable. */
    long durableSequence() {
        return durableSequence;
    }

    /** Seals what was rolled. */
    void sealRolled() {
        lock.lock();
        try {
            sealAll();
        } finally {
            lock.unlock();
        }
    }

    /** Makes everything up to a point of the log durable. */
    void sync(final Segment active, final int endOffset, final long lastSequence) {
        lock.lock();
        try {
            sealAll();
            if (!active.isSealed() && endOffset > active.syncedEnd()) {
                syncRange(active, endOffset);
                active.writeWatermark(endOffset, lastSequence, false);
            }
            durableSequence = Math.max(durableSequence, lastSequence);
        } finally {
            lock.unlock();
        }
    }

    /** The last sync of a store that is being closed: marks the log as clean. */
    void syncAndMarkClean(final Segment active, final int endOffset, final long lastSequence) {
        sync(active, endOffset, lastSequence);
        lock.lock();
        try {
            active.writeWatermark(endOffset, lastSequence, true);
            guarded(() -> active.mapping().sync(0, HeaderDescriptor.PAGE_LENGTH));
        } finally {
            lock.unlock();
        }
    }

    private void syncRange(final Segment active, final int endOffset) {
        final int from = active.syncedEnd() == HeaderDescriptor.PAGE_LENGTH ? 0 : active.syncedEnd();
        guarded(() -> active.mapping().sync(from, endOffset - from));
    }

    private void sealAll() {
        failStop.check();
        while (true) {
            final Rolled next;
            synchronized (rolled) {
                next = rolled.peek();
            }
            if (next == null) {
                return;
            }
            seal(next);
            synchronized (rolled) {
                rolled.poll();
            }
        }
    }

    /** Two syncs: the seal may say that the records are durable only when they are. */
    private void seal(final Rolled next) {
        final Segment segment = next.segment();
        guarded(() -> segment.file().sync());
        segment.writeSeal(next.endOffset(), next.lastSequence());
        guarded(() -> segment.mapping().sync(0, HeaderDescriptor.PAGE_LENGTH));
        durableSequence = next.lastSequence();
        final int unused = segment.length() - next.endOffset();
        if (unused >= RELEASE_LENGTH_MIN) {
            segment.file().punchHole(next.endOffset(), unused);
        }
    }

    private void guarded(final Runnable sync) {
        try {
            sync.run();
        } catch (final RuntimeException | Error ex) {
            failStop.latch(ex);
            throw ex;
        }
    }
}
