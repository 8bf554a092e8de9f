package org.mapcask.bench.peers;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.results.Statistics;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;

/**
 * What all rounds gave: a figure of each store and length of values in each round, and the latencies of all of them
 * together. The intervals of the latencies are not kept, but stay in the files of the cells: hundreds of histograms of
 * a quarter of a megabyte each. Filled by one thread.
 */
final class PeerFigures {
    private final Map<Cell, double[]> values = new LinkedHashMap<>();
    private final Map<Cell, Latency> latencies = new LinkedHashMap<>();
    private final int rounds;

    /** Where a figure stands. */
    record Cell(Peer peer, int valueLength, PeerFigure figure) {
        /** Name for files. */
        String tag() {
            return peer.id + "-" + figure.id + "-" + valueLength + "B";
        }
    }

    /** The latencies of all rounds, the hiccups of the host meanwhile, and the median latency of each round. */
    private final class Latency {
        private final Histogram total = IntervalRecorder.newHistogram();
        private final Histogram hiccups = IntervalRecorder.newHistogram();
        private final double[] medians = unknown();

        void add(final int round, final Measurement measurement) {
            final Histogram ofRound = measurement.serviceTotal();
            total.add(ofRound);
            measurement.hiccups().forEach(hiccups::add);
            medians[round] = ofRound.getValueAtPercentile(50);
        }
    }

    PeerFigures(final int rounds) {
        this.rounds = rounds;
    }

    /** Adds what a child gave. */
    void add(final Peer peer, final int valueLength, final int round, final PeerOutput output) {
        output.figures().forEach((figure, value) -> add(new Cell(peer, valueLength, figure), round, value));
        output.latencies().forEach((figure, measurement) ->
            latencies.computeIfAbsent(new Cell(peer, valueLength, figure), key -> new Latency())
                .add(round, measurement));
    }

    /** Sets a figure of a round. */
    void add(final Cell cell, final int round, final double value) {
        values.computeIfAbsent(cell, key -> unknown())[round] = value;
    }

    private double[] unknown() {
        final double[] none = new double[rounds];
        Arrays.fill(none, Double.NaN);
        return none;
    }

    /** Every figure of every round. */
    Map<Cell, double[]> values() {
        return values;
    }

    /** Where latencies are known. */
    Set<Cell> latencies() {
        return latencies.keySet();
    }

    /** The middle of the rounds, of counts the sum; NaN if there was none. */
    double value(final Peer peer, final int valueLength, final PeerFigure figure) {
        final double[] all = values.getOrDefault(new Cell(peer, valueLength, figure), unknown());
        return figure.unit == PeerFigure.Unit.COUNT
            ? Arrays.stream(all).filter(Double::isFinite).reduce(Double::sum).orElse(Double.NaN) : median(all);
    }

    /** All latencies of all rounds, in nanoseconds; empty if there are none. */
    Histogram latency(final Peer peer, final int valueLength, final PeerFigure figure) {
        final Latency known = latencies.get(new Cell(peer, valueLength, figure));
        return known == null ? IntervalRecorder.newHistogram() : known.total;
    }

    /** The hiccups of the host, in nanoseconds, while this was measured of all stores. */
    Histogram hiccups(final int valueLength, final PeerFigure figure) {
        final Histogram total = IntervalRecorder.newHistogram();
        latencies.forEach((cell, latency) -> {
            if (cell.figure == figure && cell.valueLength == valueLength) {
                total.add(latency.hiccups);
            }
        });
        return total;
    }

    /**
     * How one store's figure stands to another's: round by round, and then the middle of these, so that a round that
     * was slow for both does not count.
     */
    double ratio(final Peer one, final Peer other, final int valueLength, final PeerFigure figure) {
        return ratio(values.getOrDefault(new Cell(one, valueLength, figure), unknown()),
            values.getOrDefault(new Cell(other, valueLength, figure), unknown()));
    }

    /** The same for the medians of the latencies of each round. */
    double latencyRatio(final Peer one, final Peer other, final int valueLength, final PeerFigure figure) {
        return ratio(medians(new Cell(one, valueLength, figure)), medians(new Cell(other, valueLength, figure)));
    }

    private double[] medians(final Cell cell) {
        final Latency known = latencies.get(cell);
        return known == null ? unknown() : known.medians;
    }

    private static double ratio(final double[] mine, final double[] others) {
        final double[] ratios = new double[mine.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = mine[i] / others[i];
        }
        return median(ratios);
    }

    private static double median(final double[] all) {
        return Statistics.median(Arrays.stream(all).filter(Double::isFinite).toArray());
    }
}
