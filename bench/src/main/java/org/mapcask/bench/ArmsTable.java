package org.mapcask.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.results.SummaryTable;
import org.mapcask.lab.rig.Measurement;

/** Appends beside random reads, hot and cold, by the way to read: one row for all repeats of each. Stateless. */
final class ArmsTable {
    /** Its heading, by which native notes ask for it. */
    static final String HEADING = "Appends and random reads";

    private static final String SHOWN = "fillseq-closed|readrandom-closed|read(warm|cold)-.*";
    private static final String[] HEADER = {"closed loop, 1 thread", "operations/s", "least", "most", "p50", "p99",
        "p99.9", "max", "minflt/op", "majflt/op", "KiB read/op"};
    private static final double KIBIBYTE = 1024;

    private ArmsTable() {
    }

    /** The table; with its heading, or an empty text if nothing of it was measured. */
    static String section(final List<Measurement> measurements) {
        final Map<String, List<Measurement>> repeats = new LinkedHashMap<>();
        for (final Measurement measurement : measurements) {
            final String name = measurement.tag().replaceAll("-\\d+$", "");
            if (name.matches(SHOWN)) {
                repeats.computeIfAbsent(name, key -> new ArrayList<>()).add(measurement);
            }
        }
        final List<String[]> rows = new ArrayList<>();
        repeats.forEach((name, all) -> rows.add(row(name.replace("-closed", ""), all)));
        return rows.isEmpty() ? "" : "## " + HEADING + "\n\n" + SummaryTable.markdown(HEADER, rows)
            + "\nAll repeats together; *least* and *most* are the rates of one of them.\n\n";
    }

    private static String[] row(final String name, final List<Measurement> repeats) {
        final Measurement all = Measurement.merged(name, repeats);
        final Histogram times = all.serviceTotal();
        return new String[] {name, rate(all.achievedRate()),
            rate(repeats.stream().mapToDouble(Measurement::achievedRate).min().orElse(0)),
            rate(repeats.stream().mapToDouble(Measurement::achievedRate).max().orElse(0)),
            SummaryTable.time(times.getValueAtPercentile(50)), SummaryTable.time(times.getValueAtPercentile(99)),
            SummaryTable.time(times.getValueAtPercentile(99.9)), SummaryTable.time(times.getMaxValue()),
            each(all.used().minorFaults(), all, 1), each(all.used().majorFaults(), all, 1),
            each(all.used().readBytes(), all, KIBIBYTE)};
    }

    private static String rate(final double perSecond) {
        return SummaryTable.count(Math.round(perSecond));
    }

    private static String each(final long total, final Measurement measurement, final double unit) {
        return total < 0 || measurement.operations() == 0 ? "?"
            : String.format(Locale.ROOT, "%.3f", total / unit / measurement.operations());
    }
}
