package org.mapcask.engine;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for pieces of background work that wait for the disk and are better done side by side: as many as there are
 * pieces, up to a limit, and none a while after the last. Thread-safe.
 */
final class HelperThreads {
    private static final System.Logger LOGGER = System.getLogger(HelperThreads.class.getName());
    private static final long IDLE_MAX_S = 5;

    private final ThreadPoolExecutor threads;

    /**
     * No thread yet.
     *
     * @param name of the threads.
     * @param max  pieces of work at a time.
     */
    HelperThreads(final String name, final int max) {
        threads = new ThreadPoolExecutor(0, max, IDLE_MAX_S, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            final Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Has something done soon. What it throws is logged.
     *
     * @throws RejectedExecutionException when all are at work, or after {@link #stop()}.
     * @throws OutOfMemoryError when there can be no more threads.
     */
    void run(final Runnable work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (final RuntimeException | Error ex) {
                LOGGER.log(System.Logger.Level.WARNING, "background work of the store failed", ex);
            }
        });
    }

    /** Waits for what is under way; takes nothing more. */
    void stop() {
        threads.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            } catch (final InterruptedException ex) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
