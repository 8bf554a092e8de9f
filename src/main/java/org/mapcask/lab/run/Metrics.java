package org.mapcask.lab.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.MapcaskStats;
import org.mapcask.lab.host.WriteCounters;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;

/** Makes the figures of a job, see {@link JobResult}. Stateless. */
final class Metrics {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};
    private static final String[] NAMES = {"p50", "p90", "p99", "p99.9", "p99.99"};

    private Metrics() {
    }

    static Map<String, Double> of(
        final Measurement measurement, final WriteCounters written, final MapcaskStats stats) {
        final Map<String, Double> out = new LinkedHashMap<>();
        out.put("rate", measurement.achievedRate());
        out.put("operations", (double) measurement.operations());
        latency(out, "", measurement.responseTotal());
        latency(out, "service.", measurement.serviceTotal());
        final Histogram hiccups = IntervalRecorder.total(measurement.hiccups());
        out.put("hiccup.p99.9", (double) hiccups.getValueAtPercentile(99.9));
        out.put("hiccup.max", (double) hiccups.getMaxValue());
        each(out, "allocatedBytesPerOp", measurement.allocatedBytes(), measurement);
        each(out, "minorFaultsPerOp", measurement.used().minorFaults(), measurement);
        each(out, "majorFaultsPerOp", measurement.used().majorFaults(), measurement);
        each(out, "readBytesPerOp", measurement.used().readBytes(), measurement);
        each(out, "deviceBytesPerOp", written.deviceBytes(), measurement);
        each(out, "deviceFlushesPerOp", written.deviceFlushes(), measurement);
        out.put("liveBytes", (double) stats.liveBytes());
        out.put("totalBytes", (double) stats.totalBytes());
        if (stats.liveBytes() > 0) {
            out.put("spaceAmplification", (double) stats.totalBytes() / stats.liveBytes());
        }
        out.put("keydirBytesPerKey", stats.bytesPerKey());
        out.put("mergeRuns", (double) stats.merge().runs());
        return out;
    }

    private static void latency(final Map<String, Double> out, final String prefix, final Histogram histogram) {
        for (int i = 0; i < PERCENTILES.length; i++) {
            out.put(prefix + NAMES[i], (double) histogram.getValueAtPercentile(PERCENTILES[i]));
        }
        out.put(prefix + "max", (double) histogram.getMaxValue());
        out.put(prefix + "mean", histogram.getMean());
    }

    private static void each(
        final Map<String, Double> out, final String name, final long total, final Measurement measurement) {
        if (total >= 0 && measurement.operations() > 0) {
            out.put(name, (double) total / measurement.operations());
        }
    }
}
