package org.mapcask.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.chart.PercentileChart;
import org.mapcask.lab.host.Environment;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.Json;
import org.mapcask.lab.results.ResultFolder;
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
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;
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
        final BenchOptions options;
        try {
            options = BenchOptions.parse(List.of(arguments));
        } catch (final IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(EXIT_USAGE);
            return;
        }
        try {
            System.exit(run(options, System.out, System.err) ? 0 : EXIT_FAILED);
        } catch (final IOException e) {
            System.err.println("bench: " + e);
            System.exit(EXIT_FAILED);
        }
    }

    /** Runs, writes and prints; true if nothing failed. */
    private static boolean run(final BenchOptions options, final PrintStream out, final PrintStream talk)
        throws IOException {
        final ResultFolder folder = ResultFolder.create(options.results(), LocalDate.now(), options.label());
        final Environment environment = Environment.capture(options.data());
        final BenchRun run = new BenchRun(options, folder, talk);
        try {
            run.measure();
        } catch (final IOException | RuntimeException e) {
            folder.fail("ended by " + Environment.anonymous(e.toString(), options.data()));
            e.printStackTrace(talk);
        }
        environment.complete();
        write(options, folder, run, environment);
        final Path path = folder.close();
        out.println();
        out.print(SummaryTable.markdown(run.measurements()));
        out.println();
        run.notes().forEach(note -> out.println("* " + note));
        folder.failures().forEach(failure -> out.println("FAILED: " + failure));
        out.println("written to " + path);
        return folder.failures().isEmpty();
    }

    private static void write(
        final BenchOptions options, final ResultFolder folder, final BenchRun run, final Environment environment)
        throws IOException {
        for (final Measurement measurement : run.measurements()) {
            HistogramFiles.write(folder.path(), measurement);
        }
        folder.write("environment.txt", environment.toText());
        folder.write("environment.json", Json.render(environment.toMap()));
        folder.write("command.txt", Environment.anonymous(options.command(), options.data()) + "\n");
        folder.write("summary.json", Json.render(summary(options, folder, run, environment)));
        final PercentileChart open = openChart(run.measurements());
        if (!open.isEmpty()) {
            folder.write("latency.svg", open.render());
        }
        final PercentileChart closed = closedChart(run.measurements());
        if (!closed.isEmpty()) {
            folder.write("latency-closed.svg", closed.render());
        }
        folder.write("README.md", readme(options, folder, run, environment));
    }

    private static Map<String, Object> summary(
        final BenchOptions options, final ResultFolder folder, final BenchRun run, final Environment environment) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("profile", options.profile().name());
        out.put("seed", options.seed());
        out.put("passed", folder.failures().isEmpty());
        out.put("failures", folder.failures());
        out.put("notes", run.notes());
        out.put("keyLength", SyntheticRecords.KEY_LENGTH);
        out.put("valueLength", SyntheticRecords.VALUE_LENGTH);
        out.put("measurements", run.measurements().stream().map(SummaryTable::json).toList());
        out.put("environment", environment.toMap());
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
        final PercentileChart chart = new PercentileChart("Latency at full speed, warm and cold",
            "Closed loop: service time only; waiting that a slow operation causes for later ones is not in it. "
                + "Keys 16 B, values 100 B.");
        add(chart, measurements, Measurement.Loop.CLOSED, CLOSED_WORKLOADS);
        return chart;
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

    private static String readme(
        final BenchOptions options, final ResultFolder folder, final BenchRun run, final Environment environment) {
        final StringBuilder out = new StringBuilder();
        out.append("# ").append(folder.path().getFileName()).append("\n\n");
        out.append(folder.failures().isEmpty() ? "" : "**This run FAILED; cite no number of it.**\n\n");
        folder.failures().forEach(failure -> out.append("* ").append(failure).append('\n'));
        out.append(folder.failures().isEmpty() ? "" : "\n");
        out.append("What do sequential appends and random mapped reads cost, in the page cache and from the device?")
            .append("\n\n");
        out.append("* Command: `").append(Environment.anonymous(options.command(), options.data())).append("`\n");
        out.append("* Machine: ").append(environment.headline()).append("\n");
        out.append("* Source: ").append(environment.get("source", "revision")).append(", changes not committed: ")
            .append(environment.get("source", "changes that are not committed")).append("\n\n");
        out.append(SummaryTable.markdown(run.measurements())).append('\n');
        run.notes().forEach(note -> out.append("* ").append(note).append('\n'));
        out.append("* *response* counts from the intended start (open loop), *service* from the real one. ")
            .append("`wrong` counts answers that did not match; each value was compared, outside the clock.\n")
            .append("* `B alloc/op` is of the issuing threads, clock, checks and recording included; ")
            .append("faults and device bytes are of the whole process.\n");
        out.append("* Reading the clock costs ").append(environment.get("machine", "System.nanoTime"))
            .append(", which is in every time.\n");
        out.append("\n![latency at a fixed rate](latency.svg)\n\n![latency at full speed](latency-closed.svg)\n\n");
        out.append("Files: `*.hlog` (HdrHistogram log, one line a second and tag, nanoseconds), ")
            .append("`*.hgrm` (percentiles, microseconds), `summary.json` (nanoseconds), ")
            .append("`environment.*`, `command.txt`.\n");
        return out.toString();
    }
}
