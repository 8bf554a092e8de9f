package org.mapcask.merge;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Has whoever works in the background rest between pieces of work, so that others find a processor free soon, and the
 * disk: for as long as a piece took, or a part of that. After a piece that was long because of the disk the rest is
 * short. One thread.
 */
final class Rests {
    /** Pieces: some thousand records. */
    private static final long WORK_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long REST_MAX_NS = TimeUnit.MILLISECONDS.toNanos(4);

    private final LongSupplier clockNs;
    private final LongConsumer sleepNs;
    private double share;
    private long sinceNs;

    /**
     * Nobody rests before {@link #begin}.
     *
     * @param clockNs tells the time.
     * @param sleepNs waits for about so long; may return early.
     */
    Rests(final LongSupplier clockNs, final LongConsumer sleepNs) {
        this.clockNs = clockNs;
        this.sleepNs = sleepNs;
    }

    /**
     * Work begins now.
     *
     * @param newShare time of rest for a time of work; 0 is none.
     */
    void begin(final double newShare) {
        share = newShare;
        sinceNs = clockNs.getAsLong();
    }

    /** Between two steps, the shorter the better: rests if it is time. */
    void between() {
        if (share > 0) {
            final long worked = clockNs.getAsLong() - sinceNs;
            if (worked >= WORK_NS) {
                sleepNs.accept(Math.min((long)(worked * share), REST_MAX_NS));
                sinceNs = clockNs.getAsLong();
            }
        }
    }
}
