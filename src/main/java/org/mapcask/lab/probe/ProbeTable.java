package org.mapcask.lab.probe;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.probe.ProbeCell.Part;
import org.mapcask.lab.results.SummaryTable;

/** Writes a probe for people: one table a part, what could not be measured, and the choice. One thread. */
final class ProbeTable {
    private static final String NOTHING = "-";

    private final ProbeReport report;
    private final StringBuilder out = new StringBuilder();

    ProbeTable(final ProbeReport report) {
        this.report = report;
    }

    String render() {
        floor();
        sync();
        touch();
        folio();
        file();
        read();
        refused();
        out.append("## What to choose\n\n").append(report.choice().sentence()).append("\n\n");
        report.choice().properties().lines().forEach(line -> out.append("    ").append(line).append('\n'));
        return out.toString();
    }

    private void title(final String title, final String meaning) {
        out.append("## ").append(title).append("\n\n").append(meaning).append("\n\n");
    }

    private void floor() {
        title("Pauses of the host", "By how much a thread that sleeps for a millisecond wakes late. Tails below "
            + "cannot be shorter than these.");
        final List<String[]> rows = new ArrayList<>();
        measured(Part.FLOOR).forEach(cell -> rows.add(row(cell.label(), times(cell, 50, 99, 99.9, 100))));
        table(rows, "", "p50", "p99", "p99.9", "max");
    }

    private void sync() {
        for (final int length : SyncMatrix.LENGTHS) {
            title("Durable appends of " + (length == 128 ? "128 B" : "4 KiB"), "p50; in brackets KiB that the device "
                + "wrote for an append, and flushes of its cache. Whoever else writes to the device is counted, too.");
            final List<String[]> rows = new ArrayList<>();
            for (final SyncCall call : SyncCall.values()) {
                final List<String> cells = new ArrayList<>();
                for (final FileState state : FileState.values()) {
                    cells.add(sync(SyncMatrix.name(length, state, call)));
                }
                rows.add(row(call.label(), cells));
            }
            table(rows, "way", "sparse", "fallocated", "zeroed", "recycled");
        }
    }

    private String sync(final String name) {
        final ProbeCell cell = report.measured(Part.SYNC, name);
        if (cell == null) {
            return NOTHING;
        }
        final double kib = cell.figure(SyncMatrix.KIB);
        final double flushes = cell.figure(SyncMatrix.FLUSHES);
        return SummaryTable.time(cell.total().getValueAtPercentile(50))
            + (Double.isNaN(kib) ? "" : String.format(Locale.ROOT, " (%.1f", kib)
                + (Double.isNaN(flushes) ? ")" : String.format(Locale.ROOT, ", %.2f)", flushes)));
    }

    private void touch() {
        title("First stores to pages",
            "128 B appended to a fresh mapping, without any sync; the clock is read for each.");
        final List<String[]> rows = new ArrayList<>();
        measured(Part.TOUCH).forEach(cell -> {
            final List<String> cells = new ArrayList<>();
            cells.add(String.format(Locale.ROOT, "%.1f ms", cell.figure(FirstTouch.PREPARED_MS)));
            cells.add(SummaryTable.time(cell.figure(FirstTouch.MEAN_NS)));
            cells.addAll(times(cell, 50, 99, 99.9, 100));
            cells.add(SummaryTable.count((long) cell.figure(FirstTouch.FAULTS)));
            rows.add(row(cell.label(), cells));
        });
        table(rows, "before the stores", "took", "mean", "p50", "p99", "p99.9", "max", "minor faults");
    }

    private void folio() {
        title("What one sync writes", "One byte stored into a page, msync of that page; by how the page cache came to "
            + "hold the file.");
        final List<String[]> rows = new ArrayList<>();
        measured(Part.FOLIO).forEach(cell -> {
            final List<String> cells = new ArrayList<>();
            cells.add(number(cell.figure(FolioCost.KIB), "%.1f KiB"));
            cells.addAll(times(cell, 50, 99));
            cells.add(SummaryTable.count(cell.total().getTotalCount()));
            rows.add(row(cell.label(), cells));
        });
        table(rows, "the file was", "written", "p50", "p99", "syncs");
    }

