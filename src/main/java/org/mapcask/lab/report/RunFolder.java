package org.mapcask.lab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.results.Csv;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.run.Job;
import org.mapcask.lab.run.SpaceFiles;
import org.mapcask.lab.sweep.Setting;
import org.mapcask.lab.sweep.SweepResult;

/**
 * A results folder, read back: of {@code bench} or another measurement with logs, of a sweep, or of a comparison of
 * stores.
 *
 * @param name        of the folder.
 * @param failed      whether the run failed.
 * @param command     what was typed, or an empty text.
 * @param environment what the machine was, or an empty text.
 * @param recordings  one for each {@code .hlog}, in the order of their beginning.
 * @param sweep       what a sweep measured; null if it is none.
 * @param peers       figures of stores that were compared; empty if none were.
 * @param groups      latencies of settings or stores that were compared.
 */
public record RunFolder(
    String name, boolean failed, String command, String environment, List<Recording> recordings, SweepResult sweep,
    List<PeerRow> peers, List<CurveGroup> groups) {
    private static final String LOG_SUFFIX = ".hlog";
    private static final double MILLIS = 1000;
    /** More curves than these nobody tells apart. */
    private static final int SETTINGS_MAX = 14;

    /**
     * Reads a folder. Any folder with logs of HdrHistogram will do.
     *
     * @throws IOException              if a file cannot be read.
     * @throws InvalidArgumentException if there is no folder, or nothing in it that can be drawn.
     */
    public static RunFolder read(final Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InvalidArgumentException(ErrorText.what("there is no such run").where(folder)
                .expected("a results folder").todo("name one; bench makes them"));
        }
        final SweepResult sweep = SweepResult.isSweep(folder) ? SweepResult.readSoFar(folder) : null;
        final List<PeerRow> peers = PeerRow.read(folder);
        final List<Recording> recordings = recordings(folder);
        if (recordings.isEmpty() && peers.isEmpty() && (sweep == null || sweep.measured() == 0)) {
            throw new InvalidArgumentException(ErrorText.what("there is nothing to draw").where(folder)
                .expected("files *" + LOG_SUFFIX + " of HdrHistogram, or the cells of a sweep")
                .found("none with values")
                .todo("name a results folder; bench, sweep and bench/peers.sh make them"));
        }
        final List<CurveGroup> groups = new ArrayList<>(PeerRow.curves(folder, peers));
        if (sweep != null) {
            groups.addAll(settings(folder, sweep));
        }
        final String name = folder.toAbsolutePath().normalize().getFileName().toString();
        return new RunFolder(name, name.endsWith(ResultFolder.FAIL_SUFFIX), text(folder.resolve("command.txt")),
            text(folder.resolve("environment.txt")), recordings, sweep, peers, groups);
    }

    private static List<Recording> recordings(final Path folder) throws IOException {
        final List<Path> logs;
        try (Stream<Path> files = Files.list(folder)) {
            logs = files.filter(file -> file.toString().endsWith(LOG_SUFFIX)).sorted().toList();
        }
        final String summary = text(folder.resolve(ResultFolder.SUMMARY));
        final List<Recording> recordings = new ArrayList<>();
        for (final Path log : logs) {
            final Recording recording = recording(folder, log, summary);
            if (recording.responseTotal().getTotalCount() > 0) {
                recordings.add(recording);
            }
        }
        recordings.sort(Comparator.comparingLong(Recording::startMillis));
        return recordings;
    }

    private static Recording recording(final Path folder, final Path log, final String summary) throws IOException {
        final String file = log.getFileName().toString();
        final String tag = file.substring(0, file.length() - LOG_SUFFIX.length());
        final Map<String, List<Histogram>> byTag = HistogramFiles.read(log);
        final long startMillis = byTag.values().stream().flatMap(List::stream)
            .mapToLong(Histogram::getStartTimeStamp).min().orElse(Long.MAX_VALUE);
        final String first = byTag.containsKey(tag) || byTag.isEmpty() ? tag : byTag.keySet().iterator().next();
        return new Recording(tag, startMillis, elapsedNs(summary, tag), byTag.getOrDefault(first, List.of()),
            byTag.getOrDefault(first + HistogramFiles.SERVICE_SUFFIX, List.of()),
            byTag.getOrDefault(HistogramFiles.HICCUP_TAG, List.of()),
            space(folder.resolve(tag + SpaceFiles.SPACE_SUFFIX)), spans(folder.resolve(tag + SpaceFiles.SPANS_SUFFIX)));
    }

    /** Of a measurement in a summary: the number stands in the object of its tag, before all objects within. */
    private static long elapsedNs(final String summary, final String tag) {
        final Matcher matcher = Pattern.compile(
            "\"tag\": *\"" + Pattern.quote(tag) + "\"[^{}]*\"elapsedNs\": *(\\d{1,18})").matcher(summary);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** A group for each workload: the settings of a sweep, each with all its rounds. */
    private static List<CurveGroup> settings(final Path folder, final SweepResult sweep) throws IOException {
        final List<CurveGroup> out = new ArrayList<>();
        final List<Setting> settings = sweep.job().settings();
        final String note = settings.size() <= SETTINGS_MAX ? "All rounds together."
            : "All rounds together; the first " + SETTINGS_MAX + " of " + settings.size() + " settings.";
        for (final Job workload : sweep.job().workloads()) {
            final List<CurveGroup.Curve> curves = new ArrayList<>();
            for (int i = 0; i < Math.min(SETTINGS_MAX, settings.size()); i++) {
                final Histogram values = sweep.latency(folder, settings.get(i), workload.kind());
                if (values.getTotalCount() > 0) {
                    curves.add(new CurveGroup.Curve(
                        i == 0 ? "baseline" : settings.get(i).differences(settings.get(0)), i, values));
                }
            }
            if (!curves.isEmpty()) {
                out.add(new CurveGroup(workload.tag(), note, curves, IntervalRecorder.newHistogram()));
            }
        }
        return out;
    }

    private static List<Recording.Space> space(final Path file) throws IOException {
        final List<Recording.Space> out = new ArrayList<>();
        for (final Map<String, String> line : Csv.read(file)) {
            out.add(new Recording.Space(Double.parseDouble(line.get("elapsed_ms")) / MILLIS,
                Long.parseLong(line.get("live_bytes")), Long.parseLong(line.get("dead_bytes")),
                Long.parseLong(line.get("total_bytes"))));
        }
        return out;
    }

    private static List<Recording.Span> spans(final Path file) throws IOException {
        final List<Recording.Span> out = new ArrayList<>();
        for (final Map<String, String> line : Csv.read(file)) {
            out.add(new Recording.Span(line.get("kind"), Double.parseDouble(line.get("from_ms")) / MILLIS,
                Double.parseDouble(line.get("until_ms")) / MILLIS));
        }
        return out;
    }

    private static String text(final Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }
}
