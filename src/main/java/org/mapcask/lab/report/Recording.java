package org.mapcask.lab.report;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.rig.IntervalRecorder;

/**
 * One measurement as a results folder has it. Nobody changes the histograms.
 *
 * @param tag         name of the measurement.
 * @param startMillis wall clock at which the log of histograms begins.
 * @param elapsedNs   from the start to the end of the last operation, as the run's summary has it; 0 if none has.
 * @param response    histograms of response time, one an interval, in nanoseconds; of service time in a closed loop.
 * @param service     histograms of service time; empty if the loop was closed.
 * @param hiccups     how late an idle thread woke meanwhile; may be empty.
 * @param space       bytes of the store; empty if nobody looked.
 * @param spans       times in which something ran that is to be seen beside the latency.
 */
public record Recording(
    String tag, long startMillis, long elapsedNs, List<Histogram> response, List<Histogram> service,
    List<Histogram> hiccups, List<Space> space, List<Span> spans) {
    private static final double MILLIS = 1000;
    private static final double NANOS = 1e9;

    /**
     * What a store took at one moment.
     *
     * @param seconds since the beginning of the measurement.
     * @param live    bytes of live records.
     * @param dead    bytes of dead records.
     * @param total   bytes of the segment files.
     */
    public record Space(double seconds, long live, long dead, long total) {
    }

    /**
     * A time in which something ran.
     *
     * @param kind  what: {@code merge}, {@code checkpoint}.
     * @param from  seconds since the beginning of the measurement.
     * @param until the same.
     */
    public record Span(String kind, double from, double until) {
    }

    /** Response time over the whole measurement. */
    public Histogram responseTotal() {
        return IntervalRecorder.total(response);
    }

    /** Service time over the whole measurement. */
    public Histogram serviceTotal() {
        return IntervalRecorder.total(service);
    }

    /** Hiccups over the whole measurement. */
    public Histogram hiccupTotal() {
        return IntervalRecorder.total(hiccups);
    }

    /** Whether operations came at a fixed rate. */
    public boolean isOpen() {
        return !service.isEmpty();
    }

    /** Middle of an interval in seconds since the beginning. */
    public double middle(final Histogram interval) {
        return ((interval.getStartTimeStamp() + interval.getEndTimeStamp()) / 2.0 - startMillis) / MILLIS;
    }

    /** Begin of an interval in seconds since the beginning. */
    public double begin(final Histogram interval) {
        return (interval.getStartTimeStamp() - startMillis) / MILLIS;
    }

    /** Length of an interval in seconds. */
    public static double length(final Histogram interval) {
        return Math.max(1, interval.getEndTimeStamp() - interval.getStartTimeStamp()) / MILLIS;
    }

    /**
     * Operations a second, over the time that the run took. Where no summary has that, over all intervals, the last of
     * which may end later than the last operation.
     */
    public double rate() {
        if (elapsedNs > 0) {
            return responseTotal().getTotalCount() * NANOS / elapsedNs;
        }
        double seconds = 0;
        long count = 0;
        for (final Histogram interval : response) {
            count += interval.getTotalCount();
            seconds += length(interval);
        }
        return seconds == 0 ? 0 : count / seconds;
    }
}
