package org.mapcask.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.rig.Operation;

/**
 * An operation with pieces of arithmetic ({@link ArithmeticOperation}) between its calls, by the same thread and
 * outside of their times. They call nobody, so that what one of them takes beyond its microseconds is the machine's,
 * and so is as much of any work that takes a thread as long, as often. One thread.
 */
final class IdlePieces implements Operation {
    /** A piece behind so many calls. */
    static final int EVERY = 256;

    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(1);

    private final Operation operation;
    private final ArithmeticOperation arithmetic = new ArithmeticOperation();
    private final Histogram times = new Histogram(1, LONGEST_NS, 3);
    private long calls;
    private long totalNs;

    IdlePieces(final Operation operation) {
        this.operation = operation;
        arithmetic.perform();
    }

    @Override
    public void prepare() {
        operation.prepare();
        calls++;
        if (calls % EVERY == 0) {
            final long begin = System.nanoTime();
            arithmetic.perform();
            final long ns = System.nanoTime() - begin;
            totalNs += ns;
            times.recordValue(Math.min(LONGEST_NS, ns));
        }
    }

    @Override
    public void perform() {
        operation.perform();
    }

    @Override
    public boolean verify() {
        return operation.verify();
    }

    /** Times of the pieces so far. */
    Histogram times() {
        return times;
    }

    /** All of them together. */
    long totalNs() {
        return totalNs;
    }
}
