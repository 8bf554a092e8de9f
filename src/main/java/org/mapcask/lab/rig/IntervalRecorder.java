package org.mapcask.lab.rig;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Latencies of one thread, in one histogram an interval: a second, or less if the time is short. All histograms are
 * made before the clock starts, so that recording is an array increment: no lock, no shared word, no allocation.
 *
 * <p>Written by one thread; read after that thread has been joined. What comes after the last planned interval is
 * added to the last, which ends later then.
 */
public final class IntervalRecorder {
    /** The longest interval. */
    private static final long INTERVAL_MAX_NS = TimeUnit.SECONDS.toNanos(1);
    /** The shortest one: a histogram takes a quarter of a megabyte. */
    private static final long INTERVAL_MIN_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** As many as a chart over time wants to have. */
    private static final int INTERVALS_WANTED = 40;
    /** The largest value kept; longer ones are recorded as this. */
    public static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);
    /** Decimal digits that a recorded value keeps. */
    public static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram[] intervals;
    private final long intervalNs;
    private Histogram current;
    private long startNs;
    private int index;
    private long boundaryNs;
    private long overrunNs;

    /**
     * Makes the histograms.
     *
     * @param startNs    beginning of the first interval.
     * @param durationNs time that is planned; two more intervals are kept ready for what runs over.
     */
    public IntervalRecorder(final long startNs, final long durationNs) {
        this(durationNs);
        begin(startNs);
    }

    /** Makes the histograms of a recorder that is told later when its first interval {@link #begin begins}. */
    IntervalRecorder(final long durationNs) {
        intervalNs = intervalNs(durationNs);
        intervals = new Histogram[(int) (durationNs / intervalNs) + 3];
        for (int i = 0; i < intervals.length; i++) {
            intervals[i] = newHistogram();
        }
        current = intervals[0];
    }

    /** Says when the first interval begins; before anything is recorded. */
    void begin(final long newStartNs) {
        startNs = newStartNs;
        boundaryNs = newStartNs + intervalNs;
    }

    /** The length of one interval: whole steps of 100 ms, a second at the most. */
    private static long intervalNs(final long durationNs) {
        final long wanted = durationNs / INTERVALS_WANTED / INTERVAL_MIN_NS * INTERVAL_MIN_NS;
        return Math.max(INTERVAL_MIN_NS, Math.min(INTERVAL_MAX_NS, wanted));
    }

    /** An empty histogram of the range and precision that all recordings use. */
    public static Histogram newHistogram() {
        return new Histogram(1, HIGHEST_NS, SIGNIFICANT_DIGITS);
    }

    /**
     * Records one value into the interval that holds {@code nowNs}.
     *
     * @param nowNs   when the operation ended.
     * @param valueNs how long it took.
     */
    public void record(final long nowNs, final long valueNs) {
        if (nowNs >= boundaryNs) {
            advanceSlow(nowNs);
        }
        current.recordValue(Math.min(Math.max(valueNs, 0), HIGHEST_NS));
    }

    private void advanceSlow(final long nowNs) {
        while (nowNs >= boundaryNs) {
            boundaryNs += intervalNs;
            index = Math.min(index + 1, intervals.length - 1);
        }
        overrunNs = nowNs - startNs;
        current = intervals[index];
    }

    /**
     * Adds the recorders of several threads up, interval by interval, and stamps each with its begin and end. Empty
     * intervals at the end are left out.
     *
     * @param recorders   recorders of equal plan.
     * @param startMillis wall clock at the beginning of the first interval.
     * @return the sums; at least one.
     */
    public static List<Histogram> merge(final List<IntervalRecorder> recorders, final long startMillis) {
        final List<Histogram> merged = new ArrayList<>();
        final int count = recorders.get(0).intervals.length;
        final long intervalMillis = TimeUnit.NANOSECONDS.toMillis(recorders.get(0).intervalNs);
        for (int i = 0; i < count; i++) {
            final Histogram sum = newHistogram();
            for (final IntervalRecorder recorder : recorders) {
                sum.add(recorder.intervals[i]);
            }
            sum.setStartTimeStamp(startMillis + i * intervalMillis);
            sum.setEndTimeStamp(startMillis + (i + 1) * intervalMillis);
            merged.add(sum);
        }
        final Histogram last = merged.get(count - 1);
        for (final IntervalRecorder recorder : recorders) {
            final long overrunMillis = TimeUnit.NANOSECONDS.toMillis(recorder.overrunNs);
            last.setEndTimeStamp(Math.max(last.getEndTimeStamp(), startMillis + overrunMillis));
        }
        while (merged.size() > 1 && merged.get(merged.size() - 1).getTotalCount() == 0) {
            merged.remove(merged.size() - 1);
        }
        foldLast(merged, recorders.size());
        return merged;
    }

    /**
     * What was under way when the time was up, one operation a thread at the most, is no interval of its own: a chart
     * would show a rate of next to nothing.
     */
    private static void foldLast(final List<Histogram> merged, final int threads) {
        final Histogram last = merged.get(merged.size() - 1);
        if (merged.size() > 2 && last.getTotalCount() <= threads) {
            final Histogram before = merged.get(merged.size() - 2);
            final long end = before.getEndTimeStamp();
            final long start = before.getStartTimeStamp();
            before.add(last);
            before.setStartTimeStamp(start);
            before.setEndTimeStamp(end);
            merged.remove(merged.size() - 1);
        }
    }

    /**
     * Adds intervals up.
     *
     * @param intervals histograms of this recorder's range.
     * @return a new histogram with all their counts.
     */
    public static Histogram total(final List<Histogram> intervals) {
        final Histogram total = newHistogram();
        intervals.forEach(total::add);
        return total;
    }
}
