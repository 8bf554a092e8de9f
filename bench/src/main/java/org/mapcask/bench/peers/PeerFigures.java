package org.mapcask.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.results.Statistics;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;

/**
 * What all rounds gave: a figure of each store and length of values in each round, and the latencies of all of them
 * together. Filled by one thread.
 */
final class PeerFigures {
    private final Map<Cell, double[]> values = new LinkedHashMap<>();
    private final Map<Cell, List<Measurement>> latencies = new LinkedHashMap<>();
    private final int rounds;

    /** Where a figure stands. */
    record Cell(Peer peer, int valueLength, PeerFigure figure) {
        /** Name for files. */
        String tag() {
            return peer.id + "-" + figure.id + "-" + valueLength + "B";
        }
    }

    PeerFigures(final int rounds) {
        this.rounds = rounds;
    }

    /** Adds what a child gave. */
    void add(final Peer peer, final int valueLength, final int round, final PeerOutput output) {
        output.figures().forEach((figure, value) -> add(new Cell(peer, valueLength, figure), round, value));
        output.latencies().forEach((figure, measurement) ->
            latencies.computeIfAbsent(new Cell(peer, valueLength, figure), key -> new ArrayList<>()).add(measurement));
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

    /** The latencies that are known. */
    Map<Cell, List<Measurement>> latencies() {
        return latencies;
    }

    /** The middle of the rounds, or NaN if there was none. */
    double median(final Peer peer, final int valueLength, final PeerFigure figure) {
        return median(values.getOrDefault(new Cell(peer, valueLength, figure), unknown()));
    }

    /** All latencies of all rounds, in nanoseconds; empty if there are none. */
    Histogram latency(final Peer peer, final int valueLength, final PeerFigure figure) {
        final Histogram total = IntervalRecorder.newHistogram();
        latencies.getOrDefault(new Cell(peer, valueLength, figure), List.of())
            .forEach(measurement -> total.add(measurement.serviceTotal()));
        return total;
    }

    /**
     * How one store's figure stands to another's: round by round, and then the middle of these, so that a round that
     * was slow for both does not count.
     */
    double ratio(final Peer one, final Peer other, final int valueLength, final PeerFigure figure) {
        final double[] mine = values.getOrDefault(new Cell(one, valueLength, figure), unknown());
        final double[] others = values.getOrDefault(new Cell(other, valueLength, figure), unknown());
        final double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ratios[i] = mine[i] / others[i];
        }
        return median(ratios);
    }

    /** The same for the medians of the latencies of each round. */
    double latencyRatio(final Peer one, final Peer other, final int valueLength, final PeerFigure figure) {
        final List<Measurement> mine = latencies.getOrDefault(new Cell(one, valueLength, figure), List.of());
        final List<Measurement> others = latencies.getOrDefault(new Cell(other, valueLength, figure), List.of());
        final double[] ratios = new double[Math.min(mine.size(), others.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = (double) mine.get(i).serviceTotal().getValueAtPercentile(50)
                / others.get(i).serviceTotal().getValueAtPercentile(50);
        }
        return median(ratios);
    }

    private static double median(final double[] all) {
        return Statistics.median(Arrays.stream(all).filter(Double::isFinite).toArray());
    }
}
