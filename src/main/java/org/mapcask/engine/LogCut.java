package org.mapcask.engine;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;
import org.mapcask.segment.StoreIdentity;

/**
 * The log as it was at one moment: every record up to a sequence, in sealed segments that are durable, and that no
 * merge takes away until {@link #close()}. Writers wait for nothing but the roll into the next segment. Batches are
 * whole.
 * <p>
 * One thread. Nobody waits for it, not even the close of the engine: then the next {@link #inside} throws.
 */
public final class LogCut implements AutoCloseable {
    private final Engine engine;
    private final Leases leases;
    private final Leases.Lease lease;
    private final StoreIdentity identity;
    private final Moment moment;

    /** What was there under the write lock. */
    private record Moment(long lastSequence, long keys, List<Segment> segments) {
    }

    private LogCut(
        final Engine engine, final Leases leases, final Leases.Lease lease, final StoreIdentity identity,
        final Moment moment) {
        this.engine = engine;
        this.leases = leases;
        this.lease = lease;
        this.identity = identity;
        this.moment = moment;
    }

    /** Makes one, inside a context. */
    static LogCut make(
        final Engine engine, final Log log, final Keydir keydir, final WritePath writePath, final LogSync sync,
        final Retirement retirement, final Leases leases) {
        // Has what waits entered, so that the number of keys is right; not where that would hold writers up for long.
        if (keydir.isTight()) {
            writePath.exact().enterDeferred();
        } else {
            engine.size();
        }
        final Leases.Lease lease = leases.reserve();
        boolean done = false;
        try {
            final Moment moment = writePath.rollAndAsk(() -> {
                // In this order: what is removed meanwhile is left out, with what was waiting to be.
                final Set<Segment> leaving = retirement.leavingAtBegin(lease);
                final Segment active = writePath.appender().active();
                return new Moment(writePath.appender().lastSequence(), keydir.size(), log.table().segments().stream()
                    .filter(segment -> segment != active && !leaving.contains(segment)).toList());
            });
            sync.sealRolled(moment.lastSequence());
            for (final Segment segment : moment.segments()) {
                if (!segment.isSealed()) {
                    throw new IllegalStateException(segment + " is not sealed");
                }
            }
            done = true;
            return new LogCut(engine, leases, lease, log.identity(), moment);
        } finally {
            if (!done) {
                leases.release(lease);
            }
        }
    }

    /** Sequence of the last record; 0 if there was none yet. */
    public long lastSequence() {
        return moment.lastSequence();
    }

    /** Number of keys at that moment. */
    public long keys() {
        return moment.keys();
    }

    /** The segments; their files do not change any more. */
    public List<Segment> segments() {
        return moment.segments();
    }

    /** Of the store. */
    public StoreIdentity identity() {
        return identity;
    }

    /** Does something short with a segment while it is certain that the store is open. */
    public <T> T inside(final Supplier<T> step) {
        final ReadContext context = engine.enter();
        try {
            return step.get();
        } finally {
            context.exit();
        }
    }

    /** Lets merges have the segments again. */
    @Override
    public void close() {
        leases.release(lease);
    }
}
