package org.mapcask.lab.rig;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.host.ProcessCounters;

/**
 * Issues operations and times them: in a closed loop (as fast as they end) or in an open loop (at a fixed rate).
 *
 * <p>In the open loop, operation <i>i</i> has its intended start at <i>start + i / rate</i>, and response time counts
 * from there. If the store stalls for 50 ms, each operation that should have run meanwhile records its wait. A closed
 * loop would record one slow operation and keep silent about those that it never issued (coordinated omission).
 *
 * <p>Each measurement starts its own threads and joins them; the rig keeps no state between measurements. Its
 * histograms, some hundred megabytes, are made before the clock starts, and a collection takes them out of the young
 * generation: else the first young collection of the measurement would copy them, which stops everything for 100 ms,
 * and whatever leaves some garbage would look slow for it.
 */
public final class LatencyRig {
    /** Time between making the threads and the common start. */
    private static final long START_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(20);
    /** Above this distance to the intended start a thread sleeps; below it spins. */
    private static final long SPIN_NS = TimeUnit.MICROSECONDS.toNanos(200);
    /** An open loop that has taken this many times its planned duration is given up. */
    private static final int GIVE_UP_FACTOR = 2;

    private LatencyRig() {
    }

    /**
     * Runs operations one after the other at full speed, until a number or a time is reached.
     *
     * @param tag           name of the measurement.
     * @param workload      makes the operations.
     * @param threads       threads that issue them.
     * @param operationsMax operations of all threads together after which to stop.
     * @param durationNs    time after which to stop.
     * @return what was measured; response and service time are the same.
     */
    public static Measurement closed(
        final String tag, final Workload workload, final int threads, final long operationsMax, final long durationNs) {
        final long operations = operationsMax / threads;
        return run(new Plan(List.of(tag), Measurement.Loop.CLOSED, threads, 0, operations, durationNs), workload);
    }

    /**
     * Runs operations at a fixed rate.
     *
     * @param tag        name of the measurement.
     * @param workload   makes the operations.
     * @param threads    threads that issue them, each at its share of the rate.
     * @param rate       operations a second of all threads together.
     * @param durationNs planned time; the number of operations follows from it.
     * @return what was measured. It may have fewer operations than planned if the loop was given up at twice the
     *         planned time.
     */
    public static Measurement open(
        final String tag, final Workload workload, final int threads, final double rate, final long durationNs) {
        return open(tag, workload, threads, rate, durationNs, Long.MAX_VALUE);
    }

    /**
     * As {@link #open(String, Workload, int, double, long)}, for a workload that can do only so much.
     *
     * @param tag           name of the measurement.
     * @param workload      makes the operations.
     * @param threads       threads that issue them, each at its share of the rate.
     * @param rate          operations a second of all threads together.
     * @param durationNs    planned time.
     * @param operationsMax operations of all threads together after which to stop, even before that time.
     * @return what was measured.
     */
    public static Measurement open(
        final String tag, final Workload workload, final int threads, final double rate, final long durationNs,
        final long operationsMax) {
        final long planned = Math.max(1, Math.round(rate * durationNs / 1e9 / threads));
        final long operations = Math.min(planned, operationsMax / threads);
        return run(new Plan(List.of(tag), Measurement.Loop.OPEN, threads, rate, operations, durationNs), workload);
    }

    /**
     * Runs operations of several kinds in one loop at a fixed rate, and records each kind apart.
     *
     * @param tags       names of the kinds, see {@link Operation#kind()}.
     * @param workload   makes the operations.
     * @param rate       operations a second of all kinds together; one thread issues them.
     * @param durationNs planned time; the number of operations follows from it.
     * @return one measurement a kind, without a target rate; they share time, hiccups and counters.
     */
    public static List<Measurement> openByKind(
        final List<String> tags, final Workload workload, final double rate, final long durationNs) {
        final long operations = Math.max(1, Math.round(rate * durationNs / 1e9));
        final Plan plan = new Plan(tags, Measurement.Loop.OPEN, 1, rate, operations, durationNs);
        return runByKind(plan, workload);
    }

    /**
     * Runs operations of several kinds in one loop at full speed, and records each kind apart.
     *
     * @param tags          names of the kinds, see {@link Operation#kind()}.
     * @param workload      makes the operations.
     * @param threads       threads that issue them.
     * @param operationsMax operations of each thread after which to stop.
     * @param durationNs    time after which to stop.
     * @return one measurement a kind; they share time, hiccups and counters.
     */
    public static List<Measurement> closedByKind(
        final List<String> tags, final Workload workload, final int threads, final long operationsMax,
        final long durationNs) {
        return runByKind(new Plan(tags, Measurement.Loop.CLOSED, threads, 0, operationsMax, durationNs), workload);
    }

    private static Measurement run(final Plan plan, final Workload workload) {
        return runByKind(plan, workload).get(0);
    }