    private void file() {
        title("A file of the length of a segment", "Each step several times; what the device wrote meanwhile.");
        final List<String[]> rows = new ArrayList<>();
        measured(Part.FILE).forEach(cell -> {
            final List<String> cells = new ArrayList<>(times(cell, 50, 100));
            cells.add(number(cell.figure(FileCost.MIB), "%.1f MiB"));
            rows.add(row(cell.label(), cells));
        });
        table(rows, "step", "p50", "max", "written");
    }

    private void read() {
        title("Cold reads", "4 KiB each, by one thread; meanwhile another one asks for a safepoint every other"
            + " millisecond, and waits until all threads stand still.");
        final List<String[]> rows = new ArrayList<>();
        measured(Part.READ).forEach(cell -> {
            final boolean reads = cell.total().getTotalCount() > 0;
            final List<String> cells = new ArrayList<>();
            cells.add(reads ? SummaryTable.count(Math.round(cell.figure(ColdReads.RATE))) : NOTHING);
            cells.addAll(reads ? times(cell, 50, 99) : List.of(NOTHING, NOTHING));
            cells.add(number(cell.figure(ColdReads.KIB), "%.1f"));
            cells.add(number(cell.figure(ColdReads.FAULTS), "%.2f"));
            cells.add(SummaryTable.time(cell.figure(ColdReads.SAFEPOINT_P50_US) * 1e3));
            cells.add(SummaryTable.time(cell.figure(ColdReads.SAFEPOINT_P99_US) * 1e3));
            cells.add(SummaryTable.time(cell.figure(ColdReads.SAFEPOINT_MAX_US) * 1e3));
            rows.add(row(cell.label(), cells));
        });
        table(rows, "way", "reads/s", "p50", "p99", "KiB read", "major faults", "safepoint p50", "p99", "max");
    }

    /** Each reason once, with the number of cells that it kept from being measured. */
    private void refused() {
        final Set<String> reasons = new LinkedHashSet<>();
        report.cells().stream().filter(cell -> !cell.isMeasured()).forEach(cell -> reasons.add(cell.refusal()));
        if (reasons.isEmpty()) {
            return;
        }
        out.append("## What could not be measured\n\n");
        for (final String reason : reasons) {
            final List<ProbeCell> cells =
                report.cells().stream().filter(cell -> reason.equals(cell.refusal())).toList();
            out.append("* ").append(cells.get(0).label())
                .append(cells.size() == 1 ? "" : " and " + (cells.size() - 1) + " more").append(": ").append(reason)
                .append('\n');
        }
        out.append('\n');
    }

    private List<ProbeCell> measured(final Part part) {
        return report.of(part).stream().filter(ProbeCell::isMeasured).toList();
    }

    private static List<String> times(final ProbeCell cell, final double... percentiles) {
        final Histogram total = cell.total();
        final List<String> cells = new ArrayList<>();
        for (final double percentile : percentiles) {
            cells.add(SummaryTable.time(total.getValueAtPercentile(percentile)));
        }
        return cells;
    }

    private static String number(final double value, final String format) {
        return Double.isNaN(value) ? NOTHING : String.format(Locale.ROOT, format, value);
    }

    private static String[] row(final String first, final List<String> others) {
        final List<String> cells = new ArrayList<>(List.of(first));
        cells.addAll(others);
        return cells.toArray(String[]::new);
    }

    private void table(final List<String[]> rows, final String... header) {
        out.append(rows.isEmpty() ? "Nothing could be measured.\n" : SummaryTable.markdown(header, rows)).append('\n');
    }
}
