package org.mapcask.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.results.RunReport;

/**
 * Mapcask beside Chronicle Map, LMDB, RocksDB, H2 MVStore, MapDB, Xodus, a map on the heap and a bare mapped log.
 * {@code bench/peers.sh} builds with the Maven profile {@code peers} and calls this.
 *
 * <p>Exit status: 0, 1 if an answer was wrong, Mapcask broke or lost something, or something that is no store did not
 * work, 2 for a wrong command line. A goal that is not met is a result and not a failure; so is another store that
 * breaks or loses what it acknowledged.
 */
public final class PeersBench {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private PeersBench() {
    }

    /**
     * Runs the comparison.
     *
     * @param arguments see {@code bench/peers.sh --help}.
     */
    public static void main(final String[] arguments) {
        final PeersOptions options;
        try {
            options = PeersOptions.parse(List.of(arguments));
        } catch (final IllegalArgumentException e) {
            System.err.println("peers: " + e.getMessage());
            System.exit(EXIT_USAGE);
            return;
        }
        try {
            System.exit((options.checkOnly() ? check(options) : run(options)) ? 0 : EXIT_FAILED);
        } catch (final IOException e) {
            System.err.println("peers: " + e);
            System.exit(EXIT_FAILED);
        }
    }

    private static boolean check(final PeersOptions options) throws IOException {
        final PeersRun run = new PeersRun(options, null, System.out);
        try {
            return run.check().size() == options.peers().size();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean run(final PeersOptions options) throws IOException {
        // Nobody measures on when this process is ended.
        Runtime.getRuntime().addShutdownHook(
            new Thread(() -> ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly)));
        final PeersFolder folder = PeersFolder.open(options);
        final RunReport report =
            RunReport.begin(ResultFolder.resume(folder.path()), options.run().data(), options.run().command());
        final PeersRun run = new PeersRun(options, folder, System.err);
        final List<Peer> peers = new ArrayList<>();
        report.attempt(() -> {
            peers.addAll(run.check());
            run.measure(peers);
        });
        run.faults().forEach(report.folder()::fail);
        if (peers.isEmpty()) {
            report.folder().fail("no store could be measured");
        }
        final PeersReport tables = new PeersReport(options, peers, run.figures(), run.failures());
        tables.write(report.folder(), place -> folder.latencies(place, options.rounds()));
        folder.finish();
        return report.finish(
            tables.summary(), PeersReport.QUESTION, tables.body(), tables.tables(), options.run().json(),
            System.out);
    }
}
