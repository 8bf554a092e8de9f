package org.mapcask.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.MappedFile;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentPages;

/**
 * Makes the log durable, in the order of the log: what a seal or a watermark says to be durable is so in all segments
 * before it. The writer hands over what it rolled; the background thread, or a caller of sync, does the work under one
 * lock. The first failure latches the store. Thread-safe.
 * <p>
 * Several rolled segments are sealed together: their records are synced side by side, and then their seals, since a
 * sync that stands behind others in the queue of the device shares their wait. A writer who is faster all the same
 * waits once {@link #BACKLOG_MAX} segments are not sealed: merges and checkpoints begin at what is sealed, and would
 * fall behind without an end.
 */
final class LogSync {
    /** So many may wait to be sealed. */
    static final int BACKLOG_MAX = 8 * Segment.SEALED_TOGETHER_MAX;

    /** An end of the log: of the segment appended to, or of one that was rolled, with the last record before it. */
    record Tip(Segment segment, int endOffset, long lastSequence) {
    }

    /** Fair: whoever waits for a sync has its turn although the background thread always has something to seal. */
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Deque<Tip> rolled = new ArrayDeque<>();
    private final FailStop failStop;
    private final ContextPool contexts;
    private final HelperThreads helpers;
    private final HugePages hugePages;
    private volatile long durableSequence;
    private volatile long syncs;
    private volatile long syncedBytes;
    private volatile long seals;

    /**
     * The log is durable up to a record.
     *
     * @param contexts keep the mappings of segments that are being sealed.
     * @param helpers  sync beside the thread that seals; null if it does everything itself, one after the other.
     * @param hugePages learns how much is synced at a time.
     */
    LogSync(
        final FailStop failStop, final long durableSequence, final ContextPool contexts, final HelperThreads helpers,
        final HugePages hugePages) {
        this.hugePages = hugePages;
        this.failStop = failStop;
        this.contexts = contexts;
        this.helpers = helpers;
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
        return backlog() > 0;
    }

    /** How many segments wait to be sealed. */
    int backlog() {
        synchronized (rolled) {
            return rolled.size();
        }
    }

    /** Has a writer who rolls faster than the disk syncs wait, or seal some. */
    void limitBacklog() {
        if (backlog() > BACKLOG_MAX) {
            lock.lock();
            try {
                if (backlog() > BACKLOG_MAX) {
                    sealSome(Long.MAX_VALUE);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Every record up to here is durable. */
    long durableSequence() {
        return durableSequence;
    }

    /** Seals what was rolled before this call; writers may roll more meanwhile. */
    void sealRolled() {
        final Tip last;
        synchronized (rolled) {
            last = rolled.peekLast();
        }
        if (last != null) {
            sealRolled(last.lastSequence());
        }
    }

    /** Seals what was rolled up to a record; later ones are left to others. Whoever else waits has a turn between. */
    void sealRolled(final long sequence) {
        boolean isMore = true;
        while (isMore) {
            lock.lock();
            try {
                isMore = sealSome(sequence);
            } finally {
                lock.unlock();
            }
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
     * Makes it durable that the segment appended to is in use, and not closed any more, and what its header says of the
     * write-ahead log: so it stays the newest one of the log after a power cut, whatever of those before it is merged.
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
        guarded(() -> segment.mapping().sync(0, HeaderDescriptor.PAGE_LENGTH));
        count(HeaderDescriptor.PAGE_LENGTH);
        segment.headerSynced();
    }

    /** What was rolled behind the tip is left for later, so that a sync ends however fast others write. */
    private void syncTo(final Tip tip) {
        boolean isMore = true;
        while (isMore) {
            isMore = sealSome(tip.lastSequence());
        }
        final Segment segment = tip.segment();
        if (!segment.isSealed() && tip.endOffset() > segment.syncedEnd()) {
            syncRange(segment, tip.endOffset());
            segment.writeWatermark(tip.endOffset(), tip.lastSequence(), false);
        }
        durableSequence = Math.max(durableSequence, tip.lastSequence());
    }

    private void syncRange(final Segment active, final int endOffset) {
        final int from = active.syncedEnd() == HeaderDescriptor.PAGE_LENGTH ? 0 : active.syncedEnd();
        SegmentPages.letGo(active, from, endOffset);
        guarded(() -> active.mapping().sync(from, endOffset - from));
        countRecords(endOffset - from);
        if (from == 0) {
            active.headerSynced();
        }
        if (active.isHuge() && !hugePages.areWanted()) {
            guarded(() -> SegmentPages.giveUpHuge(active, endOffset));
        }
    }

    private void countRecords(final int length) {
        count(length);
        hugePages.synced(length);
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

    /**
     * Seals the first of the rolled segments that end at this sequence or before it; together only what follows each
     * other, since recovery looks for seals that are not durable at the end of the log alone.
     *
     * @return false if there was none.
     */
    private boolean sealSome(final long sequence) {
        failStop.check();
        final List<Tip> some = new ArrayList<>();
        long last = 0;
        synchronized (rolled) {
            for (final Tip tip : rolled) {
                if (tip.lastSequence() > sequence || some.size() == Segment.SEALED_TOGETHER_MAX
                    || !some.isEmpty() && tip.segment().firstSequence() != last + 1) {
                    break;
                }
                some.add(tip);
                last = tip.lastSequence();
            }
        }
        if (some.isEmpty()) {
            return false;
        }
        final ReadContext context = contexts.enter();
        try {
            seal(some);
        } finally {
            context.exit();
        }
        synchronized (rolled) {
            some.forEach(tip -> rolled.poll());
        }
        return true;
    }

    /** Each is synced twice: a seal may say that records are durable only when they are, and all before them. */
    private void seal(final List<Tip> tips) {
        final List<Runnable> records = new ArrayList<>();
        final List<Runnable> seals = new ArrayList<>();
        for (final Tip tip : tips) {
            final Segment segment = tip.segment();
            // Once it is sealed, the background thread may take the mapping out of the segment; before it unmaps, it
            // waits for the context.
            final MappedFile mapping = segment.mapping();
            SegmentPages.letGo(segment, segment.syncedEnd(), tip.endOffset());
            countRecords(tip.endOffset() - segment.syncedEnd());
            records.add(segment.file()::sync);
            count(HeaderDescriptor.PAGE_LENGTH);
            seals.add(() -> mapping.sync(0, HeaderDescriptor.PAGE_LENGTH));
        }
        guarded(() -> doAll(records));
        tips.forEach(tip -> tip.segment().writeSeal(tip.endOffset(), tip.lastSequence()));
        guarded(() -> doAll(seals));
        durableSequence = Math.max(durableSequence, tips.get(tips.size() - 1).lastSequence());
        tips.forEach(tip -> tip.segment().giveRoomBack());
        this.seals = this.seals + tips.size();
    }

    private void doAll(final List<Runnable> works) {
        if (helpers == null) {
            works.forEach(Runnable::run);
        } else {
            helpers.runAll(works);
        }
    }

    /** Ends the helpers, after the last sync. */
    void close() {
        if (helpers != null) {
            helpers.stop();
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
