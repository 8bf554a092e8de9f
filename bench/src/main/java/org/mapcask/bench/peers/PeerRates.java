package org.mapcask.bench.peers;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.host.ProcessCounters;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;

/** What follows from the rig's measurements. Stateless. */
final class PeerRates {
    private PeerRates() {
    }

    /**
     * Calls a second, from blocks of calls that were timed as a whole: of all threads together, each busy with nothing
     * but calls.
     *
     * @param blocks      one value a block.
     * @param blockLength calls of each.
     * @param threads     that made them.
     */
    static double rate(final Measurement blocks, final int blockLength, final int threads) {
        final Histogram total = blocks.serviceTotal();
        final double spentNs = total.getMean() * total.getTotalCount();
        return spentNs == 0 ? Double.NaN : threads * 1e9 * blockLength * total.getTotalCount() / spentNs;
    }

    /** Latencies that were read from a file, as a measurement of which only these are known. */
    static Measurement latency(final String tag, final List<Histogram> single, final List<Histogram> hiccups) {
        final long count = IntervalRecorder.total(single).getTotalCount();
        final long start = single.isEmpty() ? 0 : single.get(0).getStartTimeStamp();
        return new Measurement(tag, Measurement.Loop.CLOSED, 1, 0, count, 0, 0, start, single, single, hiccups, -1,
            new ProcessCounters(-1, -1, -1, -1));
    }
}
