package org.mapcask.lab.sweep;

import java.util.Locale;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.run.Job;

/** A figure of {@link org.mapcask.lab.run.JobResult} that a sweep compares. */
public enum SweepMetric {
    /** Operations a second; of a closed loop only, since an open one has the rate that it was given. */
    RATE("rate", "rate/s", true),
    /** Median response time. */
    P50("p50", "p50", false),
    /** One operation in a hundred takes longer. */
    P99("p99", "p99", false),
    /** One operation in a thousand takes longer. */
    P999("p99.9", "p99.9", false),
    /** The longest operation. */
    MAX("max", "max", false),
    /** Bytes that the device wrote for each operation, other processes' included. */
    DEVICE_BYTES("deviceBytesPerOp", "device B/op", false),
    /** Times the write cache of the device was emptied for each operation. */
    FLUSHES("deviceFlushesPerOp", "flushes/op", false),
    /** Lengths of the segment files at the end. */
    DISK("totalBytes", "disk", false),
    /** These divided by the bytes of live records. */
    AMPLIFICATION("spaceAmplification", "disk/live", false),
    /** Memory of the key directory for each key. */
    KEYDIR("keydirBytesPerKey", "keydir B/key", false);

    private static final double BYTES_PER_MIB = 1 << 20;

    private final String figure;
    private final String title;
    private final boolean higherIsBetter;

    SweepMetric(final String figure, final String title, final boolean higherIsBetter) {
        this.figure = figure;
        this.title = title;
        this.higherIsBetter = higherIsBetter;
    }

    /** Its name in {@link org.mapcask.lab.run.JobResult}. */
    public String figure() {
        return figure;
    }

    /** Head of its column. */
    public String title() {
        return title;
    }

    /** Whether more of it is better. */
    public boolean isHigherBetter() {
        return higherIsBetter;
    }

    /** Whether it says something of a workload; how much a fill has put depends on how fast it was. */
    public boolean isOf(final Job job) {
        switch (this) {
            case RATE:
                return job.rate() == 0;
            case DISK:
            case AMPLIFICATION:
            case KEYDIR:
                return !job.kind().fills();
            default:
                return true;
        }
    }

    /** A value of it for people. */
    public String format(final double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        switch (this) {
            case RATE:
                return SummaryTable.count(Math.round(value));
            case P50:
            case P99:
            case P999:
            case MAX:
                return SummaryTable.time(value);
            case DISK:
                return String.format(Locale.ROOT, "%,.1f MiB", value / BYTES_PER_MIB);
            default:
                return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
        }
    }
}
