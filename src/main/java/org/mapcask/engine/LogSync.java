package org.mapcask.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.MappedFile;
import org.mapcask.segment.Segment;

/**
 * Makes the log durable, in the order of the log: a segment is synced only after all before it, so that what is
 * durable is always a prefix. The writer hands over what it rolled; the background thread, or a caller of sync, does
 * the work under one lock. The first failure latches the store. Thread-safe.
 */
final class LogSync {
    /** An end of the log: of the segment appended to, or of one that was rolled, with the last record before it. */
    record Tip(Segment segment, int endOffset, long lastSequence) {
    }

    /** Fair: whoever waits for a sync has its turn although the background thread always has something to seal. */
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Deque<Tip> rolled = new ArrayDeque<>();
    private final FailStop failStop;
    private volatile long durableSequence;
    private volatile long syncs;
    private volatile long syncedBytes;
    private volatile long seals;

    LogSync(final FailStop failStop, final long durableSequence) {
        this.failStop = failStop;
        this.durableSequence = durableSequence;
    }

    /** Hands over a segment that gets no more records; the writer, under its lock. */
    void onRolled(final Segment segment, final int endOffset, final long lastSequence) {
        synchronized (rolled) {
            rolled.add(new Tip(segment, endOffset, lastSequence));
        }
    }

    /** Asks something while no segment is being sealed. */
    <T> T undisturbed(final Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /** How many segments were sealed so far. */
    long seals() {
        return seals;
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

    /** Seals what was rolled before this call; writers may roll more meanwhile, faster than a disk syncs it. */
    void sealRolled() {
        lock.lock();
        try {
            final Tip last;
            synchronized (rolled) {
                last = rolled.peekLast();
            }
            if (last != null) {
                sealTo(last.lastSequence());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Seals what was rolled up to a record; later ones are left to others. */
    void sealRolled(final long sequence) {
        lock.lock();
        try {
            sealTo(sequence);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes everything up to a record durable. Callers that waited for the lock together are served by the first of
     * them: it syncs to where the log ends by then.
     *
     * @param sequence of that record.
     * @param tip      tells the end of the log now; it must not wait for a writer, who may be waiting for this sync.
     */
    void sync(final long sequence, final Supplier<Tip> tip) {
        lock.lock();
        try {
            failStop.check();
            if (durableSequence < sequence) {
                syncTo(tip.get());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The last sync of a store that is being closed: marks the log as clean, and so as one that needs no other log. */
    void syncAndMarkClean(final Tip tip) {
        lock.lock();
        try {
            syncTo(tip);
            tip.segment().walInUse(false);
            tip.segment().writeWatermark(tip.endOffset(), tip.lastSequence(), true);
            syncHeader(tip.segment());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says in the header of the active segment, durably, that commits are in the write-ahead log from now on: before
     * the first of them, and after the files of that log are there. Everything is durable in the segments.
     */
    void markWal(final Segment active) {
        lock.lock();
        try {
            active.walInUse(true);
            active.writeWatermark(active.syncedEnd(), durableSequence, false);
            syncHeader(active);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes it durable that the segment appended to is in use, and what its header says of the write-ahead log: so it
     * stays the newest one of the log after a power cut, whatever of those before it is merged.
     */
    void confirmUse(final Supplier<Tip> tip) {
        lock.lock();
        try {
            failStop.check();
            final Segment active = tip.get().segment();
            if (!active.isSealed()) {
                syncHeader(active);
            }
        } finally {
            lock.unlock();
        }
    }

    private void syncHeader(final Segment segment) {
        syncRange(segment.mapping(), 0, HeaderDescriptor.PAGE_LENGTH);
        segment.headerSynced();
    }

    /** What was rolled behind the tip is left for later, so that a sync ends however fast others write. */
    private void syncTo(final Tip tip) {
        sealTo(tip.lastSequence());
        final Segment segment = tip.segment();
        if (!segment.isSealed() && tip.endOffset() > segment.syncedEnd()) {
            syncRange(segment, tip.endOffset());
            segment.writeWatermark(tip.endOffset(), tip.lastSequence(), false);
        }
        durableSequence = Math.max(durableSequence, tip.lastSequence());
    }

    private void syncRange(final Segment active, final int endOffset) {
        final int from = active.syncedEnd() == HeaderDescriptor.PAGE_LENGTH ? 0 : active.syncedEnd();
        active.letGo(from, endOffset);
        syncRange(active.mapping(), from, endOffset - from);
        if (from == 0) {
            active.headerSynced();
        }
    }

    private void syncRange(final MappedFile mapping, final int offset, final int length) {
        guarded(() -> mapping.sync(offset, length));
        count(length);
    }

    private void count(final long bytes) {
        syncs = syncs + 1;
        syncedBytes = syncedBytes + bytes;
    }

    /** Syncs of segments so far. */
    long syncs() {
        return syncs;
    }

    /** Bytes of the ranges that they had to make durable. */
    long syncedBytes() {
        return syncedBytes;
    }

    /** Seals the rolled segments that end at this sequence or before it. */
    private void sealTo(final long sequence) {
        failStop.check();
        while (true) {
            final Tip next;
            synchronized (rolled) {
                next = rolled.peek();
            }
            if (next == null || next.lastSequence() > sequence) {
                return;
            }
            seal(next);
            synchronized (rolled) {
                rolled.poll();
            }
        }
    }

    /** Two syncs: the seal may say that the records are durable only when they are. */
    private void seal(final Tip next) {
        final Segment segment = next.segment();
        // Once it is sealed, the background thread may take the mapping out of the segment; it waits before it unmaps.
        final MappedFile mapping = segment.mapping();
        final int unsynced = next.endOffset() - segment.syncedEnd();
        segment.letGo(segment.syncedEnd(), next.endOffset());
        guarded(() -> segment.file().sync());
        count(unsynced);
        segment.writeSeal(next.endOffset(), next.lastSequence());
        syncRange(mapping, 0, HeaderDescriptor.PAGE_LENGTH);
        durableSequence = Math.max(durableSequence, next.lastSequence());
        segment.giveRoomBack();
        seals = seals + 1;
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
