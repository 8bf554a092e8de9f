package org.mapcask.lab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.run.Bench;

/**
 * A results folder, read back.
 *
 * @param name        of the folder.
 * @param failed      whether the run failed.
 * @param command     what was typed, or an empty text.
 * @param environment what the machine was, or an empty text.
 * @param recordings  one for each {@code .hlog}, in the order of their beginning.
 */
public record RunFolder(
    String name, boolean failed, String command, String environment, List<Recording> recordings) {
    private static final String LOG_SUFFIX = ".hlog";
    private static final double MILLIS = 1000;

    /**
     * Reads a folder. Any folder with logs of HdrHistogram will do.
     *
     * @throws IOException              if a file cannot be read.
     * @throws InvalidArgumentException if there is no folder, or no log in it.
     */
    public static RunFolder read(final Path folder) throws IOException {
        final List<Path> logs;
        if (!Files.isDirectory(folder)) {
            throw new InvalidArgumentException(ErrorText.what("there is no such run").where(folder)
                .expected("a results folder").todo("name one; bench makes them"));
        }
        try (Stream<Path> files = Files.list(folder)) {
            logs = files.filter(file -> file.toString().endsWith(LOG_SUFFIX)).sorted().toList();
        }
        final List<Recording> recordings = new ArrayList<>();
        for (final Path log : logs) {
            final Recording recording = recording(folder, log);
            if (recording.responseTotal().getTotalCount() > 0) {
                recordings.add(recording);
            }
        }
        if (recordings.isEmpty()) {
            throw new InvalidArgumentException(ErrorText.what("there is nothing to draw").where(folder)
                .expected("files *" + LOG_SUFFIX + " of HdrHistogram").found("none with values")
                .todo("name a results folder; bench makes them"));
        }
        recordings.sort(Comparator.comparingLong(Recording::startMillis));
        final String name = folder.toAbsolutePath().normalize().getFileName().toString();
        return new RunFolder(name, name.endsWith(ResultFolder.FAIL_SUFFIX), text(folder.resolve("command.txt")),
            text(folder.resolve("environment.txt")), recordings);
    }

    private static Recording recording(final Path folder, final Path log) throws IOException {
        final String file = log.getFileName().toString();
        final String tag = file.substring(0, file.length() - LOG_SUFFIX.length());
        final Map<String, List<Histogram>> byTag = new LinkedHashMap<>();
        long startMillis = Long.MAX_VALUE;
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                final EncodableHistogram interval = reader.nextIntervalHistogram();
                if (interval instanceof Histogram histogram) {
                    byTag.computeIfAbsent(String.valueOf(interval.getTag()), key -> new ArrayList<>()).add(histogram);
                    startMillis = Math.min(startMillis, interval.getStartTimeStamp());
                }
            }
        }
        final String first = byTag.containsKey(tag) || byTag.isEmpty() ? tag : byTag.keySet().iterator().next();
        return new Recording(tag, startMillis, byTag.getOrDefault(first, List.of()),
            byTag.getOrDefault(first + HistogramFiles.SERVICE_SUFFIX, List.of()),
            byTag.getOrDefault(HistogramFiles.HICCUP_TAG, List.of()), space(folder.resolve(tag + Bench.SPACE_SUFFIX)),
            spans(folder.resolve(tag + Bench.SPANS_SUFFIX)));
    }

    private static List<Recording.Space> space(final Path file) throws IOException {
        final List<Recording.Space> out = new ArrayList<>();
        for (final Map<String, String> line : csv(file)) {
            out.add(new Recording.Space(Double.parseDouble(line.get("elapsed_ms")) / MILLIS,
                Long.parseLong(line.get("live_bytes")), Long.parseLong(line.get("dead_bytes")),
                Long.parseLong(line.get("total_bytes"))));
        }
        return out;
    }

    private static List<Recording.Span> spans(final Path file) throws IOException {
        final List<Recording.Span> out = new ArrayList<>();
        for (final Map<String, String> line : csv(file)) {
            out.add(new Recording.Span(line.get("kind"), Double.parseDouble(line.get("from_ms")) / MILLIS,
                Double.parseDouble(line.get("until_ms")) / MILLIS));
        }
        return out;
    }

    /** Lines by the names in the first one; nothing if there is no file. */
    private static List<Map<String, String>> csv(final Path file) throws IOException {
        final List<Map<String, String>> out = new ArrayList<>();
        if (!Files.exists(file)) {
            return out;
        }
        final List<String> lines = Files.readAllLines(file);
        final String[] names = lines.get(0).split(",");
        for (final String line : lines.subList(1, lines.size())) {
            final String[] cells = line.split(",", -1);
            final Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < Math.min(names.length, cells.length); i++) {
                row.put(names[i], cells[i]);
            }
            out.add(row);
        }
        return out;
    }

    private static String text(final Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }
}
