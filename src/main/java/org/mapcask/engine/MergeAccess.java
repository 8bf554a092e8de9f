package org.mapcask.engine;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.mapcask.checkpoint.RecordPairs;
import org.mapcask.keydir.KeyMatcher;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.PageReads;
import org.mapcask.segment.CoveredRanges;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentTable;

/**
 * What whoever rewrites segments needs of a running engine. The thread that uses it ends before the engine is closed.
 * Thread-safe, but one merge at a time.
 */
public final class MergeAccess {
    /** For so long writers wait while pages of the keydir are brought in: some twenty that are in the page cache. */
    private static final long ENTERED_FOR_NS = TimeUnit.MICROSECONDS.toNanos(200);
    /** Lookups in one context, whose cache misses overlap. */
    private static final int FOUND_AT_ONCE = 64;

    private final Log log;
    private final Keydir keydir;
    private final ContextPool contexts;
    private final LogSync sync;
    private final FailStop failStop;
    private final Retirement retirement;
    private final WritePath writePath;
    private final Runnable background;
    private final LongSupplier clock;
    private final Checkpoints checkpoints;
    private final PositionMatcher matcher;
    /** Hashes of keys of which something newer waits. */
    private final LongArrayList replaced = new LongArrayList();
    private volatile long reclaimedBytes;

    /** Finds the entry that leads to a position; compares keys only with what waits. For the thread that merges. */
    private static final class PositionMatcher implements KeyMatcher {
        private final PageReads pageReads = new PageReads();
        private final RecordPairs pairs;
        private long position;
        /** Whether something newer of the same key waits. */
        private boolean hidden;

        PositionMatcher(final SegmentTable table) {
            pairs = new RecordPairs(table);
        }

        @Override
        public boolean matches(final long candidate) {
            return candidate == position;
        }

        @Override
        public boolean matchesWaiting(final long candidate) {
            hidden = candidate != position && pairs.sameKey(position, candidate);
            return hidden || candidate == position;
        }

        @Override
        public PageReads pageReads() {
            return pageReads;
        }
    }

    MergeAccess(
        final Log log, final Keydir keydir, final ContextPool contexts, final LogSync sync, final FailStop failStop,
        final Retirement retirement, final WritePath writePath, final Runnable background,
        final LongSupplier clock, final Checkpoints checkpoints) {
        this.log = log;
        this.keydir = keydir;
        this.contexts = contexts;
        this.sync = sync;
        this.failStop = failStop;
        this.retirement = retirement;
        this.writePath = writePath;
        this.background = background;
        this.clock = clock;
        this.checkpoints = checkpoints;
        this.matcher = new PositionMatcher(log.table());
    }

    /** Every segment that is not on its way out, with exact figures but for writes of this moment. */
    public List<Segment> segments() {
        writePath.begin();
        writePath.exact().enterDeferred();
        final Set<Segment> leaving = retirement.leaving();
        return log.table().segments().stream().filter(segment -> !leaving.contains(segment)).toList();
    }

    /**
     * Those of the segments that a merge may take: sealed, with nobody still at work on their seal, and not the outputs
     * of a merge whose inputs wait to be removed.
     */
    public List<Segment> settled(final List<Segment> segments) {
        final Set<Segment> involved = retirement.involved();
        return sync.undisturbed(() ->
            segments.stream().filter(segment -> segment.isSealed() && !involved.contains(segment)).toList());
    }

    /** How many segments were sealed so far; grows. */
    public long seals() {
        return sync.seals();
    }

    /** Makes new segments. */
    public SegmentFactory factory() {
        return log.factory();
    }

    /** Sequences that merges took out of the log. */
    public CoveredRanges covered() {
        return log.covered();
    }

    /** Seed of the hash of keys. */
    public long hashSeed() {
        return log.identity().hashSeed();
    }

    /**
     * To which of some records the keydir leads; it may be otherwise a moment later. What waits to be entered and
     * replaces one of the others is entered: so a record to which the keydir does not lead is not counted as alive any
     * more, and no page leads to it.
     *
     * @param hashes    of their keys.
     * @param positions of them.
     * @param count     of records.
     * @param live      gets the indexes of those to which it leads, and loses those of the others.
     */
    public void live(final long[] hashes, final long[] positions, final int count, final BitSet live) {
        replaced.clear();
        for (int from = 0; from < count; from += FOUND_AT_ONCE) {
            find(hashes, positions, from, Math.min(count, from + FOUND_AT_ONCE), live);
        }
        for (int next = 0; next < replaced.size();) {
            next = enterSome(next);
        }
    }

    private void find(
        final long[] hashes, final long[] positions, final int from, final int to, final BitSet live) {
        final ReadContext context = contexts.enter();
        try {
            touch(context, hashes, from, to);
            for (int i = from; i < to; i++) {
                matcher.position = positions[i];
                matcher.hidden = false;
                final boolean found = keydir.find(hashes[i], matcher) == positions[i];
                live.set(i, found);
                if (!found && matcher.hidden) {
                    replaced.addLong(hashes[i]);
                }
            }
        } finally {
            context.exit();
        }
    }

    /** Enters what waits for some of the keys, for as long as writers may wait; returns the place of the next one. */
    private int enterSome(final int first) {
        return writePath.undisturbed(() -> {
            final long end = System.nanoTime() + ENTERED_FOR_NS;
            int next = first;
            do {
                keydir.enterWaiting(replaced.getLong(next++));
            } while (next < replaced.size() && System.nanoTime() < end);
            return next;
        });
    }

    /** Whether pages of the keydir have to be read from the disk at times. */
    public boolean readsPages() {
        return keydir.isTight();
    }

