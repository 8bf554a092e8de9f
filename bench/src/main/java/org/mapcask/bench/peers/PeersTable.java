package org.mapcask.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.results.SummaryTable;

/** The tables of a comparison. Stateless. */
final class PeersTable {
    private static final String NONE = "–";
    private static final double[] PERCENTILES = {50, 99, 99.9};

    private PeersTable() {
    }

    /** Rates: thousands of operations a second, and the median of a call; a column for each store. */
    static String rates(final PeerFigures figures, final List<Peer> peers, final int valueLength) {
        return table(figures, peers, valueLength, true);
    }

    /** All other figures; a column for each store. */
    static String others(final PeerFigures figures, final List<Peer> peers, final int valueLength) {
        return table(figures, peers, valueLength, false);
    }

    private static String table(
        final PeerFigures figures, final List<Peer> peers, final int valueLength, final boolean rates) {
        final List<String> header = new ArrayList<>();
        header.add(valueLength + " B: " + (rates ? "thousand/s / p50 of a call" : "figure"));
        peers.forEach(peer -> header.add(peer.title));
        final List<String[]> rows = new ArrayList<>();
        for (final PeerFigure figure : PeerFigure.values()) {
            if (figure.hasRow() && (figure.unit == PeerFigure.Unit.RATE) == rates) {
                final List<String> row = new ArrayList<>(List.of(figure.title));
                peers.forEach(peer -> row.add(cell(figures, peer, valueLength, figure)));
                if (row.stream().skip(1).anyMatch(text -> !text.equals(NONE))) {
                    rows.add(row.toArray(String[]::new));
                }
            }
        }
        return SummaryTable.markdown(header.toArray(String[]::new), rows);
    }

    private static String cell(
        final PeerFigures figures, final Peer peer, final int valueLength, final PeerFigure figure) {
        if (!Double.isFinite(figures.value(peer, valueLength, figure))) {
            return NONE;
        }
        final Histogram latency = figures.latency(peer, valueLength, figure);
        final String text = text(figures, peer, valueLength, figure);
        return latency.getTotalCount() == 0
            ? text : text + " / " + SummaryTable.time(latency.getValueAtPercentile(PERCENTILES[0]));
    }

    /** A figure that is known, with its unit, rates in thousands; of what is lost also of how many. */
    static String text(
        final PeerFigures figures, final Peer peer, final int valueLength, final PeerFigure figure) {
        final String text = text(figure.unit, figures.value(peer, valueLength, figure));
        return figure != PeerFigure.LOST ? text
            : text + " of " + text(figure.unit, figures.value(peer, valueLength, PeerFigure.KILLED_WRITES));
    }

    private static String text(final PeerFigure.Unit unit, final double value) {
        return switch (unit) {
            case RATE -> value >= 100_000 ? SummaryTable.count(Math.round(value / 1000)) : digits(value / 1000);
            case TIME -> digits(value) + " ms";
            case FACTOR -> digits(value) + "×";
            case COUNT -> SummaryTable.count(Math.round(value));
            case BYTES -> digits(value) + " B";
            case MEBIBYTES -> Math.round(value) + " MiB";
        };
    }

    private static String digits(final double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : Math.abs(value) < 100 ? "%.1f" : "%,.0f",
            value);
    }

    /** Mapcask's rate as a multiple of each other's, and the goal beside what was measured. */
    static String ratios(final PeerFigures figures, final List<Peer> peers, final int valueLength) {
        final List<Peer> others = peers.stream().filter(peer -> peer != Peer.MAPCASK).toList();
        final List<String> header = new ArrayList<>(List.of(valueLength + " B: Mapcask ÷"));
        others.forEach(peer -> header.add(peer.title));
        header.addAll(List.of("goal", "measured", "verdict"));
        final List<String[]> rows = new ArrayList<>();
        for (final PeerFigure figure : PeerFigure.values()) {
            final PeerGoal goal = PeerGoal.ALL.stream()
                .filter(one -> one.figure() == figure && one.valueLength() == valueLength).findFirst().orElse(null);
            if (goal == null && figure.unit != PeerFigure.Unit.RATE) {
                continue;
            }
            final List<String> row = new ArrayList<>(List.of(figure.title));
            others.forEach(peer -> row.add(ratio(figures.ratio(Peer.MAPCASK, peer, valueLength, figure))));
            final double measured = goal == null ? Double.NaN : goal.measured(figures);
            row.addAll(goal == null ? List.of(NONE, NONE, NONE)
                : List.of(goal.text(), measured(goal, measured), goal.verdict(measured)));
            rows.add(row.toArray(String[]::new));
        }
        return SummaryTable.markdown(header.toArray(String[]::new), rows);
    }

    private static String measured(final PeerGoal goal, final double value) {
        return goal.kind() == PeerGoal.Kind.VALUE_AT_MOST && Double.isFinite(value)
            ? text(goal.figure().unit, value) : ratio(value);
    }

    private static String ratio(final double value) {
        return Double.isFinite(value) ? digits(value) : NONE;
    }

    /** Latencies of single calls; a row for each store and workload. */
    static String latencies(final PeerFigures figures, final List<Peer> peers, final int valueLength) {
        final List<String[]> rows = new ArrayList<>();
        for (final PeerFigure figure : PeerFigure.values()) {
            for (final Peer peer : peers) {
                final Histogram latency = figures.latency(peer, valueLength, figure);
                if (latency.getTotalCount() > 0) {
                    final List<String> row = new ArrayList<>(
                        List.of(figure.title, peer.title, SummaryTable.count(latency.getTotalCount())));
                    Arrays.stream(PERCENTILES)
                        .forEach(percentile -> row.add(SummaryTable.time(latency.getValueAtPercentile(percentile))));
                    row.add(SummaryTable.time(latency.getMaxValue()));
                    rows.add(row.toArray(String[]::new));
                }
            }
        }
        return SummaryTable.markdown(new String[] {
            valueLength + " B: workload", "store", "calls timed one by one", "p50", "p99", "p99.9", "max"}, rows);
    }
}
