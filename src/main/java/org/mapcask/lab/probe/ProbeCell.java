package org.mapcask.lab.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.IntervalRecorder;

/**
 * One cell of the probe: what was measured, or why it could not be. Immutable but for the histograms, which nobody
 * changes any more.
 *
 * @param part      that it belongs to.
 * @param name      unique in the part; letters, digits and dashes.
 * @param label     for people.
 * @param intervals latencies in nanoseconds, one histogram a second or a round; empty where nothing was measured.
 * @param figures   what else was counted, by name.
 * @param refusal   why nothing was measured; null where something was.
 */
public record ProbeCell(
    Part part, String name, String label, List<Histogram> intervals, Map<String, Double> figures, String refusal) {
    /** The parts of the probe, in the order in which they are made. */
    public enum Part {
        /** Pauses of a thread that does nothing. */
        FLOOR,
        /** Durable appends: each way, on each kind of file. */
        SYNC,
        /** Stores to pages that were not touched before. */
        TOUCH,
        /** What one sync of a small store writes. */
        FOLIO,
        /** Making, syncing and removing a file of the length of a segment. */
        FILE,
        /** Reads of what is not in memory, and what they do to other threads. */
        READ
    }

    static ProbeCell measured(
        final Part part, final String name, final String label, final List<Histogram> intervals,
        final Map<String, Double> figures) {
        return new ProbeCell(part, name, label, List.copyOf(intervals), figures, null);
    }

    static ProbeCell refused(final Part part, final String name, final String label, final String reason) {
        return new ProbeCell(part, name, label, List.of(), Map.of(), reason);
    }

    /** Whether it was measured. */
    public boolean isMeasured() {
        return refusal == null;
    }

    /** All latencies. */
    public Histogram total() {
        return IntervalRecorder.total(intervals);
    }

    /** A figure; not a number where it was not counted. */
    double figure(final String figure) {
        return figures.getOrDefault(figure, Double.NaN);
    }

    /** For JSON. */
    Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("label", label);
        if (isMeasured()) {
            map.put("latencyNs", SummaryTable.json(total()));
            map.putAll(figures);
        } else {
            map.put("refused", refusal);
        }
        return map;
    }
}
