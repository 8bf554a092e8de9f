package org.mapcask.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.host.WriteCounters;
import org.mapcask.lab.results.Statistics;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.Measurement;

/**
 * The rounds of one arm with one number of threads: what the rig measured in each, and what was written meanwhile.
 * Filled by one thread.
 */
final class Rounds {
    private final String arm;
    private final String method;
    private final int threads;
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<WriteCounters> written = new ArrayList<>();

    Rounds(final String arm, final String method, final int threads) {
        this.arm = arm;
        this.method = method;
        this.threads = threads;
    }

    /** Adds a round. */
    void add(final Measurement measurement, final WriteCounters counters) {
        measurements.add(measurement);
        written.add(counters);
    }

    String arm() {
        return arm;
    }

    String method() {
        return method;
    }

    int threads() {
        return threads;
    }

    /** Name of the measurement, for files. */
    String tag() {
        return arm + "-t" + threads;
    }

    /** How many there are. */
    int count() {
        return measurements.size();
    }

    /** Operations a second over all rounds. */
    double rate() {
        return merged().achievedRate();
    }

    /** Latency over all rounds, in nanoseconds. */
    Histogram total() {
        return merged().responseTotal();
    }

    /** All rounds as one measurement; its clock stands still between them. */
    Measurement merged() {
        return Measurement.merged(tag(), measurements);
    }

    /** The median of each round, in nanoseconds. */
    double[] medians() {
        return measurements.stream().mapToDouble(round -> round.responseTotal().getValueAtPercentile(50)).toArray();
    }

    /**
     * What was written for each operation, the median of the rounds: other work on the device comes and goes.
     *
     * @param counter one of those counted.
     * @return NaN if the kernel does not tell.
     */
    double perOperation(final ToLongFunction<WriteCounters> counter) {
        final double[] values = new double[measurements.size()];
        for (int i = 0; i < values.length; i++) {
            final long value = counter.applyAsLong(written.get(i));
            final long operations = measurements.get(i).operations();
            if (value < 0 || operations == 0) {
                return Double.NaN;
            }
            values[i] = (double) value / operations;
        }
        return Statistics.median(values);
    }

    /**
     * How this arm's median stands to another's, round by round; then the median of these, so that what slowed one
     * round down for both does not count.
     */
    double ratioTo(final Rounds other) {
        final double[] mine = medians();
        final double[] others = other.medians();
        final double[] ratios = new double[Math.min(mine.length, others.length)];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = mine[i] / others[i];
        }
        return Statistics.median(ratios);
    }

    /** The same for operations a second. */
    double rateRatioTo(final Rounds other) {
        final double[] ratios = new double[Math.min(count(), other.count())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = measurements.get(i).achievedRate() / other.measurements.get(i).achievedRate();
        }
        return Statistics.median(ratios);
    }

    /** For {@code summary.json}; times are nanoseconds. */
    Map<String, Object> json() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("arm", arm);
        out.put("method", method);
        out.putAll(SummaryTable.json(merged()));
        out.put("medianOfEachRoundNs", Arrays.stream(medians()).boxed().toList());
        out.put("rateOfEachRound", measurements.stream().map(Measurement::achievedRate).toList());
        out.put("deviceBytesPerOperation", perOperation(WriteCounters::deviceBytes));
        out.put("deviceWritesPerOperation", perOperation(WriteCounters::deviceWrites));
        out.put("deviceFlushesPerOperation", perOperation(WriteCounters::deviceFlushes));
        out.put("processBytesPerOperation", perOperation(WriteCounters::processBytes));
        return out;
    }

    /** The rounds of an arm and number of threads, or null. */
    static Rounds find(final List<Rounds> all, final String arm, final int threads) {
        return all.stream().filter(rounds -> rounds.arm.equals(arm) && rounds.threads == threads).findFirst()
            .orElse(null);
    }
}
