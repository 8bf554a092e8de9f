package org.mapcask.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    private volatile boolean running = true;
    private volatile boolean signalled;
    private boolean started;
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

    /** Starts, unless {@link #stop()} came first. */
    void start() {
        startAfter(0);
    }

    /** As {@link #start()}, with a pause before the first round unless it is asked for. */
    synchronized void startAfter(final long firstPauseNs) {
        if (running && !started) {
            firstPause = firstPauseNs;
            thread.start();
            started = true;
        }
    }

    /**
     * Has the thread do something once, as soon as it does nothing else, also before its first round: for what whoever
     * starts it need not wait for. If that fails, it is told and done again in the next round.
     */
    void once(final Runnable errand) {
        errands.add(errand);
        LockSupport.unpark(thread);
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
        synchronized (this) {
            running = false;
        }
        LockSupport.unpark(thread);
        Uninterruptible.join(thread);
    }

    @Override
    public void run() {
        pause(firstPause);
        while (running) {
            signalled = false;
            try {
                work.run();
            } catch (final RuntimeException | Error ex) {
                report(ex);
            }
            pause(pauseNs);
        }
    }

    private void pause(final long ns) {
        final long begin = System.nanoTime();
        doErrands();
        long left = ns;
        while (left > 0 && running && !signalled) {
            LockSupport.parkNanos(this, left);
            doErrands();
            left = ns - (System.nanoTime() - begin);
        }
    }

    /** One that fails stays the first. */
    private void doErrands() {
        try {
            for (Runnable next = errands.peek(); running && next != null; next = errands.peek()) {
                next.run();
                errands.remove();
            }
        } catch (final RuntimeException | Error ex) {
            report(ex);
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
