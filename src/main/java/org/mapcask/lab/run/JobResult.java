package org.mapcask.lab.run;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The figures of one job by name, and why it failed if it did. Immutable. The names: {@code rate} (operations a
 * second), {@code operations}, {@code p50}, {@code p90}, {@code p99}, {@code p99.9}, {@code p99.99}, {@code max} and
 * {@code mean} of the response time, the same with {@code service.} before them, {@code hiccup.p99.9} and
 * {@code hiccup.max}, all in nanoseconds; {@code allocatedBytesPerOp}, {@code minorFaultsPerOp},
 * {@code majorFaultsPerOp}, {@code readBytesPerOp}, {@code deviceBytesPerOp}, {@code deviceFlushesPerOp};
 * {@code liveBytes}, {@code totalBytes}, {@code spaceAmplification}, {@code keydirBytesPerKey} and
 * {@code mergeRuns}. What the host does not tell is not there.
 *
 * @param metrics  by name.
 * @param failures empty if every answer was right and the rate was reached.
 * @param notes    for the reader.
 */
public record JobResult(Map<String, Double> metrics, List<String> failures, List<String> notes) {
    /** In the failure of an open loop that fell behind. */
    static final String MISSED_RATE = " missed its rate:";

    private static final String METRIC = "metric.";
    private static final String FAILURE = "failure.";
    private static final String NOTE = "note.";

    /** Copies. */
    public JobResult {
        metrics = new LinkedHashMap<>(metrics);
        failures = List.copyOf(failures);
        notes = List.copyOf(notes);
    }

    /** Whether nothing failed. */
    public boolean passed() {
        return failures.isEmpty();
    }

    /** Whether nothing failed but that the rate was missed: the figures are sound, and tell it. */
    public boolean onlyMissedRate() {
        return !failures.isEmpty() && failures.stream().allMatch(failure -> failure.contains(MISSED_RATE));
    }

    /** A figure, or NaN if it is not there. */
    public double metric(final String name) {
        return metrics.getOrDefault(name, Double.NaN);
    }

    /** For {@code summary.json} and the like. */
    public Map<String, Object> asMap() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("passed", passed());
        out.put("failures", failures);
        out.put("notes", notes);
        out.put("metrics", metrics);
        return out;
    }

    /** Writes a properties file that {@link #read} takes. */
    public void write(final Path file) throws IOException {
        final Properties out = new Properties();
        metrics.forEach((name, value) -> out.setProperty(METRIC + name, value.toString()));
        for (int i = 0; i < failures.size(); i++) {
            out.setProperty(FAILURE + i, failures.get(i));
        }
        for (int i = 0; i < notes.size(); i++) {
            out.setProperty(NOTE + i, notes.get(i));
        }
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.store(writer, null);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static JobResult read(final Path file) throws IOException {
        final Properties in = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            in.load(reader);
        }
        final Map<String, Double> metrics = new LinkedHashMap<>();
        in.stringPropertyNames().stream().filter(name -> name.startsWith(METRIC)).sorted()
            .forEach(name -> metrics.put(name.substring(METRIC.length()), Double.valueOf(in.getProperty(name))));
        return new JobResult(metrics, numbered(in, FAILURE), numbered(in, NOTE));
    }

    private static List<String> numbered(final Properties in, final String prefix) {
        final List<String> out = new ArrayList<>();
        for (int i = 0; in.containsKey(prefix + i); i++) {
            out.add(in.getProperty(prefix + i));
        }
        return out;
    }
}
