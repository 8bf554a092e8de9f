package org.mapcask.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.chart.PercentileChart;
import org.mapcask.lab.report.PeerRow;
import org.mapcask.lab.report.ReportSvg;
import org.mapcask.lab.results.Csv;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.Measurement;

/** Writes what a comparison gave: tables, charts, raw histograms, and what was not equal. Used by one thread. */
final class PeersReport {
    /** What the run asks. */
    static final String QUESTION = "How does Mapcask stand to other embedded stores of the JVM, with the same keys, "
        + "values and calls, each in a process of its own?";

    private static final int LONG = PeersOptions.VALUE_LENGTHS.get(1);
    private static final int SHORT = PeersOptions.VALUE_LENGTHS.get(0);
    private static final String METHOD = """

        ## How it was measured

        * Keys of 16 B in no order. *Load* puts each once; *get* draws keys evenly, *zipfian* with exponent 0.99;
          *overwrite* makes as many puts as there are keys, evenly drawn; *50/50* draws gets and puts evenly and keys
          by zipf. After the load, and after the overwrites, each store is flushed and compacted as far as it can be
          while it is open; gets begin after that, with all data in memory.
        * A rate is that of threads which do nothing but call the store: calls are timed in blocks, keys and values are
          made beforehand. Every fifth call is timed by itself instead; the percentiles are those, and hold the cost of
          reading the clock twice. Loops are closed. A get ends with the value in the caller's hands: copied to its
          buffer, or in a new array.
        * Every answer is checked, and scans compare all keys with what was put last, but for versions that two threads
          put at once. A wrong answer marks the run failed, and so does whatever Mapcask loses; what another store loses
          after a kill stands in the table.
        * Rounds go through the stores forwards and backwards in turns; a figure is the median of the rounds, a ratio
          the median of the ratios of the rounds. Each step of a store is a JVM of its own, with the same flags and a
          heap of 3 GiB, started after the file system was synced. Warm-ups are not recorded.
        * *Open* lasts until a first get has been answered. For the kill, one thread overwrites keys until the process
          gets SIGKILL; *lost* are puts that had returned, those before the kill and a sample of older ones, whose value
          is an older one or not there. *Disk blocks* are those of the directory, by `du`, to the
          bytes of all keys and values: a store that prepares files of a fixed size looks large while it is small.
          *Memory outside of heap and files* is resident anonymous memory after all keys were read: index and caches,
          and some tens of MiB of any JVM with them.
        """;
    private static final String UNEQUAL = """

        ## What was not equal

        * Unless the row says *durable*, no store waited for the device, and each may lose its last writes in a power
          cut. What a kill of the process may take differs, see below and the row *lost*. *Durable* means that a put
          returned after its bytes had been flushed to the device; whether the store is then sound after a power cut is
          its own affair, and was not tested here.
        * Eight threads of durable puts: who commits for all waiting threads with one flush gains, who cannot does not.
        * Ordered stores give range scans, which Mapcask, Chronicle Map and MapDB's hash map do not.
        * HaloDB is missing: Maven Central has no artefact of it. The goal that names it is held against LMDB, which was
          level with it at that work when the goals were set.

        """;

    private final PeersOptions options;
    private final List<Peer> peers;
    private final PeerFigures figures;
    private final List<String> failures;

    PeersReport(
        final PeersOptions options, final List<Peer> peers, final PeerFigures figures, final List<String> failures) {
        this.options = options;
        this.peers = peers;
        this.figures = figures;
        this.failures = failures;
    }

    /** The tables that are printed, too. */
    String tables() {
        final StringBuilder out = new StringBuilder();
        for (final int valueLength : PeersOptions.VALUE_LENGTHS) {
            out.append("Values of ").append(valueLength).append(" B, ")
                .append(SummaryTable.count(options.keys(valueLength))).append(" keys\n\n")
                .append(PeersTable.rates(figures, peers, valueLength)).append('\n')
                .append(peers.contains(Peer.MAPCASK)
                    ? PeersTable.ratios(figures, peers, valueLength) + "\n" : "")
                .append(PeersTable.others(figures, peers, valueLength)).append('\n');
        }
        failures.forEach(failure -> out.append("* ").append(failure).append('\n'));
        return out.toString();
    }

    /** What the README says behind the command and the machine. */
    String body() {
        final StringBuilder out = new StringBuilder(tables()).append(METHOD).append(UNEQUAL);
        for (final Peer peer : peers) {
            out.append("* **").append(peer.title).append("**: ").append(peer.differences).append(".\n  Told: ")
                .append(peer.tuning).append(".\n");
        }
        out.append("\n## Charts\n\n");
        PeersOptions.VALUE_LENGTHS.forEach(
            length -> out.append("![rates](").append(ratesName(length)).append(")\n\n"));
        charts().keySet().forEach(name -> out.append("![").append(name.replace(".svg", "")).append("](").append(name)
            .append(")\n\n"));
        out.append("## Latencies of single calls\n\n");
        for (final int valueLength : PeersOptions.VALUE_LENGTHS) {
            out.append(PeersTable.latencies(figures, peers, valueLength)).append('\n');
        }
        return out.append("`histograms/`: an `.hlog` (HdrHistogram log, nanoseconds, one line a second) and an `.hgrm` "
            + "(percentiles, microseconds) for each store and workload; `" + PeerRow.FILE + "`: the figures, with "
            + "the least and the most of the rounds; `summary.json` has every figure of every round. `report` draws "
            + "all of it.\n").toString();
    }