    private static List<Measurement> runByKind(final Plan plan, final Workload workload) {
        final List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < plan.threads; i++) {
            operations.add(workload.newOperation(i, plan.threads));
        }
        final HiccupMeter hiccups = new HiccupMeter(plan.durationNs);
        final List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < plan.threads; i++) {
            workers.add(new Worker(plan, operations.get(i), i));
        }
        System.gc();
        final ProcessCounters before = ProcessCounters.now();
        final long startNs = System.nanoTime() + START_DELAY_NS;
        final long startMillis = System.currentTimeMillis() + TimeUnit.NANOSECONDS.toMillis(START_DELAY_NS);
        hiccups.begin(startNs);
        workers.forEach(worker -> worker.begin(startNs));
        workers.forEach(LatencyRig::join);
        final List<Histogram> hiccupIntervals = hiccups.stop(startMillis);
        for (final Worker worker : workers) {
            if (worker.failure != null) {
                throw new IllegalStateException(
                    "measurement " + plan.tags + " failed: " + worker.failure, worker.failure);
            }
        }
        final ProcessCounters used = ProcessCounters.now().minus(before);
        final List<Measurement> measurements = new ArrayList<>();
        for (int kind = 0; kind < plan.tags.size(); kind++) {
            measurements.add(collect(plan, kind, workers, startNs, startMillis, hiccupIntervals, used));
        }
        return measurements;
    }

    private static Measurement collect(
        final Plan plan, final int kind, final List<Worker> workers, final long startNs, final long startMillis,
        final List<Histogram> hiccups, final ProcessCounters used) {
        final List<IntervalRecorder> service = new ArrayList<>();
        final List<IntervalRecorder> response = new ArrayList<>();
        long done = 0;
        long wrong = 0;
        long endNs = startNs;
        long allocated = 0;
        for (final Worker worker : workers) {
            service.add(worker.service[kind]);
            response.add(worker.response[kind]);
            done += worker.doneOf[kind];
            wrong += worker.wrongOf[kind];
            endNs = Math.max(endNs, worker.endNs);
            allocated += worker.allocatedBytes;
        }
        final List<Histogram> serviceIntervals = IntervalRecorder.merge(service, startMillis);
        final List<Histogram> responseIntervals =
            plan.loop == Measurement.Loop.OPEN ? IntervalRecorder.merge(response, startMillis) : serviceIntervals;
        final double rate = plan.tags.size() == 1 ? plan.rate : 0;
        return new Measurement(plan.tags.get(kind), plan.loop, plan.threads, rate, done, wrong, endNs - startNs,
            startMillis, responseIntervals, serviceIntervals, hiccups, allocated, used);
    }

    private static void join(final Thread thread) {
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    private static long waitUntil(final long intendedNs) {
        while (true) {
            final long nowNs = System.nanoTime();
            final long remainingNs = intendedNs - nowNs;
            if (remainingNs <= 0) {
                return nowNs;
            }
            if (remainingNs > SPIN_NS) {
                LockSupport.parkNanos(remainingNs - SPIN_NS / 2);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** What is asked for; {@code operations} is the number of each thread. */
    private record Plan(
        List<String> tags, Measurement.Loop loop, int threads, double rate, long operations, long durationNs) {
    }

    /** One issuing thread; its results are read after it has been joined. */
    private static final class Worker extends Thread {
        private final Plan plan;
        private final Operation operation;
        private final int index;
        private long startNs;
        private final IntervalRecorder[] service;
        private final IntervalRecorder[] response;
        private final long[] doneOf;
        private final long[] wrongOf;
        private long done;
        private long endNs;
        private long allocatedBytes;
        private Throwable failure;

        Worker(final Plan plan, final Operation operation, final int index) {
            super("rig-" + plan.tags.get(0) + "-" + index);
            setDaemon(true);
            this.plan = plan;
            this.operation = operation;
            this.index = index;
            final boolean open = plan.loop == Measurement.Loop.OPEN;
            final int kinds = plan.tags.size();
            doneOf = new long[kinds];
            wrongOf = new long[kinds];
            service = recorders(kinds);
            response = open ? recorders(kinds) : service;
        }

        private IntervalRecorder[] recorders(final int kinds) {
            final IntervalRecorder[] recorders = new IntervalRecorder[kinds];
            for (int kind = 0; kind < kinds; kind++) {
                recorders[kind] = new IntervalRecorder(plan.durationNs);
            }
            return recorders;
        }

        void begin(final long newStartNs) {
            startNs = newStartNs;
            for (int kind = 0; kind < service.length; kind++) {
                service[kind].begin(newStartNs);
                response[kind].begin(newStartNs);
            }
            start();
        }

        @Override
        public void run() {
            final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            try {
                waitUntil(startNs);
                final long before = threads.getCurrentThreadAllocatedBytes();
                if (plan.loop == Measurement.Loop.OPEN) {
                    runOpen();
                } else {
                    runClosed();
                }
                allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
            } catch (final Throwable e) {
                failure = e;
            }
        }

        private int kindOfNext() {
            return doneOf.length == 1 ? 0 : operation.kind();
        }

        private void runClosed() {
            final long deadlineNs = startNs + plan.durationNs;
            while (done < plan.operations) {
                operation.prepare();
                final int kind = kindOfNext();
                final long beginNs = System.nanoTime();
                operation.perform();
                endNs = System.nanoTime();
                service[kind].record(endNs, endNs - beginNs);
                finish(kind);
                if (endNs >= deadlineNs) {
                    return;
                }
            }
        }

        private void runOpen() {
            final double gapNs = plan.threads * 1e9 / plan.rate;
            final double firstNs = gapNs * index / plan.threads;
            final long giveUpNs = startNs + GIVE_UP_FACTOR * plan.durationNs;
            while (done < plan.operations) {
                operation.prepare();
                final int kind = kindOfNext();
                final long intendedNs = startNs + (long) (firstNs + done * gapNs);
                final long beginNs = waitUntil(intendedNs);
                operation.perform();
                endNs = System.nanoTime();
                service[kind].record(endNs, endNs - beginNs);
                response[kind].record(endNs, endNs - intendedNs);
                finish(kind);
                if (endNs >= giveUpNs) {
                    return;
                }
            }
        }

        private void finish(final int kind) {
            done++;
            doneOf[kind]++;
            if (!operation.verify()) {
                wrongOf[kind]++;
            }
        }
    }
}
