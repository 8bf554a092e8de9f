package org.mapcask.lab.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.probe.ProbeCell.Part;

/**
 * What a probe found. Immutable.
 *
 * @param cells all cells, part by part.
 */
public record ProbeReport(List<ProbeCell> cells) {
    /** The cells of one part, in order. */
    public List<ProbeCell> of(final Part part) {
        return cells.stream().filter(cell -> cell.part() == part).toList();
    }

    /** A cell that was measured; null where it was not. */
    ProbeCell measured(final Part part, final String name) {
        return cells.stream().filter(cell -> cell.part() == part && cell.name().equals(name) && cell.isMeasured())
            .findFirst().orElse(null);
    }

    /** Median of a cell in nanoseconds; not a number where it was not measured. */
    double p50(final Part part, final String name) {
        final ProbeCell cell = measured(part, name);
        return cell == null ? Double.NaN : cell.total().getValueAtPercentile(50);
    }

    /** Answers that were wrong: what was read is not what was written. */
    public long wrong() {
        return cells.stream().filter(ProbeCell::isMeasured)
            .mapToLong(cell -> (long) (double) cell.figures().getOrDefault(SyncMatrix.WRONG, 0.0)).sum();
    }

    /** Option lines that fit what was found, each with its reason before it. */
    public ProbeChoice choice() {
        return new ProbeChoice(this);
    }

    /** Histograms of a part by the name of their cell, for a log. */
    Map<String, List<Histogram>> histograms(final Part part) {
        final Map<String, List<Histogram>> histograms = new LinkedHashMap<>();
        of(part).stream().filter(cell -> !cell.intervals().isEmpty())
            .forEach(cell -> histograms.put(cell.name(), cell.intervals()));
        return histograms;
    }

    /** For JSON: cells by part, and the choice. */
    public Map<String, Object> asMap() {
        final Map<String, Object> map = new LinkedHashMap<>();
        for (final Part part : Part.values()) {
            map.put(part.name().toLowerCase(Locale.ROOT), of(part).stream().map(ProbeCell::asMap).toList());
        }
        map.put("choice", choice().asMap());
        return map;
    }

    /** All tables, and the choice. */
    @Override
    public String toString() {
        return new ProbeTable(this).render();
    }
}
