package org.mapcask.lab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.results.Csv;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.rig.IntervalRecorder;

/**
 * A figure of one of several stores that were compared.
 *
 * @param store       short name of the store, as files have it.
 * @param name        of the store.
 * @param colour      number of its colour.
 * @param valueLength bytes of the values.
 * @param figure      short name of what was measured, as files have it.
 * @param title       of what was measured.
 * @param isRate      whether it is a rate, of which more is better; of all else less is.
 * @param median      of the rounds.
 * @param text        the same for people, with its unit.
 */
public record PeerRow(
    String store, String name, int colour, int valueLength, String figure, String title, boolean isRate, double median,
    String text) {
    /** Holds the rows, in a results folder of {@code bench/peers.sh}. */
    public static final String FILE = "figures.csv";
    /** Directory with the histograms there. */
    public static final String HISTOGRAMS = "histograms";
    /** What is in the first line of that file. */
    public static final String HEADER = Csv.line(
        "store", "name", "value_length", "figure", "title", "unit", "median", "text", "low", "high", "rounds");
    /** The unit of rates there. */
    public static final String RATE = "RATE";

    /** The rows of a folder; none if it is no comparison. */
    static List<PeerRow> read(final Path folder) throws IOException {
        final List<PeerRow> out = new ArrayList<>();
        final Map<String, Integer> colours = new LinkedHashMap<>();
        for (final Map<String, String> row : Csv.read(folder.resolve(FILE))) {
            final String store = row.get("store");
            colours.putIfAbsent(store, colours.size());
            out.add(new PeerRow(store, row.get("name"), colours.get(store), Integer.parseInt(row.get("value_length")),
                row.get("figure"), row.get("title"), RATE.equals(row.get("unit")),
                Double.parseDouble(row.get("median")), row.get("text")));
        }
        return out;
    }

    /** The latencies of these rows, of all stores together, for each figure that has them. */
    static List<CurveGroup> curves(final Path folder, final List<PeerRow> rows) throws IOException {
        final Map<String, CurveGroup> groups = new LinkedHashMap<>();
        for (final PeerRow row : rows) {
            final String tag = row.store + "-" + row.figure + "-" + row.valueLength + "B";
            final Path log = folder.resolve(HISTOGRAMS).resolve(tag + ".hlog");
            if (Files.exists(log)) {
                final Map<String, List<Histogram>> byTag = HistogramFiles.read(log);
                final Histogram values = IntervalRecorder.total(byTag.getOrDefault(tag, List.of()));
                final CurveGroup group = groups.computeIfAbsent(row.figure + "-" + row.valueLength, key ->
                    new CurveGroup(row.title + ", values of " + row.valueLength + " B",
                        "Closed loop; every fifth call is timed by itself.", new ArrayList<>(),
                        IntervalRecorder.newHistogram()));
                if (values.getTotalCount() > 0) {
                    group.curves().add(new CurveGroup.Curve(row.name, row.colour, values));
                }
                byTag.getOrDefault(HistogramFiles.HICCUP_TAG, List.of()).forEach(group.hiccups()::add);
            }
        }
        return groups.values().stream().filter(group -> !group.curves().isEmpty()).toList();
    }
}
