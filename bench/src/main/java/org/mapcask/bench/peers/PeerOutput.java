package org.mapcask.bench.peers;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.HdrHistogram.Histogram;
import org.mapcask.lab.results.HistogramFiles;
import org.mapcask.lab.rig.Measurement;

/**
 * What a child process hands to its parent: figures in a properties file, latencies beside it as {@code .hlog}, and how
 * many answers were wrong. Used by one thread.
 */
final class PeerOutput {
    private static final String FILE = "figures.properties";
    private static final String WRONG = "wrong";

    private final Map<PeerFigure, Double> figures = new EnumMap<>(PeerFigure.class);
    private final Map<PeerFigure, Measurement> latencies = new EnumMap<>(PeerFigure.class);
    private long wrong;

    /** Sets a figure. */
    void put(final PeerFigure figure, final double value) {
        figures.put(figure, value);
    }

    /** Sets the latencies that belong to a figure. */
    void put(final PeerFigure figure, final Measurement single) {
        latencies.put(figure, single);
    }

    /** Counts wrong or missing answers. */
    void wrong(final long count) {
        wrong += count;
    }

    long wrong() {
        return wrong;
    }

    Map<PeerFigure, Double> figures() {
        return figures;
    }

    Map<PeerFigure, Measurement> latencies() {
        return latencies;
    }

    /** Writes everything to a directory. */
    void write(final Path directory) throws IOException {
        final Properties properties = new Properties();
        figures.forEach((figure, value) -> properties.setProperty(figure.id, Double.toString(value)));
        properties.setProperty(WRONG, Long.toString(wrong));
        for (final Map.Entry<PeerFigure, Measurement> entry : latencies.entrySet()) {
            HistogramFiles.write(directory, entry.getValue());
        }
        try (Writer writer = Files.newBufferedWriter(directory.resolve(FILE), StandardCharsets.UTF_8)) {
            properties.store(writer, null);
        }
    }

    /** Reads what a child has written. */
    static PeerOutput read(final Path directory) throws IOException {
        final PeerOutput output = new PeerOutput();
        final Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve(FILE), StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        output.wrong = Long.parseLong((String) properties.remove(WRONG));
        for (final String name : properties.stringPropertyNames()) {
            final PeerFigure figure = PeerFigure.of(name);
            output.put(figure, Double.parseDouble(properties.getProperty(name)));
            final Optional<Measurement> latency = readLatency(directory, figure);
            if (latency.isPresent()) {
                output.put(figure, latency.get());
            }
        }
        return output;
    }

    /** Reads the latencies that belong to a figure, if a child has written any. */
    static Optional<Measurement> readLatency(final Path directory, final PeerFigure figure) throws IOException {
        final Path log = directory.resolve(figure.id + ".hlog");
        if (!figure.hasLatency() || !Files.exists(log)) {
            return Optional.empty();
        }
        final Map<String, List<Histogram>> byTag = HistogramFiles.read(log);
        return Optional.of(PeerRates.latency(figure.id, byTag.getOrDefault(figure.id, List.of()),
            byTag.getOrDefault(HistogramFiles.HICCUP_TAG, List.of())));
    }
}
