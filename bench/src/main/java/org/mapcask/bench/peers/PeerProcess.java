package org.mapcask.bench.peers;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mapcask.bench.WriterProgress;
import org.mapcask.lab.results.DataDirectory;

/**
 * Starts the child processes of one store, waits for them, and kills the one that is to be killed. Each gets the flags
 * of this JVM, a heap of the same size, and what the store needs besides. Used by one thread.
 */
final class PeerProcess {
    /** Name of the file that tells how far the process came which was killed. */
    static final String PROGRESS = "progress";

    private static final String HEAP = "3g";
    private static final String LOG = "child.log";
    private static final int LOG_LINES = 12;
    private static final long TIMEOUT_S = 900;
    private static final long LOOK_MS = 5;
    private static final long KILL_NS = TimeUnit.SECONDS.toNanos(4);
    private static final long KILL_GIVE_UP_NS = TimeUnit.SECONDS.toNanos(120);

    private final Peer peer;
    private final Path directory;
    private final PeerSteps.Settings settings;

    /**
     * Prepares the directories of a store.
     *
     * @param peer      the store.
     * @param directory holds everything; what is there is removed.
     * @param settings  of all steps; its directories are replaced by those that are made.
     */
    PeerProcess(final Peer peer, final Path directory, final PeerSteps.Settings settings) throws IOException {
        this.peer = peer;
        this.directory = directory;
        DataDirectory.fresh(directory, "store");
        DataDirectory.fresh(directory, "scratch");
        this.settings = new PeerSteps.Settings(directory.resolve("store"), directory.resolve("scratch"),
            settings.keys(), settings.valueLength(), settings.durationNs(), settings.durableNs(), settings.warmUpNs(),
            settings.seed());
    }

    /** Removes the store, so that the next step begins with a new one. */
    void forgetStore() throws IOException {
        DataDirectory.fresh(directory, "store");
    }

    /**
     * Does a step in a process of its own.
     *
     * @throws PeerFailure with the end of its log, if the store does not let it come to its end.
     * @throws IOException if anything else does not.
     */
    PeerOutput run(final PeerSteps.Step step) throws IOException, InterruptedException {
        final Path output = DataDirectory.fresh(directory, "output");
        final Process process = start(step, output);
        try {
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                throw new PeerFailure("no end within " + TIMEOUT_S + " s");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw failure(process, "exit status " + process.exitValue());
        }
        return PeerOutput.read(output);
    }

    /** Whose failure it is that a process has ended. */
    private IOException failure(final Process process, final String what) throws IOException {
        final String text = what + ": " + endOfLog();
        return PeerFailure.isOfStore(process.exitValue()) ? new PeerFailure(text) : new IOException(text);
    }

    /** Lets the store write, and kills the process once so many writes are acknowledged or some time has gone by. */
    void killWhileWriting(final long writes) throws IOException, InterruptedException {
        final Path file = settings.scratch().resolve(PROGRESS);
        Files.deleteIfExists(file);
        try (WriterProgress progress = new WriterProgress(file, 1)) {
            final Process process = start(PeerSteps.Step.KILL_WRITE, DataDirectory.fresh(directory, "output"));
            try {
                final long begin = System.nanoTime();
                long first = 0;
                while (progress.acknowledged() < writes && (first == 0 || System.nanoTime() - first < KILL_NS)) {
                    if (!process.isAlive()) {
                        throw failure(process, "it ended before it could be killed");
                    }
                    if (System.nanoTime() - begin > KILL_GIVE_UP_NS) {
                        throw new PeerFailure("it wrote nothing that could be interrupted: " + endOfLog());
                    }
                    if (first == 0 && progress.acknowledged() > 0) {
                        first = System.nanoTime();
                    }
                    Thread.sleep(LOOK_MS);
                }
            } finally {
                process.destroyForcibly();
            }
            process.waitFor();
        }
    }

    private Process start(final PeerSteps.Step step, final Path output) throws IOException, InterruptedException {
        settleDevice();
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-Xm")) {
                command.add(flag);
            }
        }
        command.add("-Xms" + HEAP);
        command.add("-Xmx" + HEAP);
        command.addAll(peer.flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PeerWorker.class.getName()));
        command.addAll(PeerWorker.arguments(peer, step, settings, output));
        return new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(directory.resolve(LOG).toFile()).start();
    }

    /** Waits until the device has what earlier processes left in the page cache: it would slow this one down. */
    private void settleDevice() throws IOException, InterruptedException {
        final Process sync = new ProcessBuilder("sync", "-f", directory.toString())
            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        sync.waitFor(TIMEOUT_S, TimeUnit.SECONDS);
    }

    private String endOfLog() throws IOException {
        final Path log = directory.resolve(LOG);
        if (!Files.exists(log)) {
            return "no log";
        }
        final List<String> lines = Files.readAllLines(log).stream().filter(line -> !line.isBlank()).toList();
        final List<String> telling = lines.stream()
            .filter(line -> line.contains("Exception") || line.contains("Error") || line.startsWith("#")).toList();
        final List<String> chosen = telling.isEmpty() ? lines : telling;
        return String.join(" | ", chosen.subList(0, Math.min(LOG_LINES, chosen.size())));
    }
}
