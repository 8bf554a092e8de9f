package org.mapcask.lab.probe;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.nativeaccess.Uninterruptible;

/**
 * A thread that stops the whole JVM every other millisecond, as a collection of garbage would, and records how long
 * that takes: the time until every thread has come to a safepoint, and a little work. The operation is the search for
 * deadlocked threads, which the JVM does with all threads stopped. Started and stopped by one thread.
 */
final class SafepointMeter {
    private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Histogram histogram = IntervalRecorder.newHistogram();
    private final Thread thread = new Thread(this::run, "safepoint-meter");
    private volatile boolean running = true;

    private SafepointMeter() {
        thread.setDaemon(true);
    }

    static SafepointMeter start() {
        final SafepointMeter meter = new SafepointMeter();
        meter.thread.start();
        return meter;
    }

    private void run() {
        while (running) {
            LockSupport.parkNanos(PERIOD_NS);
            final long beginNs = System.nanoTime();
            threads.findDeadlockedThreads();
            histogram.recordValue(Math.min(System.nanoTime() - beginNs, IntervalRecorder.HIGHEST_NS));
        }
    }

    /** Ends it; hands out what it recorded. */
    Histogram stop() {
        running = false;
        Uninterruptible.join(thread);
        return histogram;
    }
}
