package org.mapcask.lab.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.chart.PercentileChart;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.recovery.ProgressListener;

/**
 * Measures several jobs, each as often as asked for and in turns, and writes one results folder. Used by one thread.
 */
public final class Bench {
    private static final String QUESTION = "How long do operations of a store take, and how many does it do in a "
        + "second?";

    private final List<Job> jobs;
    private final int repeats;
    private final Path data;
    private final RunReport report;
    private final List<Outcome> outcomes = new ArrayList<>();

    /**
     * Prepares a run and makes its folder.
     *
     * @param jobs    what to measure, one after the other.
     * @param repeats how often all of it; each time on fresh stores, with other random numbers.
     * @param data    where stores are made.
     * @param results directory of all results.
     * @param label   end of the folder's name.
     * @param command what the user typed.
     * @throws IOException if the folder cannot be made.
     */
    public Bench(
        final List<Job> jobs, final int repeats, final Path data, final Path results, final String label,
        final String command) throws IOException {
        this.jobs = List.copyOf(jobs);
        this.repeats = repeats;
        this.data = data;
        this.report = RunReport.begin(results, label, data, command);
    }

    /**
     * Measures and writes. A job that fails marks the run as failed; the others are measured all the same.
     *
     * @param progress learns of each phase; may be null.
     * @return whether nothing failed.
     * @throws IOException if the results cannot be written.
     */
    public boolean run(final ProgressListener progress) throws IOException {
        for (int repeat = 1; repeat <= repeats; repeat++) {
            for (final Job job : jobs) {
                final String tag = unique(job.tag() + (repeats > 1 ? "-" + repeat : ""));
                try {
                    add(JobRunner.run(job.withSeed(job.seed() + repeat - 1), tag, data, progress));
                } catch (final IOException | RuntimeException e) {
                    report.fail(e);
                }
            }
        }
        for (final Measurement.Loop loop : Measurement.Loop.values()) {
            final PercentileChart chart = chart(loop);
            if (!chart.isEmpty()) {
                report.folder().write(chartName(loop), chart.render());
            }
        }
        final Histogram hiccups = IntervalRecorder.newHistogram();
        measurements().forEach(measurement -> measurement.hiccups().forEach(hiccups::add));
        report.hiccups(hiccups);
        return report.write(figures(), QUESTION, body());
    }

    /** A table for people, once it has been run. */
    public String table() {
        return SummaryTable.markdown(measurements());
    }

    /** What was measured, in that order. */
    public List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    /** Where the results are, why they failed, and the summary. */
    public RunReport report() {
        return report;
    }

    private String unique(final String tag) {
        String candidate = tag;
        for (int number = 2; taken(candidate); number++) {
            candidate = tag + "_" + number;
        }
        return candidate;
    }

    private boolean taken(final String tag) {
        return outcomes.stream().anyMatch(outcome -> outcome.measurement().tag().equals(tag));
    }

    private void add(final Outcome outcome) throws IOException {
        outcomes.add(outcome);
        outcome.failures().forEach(report.folder()::fail);
        HistogramFiles.write(report.folder().path(), outcome.measurement());
        if (outcome.space() != null) {
            SpaceFiles.write(
                report.folder(), outcome.measurement(), outcome.space(), outcome.spaceStartMillis());
        }
    }

    private List<Measurement> measurements() {
        return outcomes.stream().map(Outcome::measurement).toList();
    }

    private static String chartName(final Measurement.Loop loop) {
        return loop == Measurement.Loop.OPEN ? "latency-open.svg" : "latency-closed.svg";
    }

    private PercentileChart chart(final Measurement.Loop loop) {
        final boolean open = loop == Measurement.Loop.OPEN;
        final PercentileChart chart = new PercentileChart(open ? "Latency at a fixed rate" : "Latency at full speed",
            open ? "Open loop: counted from the intended start; thin and dashed is service time alone."
                : "Closed loop: service time only; waiting that a slow operation causes for later ones is not in it.");
        final Histogram hiccups = IntervalRecorder.newHistogram();
        int colour = 0;
        for (final Measurement measurement : measurements()) {
            if (measurement.loop() == loop) {
                final String rate = SummaryTable.count(Math.round(measurement.achievedRate())) + "/s";
                chart.add(measurement.tag() + ", " + rate, measurement.responseTotal(), colour, false);
                if (open) {
                    chart.add(measurement.tag() + ", service time", measurement.serviceTotal(), colour, true);
                }
                hiccups.add(IntervalRecorder.total(measurement.hiccups()));
                colour++;
            }
        }
        return chart.hiccup(hiccups);
    }

    private Map<String, Object> figures() {
        final Map<String, Object> out = new LinkedHashMap<>();
        final List<Object> list = new ArrayList<>();
        for (final Outcome outcome : outcomes) {
            final Map<String, Object> one = new LinkedHashMap<>(SummaryTable.json(outcome.measurement()));
            one.put("job", outcome.job().toProperties());
            one.put("metrics", outcome.figures());
            one.put("notes", outcome.notes());
            list.add(one);
        }
        out.put("repeats", repeats);
        out.put("measurements", list);
        return out;
    }

    private String body() {
        final StringBuilder out = new StringBuilder(table()).append('\n');
        jobs.stream().distinct().forEach(job -> out.append("* *").append(job.kind().label()).append("*: ")
            .append(job.kind().meaning()).append("; ").append(records(job)).append(", options of the store: ")
            .append(job.options().isEmpty() ? "defaults" : job.options()).append(".\n"));
        outcomes.forEach(outcome -> outcome.notes().forEach(note -> out.append("* ").append(note).append(".\n")));
        out.append("* *response* counts from the intended start (open loop), *service* from the real one. ")
            .append("`wrong` counts answers that did not match; each value was compared, outside the clock.\n")
            .append("* `B alloc/op` is of the issuing threads, clock, checks and recording included; ")
            .append("faults and device bytes are of the whole process.\n\n");
        for (final Measurement.Loop loop : Measurement.Loop.values()) {
            if (measurements().stream().anyMatch(measurement -> measurement.loop() == loop)) {
                out.append("![latency](").append(chartName(loop)).append(")\n\n");
            }
        }
        return out.append("Files: `*.hlog` (HdrHistogram log, nanoseconds, one line an interval and tag), `*.hgrm` ")
            .append("(percentiles, microseconds), `*").append(SpaceFiles.SPACE_SUFFIX)
            .append("` (bytes of the store), `*").append(SpaceFiles.SPANS_SUFFIX)
            .append("` (when merges and checkpoints ran), `summary.json` (nanoseconds), `environment.*`, ")
            .append("`command.txt`. `report` draws them.\n").toString();
    }

    private static String records(final Job job) {
        return job.words() ? "WordNet's headwords and entries"
            : SummaryTable.count(job.keys()) + " keys of " + job.keyLength() + " B, values of " + job.valueLength()
                + " B";
    }
}
