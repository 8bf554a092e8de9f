package org.mapcask.engine;

import java.util.concurrent.atomic.AtomicReference;
import org.mapcask.errors.MapcaskException;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;

/**
 * Has the next segment ready before it is needed. A background thread prepares, the writer takes; if none is
 * ready, the writer makes one itself and meets the error of a full disk as its own. Thread-safe.
 */
final class SegmentSupply {
    private final SegmentFactory factory;
    private final EngineSettings settings;
    private final FailStop failStop;
    private final AtomicReference<Segment> ready = new AtomicReference<>();
    private volatile MapcaskException lastFailure;

    SegmentSupply(final SegmentFactory factory, final EngineSettings settings, final FailStop failStop) {
        this.factory = factory;
        this.settings = settings;
        this.failStop = failStop;
    }

    /** Takes the prepared segment, or makes one now; one that is being prepared is waited for. */
    Segment take() {
        final Segment segment = ready.getAndSet(null);
        return segment != null ? segment : takeSlow();
    }

    /** Two segments in the making at once could both fail for lack of room, where there is room for one. */
    private synchronized Segment takeSlow() {
        final Segment segment = ready.getAndSet(null);
        return segment != null ? segment : create();
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
            final Segment segment = create();
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
    private Segment create() {
        failStop.check();
        return settings.zeroSegments() ? factory.createZeroed(settings.segmentLength()) :
            factory.create(settings.segmentLength());
    }

    /** Takes back a segment that was not needed after all, as the prepared one if there is none. */
    void giveBack(final Segment segment) {
        if (!ready.compareAndSet(null, segment)) {
            discard(segment);
        }
    }

    /** Length of a file that is worth keeping when a segment is removed: none, while the next one is ready. */
    int keepLength() {
        return ready.get() == null && !failStop.isLatched() ? settings.segmentLength() : 0;
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
