package org.mapcask.bench.peers;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.mapcask.lab.host.Environment;
import org.mapcask.lab.results.DataDirectory;

/**
 * Takes every store through every round, each step in a process of its own: store A, store B, …, and then the next
 * round the other way round. A step that fails is noted, what needs it is left out, and the others go on. What a folder
 * has already is not measured again. Used by one thread.
 */
final class PeersRun {
    /** The kill comes when this part of the keys has been written over, or after some seconds. */
    private static final int KILL_SHARE = 4;

    private final PeersOptions options;
    private final PeersFolder folder;
    private final PrintStream talk;
    private final PeerFigures figures;
    private final List<String> failures = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    /**
     * Prepares a run.
     *
     * @param options what to do.
     * @param folder  keeps what is done; null if nothing is to be kept, as when adapters are only checked.
     * @param talk    learns of each step.
     */
    PeersRun(final PeersOptions options, final PeersFolder folder, final PrintStream talk) {
        this.options = options;
        this.folder = folder;
        this.talk = talk;
        figures = new PeerFigures(options.rounds());
    }

    /** What was measured. */
    PeerFigures figures() {
        return figures;
    }

    /** Steps that did not come to their end, in words. */
    List<String> failures() {
        return failures;
    }

    /** What spoils the run: wrong answers of anybody, whatever went wrong with Mapcask, or with no store at all. */
    List<String> faults() {
        return faults;
    }

    /** Checks every adapter with a few keys; those that pass are the ones that are measured. */
    List<Peer> check() throws IOException, InterruptedException {
        final List<Peer> sound = new ArrayList<>();
        for (final Peer peer : options.peers()) {
            final Place place = new Place(peer, PeersOptions.VALUE_LENGTHS.get(0), 0);
            final PeerProcess process = process(place);
            final PeersFolder.Cell checked = new PeersFolder.Cell();
            if (step(place, process, PeerSteps.Step.CHECK, checked)) {
                sound.add(peer);
                talk.println("check: " + peer.title + " does what it should");
            }
            failures.addAll(checked.failures());
            faults.addAll(checked.faults());
            clean(peer);
        }
        return sound;
    }

    /** Measures what the folder does not have yet. */
    void measure(final List<Peer> peers) throws IOException, InterruptedException {
        final List<Peer> order = new ArrayList<>(peers);
        for (int round = 0; round < options.rounds(); round++) {
            for (final Peer peer : order) {
                for (final int valueLength : PeersOptions.VALUE_LENGTHS) {
                    final long begin = System.nanoTime();
                    final Place place = new Place(peer, valueLength, round);
                    // A cell with a step that failed may be one that the interruption killed.
                    final Optional<PeersFolder.Cell> kept =
                        folder.read(place.id()).filter(cell -> cell.failures().isEmpty());
                    take(place, kept.isPresent() ? kept.get() : measure(place));
                    talk.printf(Locale.ROOT, "round %d of %d: %s, %d B: %s%n", round + 1, options.rounds(),
                        peer.title, valueLength, kept.isPresent() ? "is there already"
                            : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s");
                }
            }
            Collections.reverse(order);
        }
    }

    private void take(final Place place, final PeersFolder.Cell cell) {
        cell.outputs().values().forEach(output -> figures.add(place.peer, place.valueLength, place.round, output));
        failures.addAll(cell.failures());
        faults.addAll(cell.faults());
    }

    /** Where the run is. */
    private record Place(Peer peer, int valueLength, int round) {
        String id() {
            return PeersFolder.id(peer, valueLength, round);
        }
    }

    private PeersFolder.Cell measure(final Place place) throws IOException, InterruptedException {
        final PeersFolder.Cell cell = new PeersFolder.Cell();
        final PeerProcess process = process(place);
        final boolean worked = step(place, process, PeerSteps.Step.WORK, cell);
        if (worked && place.peer.persistent && step(place, process, PeerSteps.Step.OPEN, cell)) {
            kill(place, process, cell);
        }
        if (place.peer.durable) {
            process.forgetStore();
            step(place, process, PeerSteps.Step.DURABLE, cell);
        }
        clean(place.peer);
        folder.write(place.id(), cell);
        return cell;
    }

    private void kill(final Place place, final PeerProcess process, final PeersFolder.Cell cell)
        throws IOException, InterruptedException {
        try {
            process.killWhileWriting(options.keys(place.valueLength) / KILL_SHARE);
        } catch (final IOException e) {
            failed(place, PeerSteps.Step.KILL_WRITE, e, cell);
            return;
        }
        step(place, process, PeerSteps.Step.KILL_OPEN, cell);
    }

    private boolean step(
        final Place place, final PeerProcess process, final PeerSteps.Step step, final PeersFolder.Cell cell)
        throws IOException, InterruptedException {
        try {
            final PeerOutput output = process.run(step);
            final Optional<String> fault = fault(place.peer, output);
            if (fault.isPresent()) {
                final String text = name(place, step) + ": " + fault.get();
                cell.faults().add(text);
                talk.println("FAILED: " + text);
                return false;
            }
            cell.outputs().put(step, output);
            return true;
        } catch (final IOException e) {
            failed(place, step, e, cell);
            return false;
        }
    }

    /** What spoils the run in an output: a wrong answer, whoever gave it; a write that is lost, if Mapcask lost it. */
    static Optional<String> fault(final Peer peer, final PeerOutput output) {
        if (output.wrong() > 0) {
            return Optional.of(output.wrong() + " answers were wrong or missing");
        }
        final double lost = output.figures().getOrDefault(PeerFigure.LOST, 0.0);
        return peer == Peer.MAPCASK && lost > 0 ? Optional.of(String.format(Locale.ROOT,
            "lost %.0f of %.0f acknowledged writes", lost, output.figures().get(PeerFigure.KILLED_WRITES)))
            : Optional.empty();
    }

    private void failed(
        final Place place, final PeerSteps.Step step, final IOException cause, final PeersFolder.Cell cell) {
        final String text =
            name(place, step) + " failed: " + Environment.anonymous(cause.getMessage(), options.run().data());
        cell.failures().add(text);
        talk.println(text);
        if (place.peer == Peer.MAPCASK || !(cause instanceof PeerFailure)) {
            cell.faults().add(text);
        }
    }

    private static String name(final Place place, final PeerSteps.Step step) {
        return place.peer.title + ", " + place.valueLength + " B, round " + (place.round + 1) + ", " + step;
    }

    private PeerProcess process(final Place place) throws IOException {
        return new PeerProcess(place.peer, Files.createDirectories(directory(place.peer)),
            options.settings(place.valueLength, place.round));
    }

    private void clean(final Peer peer) throws IOException {
        DataDirectory.remove(directory(peer));
    }

    private Path directory(final Peer peer) {
        return options.run().data().toAbsolutePath().resolve(peer.id);
    }
}
