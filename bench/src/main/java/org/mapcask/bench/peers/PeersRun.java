package org.mapcask.bench.peers;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.mapcask.lab.host.Environment;
import org.mapcask.lab.results.DataDirectory;

/**
 * Takes every store through every round, each step in a process of its own: store A, store B, …, and then the next
 * round the other way round. A step that fails is noted, what needs it is left out, and the others go on. Used by one
 * thread.
 */
final class PeersRun {
    /** The kill comes when this part of the keys has been written over, or after some seconds. */
    private static final int KILL_SHARE = 4;

    private final PeersOptions options;
    private final PrintStream talk;
    private final PeerFigures figures;
    private final List<String> failures = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    PeersRun(final PeersOptions options, final PrintStream talk) {
        this.options = options;
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

    /** What spoils the run: wrong answers of anybody, and whatever went wrong with Mapcask. */
    List<String> faults() {
        return faults;
    }

    /** Checks every adapter with a few keys; those that pass are the ones that are measured. */
    List<Peer> check() throws IOException, InterruptedException {
        final List<Peer> sound = new ArrayList<>();
        for (final Peer peer : options.peers()) {
            final Place place = new Place(peer, PeersOptions.VALUE_LENGTHS.get(0), 0);
            final PeerProcess process = process(place);
            if (step(place, process, PeerSteps.Step.CHECK)) {
                sound.add(peer);
                talk.println("check: " + peer.title + " does what it should");
            }
            clean(peer);
        }
        return sound;
    }

    /** Measures. */
    void measure(final List<Peer> peers) throws IOException, InterruptedException {
        final List<Peer> order = new ArrayList<>(peers);
        for (int round = 0; round < options.rounds(); round++) {
            for (final Peer peer : order) {
                for (final int valueLength : PeersOptions.VALUE_LENGTHS) {
                    final long begin = System.nanoTime();
                    measure(new Place(peer, valueLength, round));
                    talk.printf(Locale.ROOT, "round %d of %d: %s, %d B: %d s%n", round + 1, options.rounds(),
                        peer.title, valueLength, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
                }
            }
            Collections.reverse(order);
        }
    }

    /** Where the run is. */
    private record Place(Peer peer, int valueLength, int round) {
    }

    private void measure(final Place place) throws IOException, InterruptedException {
        final PeerProcess process = process(place);
        final boolean worked = step(place, process, PeerSteps.Step.WORK);
        if (worked && place.peer.persistent && step(place, process, PeerSteps.Step.OPEN)) {
            kill(place, process);
        }
        if (place.peer.durable) {
            process.forgetStore();
            step(place, process, PeerSteps.Step.DURABLE);
        }
        clean(place.peer);
    }

    private void kill(final Place place, final PeerProcess process) throws IOException, InterruptedException {
        try {
            process.killWhileWriting(options.keys(place.valueLength) / KILL_SHARE);
        } catch (final IOException e) {
            failed(place, PeerSteps.Step.KILL_WRITE, e);
            return;
        }
        step(place, process, PeerSteps.Step.KILL_OPEN);
    }

    private boolean step(final Place place, final PeerProcess process, final PeerSteps.Step step)
        throws IOException, InterruptedException {
        try {
            final PeerOutput output = process.run(step);
            if (output.wrong() > 0) {
                // A wrong answer spoils the run, whoever gave it.
                fault(name(place, step) + ": " + output.wrong() + " answers were wrong or missing");
                return false;
            }
            figures.add(place.peer, place.valueLength, place.round, output);
            return true;
        } catch (final IOException e) {
            failed(place, step, e);
            return false;
        }
    }

    private void fault(final String text) {
        faults.add(text);
        talk.println("FAILED: " + text);
    }

    private void failed(final Place place, final PeerSteps.Step step, final IOException cause) {
        final String text =
            name(place, step) + " failed: " + Environment.anonymous(cause.getMessage(), options.data());
        failures.add(text);
        talk.println(text);
        if (place.peer == Peer.MAPCASK) {
            faults.add(text);
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
        return options.data().toAbsolutePath().resolve(peer.id);
    }
}
