package org.mapcask.engine;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.mapcask.errors.MapcaskException;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentPages;
import org.mapcask.segment.SegmentTable;

/**
 * Has the next segment ready before it is needed. Threads of its own make it, the writer takes it; if that fails, the
 * writer makes one itself and meets the error of a full disk as its own. Thread-safe.
 * <p>
 * A writer that finds none is faster than the disk: it fills the page cache, and the syncs of a new segment stand
 * behind the records in the queue of the device. From then on several are kept ready, twice as many each time that this
 * happens, and made side by side: their syncs share the wait, so that eight take as long as one. When no segment was
 * taken for a while, one is enough again.
 * <p>
 * While a store is small, so are its new segments: a share of what lives, since the segment that is appended to, the
 * next one, and what dies until a segment is full are all room that is taken beside it.
 */
final class SegmentSupply {
    /** A new segment is no longer than what lives divided by this, down to {@link #LENGTH_MIN}. */
    private static final int LIVE_SHARE = 16;
    private static final int LENGTH_MIN = 8 << 20;
    /** So many are ready at the most, and they take no more room than {@link #FULL_LENGTH_SPARES} of full length. */
    static final int SPARES_MAX = 8;
    private static final int FULL_LENGTH_SPARES = 4;
    /** A writer that takes no segment for so long is not ahead of the disk any more. */
    private static final long CALM_NS = TimeUnit.SECONDS.toNanos(1);

    private final SegmentTable table;
    private final SegmentFactory factory;
    private final EngineSettings settings;
    private final FailStop failStop;
    private final HelperThreads makers;
    private final HugePages hugePages;
    private final Deque<Segment> ready = new ConcurrentLinkedDeque<>();
    private volatile int spares = 1;
    private volatile long takenNs;
    private volatile MapcaskException lastFailure;
    private boolean anyTaken;
    private int making;

    /**
     * A supply with nothing ready.
     *
     * @param makers    make the segments; null if each is to be made by the thread that asks for it.
     * @param hugePages tells whether new segments are to have huge pages.
     */
    SegmentSupply(
        final SegmentTable table, final SegmentFactory factory, final EngineSettings settings,
        final FailStop failStop, final HelperThreads makers, final HugePages hugePages) {
        this.hugePages = hugePages;
        this.table = table;
        this.factory = factory;
        this.settings = settings;
        this.failStop = failStop;
        this.makers = makers;
    }

    /** Length of the shortest segment that this store takes for new ones. */
    int shortest() {
        return Math.min(settings.segmentLength(), LENGTH_MIN);
    }

    /** Length of the next segment. */
    private int nextLength() {
        long live = 0;
        for (final Segment segment : table.segments()) {
            live += segment.liveBytes();
        }
        final long share = Long.highestOneBit(Math.max(LENGTH_MIN, live / LIVE_SHARE));
        return (int)Math.min(settings.segmentLength(), share);
    }

    /** Takes a prepared segment, or makes one now; one that is being prepared is waited for. */
    Segment take() {
        return take(0);
    }

    /** As {@link #take()}, one that is at least so long; a shorter one stays for the next. */
    Segment take(final int length) {
        final Segment segment = takeReady(length);
        return segment != null ? segment : takeSlow(length);
    }

    private Segment takeReady(final int length) {
        for (final Segment segment : ready) {
            if (segment.length() >= length && ready.remove(segment)) {
                takenNs = System.nanoTime();
                return segment;
            }
        }
        return null;
    }

