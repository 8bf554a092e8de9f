package org.mapcask.lab.run;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.mapcask.recovery.ProgressListener;

/**
 * Tells a listener what goes on, and while a time runs how much of it is over: a thread that wakes twice a second, if
 * there is a listener. Used by one thread.
 */
final class Phases implements AutoCloseable {
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final ProgressListener listener;
    private Thread ticker;
    private volatile boolean stopped;

    Phases(final ProgressListener listener) {
        this.listener = listener;
    }

    /** Begins a phase of unknown length, and ends the one before it. */
    void begin(final String name) {
        close();
        if (listener != null) {
            listener.onProgress(name, 0, 0);
        }
    }

    /** Begins a phase of a known time; counted are milliseconds. */
    void timed(final String name, final long durationNs) {
        begin(name);
        if (listener == null) {
            return;
        }
        final long startNs = System.nanoTime();
        final long totalMs = TimeUnit.NANOSECONDS.toMillis(durationNs);
        stopped = false;
        ticker = new Thread(() -> {
            while (!stopped) {
                final long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
                listener.onProgress(name + ", ms", Math.min(elapsedMs, totalMs), totalMs);
                LockSupport.parkNanos(TICK_NS);
            }
        }, "lab-progress");
        ticker.setDaemon(true);
        ticker.start();
    }

    @Override
    public void close() {
        if (ticker == null) {
            return;
        }
        stopped = true;
        LockSupport.unpark(ticker);
        try {
            ticker.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ticker = null;
    }
}
