package org.mapcask.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mapcask.lab.chart.PercentileChart;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * What a durable put costs beside a bare loop of durable writes, with the write-ahead log and without, by one thread
 * and by many; and what ways to sync cost on files in different states. {@code bench/durable.sh} builds and calls
 * this.
 *
 * <p>Exit status: 0, 1 if a value was not found as it was written or something broke, 2 for a wrong command line. The
 * goals are printed beside what was measured; missing one is a result and not a failure.
 */
public final class DurableBench {
    private static final String QUESTION = "What does a durable put cost, beside a bare loop of durable writes of "
        + "4 KiB? How many threads share a flush? And what do the ways to sync cost on files in different states?";
    private static final String NOTES = """
        * Arms took turns in rounds of one process; stores stayed open. A ratio, of medians or of rates, is the median
          of the ratios of the rounds. Keys 16 B, values 100 B; each value was read back after the store had been
          opened again.
        * Device figures are those of the whole device by `/sys`, the median of the rounds: other work on it is in
          them, and so is what the page cache writes back late. *Process* is `write_bytes` of `/proc/self/io`, which
          counts a page when it is dirtied.
        * Closed loop: a thread that waits asks for nothing meanwhile.

        """;

    private DurableBench() {
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code bench/durable.sh --help}.
     */
    public static void main(final String[] arguments) {
        Launcher.launch("durable", arguments, DurableOptions::parse, DurableBench::run);
    }

    private static boolean run(final DurableOptions options) throws IOException {
        final RunReport report = options.run().begin();
        final DurableRun run = new DurableRun(options, report.folder(), System.err);
        report.attempt(run::measure);
        final StringBuilder table = new StringBuilder();
        String details = "";
        final Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("keyLength", SyntheticRecords.KEY_LENGTH);
        figures.put("valueLength", SyntheticRecords.VALUE_LENGTH);
        figures.put("rounds", options.rounds());
        if (!run.puts().isEmpty()) {
            final List<DurableTable.Verdict> verdicts = DurableTable.verdicts(run.puts());
            table.append(DurableTable.verdictTable(verdicts)).append('\n')
                .append(DurableTable.quietness(run.puts())).append('\n')
                .append(DurableTable.markdown(run.puts())).append('\n');
            figures.put("verdicts", DurableTable.json(verdicts));
            figures.put("hiccupOfOneThreadNs", SummaryTable.json(DurableTable.hiccups(run.puts(), 1)));
            figures.put("puts", run.puts().stream().map(Rounds::json).toList());
            figures.put("stores", run.stats());
        }
        if (!run.appends().isEmpty()) {
            table.append("p50, KiB that the device wrote, and flushes, for each append:\n\n");
            for (final int length : DurableRun.APPEND_LENGTHS) {
                table.append(DurableTable.matrix(run.appends(), length)).append('\n');
            }
            details = DurableTable.markdown(run.appends()) + "\n";
            figures.put("appends", run.appends().stream().map(Rounds::json).toList());
        }
        write(report.folder(), run);
        return report.finish(figures, QUESTION, table + details + NOTES + charts(run), table.toString(),
            options.run().json(), System.out);
    }

    private static void write(final ResultFolder folder, final DurableRun run) throws IOException {
        for (final Rounds rounds : run.puts()) {
            HistogramFiles.write(folder.path(), rounds.merged());
        }
        for (final Rounds rounds : run.appends()) {
            HistogramFiles.write(folder.path(), rounds.merged());
        }
        if (!run.puts().isEmpty()) {
            folder.write("latency.svg", armChart(run.puts()).render());
            folder.write("latency-threads.svg", threadChart(run.puts()).render());
        }
    }

    private static String charts(final DurableRun run) {
        return (run.puts().isEmpty() ? "" : "![a durable put by 1 thread](latency.svg)\n\n"
            + "![through the write-ahead log by several threads](latency-threads.svg)\n\n")
            + "Files: `*.hlog` (HdrHistogram log, nanoseconds), `*.hgrm` (percentiles, microseconds), `summary.json` "
            + "(nanoseconds), `environment.*`, `command.txt`.\n";
    }

    private static PercentileChart armChart(final List<Rounds> puts) {
        final PercentileChart chart = new PercentileChart("A durable put by one thread",
            "Closed loop, keys 16 B, values 100 B; bare: writes of 4 KiB without a store. Arms take turns.");
        int colour = 0;
        for (final Rounds rounds : puts) {
            if (rounds.threads() == 1) {
                chart.add(rounds.arm() + ", " + rate(rounds), rounds.total(), colour++, false);
            }
        }
        return chart.hiccup(DurableTable.hiccups(puts, 1));
    }

    private static PercentileChart threadChart(final List<Rounds> puts) {
        final PercentileChart chart = new PercentileChart("Durable puts by several threads",
            "Closed loop, keys 16 B, values 100 B. Solid: write-ahead log. Dashed: msync of the segments.");
        int colour = 0;
        for (final Rounds rounds : puts) {
            if (rounds.arm().equals(DurableOptions.WAL)) {
                final String name = rounds.threads() + " threads, " + rate(rounds);
                chart.add(name, rounds.total(), colour, false);
                final Rounds other = Rounds.find(puts, "msync", rounds.threads());
                if (other != null) {
                    chart.add(rounds.threads() + " threads, msync, " + rate(other), other.total(), colour, true);
                }
                colour++;
            }
        }
        return chart;
    }

    private static String rate(final Rounds rounds) {
        return SummaryTable.count(Math.round(rounds.rate())) + "/s";
    }
}
