package org.mapcask.bench.peers;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/**
 * What Mapcask has to reach beside the others. Immutable.
 *
 * @param figure      what it is about.
 * @param valueLength with values of so many bytes.
 * @param kind        how it is judged.
 * @param bound       the multiple, or the value.
 * @param other       the store that it is compared with, or null.
 * @param note        to be said with it, or nothing.
 */
record PeerGoal(PeerFigure figure, int valueLength, Kind kind, double bound, Peer other, String note) {
    private static final int SHORT = PeersOptions.VALUE_LENGTHS.get(0);
    private static final int LONG = PeersOptions.VALUE_LENGTHS.get(1);

    /** All goals, in the order of the tables. */
    static final List<PeerGoal> ALL = List.of(
        rate(PeerFigure.LOAD, SHORT, 2.5, Peer.CHRONICLE),
        rate(PeerFigure.GET, SHORT, 1.8, Peer.CHRONICLE),
        rate(PeerFigure.GET_2, SHORT, 1.8, Peer.CHRONICLE),
        rate(PeerFigure.GET_ZIPFIAN, SHORT, 1.8, Peer.CHRONICLE),
        rate(PeerFigure.OVERWRITE, SHORT, 2.5, Peer.CHRONICLE),
        rate(PeerFigure.MIXED, SHORT, 1.2, Peer.CHRONICLE),
        rate(PeerFigure.SCAN, SHORT, 1.0, Peer.LMDB),
        new PeerGoal(PeerFigure.DURABLE, SHORT, Kind.MEDIAN_AT_MOST, 1.15, Peer.BARE, ""),
        new PeerGoal(PeerFigure.DURABLE_8, SHORT, Kind.BEST_PEER_TIMES, 5, null, ""),
        new PeerGoal(PeerFigure.OPEN_WARM, SHORT, Kind.VALUE_AT_MOST, 10, null, ""),
        new PeerGoal(PeerFigure.OPEN_KILLED, SHORT, Kind.VALUE_AT_MOST, 100, null, ""),
        new PeerGoal(PeerFigure.INDEX, SHORT, Kind.VALUE_AT_MOST, 24, null, "12 is hoped for"),
        new PeerGoal(PeerFigure.LOAD, LONG, Kind.RATE_TIMES, 2, Peer.LMDB,
            "in place of HaloDB"),
        rate(PeerFigure.GET, LONG, 1.4, Peer.CHRONICLE),
        rate(PeerFigure.OVERWRITE, LONG, 2, Peer.ROCKSDB));

    /** How a goal is judged. */
    enum Kind {
        /** The rate is at least this many times the other's. */
        RATE_TIMES,
        /** The median latency is at most this many times the other's. */
        MEDIAN_AT_MOST,
        /** The rate is at least this many times that of the best of all but the floor. */
        BEST_PEER_TIMES,
        /** The figure is at most this. */
        VALUE_AT_MOST
    }

    private static PeerGoal rate(
        final PeerFigure figure, final int valueLength, final double bound, final Peer other) {
        return new PeerGoal(figure, valueLength, Kind.RATE_TIMES, bound, other, "");
    }

    /** What was measured; NaN if something that it takes was not. */
    double measured(final PeerFigures figures) {
        return switch (kind) {
            case RATE_TIMES -> figures.ratio(Peer.MAPCASK, other, valueLength, figure);
            case MEDIAN_AT_MOST -> figures.latencyRatio(Peer.MAPCASK, other, valueLength, figure);
            case BEST_PEER_TIMES -> Arrays.stream(Peer.values())
                .filter(peer -> peer != Peer.MAPCASK && peer != Peer.BARE)
                .mapToDouble(peer -> figures.ratio(Peer.MAPCASK, peer, valueLength, figure))
                .filter(Double::isFinite).min().orElse(Double.NaN);
            case VALUE_AT_MOST -> figures.value(Peer.MAPCASK, valueLength, figure);
        };
    }

    /** Met, not met, or not measured. */
    String verdict(final double measured) {
        if (!Double.isFinite(measured)) {
            return "not measured";
        }
        final boolean atMost = kind == Kind.MEDIAN_AT_MOST || kind == Kind.VALUE_AT_MOST;
        return (atMost ? measured <= bound : measured >= bound) ? "met" : "NOT MET";
    }

    /** The goal in words. */
    String text() {
        final String number = BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
        final String text = switch (kind) {
            case RATE_TIMES -> "≥ " + number + "× " + other.title;
            case MEDIAN_AT_MOST -> "p50 ≤ " + number + "× " + other.title;
            case BEST_PEER_TIMES -> "≥ " + number + "× the best peer";
            case VALUE_AT_MOST -> "≤ " + number + (figure.unit == PeerFigure.Unit.TIME ? " ms" : " B");
        };
        return note.isEmpty() ? text : text + " (" + note + ")";
    }
}
