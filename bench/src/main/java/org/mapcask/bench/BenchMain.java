package org.mapcask.bench;

import java.io.IOException;
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
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * Measures a run and writes its results folder. {@code bench/run.sh} builds, imports the dictionary and calls this.
 *
 * <p>Exit status: 0 if every answer was right and every rate was reached, 1 if not or if something broke, 2 for a
 * wrong command line.
 */
public final class BenchMain {
    private static final String QUESTION =
        "What do sequential appends and random mapped reads cost, in the page cache and from the device?";
    private static final String REMARKS = """
        * *response* counts from the intended start (open loop), *service* from the real one. `wrong` counts answers
          that did not match; each value was compared, outside the clock.
        * `B alloc/op` is of the issuing threads, clock, checks and recording included; faults and device bytes are of
          the whole process. What reading the clock costs stands in `environment.txt`, and is in every time.

        ![latency at a fixed rate](latency.svg)

        ![latency at full speed](latency-closed.svg)

        ![random reads by madvise and by pread](latency-reads.svg)

        Files: `*.hlog` (HdrHistogram log, nanoseconds, one line an interval and tag), `*.hgrm` (percentiles,
        microseconds), `summary.json` (nanoseconds), `environment.*`, `command.txt`.
        """;
    private static final List<String> OPEN_WORKLOADS = List.of("fillseq", "readrandom", "readhot");
    private static final List<String> CLOSED_WORKLOADS =
        List.of("fillseq", "readrandom", "readhot");

    private BenchMain() {
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code bench/run.sh --help}.
     */
    public static void main(final String[] arguments) {
        Launcher.launch("bench", arguments, BenchOptions::parse, BenchMain::run);
    }

    private static boolean run(final BenchOptions options) throws IOException {
        final RunReport report = options.run().begin();
        final BenchRun run = new BenchRun(options, report.folder(), System.err);
        report.attempt(run::measure);
        final Histogram hiccups = IntervalRecorder.newHistogram();
        for (final Measurement measurement : run.measurements()) {
            HistogramFiles.write(report.folder().path(), measurement);
            measurement.hiccups().forEach(hiccups::add);
        }
        report.hiccups(hiccups);
        final PercentileChart open = openChart(run.measurements());
        if (!open.isEmpty()) {
            report.folder().write("latency.svg", open.render());
        }
        final PercentileChart closed = closedChart(run.measurements());
        if (!closed.isEmpty()) {
            report.folder().write("latency-closed.svg", closed.render());
        }
        final PercentileChart arms = armsChart(run.measurements());
        if (!arms.isEmpty()) {
            report.folder().write("latency-reads.svg", arms.render());
        }
        final String table = SummaryTable.markdown(run.measurements());
        final StringBuilder notes = new StringBuilder("\n");
        run.notes().forEach(note -> notes.append("* ").append(note).append('\n'));
        return report.finish(
            figures(options, run), QUESTION, table + notes + REMARKS + "\n" + ArmsTable.section(run.measurements()),
            table + notes, options.run().json(), System.out);
    }

    private static Map<String, Object> figures(final BenchOptions options, final BenchRun run) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("profile", options.profile().name());
        out.put("seed", options.seed());
        out.put("notes", run.notes());
        out.put("keyLength", SyntheticRecords.KEY_LENGTH);
        out.put("valueLength", SyntheticRecords.VALUE_LENGTH);
        out.put("measurements", run.measurements().stream().map(SummaryTable::json).toList());
        return out;
    }

    private static PercentileChart openChart(final List<Measurement> measurements) {
        final PercentileChart chart = new PercentileChart("Latency at a fixed rate, page cache warm",
            "Open loop: solid counts from the intended start, dashed is service time alone. Keys 16 B, values 100 B; "
                + "readhot: WordNet.");
        add(chart, measurements, Measurement.Loop.OPEN, OPEN_WORKLOADS);
        return chart;
    }

    private static PercentileChart closedChart(final List<Measurement> measurements) {
        final PercentileChart chart = new PercentileChart("Latency at full speed, page cache warm",
            "Closed loop: service time only; waiting that a slow operation causes for later ones is not in it. "
                + "Keys 16 B, values 100 B.");
        add(chart, measurements, Measurement.Loop.CLOSED, CLOSED_WORKLOADS);
        return chart;
    }

    /** The ways to read: solid with the page cache full, dashed after it was dropped. */
    private static PercentileChart armsChart(final List<Measurement> measurements) {
        final PercentileChart chart = new PercentileChart("Random reads by madvise and by pread",
            "Closed loop, one thread. Solid: page cache full; dashed: dropped before. Keys 16 B, values 100 B.");
        final Histogram hiccup = IntervalRecorder.newHistogram();
        for (final Measurement measurement : measurements) {
            for (final ReadArm arm : ReadArm.values()) {
                if (measurement.tag().matches("read(warm|cold)-" + arm.label() + "\\b.*")) {
                    chart.add(measurement.tag() + ", " + SummaryTable.count(Math.round(measurement.achievedRate()))
                        + "/s", measurement.serviceTotal(), arm.ordinal(), measurement.tag().startsWith("readcold"));
                    measurement.hiccups().forEach(hiccup::add);
                }
            }
        }
        return chart.hiccup(hiccup);
    }

    private static void add(
        final PercentileChart chart, final List<Measurement> all, final Measurement.Loop loop,
        final List<String> workloads) {
        final Histogram hiccup = IntervalRecorder.newHistogram();
        for (final Measurement measurement : all) {
            if (measurement.loop() != loop) {
                continue;
            }
            final int colour = colour(measurement.tag(), workloads);
            if (colour == workloads.size()) {
                continue;
            }
            final String rate = SummaryTable.count(Math.round(measurement.achievedRate())) + "/s";
            chart.add(measurement.tag() + ", " + rate, measurement.responseTotal(), colour, false);
            if (loop == Measurement.Loop.OPEN) {
                chart.add(measurement.tag() + ", service time", measurement.serviceTotal(), colour, true);
            }
            hiccup.add(IntervalRecorder.total(measurement.hiccups()));
        }
        chart.hiccup(hiccup);
    }

    private static int colour(final String tag, final List<String> workloads) {
        for (int i = 0; i < workloads.size(); i++) {
            if (tag.startsWith(workloads.get(i))) {
                return i;
            }
        }
        return workloads.size();
    }
}
