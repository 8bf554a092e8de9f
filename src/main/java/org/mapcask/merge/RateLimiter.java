package org.mapcask.merge;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Holds up whoever moves bytes, so that in the long run there are no more of them in a second than allowed. What was
 * not used is not saved up. One thread.
 */
final class RateLimiter {
    /** Nobody sleeps for less: many small pieces are held up together. */
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final long rate;
    private final LongSupplier clockNs;
    private final LongConsumer sleepNs;
    private long freeAtNs;

    /**
     * A limiter.
     *
     * @param rate    bytes a second; 0 is without limit.
     * @param clockNs tells the time.
     * @param sleepNs waits for about so long; may return early.
     */
    RateLimiter(final long rate, final LongSupplier clockNs, final LongConsumer sleepNs) {
        this.rate = rate;
        this.clockNs = clockNs;
        this.sleepNs = sleepNs;
        this.freeAtNs = clockNs.getAsLong();
    }

    /** Takes notice of bytes that were moved; returns the nanoseconds to wait before more may be, mostly 0. */
    long passed(final long bytes) {
        if (rate == 0) {
            return 0;
        }
        final long now = clockNs.getAsLong();
        freeAtNs = Math.max(freeAtNs, now - STEP_NS) + (long)(bytes * (double)TimeUnit.SECONDS.toNanos(1) / rate);
        return freeAtNs - now >= STEP_NS ? freeAtNs - now : 0;
    }

    /** Waits for a while. */
    void sleep(final long ns) {
        sleepNs.accept(ns);
    }

    /** Nanoseconds that are left to wait now. */
    long left() {
        return rate == 0 ? 0 : Math.max(0, freeAtNs - clockNs.getAsLong());
    }
}
