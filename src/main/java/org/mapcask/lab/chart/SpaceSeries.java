package org.mapcask.lab.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.mapcask.lab.results.Statistics;

/**
 * The samples of one run in the order of time, and what follows from them. Immutable.
 *
 * @param samples         at least one.
 * @param checkpointSpans when checkpoints were made; of several between two samples the last one.
 */
public record SpaceSeries(List<SpaceSample> samples, List<Span> checkpointSpans) {
    /** A tooth is over when the total has fallen by this share of what it had grown by. */
    private static final double TOOTH_FALL = 0.5;
    private static final double PERCENT = 100;

    /** Copies the lists. */
    public SpaceSeries {
        samples = List.copyOf(samples);
        checkpointSpans = List.copyOf(checkpointSpans);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
    }

    /** Of a store that made no checkpoint. */
    public SpaceSeries(final List<SpaceSample> samples) {
        this(samples, List.of());
    }

    /**
     * Time in which something ran; for a merge, to the precision of the samples, so from the last one before it to the
     * first one after it.
     *
     * @param fromMs  begin.
     * @param untilMs end.
     */
    public record Span(long fromMs, long untilMs) {
        long lengthMs() {
            return untilMs - fromMs;
        }
    }

    /**
     * How a quantity stands to the live bytes.
     *
     * @param mean   over the time.
     * @param median of the samples.
     * @param p99    of the samples.
     * @param max    of the samples.
     */
    public record Amplification(double mean, double median, double p99, double max) {
    }

    /** Time from the first sample to the last. */
    public long lengthMs() {
        return last().elapsedMs() - samples.get(0).elapsedMs();
    }

    /** The last sample. */
    public SpaceSample last() {
        return samples.get(samples.size() - 1);
    }

    /** The samples at which at least so much was written. */
    public SpaceSeries from(final long written) {
        return new SpaceSeries(
            samples.stream().filter(sample -> sample.written() >= written).toList(), checkpointSpans);
    }

    /** All samples as CSV. */
    public String csv() {
        final StringBuilder out = new StringBuilder(SpaceSample.CSV_HEADER);
        samples.forEach(sample -> out.append(sample.csv()));
        return out.toString();
    }

    /**
     * When merges ran. A merge that began and ended between two samples shows by its count. Spans that touch are one.
     */
    public List<Span> mergeSpans() {
        final List<Span> spans = new ArrayList<>();
        long fromMs = -1;
        for (int i = 0; i < samples.size(); i++) {
            final SpaceSample sample = samples.get(i);
            final SpaceSample before = samples.get(Math.max(0, i - 1));
            final boolean ran = sample.merging() || sample.mergeRuns() > before.mergeRuns();
            if (ran && fromMs < 0) {
                fromMs = before.elapsedMs();
            }
            if (fromMs >= 0 && !sample.merging()) {
                spans.add(new Span(fromMs, sample.elapsedMs()));
                fromMs = -1;
            }
        }
        if (fromMs >= 0) {
            spans.add(new Span(fromMs, last().elapsedMs()));
        }
        return joined(spans);
    }

    /**
     * When merges and checkpoints ran, as CSV.
     *
     * @param lagMs added to each time, for another origin.
     * @return nothing if none of them ran.
     */
    public String spansCsv(final long lagMs) {
        final StringBuilder out = new StringBuilder();
        append(out, "merge", mergeSpans(), lagMs);
        append(out, "checkpoint", checkpointSpans, lagMs);
        return out.isEmpty() ? "" : "kind,from_ms,until_ms\n" + out;
    }

    private static void append(
        final StringBuilder out, final String kind, final List<Span> spans, final long lagMs) {
        spans.forEach(span -> out.append(kind).append(',').append(span.fromMs + lagMs).append(',')
            .append(span.untilMs + lagMs).append('\n'));
    }

    private static List<Span> joined(final List<Span> spans) {
        final List<Span> out = new ArrayList<>();
        for (final Span span : spans) {
            final Span before = out.isEmpty() ? null : out.get(out.size() - 1);
            if (before != null && span.fromMs <= before.untilMs) {
                out.set(out.size() - 1, new Span(before.fromMs, Math.max(before.untilMs, span.untilMs)));
            } else {
                out.add(span);
            }
        }
        return out;
    }

    /** Share of the time in which merges ran. */
    public double mergingShare() {
        final long merging = mergeSpans().stream().mapToLong(Span::lengthMs).sum();
        return lengthMs() == 0 ? 0 : (double) merging / lengthMs();
    }

    /** Teeth of the saw that are over; see {@link CycleCounter}. */
    public int cycles() {
        final CycleCounter counter = new CycleCounter();
        samples.forEach(sample -> counter.add(sample.total()));
        return counter.count();
    }

    /** The largest value of a quantity. */
    public long max(final ToLongFunction<SpaceSample> quantity) {
        return samples.stream().mapToLong(quantity).max().orElse(0);
    }

    /** The smallest value of a quantity; where it is negative it is not known. */
    public long min(final ToLongFunction<SpaceSample> quantity) {
        return samples.stream().mapToLong(quantity).filter(value -> value >= 0).min().orElse(0);
    }

    /** The mean of a quantity over the time. */
    public double mean(final ToLongFunction<SpaceSample> quantity) {
        final List<SpaceSample> known =
            samples.stream().filter(sample -> quantity.applyAsLong(sample) >= 0).toList();
        return known.isEmpty() ? 0
            : mean(known, known.stream().mapToDouble(quantity::applyAsLong).toArray());
    }

    /** How a quantity stands to the live bytes; samples at which it is negative or nothing lives are left out. */
    public Amplification amplification(final ToLongFunction<SpaceSample> quantity) {
        final List<SpaceSample> known = samples.stream()
            .filter(sample -> quantity.applyAsLong(sample) >= 0 && sample.live() > 0).toList();
        if (known.isEmpty()) {
            return new Amplification(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        final double[] ratios = known.stream()
            .mapToDouble(sample -> (double) quantity.applyAsLong(sample) / sample.live()).toArray();
        final double mean = mean(known, ratios);
        Arrays.sort(ratios);
        return new Amplification(mean, Statistics.median(ratios),
            ratios[(int) Math.ceil(0.99 * ratios.length) - 1], ratios[ratios.length - 1]);
    }

    /** A value stands for the time half way to the samples beside it. */
    private static double mean(final List<SpaceSample> known, final double[] values) {
        double weighted = 0;
        long weights = 0;
        for (int i = 1; i < values.length; i++) {
            final long weight = known.get(i).elapsedMs() - known.get(i - 1).elapsedMs();
            weighted += weight * (values[i] + values[i - 1]) / 2;
            weights += weight;
        }
        return weights == 0 ? values[0] : weighted / weights;
    }

    /** A share as text, for instance {@code 12 %}. */
    public static String percent(final double share) {
        return Math.round(share * PERCENT) + " %";
    }

    /**
     * Counts the teeth of a saw: each is a rise of a value, and then a fall by at least half of that rise. The first
     * tooth rises from the first value. Used by one thread.
     */
    public static final class CycleCounter {
        private long trough = Long.MAX_VALUE;
        private long peak;
        private boolean falling = true;
        private int count;

        /** Tells the next value. */
        void add(final long value) {
            if (falling) {
                if (value < trough) {
                    trough = value;
                } else if (value > trough) {
                    falling = false;
                    peak = value;
                }
            } else if (value > peak) {
                peak = value;
            } else if (peak - value >= TOOTH_FALL * (peak - trough)) {
                falling = true;
                trough = value;
                count++;
            }
        }

        /** Teeth that are over. */
        int count() {
            return count;
        }
    }
}
