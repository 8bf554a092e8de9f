package org.mapcask.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.recovery.RecoveryReport;

/** The table of {@link PartialWriteBench}. Stateless. */
final class PartialWriteTable {
    private PartialWriteTable() {
    }

    /**
     * What a recovery report says, in words that two reports of the same kind share: numbers and names of files are
     * left out.
     */
    static List<String> said(final RecoveryReport report) {
        final List<String> out = new ArrayList<>();
        if (report.clean()) {
            out.add("closed cleanly");
        }
        if (report.tornFile() != null) {
            out.add("torn tail");
        }
        if (!report.dropped().isEmpty()) {
            out.add("segments dropped");
        }
        if (report.walRecords() > 0) {
            out.add("records from the write-ahead log");
        }
        if (!report.removed().isEmpty()) {
            out.add("unfinished files removed");
        }
        report.notes().stream().filter(note -> report.tornFile() == null || !note.startsWith("torn"))
            .forEach(note -> out.add(generic(note)));
        report.damages().forEach(damage -> out.add("damage: " + generic(damage.detail())));
        if (out.isEmpty()) {
            out.add("nothing to repair");
        }
        return out;
    }

    private static String generic(final String text) {
        return text.replaceAll("[0-9a-f]{8}(-[0-9a-f]{2})?\\.[a-z]+", "FILE").replaceAll("\\d[\\d,]*", "N")
            .replace("|", "/");
    }

    /** A row for each part and policy. */
    static String markdown(final List<PartialWriteBench.Row> rows) {
        final List<String[]> cells = new ArrayList<>();
        for (final PartialWriteBench.Row row : rows) {
            final PartialWriteCheck.Outcome outcome = row.outcome();
            final long inFlight = outcome.found() + outcome.lost() - outcome.acknowledged();
            cells.add(new String[] {
                row.part().name().toLowerCase(Locale.ROOT), row.policy(), Integer.toString(row.kills()),
                SummaryTable.count(outcome.begun()), SummaryTable.count(outcome.acknowledged()),
                SummaryTable.count(outcome.found()), SummaryTable.count(inFlight), SummaryTable.count(outcome.lost()),
                SummaryTable.count(outcome.wrong()), time(row.openMedianNs()), time(row.openMaxNs()),
                row.said().entrySet().stream().map(entry -> entry.getValue() + " × " + entry.getKey())
                    .collect(Collectors.joining(", "))});
        }
        return SummaryTable.markdown(new String[] {
            "written", "policy", "kills", "begun", "acknowledged", "found", "in flight, whole", "lost", "wrong",
            "open p50", "open max", "recovery said"}, cells);
    }

    private static String time(final double ns) {
        return Double.isNaN(ns) ? "-" : SummaryTable.time(ns);
    }
}
