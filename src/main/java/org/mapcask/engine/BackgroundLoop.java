package org.mapcask.engine;

import java.util.concurrent.locks.LockSupport;
import org.mapcask.nativeaccess.Uninterruptible;

/**
 * A thread that does a piece of background work again and again: soon after it was asked to, and once in a while by
 * itself. What fails is told once and tried again in the next round.
 */
final class BackgroundLoop implements Runnable {
    private static final System.Logger LOGGER = System.getLogger(BackgroundLoop.class.getName());

    private final Runnable work;
    private final long pauseNs;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean signalled;
    private long firstPause;
    private String reported;

    /**
     * A loop that does not run yet.
     *
     * @param name    of the thread.
     * @param pauseNs longest time between two rounds.
     * @param work    one round; called by one thread at a time.
     */
    BackgroundLoop(final String name, final long pauseNs, final Runnable work) {
        this.work = work;
        this.pauseNs = pauseNs;
        thread = new Thread(this, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Starts, with a pause before the first round unless it is asked for. */
    void startAfter(final long firstPauseNs) {
        firstPause = firstPauseNs;
        thread.start();
    }

    /** Asks for a round soon; cheap, any thread. */
    void signal() {
        if (!signalled) {
            signalled = true;
            LockSupport.unpark(thread);
        }
    }

    /** Ends the thread after the round that it is in, and waits for it. Does nothing if it never started. */
    void stop() {
        running = false;
        LockSupport.unpark(thread);
        Uninterruptible.join(thread);
    }

    @Override
    public void run() {
        if (firstPause > 0 && running && !signalled) {
            LockSupport.parkNanos(this, firstPause);
        }
        while (running) {
            signalled = false;
            try {
                work.run();
            } catch (final RuntimeException | Error ex) {
                report(ex);
            }
            if (running && !signalled) {
                LockSupport.parkNanos(this, pauseNs);
            }
        }
    }

    /** Tells a failure once, not at every round that meets it again. */
    private void report(final Throwable failure) {
        final String text = String.valueOf(failure);
        if (!text.equals(reported)) {
            reported = text;
            LOGGER.log(System.Logger.Level.WARNING, "background work of the store failed", failure);
        }
    }
}
