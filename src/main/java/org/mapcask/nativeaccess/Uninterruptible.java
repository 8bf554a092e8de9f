package org.mapcask.nativeaccess;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * What an interrupt of the calling thread must not cut short: work on a {@link java.nio.channels.FileChannel}, which
 * the interrupt would close, and waits for what is certain to come. The interrupt is kept for the caller. Any thread.
 */
public final class Uninterruptible {
    private Uninterruptible() {
    }

    /**
     * Work that may fail with an IOException.
     *
     * @param <T> type of the result.
     */
    @FunctionalInterface
    public interface IoTask<T> {
        /** Does the work. */
        T run() throws IOException;
    }

    /**
     * Runs work that opens its own channel, and so can be repeated: first in this thread, and where an interrupt comes
     * in between, in one that nobody knows.
     */
    public static <T> T callRepeatable(final IoTask<T> task) throws IOException {
        if (!Thread.currentThread().isInterrupted()) {
            try {
                return task.run();
            } catch (final ClosedByInterruptException interrupted) {
                // The flag is set again; the channel of that attempt is gone, the next attempt opens another one.
                return callApart(task);
            }
        }
        return callApart(task);
    }

    /** Runs work on a channel that must stay open: always in a thread of its own, which nobody can interrupt. */
    public static <T> T callApart(final IoTask<T> task) throws IOException {
        final Run<T> run = new Run<>(task);
        final Thread thread = new Thread(run, "mapcask-io");
        thread.setDaemon(true);
        thread.start();
        join(thread);
        return run.result();
    }

    /**
     * The result of a task that has ended, whose work throws nothing checked.
     *
     * @throws RuntimeException or an {@link Error}: what the task threw, each time.
     */
    public static <T> T resultOf(final Future<T> ended) {
        try {
            return ended.get();
        } catch (final ExecutionException ex) {
            if (ex.getCause() instanceof final Error error) {
                throw error;
            }
            throw (RuntimeException)ex.getCause();
        } catch (final InterruptedException ex) {
            throw new IllegalStateException(ex); // it has ended
        }
    }

    /** A wait that an interrupt ends before its time; it may be begun again. */
    @FunctionalInterface
    public interface Wait {
        /** Waits. */
        void run() throws InterruptedException;
    }

    /** Waits to the end, whatever interrupts. */
    public static void await(final Wait wait) {
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                wait.run();
                over = true;
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until a thread has ended; one that never started has. */
    public static void join(final Thread thread) {
        await(thread::join);
    }

    private static final class Run<T> implements Runnable {
        private final IoTask<T> task;
        private T value;
        private Throwable failure;

        Run(final IoTask<T> task) {
            this.task = task;
        }

        @Override
        public void run() {
            try {
                value = task.run();
            } catch (final IOException | RuntimeException | Error e) {
                failure = e;
            }
        }

        T result() throws IOException {
            if (failure instanceof IOException) {
                throw (IOException) failure;
            }
            if (failure instanceof RuntimeException) {
                throw (RuntimeException) failure;
            }
            if (failure != null) {
                throw (Error) failure;
            }
            return value;
        }
    }
}
