package org.mapcask.engine;

import java.util.concurrent.atomic.AtomicReference;
import org.mapcask.errors.MapcaskException;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentTable;

/**
 * Has the next segment ready before it is needed. A background thread prepares, the writer takes; if none is
 * ready, the writer makes one itself and meets the error of a full disk as its own. Thread-safe.
 * <p>
 * While a store is small, so are its new segments: a share of what lives, since the segment that is appended to, the
 * next one, and what dies until a segment is full are all room that is taken beside it.
 */
final class SegmentSupply {
    /** A new segment is no longer than what lives divided by this, down to {@link #LENGTH_MIN}. */
    private static final int LIVE_SHARE = 16;
    private static final int LENGTH_MIN = 8 << 20;

    private final SegmentTable table;
    private final SegmentFactory factory;
    private final EngineSettings settings;
    private final FailStop failStop;
    private final AtomicReference<Segment> ready = new AtomicReference<>();
    private volatile MapcaskException lastFailure;

    SegmentSupply(
        final SegmentTable table, final SegmentFactory factory, final EngineSettings settings,
        final FailStop failStop) {
        this.table = table;
        this.factory = factory;
        this.settings = settings;
        this.failStop = failStop;
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

    /** Takes the prepared segment, or makes one now; one that is being prepared is waited for. */
    Segment take() {
        return take(0);
    }

    /** As {@link #take()}, one that is at least so long. */
    Segment take(final int length) {
        final Segment segment = ready.getAndSet(null);
        return isLongEnough(segment, length) ? segment : takeSlow(length);
    }

    /** Two segments in the making at once could both fail for lack of room, where there is room for one. */
    private synchronized Segment takeSlow(final int length) {
        final Segment segment = ready.getAndSet(null);
        return isLongEnough(segment, length) ? segment : create(Math.max(length, nextLength()));
    }

    /** One that is too short is let go: the next one will be of another length, too. */
    private boolean isLongEnough(final Segment segment, final int length) {
        if (segment != null && segment.length() < length) {
            discard(segment);
            return false;
        }
        return segment != null;
    }

    /**
     * Prepares a segment if none is ready; a background thread. A failure is kept for the statistics, and the next
     * call tries again.
     *
     * @return the new segment, which the writer may have taken by now; or null.
     */
    synchronized Segment prepare() {
        if (ready.get() != null || failStop.isLatched()) {
            return null;
        }
        try {
            final Segment segment = create(nextLength());
            lastFailure = null;
            if (ready.compareAndSet(null, segment)) {
                return segment;
            }
            factory.discard(segment); // one was given back meanwhile
            return null;
        } catch (final MapcaskException ex) {
            lastFailure = ex;
            return null;
        }
    }

    /** Not in a store that is latched: a failed sync of the directory would be tried again. */
    private Segment create(final int length) {
        failStop.check();
        return settings.zeroSegments() ? factory.createZeroed(length) : factory.create(length);
    }

    /** Takes back a segment that was not needed after all, as the prepared one if there is none. */
    void giveBack(final Segment segment) {
        if (!ready.compareAndSet(null, segment)) {
            discard(segment);
        }
    }

    /** Length of a file that is worth keeping when a segment is removed: none, while the next one is ready. */
    int keepLength() {
        return ready.get() == null && !failStop.isLatched() ? nextLength() : 0;
    }

    /** Why the last preparation in the background failed, or null. */
    MapcaskException lastFailure() {
        return lastFailure;
    }

    /** Removes the prepared segment, and what was kept to make one of; after the background threads have ended. */
    void close() {
        factory.dropKept(!failStop.isLatched());
        final Segment segment = ready.getAndSet(null);
        if (segment != null) {
            discard(segment);
        }
    }

    /** What a latched store leaves, the next open removes. */
    private void discard(final Segment segment) {
        if (failStop.isLatched()) {
            segment.close();
        } else {
            factory.discard(segment);
        }
    }
}
