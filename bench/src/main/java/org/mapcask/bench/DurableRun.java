package org.mapcask.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.mapcask.lab.host.WriteCounters;
import org.mapcask.lab.probe.DirectFile;
import org.mapcask.lab.probe.FileState;
import org.mapcask.lab.probe.SyncCall;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;

/**
 * Measures the arms in rounds: each round runs every arm with every number of threads for a moment, forwards and
 * backwards in turns, so that a noisy host hits all alike. Stores stay open from the first round to the last. Used by
 * one thread.
 */
final class DurableRun {
    /** Bytes of the raw appends: a record, and a block. */
    static final List<Integer> APPEND_LENGTHS = List.of(128, DirectFile.BLOCK_LENGTH);
    private static final int RAW_ROUNDS = 3;
    private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(1);

    private final DurableOptions options;
    private final ResultFolder folder;
    private final PrintStream talk;
    private final List<Rounds> puts = new ArrayList<>();
    private final List<Rounds> appends = new ArrayList<>();
    private final Map<String, Map<String, Object>> stats = new LinkedHashMap<>();

    /** What takes its turn in each round. */
    private record Cell(DurableArm arm, int threads) {
    }

    DurableRun(final DurableOptions options, final ResultFolder folder, final PrintStream talk) {
        this.options = options;
        this.folder = folder;
        this.talk = talk;
    }

    /** Rounds of the puts, and of the bare loop. */
    List<Rounds> puts() {
        return puts;
    }

    /** Rounds of the raw appends. */
    List<Rounds> appends() {
        return appends;
    }

    /** What each store said about itself at the end, by arm. */
    Map<String, Map<String, Object>> stats() {
        return stats;
    }

    /** Measures everything that was asked for. */
    void measure() throws IOException {
        if (options.puts()) {
            final List<DurableArm> arms = new ArrayList<>();
            try {
                for (final String arm : options.arms()) {
                    arms.add(putArm(arm));
                }
                measurePuts(arms);
                verify(arms);
            } finally {
                close(arms);
            }
        }
        if (options.raw()) {
            for (final int length : APPEND_LENGTHS) {
                final List<DurableArm> arms = rawArms(length);
                try {
                    appends.addAll(rounds(arms.stream().map(arm -> new Cell(arm, 1)).toList(),
                        Math.min(RAW_ROUNDS, options.rounds()), options.rawSeconds()));
                } finally {
                    close(arms);
                }
            }
        }
    }

    private DurableArm putArm(final String arm) throws IOException {
        if (arm.equals(DurableOptions.BARE)) {
            return new BareWriteArm(options.run().data().resolve("bare"));
        }
        final Map<String, String> store = new LinkedHashMap<>();
        store.put("syncEveryWrite", "true");
        if (arm.equals(DurableOptions.WAL)) {
            store.put("wal", "true");
        } else {
            store.put("wal", "false");
            store.put("syncMethod", arm);
            store.put("segmentFill", "zero");
        }
        store.putAll(options.options());
        final String method = arm.equals(DurableOptions.WAL)
            ? "put, write-ahead log" : "put, " + arm + " of zeroed segments";
        return new StoreArm(arm, method, options.run().data().resolve("store-" + arm), store);
    }

    private List<DurableArm> rawArms(final int length) {
        final List<DurableArm> arms = new ArrayList<>();
        for (final FileState state : FileState.values()) {
            for (final SyncCall call : RawAppendArm.CALLS) {
                arms.add(new RawAppendArm(state, call, length, options.run().data()));
            }
        }
        return arms;
    }

    private void measurePuts(final List<DurableArm> arms) throws IOException {
        final List<Cell> cells = new ArrayList<>();
        for (final int threads : options.threads()) {
            for (final DurableArm arm : arms) {
                if (threads == 1 || arm.isShared()) {
                    cells.add(new Cell(arm, threads));
                    measure(arm, threads, WARM_UP_NS, null);
                }
            }
        }
        puts.addAll(rounds(cells, options.rounds(), options.seconds()));
    }

    private List<Rounds> rounds(final List<Cell> cells, final int rounds, final long seconds) throws IOException {
        final Map<Cell, Rounds> byCell = new LinkedHashMap<>();
        final List<Cell> order = new ArrayList<>(cells);
        for (int round = 0; round < rounds; round++) {
            talk.printf(Locale.ROOT, "round %d of %d: %d rows of the table%n", round + 1, rounds, cells.size());
            for (final Cell cell : order) {
                measure(cell.arm, cell.threads, TimeUnit.SECONDS.toNanos(seconds) / rounds, byCell.computeIfAbsent(
                    cell, key -> new Rounds(cell.arm.name(), cell.arm.method(), cell.threads)));
            }
            Collections.reverse(order);
        }
        return cells.stream().map(byCell::get).toList();
    }

    private void measure(final DurableArm arm, final int threads, final long durationNs, final Rounds rounds)
        throws IOException {
        final long operationsMax = arm.beginRound(durationNs);
        final WriteCounters before = WriteCounters.now(options.run().data());
        final Measurement measurement =
            LatencyRig.closed(arm.name() + "-t" + threads, arm.workload(), threads, operationsMax, durationNs);
        final WriteCounters written = WriteCounters.now(options.run().data()).minus(before);
        if (rounds != null) {
            rounds.add(measurement, written);
        }
        complain(arm, arm.endRound());
    }

    private void verify(final List<DurableArm> arms) throws IOException {
        for (final DurableArm arm : arms) {
            if (arm instanceof final StoreArm store) {
                stats.put(arm.name(), store.stats());
            }
            complain(arm, arm.verify());
        }
    }

    private void complain(final DurableArm arm, final long wrong) {
        if (wrong > 0) {
            folder.fail(arm.name() + ": " + wrong + " writes are not found as they were written");
        }
    }

    private static void close(final List<DurableArm> arms) throws IOException {
        for (final DurableArm arm : arms) {
            arm.close();
        }
    }
}
