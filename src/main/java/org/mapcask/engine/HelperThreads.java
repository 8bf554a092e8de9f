package org.mapcask.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.mapcask.nativeaccess.Uninterruptible;

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

    /**
     * Does some pieces of work side by side, the calling thread among those that do them, and returns when none is
     * under way any more. What finds no thread, the caller does.
     *
     * @throws RuntimeException or an {@link Error}: the first that one of the pieces threw.
     */
    void runAll(final List<Runnable> works) {
        final List<FutureTask<Void>> tasks = new ArrayList<>();
        works.forEach(work -> tasks.add(new FutureTask<>(work, null)));
        try {
            for (int i = 1; i < tasks.size(); i++) {
                threads.execute(tasks.get(i));
            }
        } catch (final RejectedExecutionException | OutOfMemoryError noThread) {
            // what nobody took is done below
        }
        tasks.forEach(FutureTask::run); // does nothing where a thread is at it, or was
        Throwable failure = null;
        for (final FutureTask<Void> task : tasks) {
            final Throwable thrown = thrownBy(task);
            failure = failure == null ? thrown : failure;
        }
        if (failure instanceof Error) {
            throw (Error)failure;
        }
        if (failure != null) {
            throw (RuntimeException)failure;
        }
    }

    /** Waits for the end of a piece of work; null if all went well. */
    private static Throwable thrownBy(final FutureTask<Void> task) {
        final Throwable[] thrown = new Throwable[1];
        Uninterruptible.await(() -> {
            try {
                task.get();
            } catch (final ExecutionException ex) {
                thrown[0] = ex.getCause();
            }
        });
        return thrown[0];
    }

    /** Waits for what is under way; takes nothing more. */
    void stop() {
        threads.shutdown();
        Uninterruptible.await(() -> {
            while (!threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
                continue;
            }
        });
    }
}
