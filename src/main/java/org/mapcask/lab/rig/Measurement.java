package org.mapcask.lab.rig;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.host.ProcessCounters;

/**
 * What one measurement gave. Immutable but for the histograms, which nobody changes after the rig has handed them out.
 *
 * @param tag            name of the workload and loop, unique in a run, for instance {@code readrandom-open}.
 * @param loop           how operations were issued.
 * @param threads        number of threads that issued them.
 * @param targetRate     operations a second asked for, or 0 in a closed loop.
 * @param operations     operations done.
 * @param wrong          operations whose answer was wrong.
 * @param elapsedNs      from the common start to the end of the last operation.
 * @param startMillis    wall clock at the start.
 * @param response       histograms of response time, one an interval; in a closed loop those of {@code service}.
 * @param service        histograms of service time, one an interval.
 * @param hiccups        overshoot of a thread that wakes each millisecond, recorded meanwhile; empty if none was
 *                       asked for.
 * @param allocatedBytes bytes allocated by the issuing threads, inside and outside the clock.
 * @param used           faults and device bytes of the process meanwhile.
 */
public record Measurement(
    String tag, Loop loop, int threads, double targetRate, long operations, long wrong, long elapsedNs,
    long startMillis, List<Histogram> response, List<Histogram> service, List<Histogram> hiccups,
    long allocatedBytes, ProcessCounters used) {

    /** The share of the target rate below which an open loop counts as missed. */
    public static final double RATE_TOLERANCE = 0.95;

    /** How operations were issued. */
    public enum Loop {
        /** The next one begins when the last one has ended. */
        CLOSED,
        /** Each one has its time by a fixed rate, whether or not the last one has ended. */
        OPEN
    }

    /**
     * Measurements of one kind, taken at different times, as one; its clock stands still between them.
     *
     * @param tag    of the whole.
     * @param rounds at least one, all alike.
     */
    public static Measurement merged(final String tag, final List<Measurement> rounds) {
        final List<Histogram> response = new ArrayList<>();
        final List<Histogram> service = new ArrayList<>();
        final List<Histogram> hiccups = new ArrayList<>();
        long operations = 0;
        long wrong = 0;
        long elapsedNs = 0;
        long allocated = 0;
        ProcessCounters used = new ProcessCounters(0, 0, 0, 0);
        for (final Measurement round : rounds) {
            response.addAll(round.response);
            service.addAll(round.service);
            hiccups.addAll(round.hiccups);
            operations += round.operations;
            wrong += round.wrong;
            elapsedNs += round.elapsedNs;
            allocated += round.allocatedBytes;
            used = used.plus(round.used);
        }
        final Measurement first = rounds.get(0);
        return new Measurement(tag, first.loop, first.threads, first.targetRate, operations, wrong, elapsedNs,
            first.startMillis, response, service, hiccups, allocated, used);
    }

    /** Operations a second that were done. */
    public double achievedRate() {
        return elapsedNs == 0 ? 0 : operations * 1e9 / elapsedNs;
    }

    /** True if an open loop fell behind its rate. */
    public boolean missedRate() {
        return loop == Loop.OPEN && achievedRate() < RATE_TOLERANCE * targetRate;
    }

    /** Response time over the whole measurement, in nanoseconds. */
    public Histogram responseTotal() {
        return IntervalRecorder.total(response);
    }

    /** Service time over the whole measurement, in nanoseconds. */
    public Histogram serviceTotal() {
        return IntervalRecorder.total(service);
    }
}
