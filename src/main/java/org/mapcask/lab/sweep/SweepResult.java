package org.mapcask.lab.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Histogram;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.host.HostFingerprint;
import org.mapcask.lab.results.Interval;
import org.mapcask.lab.results.Statistics;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.run.Job;
import org.mapcask.lab.run.JobResult;

/**
 * The measurements of a sweep, and what they say. Two settings are compared by pairs: the two cells of one round and
 * workload whose settings differ in nothing else. What slows a whole round down falls out of the ratio of a pair.
 * Immutable.
 */
public final class SweepResult {
    /** How sure an interval is unless more comparisons than one are judged together. */
    public static final double LEVEL = 0.95;

    private static final double RATIO_MAX = 1000;

    private final SweepJob job;
    private final Map<Cell, JobResult> cells;
    private final List<Setting> settings;
    private final Map<Setting, Integer> index = new HashMap<>();

    /**
     * Sums up.
     *
     * @param job   what was to be measured.
     * @param cells what was; a cell may be missing.
     */
    public SweepResult(final SweepJob job, final Map<Cell, JobResult> cells) {
        this.job = job;
        this.cells = new LinkedHashMap<>(cells);
        this.settings = job.settings();
        settings.forEach(setting -> index.put(setting, index.size()));
    }

    /**
     * Reads the results folder of a sweep that ended well.
     *
     * @throws IOException              if a file cannot be read.
     * @throws InvalidArgumentException if it is no such folder, the sweep is not over, or it failed.
     */
    public static SweepResult read(final Path folder) throws IOException {
        final SweepResult result = readSoFar(folder);
        final int total = result.job.order().size();
        if (result.cells.size() < total) {
            throw new InvalidArgumentException(ErrorText.what("the sweep is not over").where(folder)
                .expected(total + " measurements").found(result.cells.size())
                .todo("start the command of the sweep again: it goes on where it was"));
        }
        if (!result.failures().isEmpty()) {
            throw new InvalidArgumentException(ErrorText.what("the sweep failed").where(folder)
                .expected("right answers in every measurement").found(String.join("; ", result.failures()))
                .todo("remove the setting that fails from the job, or the reason, and sweep again"));
        }
        return result;
    }

    /** Whether a folder is one that a sweep writes. */
    public static boolean isSweep(final Path folder) {
        return SweepFolder.isOne(folder);
    }

    /**
     * Reads the results folder of a sweep as far as it came, failed or not.
     *
     * @throws IOException if a file cannot be read.
     */
    public static SweepResult readSoFar(final Path folder) throws IOException {
        final SweepFolder kept = new SweepFolder(folder);
        final SweepJob job = kept.job();
        return new SweepResult(job, kept.done(job));
    }

    /**
     * Response times of a setting under a workload, all rounds together; empty where there is no log.
     *
     * @throws IOException if a log cannot be read.
     */
    public Histogram latency(final Path folder, final Setting setting, final Job.Kind workload) throws IOException {
        final Histogram total = IntervalRecorder.newHistogram();
        for (int round = 1; round <= job.repeats(); round++) {
            new SweepFolder(folder).latency(new Cell(round, index.get(setting), workload)).forEach(total::add);
        }
        return total;
    }

    /** How many measurements there are. */
    public int measured() {
        return cells.size();
    }

    /** The host of a results folder. */
    public static HostFingerprint host(final Path folder) throws IOException {
        return new SweepFolder(folder).host();
    }

    /** What was to be measured. */
    public SweepJob job() {
        return job;
    }

    /** Why it failed: wrong answers, or none. A missed rate is a result, see {@link #missedRates}. */
    public List<String> failures() {
        final List<String> out = new ArrayList<>();
        cells.values().stream().filter(result -> !isUsable(result)).forEach(result -> out.addAll(result.failures()));
        return out;
    }

    /** How many cells of a setting and workload did not reach the rate of their open loop. */
    public int missedRates(final Setting setting, final Job.Kind workload) {
        return (int) cells.entrySet().stream().filter(one -> one.getKey().setting() == index.get(setting)
            && one.getKey().workload() == workload && one.getValue().onlyMissedRate()).count();
    }

    /** The median of a figure of a setting. */
    public Interval median(final Setting setting, final Job.Kind workload, final SweepMetric metric) {
        final List<Double> values = new ArrayList<>();
        for (int round = 1; round <= job.repeats(); round++) {
            final double value = figure(new Cell(round, index.get(setting), workload), metric);
            if (!Double.isNaN(value)) {
                values.add(value);
            }
        }
        return Statistics.median(array(values), LEVEL);
    }

    /** What a value of a knob does against its baseline, over all values of the other knobs that were measured. */
    public Comparison compare(
        final Knob knob, final String value, final Job.Kind workload, final SweepMetric metric, final double level) {
        return compare(setting -> setting.get(knob).equals(value) ? setting.with(knob, knob.baseline()) : null,
            workload, metric, level);
    }

    /** What one whole setting does against all knobs at their baseline. */
    public Comparison compare(
        final Setting setting, final Job.Kind workload, final SweepMetric metric, final double level) {
        return compare(other -> other.equals(setting) ? job.baseline() : null, workload, metric, level);
    }

    /** Whether a setting was measured. */
    public boolean isMeasured(final Setting setting) {
        return index.containsKey(setting);
    }

    private Comparison compare(
        final UnaryOperator<Setting> partner, final Job.Kind workload, final SweepMetric metric, final double level) {
        final List<Double> baselines = new ArrayList<>();
        final List<Double> values = new ArrayList<>();
        final List<Double> ratios = new ArrayList<>();
        for (final Setting setting : settings) {
            final Integer other = index.get(partner.apply(setting));
            for (int round = 1; other != null && round <= job.repeats(); round++) {
                final double baseline = figure(new Cell(round, other, workload), metric);
                final double value = figure(new Cell(round, index.get(setting), workload), metric);
                if (!Double.isNaN(baseline + value)) {
                    baselines.add(baseline);
                    values.add(value);
                    ratios.add(logRatio(value, baseline));
                }
            }
        }
        final Interval shift = Statistics.shift(array(ratios), level);
        final Interval ratio = new Interval(Math.exp(shift.estimate()), Math.exp(shift.low()), Math.exp(shift.high()),
            shift.coverage(), level, shift.n());
        return new Comparison(metric, Statistics.median(array(baselines), LEVEL),
            Statistics.median(array(values), LEVEL), ratio);
    }

    private static double logRatio(final double value, final double baseline) {
        if (value <= 0 && baseline <= 0) {
            return 0;
        }
        final double ratio = baseline <= 0 ? RATIO_MAX : Math.max(0, value) / baseline;
        return Math.log(Math.min(RATIO_MAX, Math.max(1 / RATIO_MAX, ratio)));
    }

    private double figure(final Cell cell, final SweepMetric metric) {
        final JobResult result = cells.get(cell);
        return result == null || !isUsable(result) ? Double.NaN : result.metric(metric.figure());
    }

    private static boolean isUsable(final JobResult result) {
        return result.passed() || result.onlyMissedRate();
    }

    private static double[] array(final List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
