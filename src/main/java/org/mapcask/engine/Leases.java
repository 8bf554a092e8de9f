package org.mapcask.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Who holds positions outside of a call: an iteration, from the copy of a keydir page to the last of its records. What
 * such a position leads to is not retired meanwhile; nobody waits for it, retiring asks again later. Thread-safe.
 */
final class Leases {
    private final Queue<Lease> leases = new ConcurrentLinkedQueue<>();

    /** A lease that is not held yet; to be released. */
    Lease reserve() {
        final Lease lease = new Lease();
        leases.add(lease);
        return lease;
    }

    /** Ends the use of a lease. */
    void release(final Lease lease) {
        leases.remove(lease);
        lease.end();
    }

    /** The leases. */
    Iterable<Lease> all() {
        return leases;
    }

    /** One holder; {@link #begin()} and {@link #end()} by one thread at a time. */
    static final class Lease {
        private static final VarHandle PHASE;

        static {
            try {
                PHASE = MethodHandles.lookup().findVarHandle(Lease.class, "phase", long.class);
            } catch (final ReflectiveOperationException ex) {
                throw new ExceptionInInitializerError(ex);
            }
        }

        @SuppressWarnings("unused") // through PHASE
        private long phase;

        /** Before the keydir is asked for positions: a full fence, so that who retires either sees it or was before. */
        void begin() {
            PHASE.setVolatile(this, phase + 1 | 1);
            VarHandle.fullFence();
        }

        /** After the last use of a position. */
        void end() {
            PHASE.setRelease(this, phase + 1 & ~1L);
        }

        /** Odd while it is held; another number each time. */
        long phaseVolatile() {
            return (long)PHASE.getVolatile(this);
        }
    }
}
