package org.mapcask.keydir;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * How long writers were held up by work on the keydir that is not their own entry: pages that split, tables that
 * doubled with them, pages that came into memory, and the steps of background work under the lock of the writers. In
 * classes of powers of two. A piece of such work comes once in many puts, so that the clock costs them nothing.
 * Recorded under the lock of the writers; read by any thread.
 */
public final class KeydirPauses {
    private static final int CLASSES = 32;

    private final AtomicLongArray counts = new AtomicLongArray(CLASSES);
    private final NativeAccess clock = NativeAccess.get();
    private volatile long longestNs;
    private volatile long longestBusyNs;
    private volatile long totalNs;
    private long busyBeginNs;
    private volatile long splits;
    private volatile long doublings;

    KeydirPauses() {
        // everything stands in the fields
    }

    /**
     * A piece of work begins. Writer, who calls {@link #end} before the next piece begins.
     *
     * @return the time, for {@link #end}.
     */
    public long begin() {
        busyBeginNs = clock.threadCpuNs();
        return System.nanoTime();
    }

    /** The piece of work that began at this time ends. Writer. */
    public void end(final long beginNs) {
        final long ns = System.nanoTime() - beginNs;
        final long busyEndNs = clock.threadCpuNs();
        record(ns, busyEndNs == 0 ? ns : busyEndNs - busyBeginNs);
    }

    /**
     * A page came into memory, for which the writer began to wait at this time. Writer. The whole of it counts as
     * processor time: that takes a call to ask for, and pages come often.
     */
    void loaded(final long beginNs) {
        final long ns = System.nanoTime() - beginNs;
        record(ns, ns);
    }

    void record(final long ns, final long busyNs) {
        final int place = classOf(Math.max(0, ns));
        counts.lazySet(place, counts.get(place) + 1);
        totalNs = totalNs + ns;
        if (ns > longestNs) {
            longestNs = ns;
        }
        if (busyNs > longestBusyNs) {
            longestBusyNs = busyNs;
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

    /**
     * The most processor time of a piece of work, in nanoseconds: what it took but for the time in which its thread was
     * kept from a processor, or waited for another thread. As {@link #longestNs} where the kernel cannot be asked.
     */
    public long longestBusyNs() {
        return longestBusyNs;
    }

    /** All pieces of work together, in nanoseconds. */
    public long totalNs() {
        return totalNs;
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
