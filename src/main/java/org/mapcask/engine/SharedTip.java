package org.mapcask.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.mapcask.segment.Segment;

/**
 * The end of the log behind the last whole write, told by the writer to whoever syncs. Neither waits for the other: a
 * writer may wait for a sync while it holds the write lock, so a sync must never ask for that lock. The version is odd
 * while the three values change; a reader takes them again then. One writer, any number of readers.
 */
final class SharedTip {
    private static final VarHandle VERSION;
    private static final int SPINS = 100;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(SharedTip.class, "version", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    @SuppressWarnings("unused") // through VERSION
    private long version;
    private Segment segment;
    private int endOffset;
    private long lastSequence;

    /** Tells the end; everything before it was published. */
    void set(final Segment newSegment, final int newEndOffset, final long newLastSequence) {
        final long odd = (long)VERSION.get(this) + 1;
        VERSION.setOpaque(this, odd);
        VarHandle.storeStoreFence();
        segment = newSegment;
        endOffset = newEndOffset;
        lastSequence = newLastSequence;
        VERSION.setRelease(this, odd + 1);
    }

    /** The end now. Pairs with {@link #set}: who gets it sees every record before it, and every roll. */
    LogSync.Tip get() {
        for (int tries = 0;; tries++) {
            final long before = (long)VERSION.getAcquire(this);
            final LogSync.Tip tip = new LogSync.Tip(segment, endOffset, lastSequence);
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && before == (long)VERSION.getOpaque(this)) {
                return tip;
            }
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }
}