    /** Where the intervals of latencies are read again, those of one place at a time. */
    interface Recorded {
        /** The measurements of all rounds, in their order; at least one. */
        List<Measurement> of(PeerFigures.Cell cell) throws IOException;
    }

    /** Writes charts and raw histograms. */
    void write(final ResultFolder folder, final Recorded recorded) throws IOException {
        for (final Map.Entry<String, PercentileChart> chart : charts().entrySet()) {
            folder.write(chart.getKey(), chart.getValue().render());
        }
        final List<PeerRow> rows = rows();
        for (final int valueLength : PeersOptions.VALUE_LENGTHS) {
            folder.write(ratesName(valueLength), ReportSvg.rates(rows, valueLength));
        }
        folder.write(PeerRow.FILE, csv());
        final Path raw = Files.createDirectories(folder.path().resolve(PeerRow.HISTOGRAMS));
        for (final PeerFigures.Cell cell : figures.latencies()) {
            HistogramFiles.write(raw, Measurement.merged(cell.tag(), recorded.of(cell)));
        }
    }

    private static String ratesName(final int valueLength) {
        return "rates-" + valueLength + "B.svg";
    }

    /** Every figure, in the order of the tables, as {@code report} draws it. */
    private List<PeerRow> rows() {
        final List<PeerRow> rows = new ArrayList<>();
        for (final int valueLength : PeersOptions.VALUE_LENGTHS) {
            for (final PeerFigure figure : PeerFigure.values()) {
                for (final Peer peer : peers) {
                    final double value = figures.value(peer, valueLength, figure);
                    if (figure.hasRow() && Double.isFinite(value)) {
                        final boolean rate = figure.unit == PeerFigure.Unit.RATE;
                        rows.add(new PeerRow(peer.id, peer.title, peers.indexOf(peer), valueLength, figure.id,
                            figure.title, rate, value,
                            PeersTable.text(figures, peer, valueLength, figure) + (rate ? " k/s" : "")));
                    }
                }
            }
        }
        return rows;
    }

    private String csv() {
        final StringBuilder csv = new StringBuilder(PeerRow.HEADER);
        for (final PeerRow row : rows()) {
            final double[] rounds = Arrays.stream(figures.values().get(new PeerFigures.Cell(Peer.of(row.store()),
                row.valueLength(), PeerFigure.of(row.figure())))).filter(Double::isFinite).sorted().toArray();
            csv.append(Csv.line(row.store(), row.name(), row.valueLength(), row.figure(), row.title(),
                PeerFigure.of(row.figure()).unit, row.median(), row.text(), rounds[0], rounds[rounds.length - 1],
                rounds.length));
        }
        return csv.toString();
    }

    private Map<String, PercentileChart> charts() {
        final Map<String, PercentileChart> charts = new LinkedHashMap<>();
        chart(charts, PeerFigure.GET, SHORT);
        chart(charts, PeerFigure.OVERWRITE, SHORT);
        chart(charts, PeerFigure.MIXED, SHORT);
        chart(charts, PeerFigure.DURABLE, SHORT);
        chart(charts, PeerFigure.DURABLE_8, SHORT);
        chart(charts, PeerFigure.GET, LONG);
        chart(charts, PeerFigure.OVERWRITE, LONG);
        return charts;
    }

    private void chart(final Map<String, PercentileChart> charts, final PeerFigure figure, final int valueLength) {
        final PercentileChart chart = new PercentileChart(figure.title,
            "Closed loop, " + SummaryTable.count(options.keys(valueLength)) + " keys of 16 B, values of " + valueLength
                + " B; each store in a process of its own, in turns.");
        int number = 0;
        for (final Peer peer : peers) {
            chart.add(peer.title, figures.latency(peer, valueLength, figure), number, false);
            number++;
        }
        if (!chart.isEmpty()) {
            charts.put(figure.id + "-" + valueLength + "B.svg", chart.hiccup(figures.hiccups(valueLength, figure)));
        }
    }

    /** Everything for {@code summary.json}. */
    Map<String, Object> summary() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("rounds", options.rounds());
        out.put("seed", options.seed());
        out.put("keyLength", PeerSlot.KEY_LENGTH);
        out.put("failedSteps", failures);
        out.put("goals", PeerGoal.ALL.stream().map(this::goal).toList());
        final List<Object> rows = new ArrayList<>();
        figures.values().forEach((cell, values) -> {
            final Map<String, Object> row = new LinkedHashMap<>();
            row.put("store", cell.peer().id);
            row.put("valueLength", cell.valueLength());
            row.put("keys", options.keys(cell.valueLength()));
            row.put("figure", cell.figure().id);
            row.put("unit", cell.figure().unit.name());
            row.put(cell.figure().unit == PeerFigure.Unit.COUNT ? "sum" : "median",
                figures.value(cell.peer(), cell.valueLength(), cell.figure()));
            row.put("rounds", Arrays.stream(values).boxed().toList());
            final Histogram latency = figures.latency(cell.peer(), cell.valueLength(), cell.figure());
            if (latency.getTotalCount() > 0) {
                row.put("callNs", SummaryTable.json(latency));
            }
            rows.add(row);
        });
        out.put("figures", rows);
        return out;
    }

    private Map<String, Object> goal(final PeerGoal goal) {
        final double measured = goal.measured(figures);
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("figure", goal.figure().id);
        out.put("valueLength", goal.valueLength());
        out.put("goal", goal.text());
        out.put("measured", measured);
        out.put("verdict", goal.verdict(measured));
        return out;
    }
}