    /** Whether the keydir has no entry of this key; it may be otherwise a moment later. */
    public boolean isAbsent(final long hash, final DirectBuffer key, final int keyOffset, final int keyLength) {
        final ReadContext context = contexts.enter();
        try {
            return keydir.find(hash, context.seekingHead(key, keyOffset, keyLength)) == Keydir.NOT_FOUND;
        } finally {
            context.exit();
        }
    }

    /** Milliseconds since 1970 by the clock of the store. */
    public long nowMs() {
        return clock.getAsLong();
    }

    /** Sequence of the last record of which somebody may have seen the keydir entry. */
    public long lastSequence() {
        return writePath.undisturbed(() -> writePath.appender().lastSequence());
    }

    /** Makes the log durable up to a record, in its segments, and that the newest of them is in use. */
    public void syncLog(final long sequence) {
        writePath.syncSegments(sequence);
        writePath.confirmUse();
    }

    /** Throws if a failed sync has stopped all writes. */
    public void checkWritable() {
        failStop.check();
    }

    /** Whether a failed sync has stopped all writes. */
    public boolean isLatched() {
        return failStop.isLatched();
    }

    /** Stops all writes for good: what is on the disk and what the store believes may be apart. */
    public void latch(final Throwable failure) {
        failStop.latch(failure);
    }

    /** Does what a merge does from its first published output to its last retired input. */
    public <T> T install(final Supplier<T> steps) {
        return checkpoints == null ? steps.get() : checkpoints.withoutCheckpoint(steps);
    }

    /** Makes segments reachable, before entries lead to them. */
    public void publish(final List<Segment> segments) {
        writePath.runUndisturbed(() -> log.table().addAll(segments));
    }

    /**
     * Lets the keydir lead to the copies of records, but for those that were overwritten or removed meanwhile; under
     * the write lock, so for a few at a time, whose entries are brought into the caches before it is taken.
     *
     * @param to      where the copies are; 0 where there is none, and the entry goes.
     * @param lengths of the records, padding included.
     * @param count   at most 64.
     * @return a bit for each, the lowest for the first: set if it was moved or removed.
     */
    public long move(
        final long[] hashes, final long[] from, final long[] to, final int[] lengths, final int count) {
        final ReadContext context = contexts.enter();
        try {
            if (readsPages()) {
                readPages(hashes, from, count);
            } else {
                touch(context, hashes, 0, count);
            }
        } finally {
            context.exit();
        }
        final long moved = writePath.undisturbed(() -> moveLocked(hashes, from, to, lengths, count));
        writePath.exact().letWritersIn();
        return moved;
    }

    /** Reads the pages that are needed, so that the page cache has them before they are read under the write lock. */
    private void readPages(final long[] hashes, final long[] positions, final int count) {
        for (int i = 0; i < count; i++) {
            matcher.position = positions[i];
            keydir.find(hashes[i], matcher);
        }
    }

    /** Brings entries into the caches together, which takes less long than one after the other. */
    private void touch(final ReadContext context, final long[] hashes, final int from, final int to) {
        long words = 0;
        for (int i = from; i < to; i++) {
            words += keydir.touch(hashes[i]);
        }
        context.touched(words);
    }

    private long moveLocked(
        final long[] hashes, final long[] from, final long[] to, final int[] lengths, final int count) {
        long moved = 0;
        for (int i = 0; i < count; i++) {
            final boolean gone = to[i] == 0;
            if (gone ? keydir.removeAt(hashes[i], from[i]) : keydir.compareAndSet(hashes[i], from[i], to[i])) {
                log.table().segmentAt(from[i]).addLiveBytes(-lengths[i]);
                if (!gone) {
                    log.table().segmentAt(to[i]).addLiveBytes(lengths[i]);
                }
                moved |= 1L << i;
            }
        }
        return moved;
    }

    /**
     * Takes segments out of use to which no entry leads any more; in the background, as soon as nobody reads them.
     *
     * @param replacedBy the outputs of the merge.
     * @param bytes      of records that are gone with it.
     */
    public void retire(final List<Segment> segments, final List<Segment> replacedBy, final long bytes) {
        for (final Segment segment : segments) {
            if (segment.liveBytes() != 0) {
                throw new IllegalStateException(segment + " still has " + segment.liveBytes() + " live bytes");
            }
        }
        reclaimedBytes = reclaimedBytes + bytes;
        if (checkpoints == null) {
            retirement.retire(segments, replacedBy, () -> true);
        } else {
            final long length = segments.stream().mapToLong(Segment::length).sum();
            retirement.retire(segments, replacedBy, checkpoints.releasedLater(length));
        }
        background.run();
    }

    /** The checkpoints of the engine; null if it makes none. */
    Checkpoints checkpoints() {
        return checkpoints;
    }

    /** Bytes of records that merges took away. */
    long reclaimedBytes() {
        return reclaimedBytes;
    }

    /** Removes what was retired and nobody reads any more; waits for calls under way, and not for iterations. */
    public void removeRetired() {
        if (checkpoints != null) {
            checkpoints.release();
        }
        contexts.awaitQuiescence();
        retirement.round();
    }

    /** How many segments are out of use and not removed yet. */
    public int retiring() {
        return retirement.waiting();
    }

    /**
     * Goes on in a new segment, if anything in the active one is dead, and seals it, so that a merge can take it.
     *
     * @return sequence of the last record in a sealed segment.
     */
    public long rollActive() {
        writePath.rollIfDead();
        sync.sealRolled();
        background.run();
        return sync.durableSequence();
    }
}
