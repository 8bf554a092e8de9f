package org.mapcask.lab.rig;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * A thread that sleeps for a millisecond, again and again, and records by how much each sleep was longer than the
 * shortest one: what the host, the kernel and the JVM's own pauses cost a thread that does nothing. No curve of this
 * process can be trusted below this one.
 *
 * <p>As in an open loop, wakes that a long pause swallowed are recorded too, each with what was left of the pause.
 */
public final class HiccupMeter {
    /** Time between two wakes. */
    public static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final IntervalRecorder recorder;
    private final Thread thread;
    private long startNs;
    private volatile boolean running = true;

    /** A meter that does not run yet. */
    HiccupMeter(final long durationNs) {
        recorder = new IntervalRecorder(durationNs);
        thread = new Thread(this::run, "hiccup-meter");
        thread.setDaemon(true);
    }

    /**
     * Starts a meter.
     *
     * @param startNs    when to begin.
     * @param durationNs planned time, which sizes the recording.
     * @return the running meter; {@link #stop} ends it.
     */
    public static HiccupMeter start(final long startNs, final long durationNs) {
        final HiccupMeter meter = new HiccupMeter(durationNs);
        meter.begin(startNs);
        return meter;
    }

    /** Starts it. */
    void begin(final long newStartNs) {
        startNs = newStartNs;
        recorder.begin(newStartNs);
        thread.start();
    }

    private void run() {
        LockSupport.parkNanos(startNs - System.nanoTime());
        long shortestNs = Long.MAX_VALUE;
        while (running) {
            final long beginNs = System.nanoTime();
            LockSupport.parkNanos(PERIOD_NS);
            final long nowNs = System.nanoTime();
            if (!running) {
                return;
            }
            // The shortest sleep is what the timer itself costs here: it is no hiccup.
            shortestNs = Math.min(shortestNs, Math.max(PERIOD_NS, nowNs - beginNs));
            for (long lateNs = nowNs - beginNs - shortestNs; lateNs >= 0; lateNs -= PERIOD_NS) {
                recorder.record(nowNs, lateNs);
            }
        }
    }

    /**
     * Ends the meter and hands out what it recorded.
     *
     * @param startMillis wall clock at the start.
     * @return one histogram an interval, in nanoseconds.
     */
    public List<Histogram> stop(final long startMillis) {
        running = false;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return IntervalRecorder.merge(List.of(recorder), startMillis);
    }
}
