package org.mapcask.bench.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.mapcask.bench.CommandLine;

/** The child process: does one step with one store, and writes what it gave. Started by {@link PeerProcess}. */
public final class PeerWorker {
    private static final int EXIT_FAILED = 1;

    private PeerWorker() {
    }

    /**
     * Does the step.
     *
     * @param arguments as {@link #arguments} makes them.
     */
    public static void main(final String[] arguments) {
        Peer peer = null;
        try {
            final CommandLine line = CommandLine.parse(List.of(arguments),
                Set.of("--peer", "--step", "--store", "--scratch", "--output", "--keys", "--value-length",
                    "--duration-ms", "--durable-ms", "--warm-up-ms", "--seed"), Set.of(), Set.of());
            final PeerSteps.Settings settings = new PeerSteps.Settings(line.path("--store", null),
                line.path("--scratch", null), (int) number(line, "--keys"), (int) number(line, "--value-length"),
                TimeUnit.MILLISECONDS.toNanos(number(line, "--duration-ms")),
                TimeUnit.MILLISECONDS.toNanos(number(line, "--durable-ms")),
                TimeUnit.MILLISECONDS.toNanos(number(line, "--warm-up-ms")), number(line, "--seed"));
            peer = Peer.of(line.text("--peer", ""));
            new PeerSteps(peer, settings)
                .run(PeerSteps.Step.valueOf(line.text("--step", ""))).write(line.path("--output", null));
            System.exit(0);
        } catch (final Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            System.exit(peer != null && PeerFailure.isOfStore(e, peer.adapter())
                ? PeerFailure.EXIT_STORE : EXIT_FAILED);
        }
    }

    private static long number(final CommandLine line, final String name) {
        return line.number(name, 0, 0, Long.MAX_VALUE);
    }

    /** The command line of a step. */
    static List<String> arguments(
        final Peer peer, final PeerSteps.Step step, final PeerSteps.Settings settings, final Path output) {
        return List.of("--peer", peer.id, "--step", step.name(), "--store", settings.store().toString(), "--scratch",
            settings.scratch().toString(), "--output", output.toString(), "--keys", text(settings.keys()),
            "--value-length", text(settings.valueLength()),
            "--duration-ms", text(TimeUnit.NANOSECONDS.toMillis(settings.durationNs())),
            "--durable-ms", text(TimeUnit.NANOSECONDS.toMillis(settings.durableNs())),
            "--warm-up-ms", text(TimeUnit.NANOSECONDS.toMillis(settings.warmUpNs())), "--seed", text(settings.seed()));
    }

    private static String text(final long number) {
        return Long.toString(number);
    }
}
