package org.mapcask.bench.peers;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.mapcask.lab.host.Environment;
import org.mapcask.lab.host.HostFingerprint;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.rig.Measurement;

/**
 * What a comparison keeps in its results folder while it goes on: {@code peers.properties}, what is measured, of which
 * revision and on which host; and {@code cells/}, what one store gave in one round, each with a mark once it is whole.
 * The same command finds a folder that was not ended and measures what is missing; a change of any of the former begins
 * another folder. Used by one thread.
 */
final class PeersFolder {
    private static final String JOB_FILE = "peers.properties";
    private static final String CELLS = "cells";
    private static final String DONE = "done.properties";
    private static final String FAILURE = "failure.";
    private static final String FAULT = "fault.";

    private final Path path;

    /**
     * What one store gave in one round with one length of values.
     *
     * @param outputs  of its steps, in their order.
     * @param failures steps that did not come to their end, in words.
     * @param faults   what spoils the run.
     */
    record Cell(Map<PeerSteps.Step, PeerOutput> outputs, List<String> failures, List<String> faults) {
        /** Of nothing yet. */
        Cell() {
            this(new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    PeersFolder(final Path path) {
        this.path = path;
    }

    /** Finds the folder in which this was begun, or makes one. */
    static PeersFolder open(final PeersOptions options) throws IOException {
        final Map<String, String> facts = new TreeMap<>(options.facts());
        facts.put("revision", Environment.capture(options.run().data()).get("source", "revision"));
        HostFingerprint.of(options.run().data()).facts().forEach((name, value) -> facts.put("host." + name, value));
        return open(options.run().results(), options.run().label(), facts);
    }

    /** The same with what is measured, and where, as facts by name. */
    static PeersFolder open(final Path results, final String label, final Map<String, String> facts)
        throws IOException {
        final StringBuilder text = new StringBuilder();
        new TreeMap<>(facts).forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
        final Optional<Path> begun = ResultFolder.unfinished(results, label, JOB_FILE, text.toString());
        if (begun.isPresent()) {
            return new PeersFolder(begun.get());
        }
        final ResultFolder made = ResultFolder.create(results, LocalDate.now(), label);
        made.write(JOB_FILE, text.toString());
        return new PeersFolder(made.path());
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    /** A cell that is whole; nothing if it is not. */
    Optional<Cell> read(final String id) throws IOException {
        final Path directory = path.resolve(CELLS).resolve(id);
        if (!Files.exists(directory.resolve(DONE))) {
            return Optional.empty();
        }
        final Properties done = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve(DONE), StandardCharsets.UTF_8)) {
            done.load(reader);
        }
        final Cell cell = new Cell();
        for (final PeerSteps.Step step : PeerSteps.Step.values()) {
            if (Files.isDirectory(directory.resolve(step.name()))) {
                cell.outputs.put(step, PeerOutput.read(directory.resolve(step.name())));
            }
        }
        numbered(done, FAILURE, cell.failures);
        numbered(done, FAULT, cell.faults);
        return Optional.of(cell);
    }

    private static void numbered(final Properties from, final String prefix, final List<String> to) {
        for (int i = 0; from.containsKey(prefix + i); i++) {
            to.add(from.getProperty(prefix + i));
        }
    }

    /** Name of what a store gave in a round, the first of which is 0, with one length of values. */
    static String id(final Peer peer, final int valueLength, final int round) {
        return String.format(Locale.ROOT, "r%02d-%s-%dB", round + 1, peer.id, valueLength);
    }

    /** The latencies of a figure in all rounds, in their order. */
    List<Measurement> latencies(final PeerFigures.Cell place, final int rounds) throws IOException {
        final List<Measurement> found = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            final Path directory = path.resolve(CELLS).resolve(id(place.peer(), place.valueLength(), round));
            for (final PeerSteps.Step step : PeerSteps.Step.values()) {
                PeerOutput.readLatency(directory.resolve(step.name()), place.figure()).ifPresent(found::add);
            }
        }
        return found;
    }

    /** Keeps a cell; it counts once all of it is there. */
    void write(final String id, final Cell cell) throws IOException {
        final Path directory = DataDirectory.fresh(path.resolve(CELLS), id);
        for (final Map.Entry<PeerSteps.Step, PeerOutput> output : cell.outputs.entrySet()) {
            output.getValue().write(Files.createDirectories(directory.resolve(output.getKey().name())));
        }
        final Properties done = new Properties();
        for (int i = 0; i < cell.failures.size(); i++) {
            done.setProperty(FAILURE + i, cell.failures.get(i));
        }
        for (int i = 0; i < cell.faults.size(); i++) {
            done.setProperty(FAULT + i, cell.faults.get(i));
        }
        final Path part = directory.resolve("unfinished");
        try (Writer writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
            done.store(writer, null);
        }
        Files.move(part, directory.resolve(DONE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes the cells of a run that is over: the summary has all their figures, the histograms are summed up. */
    void finish() throws IOException {
        DataDirectory.remove(path.resolve(CELLS));
    }
}
