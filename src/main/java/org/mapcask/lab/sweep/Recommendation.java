package org.mapcask.lab.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mapcask.MapcaskOptions;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.InvalidOptionsException;
import org.mapcask.lab.results.Statistics;
import org.mapcask.lab.run.Job;

/**
 * What the measurements of a sweep say for a goal, knob by knob. A value takes the place of the default if the figure
 * of the goal is better by it, significantly and by a least share, under one workload or more; and if nothing that the
 * goal looks at is significantly worse under any. "Significantly better" is judged for all knobs, values and workloads
 * together: the chance that any change is for nothing is at most 5 %. Immutable.
 */
public final class Recommendation {
    private static final double ERROR = 1 - SweepResult.LEVEL;

    private final SweepResult result;
    private final SweepJob job;
    private final Goal goal;
    private final double gainMin;
    private final boolean weakerAllowed;
    private final List<Job> workloads;
    private final double level;
    private final List<Choice> choices = new ArrayList<>();

    /**
     * What became of a knob.
     *
     * @param knob    which one.
     * @param value   that is recommended.
     * @param reason  in words.
     * @param reasons of the other values, by value, each with its evidence.
     */
    public record Choice(Knob knob, String value, String reason, Map<String, List<String>> reasons) {
        /** Whether it is another value than the default. */
        public boolean isChange() {
            return !value.equals(knob.baseline());
        }
    }

    /** A value of a knob with all that was compared. */
    private record Candidate(String value, List<String> evidence, String fault, boolean weaker, double gain) {
    }

    /**
     * Judges.
     *
     * @param result        of a sweep that ended well.
     * @param goal          what to make better.
     * @param gainMin       least share by which it has to be better, for instance 0.02.
     * @param weakerAllowed whether options may promise less than by default.
     * @throws InvalidArgumentException if the sweep has no workload for this goal.
     */
    public Recommendation(
        final SweepResult result, final Goal goal, final double gainMin, final boolean weakerAllowed) {
        this.result = result;
        this.job = result.job();
        this.goal = goal;
        this.gainMin = gainMin;
        this.weakerAllowed = weakerAllowed;
        this.workloads = goal.require(job);
        this.level = level(job.comparisons() * workloads.size());
        job.knobs().forEach(knob -> choices.add(choose(knob)));
        checkTogether();
    }

    /** How sure each of several comparisons has to be for all of them to be sure at 95 %. */
    static double level(final int comparisons) {
        return 1 - ERROR / comparisons;
    }

    /** Knob by knob. */
    public List<Choice> choices() {
        return List.copyOf(choices);
    }

    /** The goal. */
    public Goal goal() {
        return goal;
    }

    /** The workloads that were looked at. */
    public List<Job> workloads() {
        return workloads;
    }

    /** How sure each comparison is. */
    public double level() {
        return level;
    }

    /** The recommended value of each knob. */
    public Setting setting() {
        final Map<String, String> values = new LinkedHashMap<>();
        choices.forEach(choice -> values.put(choice.knob().name(), choice.value()));
        return new Setting(values);
    }

    /** Options for a store: those that the job fixes, those that the goal asks for, and those that changed. */
    public Map<String, String> options() {
        final Map<String, String> options = new LinkedHashMap<>(fixed());
        choices.stream().filter(Choice::isChange).filter(choice -> !choice.knob().isOfJvm())
            .forEach(choice -> options.put(choice.knob().name(), choice.value()));
        return options;
    }

    /** Options that all settings had, and that of fillsync where the goal rests on it. */
    Map<String, String> fixed() {
        final Map<String, String> options = new LinkedHashMap<>(new TreeMap<>(workloads.get(0).options()));
        if (goal == Goal.DURABILITY) {
            options.put("syncEveryWrite", "true");
        }
        return options;
    }

    /** What all changes together do, if they were measured together; empty if there is none, or they were not. */
    public List<String> together() {
        final List<String> out = new ArrayList<>();
        final Setting setting = setting();
        if (!setting.equals(job.baseline()) && result.isMeasured(setting)) {
            for (final Job workload : workloads) {
                out.add(evidence(workload, result.compare(
                    setting, workload.kind(), goal.metric(), SweepResult.LEVEL)));
            }
        }
        return out;
    }