    /**
     * Makes one only if none is in the making any more: two at once could both fail for lack of room, where there is
     * room for one.
     */
    private synchronized Segment takeSlow(final int length) {
        if (anyTaken && ready.isEmpty()) {
            rush();
        }
        anyTaken = true;
        boolean interrupted = false;
        Segment segment = takeReady(length);
        while (segment == null && making > 0) {
            try {
                wait();
            } catch (final InterruptedException ex) {
                interrupted = true;
            }
            segment = takeReady(length);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        takenNs = System.nanoTime();
        return segment != null ? segment : create(Math.max(length, nextLength()));
    }

    private void rush() {
        final long room = (long)FULL_LENGTH_SPARES * settings.segmentLength() / nextLength();
        spares = (int)Math.min(spares * 2, Math.min(SPARES_MAX, room));
        if (makers != null) {
            order(segment -> {
            });
        }
    }

    /** Whether the writer was faster than the disk a moment ago. */
    boolean isRushed() {
        return spares > 1;
    }

    /** Whether a segment ought to be ready and is not; never in a store that is latched. */
    private boolean isShort() {
        return ready.size() < spares && !failStop.isLatched();
    }

    /** How many segments are ready. */
    int ready() {
        return ready.size();
    }

    /**
     * Has the segments made that are missing. A failure is kept for the statistics, and the next call tries again.
     *
     * @param onReady is told of each, which the writer may have taken by then; by the thread that made it.
     */
    void order(final Consumer<Segment> onReady) {
        if (isRushed() && System.nanoTime() - takenNs > CALM_NS) {
            calm();
        }
        for (int missing = reserveMissing(); missing > 0; missing--) {
            try {
                final int length = nextLength();
                if (makers == null) {
                    make(length, onReady);
                } else {
                    makers.run(() -> make(length, onReady));
                }
            } catch (final RejectedExecutionException | OutOfMemoryError noThread) {
                made(null); // whoever needs it makes it
            }
        }
    }

    private synchronized int reserveMissing() {
        final int missing = failStop.isLatched() ? 0 : Math.max(0, spares - ready.size() - making);
        making += missing;
        return missing;
    }

    private void make(final int length, final Consumer<Segment> onReady) {
        Segment segment = null;
        boolean isKept = false;
        try {
            segment = create(length);
            lastFailure = null;
        } catch (final MapcaskException ex) {
            lastFailure = ex;
        } finally {
            isKept = made(segment);
        }
        if (isKept) {
            onReady.accept(segment);
        } else if (segment != null) {
            discard(List.of(segment)); // another one was given back meanwhile
        }
    }

    private synchronized boolean made(final Segment segment) {
        final boolean isKept = segment != null && isShort();
        if (isKept) {
            ready.add(segment);
        }
        making--;
        notifyAll();
        return isKept;
    }

    private void calm() {
        spares = 1;
        final List<Segment> tooMany = new ArrayList<>();
        while (ready.size() > spares) {
            final Segment last = ready.pollLast();
            if (last != null) {
                tooMany.add(last);
            }
        }
        discard(tooMany);
    }

    /** Not in a store that is latched: a failed sync of the directory would be tried again. */
    private Segment create(final int length) {
        failStop.check();
        if (settings.zeroSegments()) {
            return factory.createZeroed(length);
        }
        final Segment segment = factory.create(length);
        if (hugePages.areWanted()) {
            SegmentPages.askForHuge(segment);
        }
        return segment;
    }

    /** Takes back a segment that was not needed after all, as a prepared one if one is missing. */
    void giveBack(final Segment segment) {
        if (isShort()) {
            ready.addFirst(segment);
        } else {
            discard(List.of(segment));
        }
    }

    /** Length of a file that is worth keeping when a segment is removed: none, while enough are ready. */
    int keepLength() {
        return isShort() ? nextLength() : 0;
    }

    /** Why the last preparation in the background failed, or null. */
    MapcaskException lastFailure() {
        return lastFailure;
    }

    /** Waits until nothing is in the making; what is needed from now on, its taker makes. */
    void stop() {
        if (makers != null) {
            makers.stop();
        }
    }

    /** Removes the prepared segments, and what was kept to make one of; after the background threads have ended. */
    void close() {
        factory.dropKept(!failStop.isLatched());
        final List<Segment> unused = new ArrayList<>(ready);
        ready.clear();
        discard(unused);
    }

    /** What a latched store leaves, the next open removes. */
    private void discard(final List<Segment> segments) {
        if (failStop.isLatched()) {
            segments.forEach(Segment::close);
        } else if (!segments.isEmpty()) {
            factory.discard(segments);
        }
    }
}
