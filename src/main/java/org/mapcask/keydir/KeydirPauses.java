package org.mapcask.keydir;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long writers were held up by work on the keydir that is not their own entry: pages that split, tables that
 * doubled with them, pages that came into memory, and the steps of background work under the lock of the writers. In
 * classes of powers of two. A piece of such work comes once in many puts, so that the clock costs them nothing.
 * Recorded under the lock of the writers; read by any thread.
 */
public final class KeydirPauses {
    private static final int CLASSES = 32;

    private final AtomicLongArray counts = new AtomicLongArray(CLASSES);
    private volatile long longestNs;
    private volatile long splits;
    private volatile long doublings;

    KeydirPauses() {
        // everything stands in the fields
    }

    /** A piece of work that began at a time of {@link System#nanoTime()} and ends now. Writer. */
    public void end(final long beginNs) {
        record(System.nanoTime() - beginNs);
    }

    void record(final long ns) {
        final int place = classOf(Math.max(0, ns));
        counts.lazySet(place, counts.get(place) + 1);
        if (ns > longestNs) {
            longestNs = ns;
        }
    }

    /** A page was divided in two. Writer. */
    void split(final boolean doubled) {
        splits = splits + 1;
        doublings = doublings + (doubled ? 1 : 0);
    }

    /** The longest piece of work, in nanoseconds. */
    public long longestNs() {
        return longestNs;
    }

    /** Pages that were divided in two. */
    public long splits() {
        return splits;
    }

    /** How often the table was doubled for that. */
    public long doublings() {
        return doublings;
    }

    private static int classOf(final long ns) {
        return Math.min(CLASSES - 1, Long.SIZE - Long.numberOfLeadingZeros(TimeUnit.NANOSECONDS.toMicros(ns)));
    }

    /** How many pieces of work were shorter than so many microseconds and not in a class before; without empty ones. */
    public Map<String, Long> histogram() {
        final Map<String, Long> histogram = new LinkedHashMap<>();
        for (int i = 0; i < CLASSES; i++) {
            if (counts.get(i) > 0) {
                histogram.put("below" + (1L << i) + "us", counts.get(i));
            }
        }
        return histogram;
    }
}
