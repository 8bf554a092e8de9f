package org.mapcask.lab.workload;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.mapcask.lab.rig.Operation;

/**
 * A thread that writes at a fixed rate while others are measured, for {@code readwhilewriting} and
 * {@code readwhilemerging}; a second one merges all the time, if asked to. Nothing of it is recorded but the counts.
 */
public final class Disturbance implements AutoCloseable {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final double SECOND_NS = 1e9;

    private final Contents contents;
    private final Operation write;
    private final double rate;
    private final Thread writer;
    private final Thread merger;
    private volatile boolean stopped;
    private volatile Throwable failure;
    private long writes;

    private Disturbance(final Contents contents, final double rate, final boolean merging, final long seed) {
        this.contents = contents;
        this.rate = rate;
        write = new UpdateWorkload(contents, seed).newOperation(0, 1);
        writer = thread("lab-writer", this::write);
        merger = merging ? thread("lab-merger", this::merge) : null;
    }

    /**
     * Begins.
     *
     * @param contents written over; nobody else writes.
     * @param rate     puts a second.
     * @param merging  whether to merge as often as there is something to merge.
     * @param seed     begin of the random numbers.
     */
    public static Disturbance start(
        final Contents contents, final double rate, final boolean merging, final long seed) {
        final Disturbance disturbance = new Disturbance(contents, rate, merging, seed);
        disturbance.writer.start();
        if (merging) {
            disturbance.merger.start();
        }
        return disturbance;
    }

    private Thread thread(final String name, final Runnable work) {
        final Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (final RuntimeException | Error e) {
                failure = e;
            }
        }, name);
        thread.setDaemon(true);
        return thread;
    }

    private void write() {
        final long startNs = System.nanoTime();
        while (!stopped) {
            final long intendedNs = startNs + (long) (writes * SECOND_NS / rate);
            final long leftNs = intendedNs - System.nanoTime();
            if (leftNs > 0) {
                LockSupport.parkNanos(leftNs);
            } else {
                write.prepare();
                write.perform();
                writes++;
            }
        }
    }

    private void merge() {
        while (!stopped) {
            contents.store().compact();
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Puts that were made; to be asked after {@link #close()}. */
    public long writes() {
        return writes;
    }

    /**
     * Ends the threads.
     *
     * @throws IllegalStateException if one of them had ended by an exception.
     */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(writer);
        join(writer);
        if (merger != null) {
            LockSupport.unpark(merger);
            join(merger);
        }
        if (failure != null) {
            throw new IllegalStateException("what went on beside the measurement failed: " + failure, failure);
        }
    }

    private static void join(final Thread thread) {
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }
}