    private Choice choose(final Knob knob) {
        final List<Candidate> candidates = knob.values().stream().skip(1).map(value -> judge(knob, value)).toList();
        final Optional<Candidate> best = candidates.stream().filter(one -> one.fault() == null)
            .filter(one -> weakerAllowed || !one.weaker())
            .max((a, b) -> Double.compare(a.gain(), b.gain()));
        final Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (final Candidate one : candidates) {
            if (best.isEmpty() || one != best.get()) {
                final String why = one.fault() != null ? one.fault() : one.weaker() && !weakerAllowed
                    ? "better, but it promises less than the default: not taken without --allow-weaker"
                    : "better, but less so than the value that was taken";
                final List<String> lines = new ArrayList<>(List.of(why));
                lines.addAll(one.evidence());
                reasons.put(one.value(), lines);
            }
        }
        if (best.isEmpty()) {
            return new Choice(knob, knob.baseline(), "no other value is better for this goal", reasons);
        }
        return new Choice(knob, best.get().value(), String.join("; ", best.get().evidence()), reasons);
    }

    private Candidate judge(final Knob knob, final String value) {
        final List<String> evidence = new ArrayList<>();
        boolean better = false;
        boolean small = false;
        boolean tooFew = false;
        String fault = null;
        double gain = 0;
        for (final Job workload : workloads) {
            final Comparison main = result.compare(knob, value, workload.kind(), goal.metric(), level);
            evidence.add(evidence(workload, main));
            gain += Math.log1p(main.gain()) / workloads.size();
            tooFew |= main.verdict() == Comparison.Verdict.TOO_FEW;
            if (main.verdict() == Comparison.Verdict.BETTER) {
                better |= main.gain() >= gainMin;
                small |= main.gain() < gainMin;
            }
            fault = fault != null ? fault : worse(knob, value, workload, evidence);
        }
        if (fault == null && !better) {
            fault = small ? String.format(Locale.ROOT, "better by less than %.1f %%", 100 * gainMin)
                : tooFew ? "too few pairs to tell: " + Statistics.pairsNeeded(level) + " are needed, repeats="
                    + repeatsNeeded(knob) : Comparison.Verdict.NONE.label();
        }
        return new Candidate(value, evidence, fault, Guarantees.isWeaker(knob, value), gain);
    }

    /** Whether a value makes something worse, at 95 % for each figure alone: a doubt counts against a change. */
    private String worse(
        final Knob knob, final String value, final Job workload, final List<String> evidence) {
        final List<SweepMetric> looked = new ArrayList<>(List.of(goal.metric()));
        looked.addAll(goal.guards());
        for (final SweepMetric metric : looked) {
            final Comparison one = result.compare(knob, value, workload.kind(), metric, SweepResult.LEVEL);
            if (one.verdict() == Comparison.Verdict.WORSE) {
                if (metric != goal.metric()) {
                    evidence.add(evidence(workload, one));
                }
                return "worse in " + metric.title() + " of " + workload.tag();
            }
        }
        final Setting setting = job.baseline().with(knob, value);
        final int missed = result.missedRates(setting, workload.kind());
        return missed > result.missedRates(job.baseline(), workload.kind())
            ? "missed the rate of " + workload.tag() + " in " + missed + " of " + job.repeats() + " rounds" : null;
    }

    private static String evidence(final Job workload, final Comparison one) {
        final SweepMetric metric = one.metric();
        return workload.tag() + ' ' + metric.title() + ' ' + one.text() + ", "
            + metric.format(one.value().estimate()) + " in place of " + metric.format(one.baseline().estimate())
            + ", n=" + one.ratio().n();
    }

    private int repeatsNeeded(final Knob knob) {
        return repeatsNeeded(job, knob, level);
    }

    /** Rounds from which on a comparison of a knob reaches a level. */
    static int repeatsNeeded(final SweepJob job, final Knob knob, final double level) {
        final int pairsPerRound = job.pairs(knob) / job.repeats();
        return (Statistics.pairsNeeded(level) + pairsPerRound - 1) / pairsPerRound;
    }

    private void checkTogether() {
        try {
            final MapcaskOptions.Builder builder = MapcaskOptions.builder();
            options().forEach(builder::override);
            builder.build();
        } catch (final InvalidOptionsException e) {
            throw new InvalidArgumentException(ErrorText.what("the best values of single knobs do not go together")
                .where(options()).expected("options that a store takes").found(e.getMessage())
                .todo("sweep these knobs with mode=grid, which measures combinations only that go together"), e);
        }
    }
}
