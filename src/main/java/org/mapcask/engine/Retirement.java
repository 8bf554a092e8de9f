package org.mapcask.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.mapcask.errors.MapcaskException;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;

/**
 * Takes segments out of use to which no keydir entry leads any more. Calls and iterations that are under way may have
 * got a position in them before; they are not waited for, but looked at again until they have ended. Then the files
 * are closed and removed, or one of them is kept for the next segment, and the positions are free. A merge whose
 * inputs are still there is told, since its commit must not vanish before them. What cannot be removed is not tried
 * again, since a directory whose sync has failed may say later that it did not: the files stay, with what replaced
 * them, and the next open removes them. Thread-safe.
 */
final class Retirement {
    private static final System.Logger LOGGER = System.getLogger(Retirement.class.getName());

    private final SegmentFactory factory;
    private final ContextPool contexts;
    private final Leases leases;
    private final IntSupplier keepLength;
    private final Deque<Ticket> tickets = new ArrayDeque<>();
    private final List<Ticket> stuck = new ArrayList<>();

    /**
     * For one store.
     *
     * @param keepLength tells how long a file has to be to be kept for a new segment; 0 keeps none.
     */
    Retirement(
        final SegmentFactory factory, final ContextPool contexts, final Leases leases, final IntSupplier keepLength) {
        this.factory = factory;
        this.contexts = contexts;
        this.leases = leases;
        this.keepLength = keepLength;
    }

    /** Segments that go when those who may use them have ended; the outputs replaced them. */
    private record Ticket(
        List<Segment> segments, List<Segment> outputs, List<BooleanSupplier> ended, BooleanSupplier released) {
        boolean isFree() {
            return released.getAsBoolean() && ended.stream().allMatch(BooleanSupplier::getAsBoolean);
        }
    }

    /**
     * Hands over segments to which no keydir entry leads, and the outputs of the merge that replaced them.
     *
     * @param released tells whether nothing durable leads to them any more.
     */
    void retire(final List<Segment> segments, final List<Segment> outputs, final BooleanSupplier released) {
        synchronized (tickets) {
            final List<BooleanSupplier> ended = contexts.underWay();
            for (final Leases.Lease lease : leases.all()) {
                final long phase = lease.phaseVolatile();
                if ((phase & 1) != 0) {
                    ended.add(() -> lease.phaseVolatile() != phase);
                }
            }
            tickets.add(new Ticket(List.copyOf(segments), List.copyOf(outputs), ended, released));
        }
    }

    /** Begins a lease, and tells which segments it came too late for: all others stay until it ends. */
    Set<Segment> leavingAtBegin(final Leases.Lease lease) {
        synchronized (tickets) {
            lease.begin();
            return leaving();
        }
    }

    /**
     * Removes what nobody uses any more; in the order in which it came, so that an older merge is done with before a
     * newer one. Called by one thread at a time, off the callers of the store.
     *
     * @return whether nothing is left.
     */
    synchronized boolean round() {
        while (true) {
            final Ticket next;
            synchronized (tickets) {
                next = tickets.peek();
            }
            if (next == null) {
                return true;
            }
            if (!next.isFree()) {
                return false;
            }
            remove(next);
        }
    }

    private void remove(final Ticket next) {
        boolean done = false;
        try {
            factory.remove(next.segments(), keepLength.getAsInt());
            done = true;
        } catch (final MapcaskException ex) {
            LOGGER.log(System.Logger.Level.WARNING, "merged segments are left to the next open: " + ex.getMessage());
        } finally {
            synchronized (tickets) {
                tickets.poll();
                if (!done) {
                    stuck.add(next);
                }
            }
        }
    }

    /** Does something while no segment is removed. */
    synchronized void undisturbed(final Runnable work) {
        work.run();
    }

    /** Removes what is left, when all calls have ended; what cannot be removed now is removed by the next open. */
    synchronized void removeAll() {
        while (true) {
            final Ticket next;
            synchronized (tickets) {
                next = tickets.peek();
            }
            if (next == null || !next.released().getAsBoolean()) {
                return;
            }
            remove(next);
        }
    }

    /** All that are not done with. */
    private Stream<Ticket> open() {
        return Stream.concat(tickets.stream(), stuck.stream());
    }

    /** How many segments wait. */
    int waiting() {
        synchronized (tickets) {
            return open().mapToInt(ticket -> ticket.segments().size()).sum();
        }
    }

    /** The segments that wait. */
    Set<Segment> leaving() {
        final Set<Segment> leaving = new HashSet<>();
        synchronized (tickets) {
            open().forEach(ticket -> leaving.addAll(ticket.segments()));
        }
        return leaving;
    }

    /** The segments that wait, and the outputs of their merges: none of them may go into another merge. */
    Set<Segment> involved() {
        final Set<Segment> involved = new HashSet<>();
        synchronized (tickets) {
            open().forEach(ticket -> {
                involved.addAll(ticket.segments());
                involved.addAll(ticket.outputs());
            });
        }
        return involved;
    }
}
