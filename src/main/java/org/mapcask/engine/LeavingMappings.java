package org.mapcask.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.mapcask.io.MappedFile;

/**
 * Mappings that were taken out of their segments: unmapped when the calls that may be in them have ended. Nobody waits
 * for these calls, since one may take long, and whoever unmaps has writes to make durable. One thread at a time.
 */
final class LeavingMappings {
    private final ContextPool contexts;
    private final Deque<Ticket> tickets = new ArrayDeque<>();

    private record Ticket(List<MappedFile> mappings, List<BooleanSupplier> calls) {
        boolean isFree() {
            return calls.stream().allMatch(BooleanSupplier::getAsBoolean);
        }
    }

    LeavingMappings(final ContextPool contexts) {
        this.contexts = contexts;
    }

    /** Takes mappings over that no new call comes to. */
    void add(final List<MappedFile> detached) {
        if (!detached.isEmpty()) {
            tickets.add(new Ticket(List.copyOf(detached), contexts.underWay()));
        }
    }

    /** Unmaps what no call can be in any more. */
    void round() {
        while (!tickets.isEmpty() && tickets.peek().isFree()) {
            tickets.poll().mappings().forEach(MappedFile::unmap);
        }
    }

    /** Unmaps the rest, when all calls have ended. */
    void close() {
        tickets.forEach(ticket -> ticket.mappings().forEach(MappedFile::unmap));
        tickets.clear();
    }
}
