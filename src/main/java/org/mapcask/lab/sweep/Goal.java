package org.mapcask.lab.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.run.Job;

/** What a recommendation is to make better, and what it must not make worse for that. */
public enum Goal {
    /** Short tails of all operations but durable puts. */
    LATENCY(SweepMetric.P99, List.of(SweepMetric.P50, SweepMetric.P999)),
    /** Many operations a second, of closed loops. */
    THROUGHPUT(SweepMetric.RATE, List.of()),
    /** Durable puts that take little time. */
    DURABILITY(SweepMetric.P50, List.of(SweepMetric.P99)),
    /** Little room on the disk for what lives, and little memory. */
    FOOTPRINT(SweepMetric.AMPLIFICATION, List.of(SweepMetric.KEYDIR));

    private final SweepMetric metric;
    private final List<SweepMetric> guards;

    Goal(final SweepMetric metric, final List<SweepMetric> guards) {
        this.metric = metric;
        this.guards = guards;
    }

    /** What has to become better. */
    public SweepMetric metric() {
        return metric;
    }

    /** What must not become worse. */
    public List<SweepMetric> guards() {
        return guards;
    }

    /** The name on a command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The goal of a name.
     *
     * @throws InvalidArgumentException that tells all names.
     */
    public static Goal of(final String label) {
        return Arrays.stream(values()).filter(goal -> goal.label().equals(label)).findFirst().orElseThrow(() ->
            new InvalidArgumentException(ErrorText.what("goal is none").where("--goal").expected("one of " + labels())
                .found(label).todo("choose one of these")));
    }

    /** All names, with commas. */
    public static String labels() {
        return Arrays.stream(values()).map(Goal::label).collect(Collectors.joining(", "));
    }

    /** The workloads of a sweep that say something of this goal. */
    public List<Job> judged(final SweepJob sweep) {
        return sweep.workloads().stream().filter(this::isJudged).toList();
    }

    /** Puts of fillsync are durable whatever the options say: they count for other goals only if all puts are. */
    private boolean isJudged(final Job job) {
        switch (this) {
            case DURABILITY:
                return (job.kind().fills() || job.kind() == Job.Kind.OVERWRITE) && job.storeOptions().syncEveryWrite();
            case FOOTPRINT:
                return metric.isOf(job);
            default:
                return metric.isOf(job) && (job.kind() != Job.Kind.FILLSYNC
                    || "true".equals(job.options().get("syncEveryWrite")));
        }
    }

    /**
     * The same, of which there has to be one.
     *
     * @throws InvalidArgumentException if there is none.
     */
    public List<Job> require(final SweepJob sweep) {
        final List<Job> judged = judged(sweep);
        if (judged.isEmpty()) {
            throw new InvalidArgumentException(ErrorText.what("the sweep says nothing of this goal").where(label())
                .expected(needs()).found(sweep.workloads().stream().map(Job::tag).toList())
                .todo("add one to the job and sweep again"));
        }
        return judged;
    }

    /** What a job needs to be judged by this goal, in words. */
    private String needs() {
        switch (this) {
            case DURABILITY:
                return "fillsync, or a workload that puts with option.syncEveryWrite=true";
            case FOOTPRINT:
                return "a workload over keys that are there: overwrite, readrandom and the like";
            case THROUGHPUT:
                return "a closed loop (rate=0) of another workload than fillsync";
            default:
                return "another workload than fillsync";
        }
    }
}
