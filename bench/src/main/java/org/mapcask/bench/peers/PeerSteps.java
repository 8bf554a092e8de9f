package org.mapcask.bench.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.mapcask.bench.WriterProgress;
import org.mapcask.lab.chart.SpaceSampler;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.rig.Operation;

/**
 * The steps of a round, each done by a process of its own: it opens one store and measures. Used by one thread.
 *
 * <pre>
 *   WORK         load, gets, scan, overwrites, mixed; disk blocks after flush and compaction; closes cleanly
 *   OPEN         opens what WORK left, twice; reads all of it; memory
 *   KILL_WRITE   opens it again and overwrites, until the parent kills the process
 *   KILL_OPEN    opens what is left, and compares
 *   DURABLE      durable puts into a new store, by one thread and by eight; opens it again and compares
 *   CHECK        put, get, overwrite, delete, scan, open again: whether the adapter does what it should
 * </pre>
 */
final class PeerSteps {
    /** Versions that the process wrote which was killed begin here. */
    static final long KILL_VERSION = 1L << 40;

    private static final int WARM_UP_KEYS = 20_000;
    private static final int WARM_UP_SCANS = 5;
    private static final int DURABLE_THREADS = 8;
    private static final int DURABLE_KEYS_EACH = 100_000;
    private static final int OPEN_SAMPLE = 20_000;
    /** A load that takes longer is recorded in several parts. */
    private static final long PART_NS = TimeUnit.SECONDS.toNanos(20);

    private final Peer peer;
    private final PeerFactory factory;
    private final Settings settings;
    private final PeerOutput output = new PeerOutput();

    /**
     * What a step is told.
     *
     * @param store       directory of the store.
     * @param scratch     directory for what must not lie there.
     * @param keys        number of keys.
     * @param valueLength bytes of each value.
     * @param durationNs  of a workload that has no end of its own.
     * @param durableNs   of durable puts.
     * @param warmUpNs    of each part of the warm-up.
     * @param seed        begin of the random numbers.
     */
    record Settings(Path store, Path scratch, int keys, int valueLength, long durationNs, long durableNs,
                    long warmUpNs, long seed) {
    }

    /** The steps. */
    enum Step {
        WORK, OPEN, KILL_WRITE, KILL_OPEN, DURABLE, CHECK
    }

    PeerSteps(final Peer peer, final Settings settings) {
        this.peer = peer;
        factory = peer.factory();
        this.settings = settings;
    }

    /** Does a step; what it gave. */
    PeerOutput run(final Step step) throws Exception {
        switch (step) {
            case WORK -> work();
            case OPEN -> new PeerOpenings(factory, settings, output).openClean();
            case KILL_WRITE -> killWrite();
            case KILL_OPEN -> new PeerOpenings(factory, settings, output).openKilled();
            case DURABLE -> durable();
            case CHECK -> output.wrong(new PeerCheck(peer, factory, settings.store()).run());
            default -> throw new IllegalArgumentException(step.name());
        }
        return output;
    }

    private void work() throws Exception {
        warmUp();
        final PeerSetup setup =
            new PeerSetup(settings.keys(), settings.valueLength(), PeerSetup.Mode.FAST, false);
        final PeerKeys keys = new PeerKeys(settings.keys(), settings.valueLength());
        try (PeerStore store = factory.open(settings.store(), setup)) {
            counted(PeerFigure.LOAD, store, PeerWorkload.Mix.LOAD, keys);
            settle(store, setup, PeerFigure.SETTLE_LOADED, PeerFigure.DISK_LOADED);
            output.put(PeerFigure.INDEX, store.indexBytesPerKey());
            timed(PeerFigure.GET, store, PeerWorkload.Mix.GET, keys, 1);
            timed(PeerFigure.GET_2, store, PeerWorkload.Mix.GET, keys, 2);
            timed(PeerFigure.GET_ZIPFIAN, store, PeerWorkload.Mix.GET_ZIPFIAN, keys, 1);
            counted(PeerFigure.OVERWRITE, store, PeerWorkload.Mix.OVERWRITE, keys);
            settle(store, setup, PeerFigure.SETTLE_OVERWRITTEN, PeerFigure.DISK_OVERWRITTEN);
            final PeerScan scan = PeerScan.of(store, keys);
            output.put(PeerFigure.SCAN, scan.rate());
            output.wrong(scan.wrong());
            if (peer.shared) {
                keys.untrack();
                timed(PeerFigure.MIXED, store, PeerWorkload.Mix.MIXED_ZIPFIAN, keys, 2);
                output.wrong(PeerScan.of(store, keys).wrong());
            }
        }
    }

    private void warmUp() throws Exception {
        final Path directory = DataDirectory.fresh(settings.scratch(), "warm-up");
        final int turn = PeerWorkload.turnLength(settings.valueLength());
        final int count = Math.max(turn, Math.min(settings.keys(), WARM_UP_KEYS) / turn * turn);
        final PeerKeys keys = new PeerKeys(count, settings.valueLength());
        final PeerSetup setup = new PeerSetup(count, settings.valueLength(), PeerSetup.Mode.FAST, false);
        try (PeerStore store = factory.open(directory, setup)) {
            toTheEnd("warm-up", store, PeerWorkload.Mix.LOAD, keys);
            warmUp(store, PeerWorkload.Mix.GET, keys, 1, Long.MAX_VALUE);
            warmUp(store, PeerWorkload.Mix.OVERWRITE, keys, 1,
                PeerWorkload.operations(count, settings.valueLength()));
            for (int i = 0; i < WARM_UP_SCANS; i++) {
                output.wrong(PeerScan.of(store, keys).wrong());
            }
            if (peer.shared) {
                keys.untrack();
                warmUp(store, PeerWorkload.Mix.MIXED_ZIPFIAN, keys, 2, Long.MAX_VALUE);
            }
        }
        DataDirectory.remove(directory);
    }

    private void warmUp(
        final PeerStore store, final PeerWorkload.Mix mix, final PeerKeys keys, final int threads,
        final long operationsMax) {
        try (PeerWorkload workload =
            new PeerWorkload(store, factory.wantsDirectMemory(), mix, keys, settings.seed() ^ mix.ordinal())) {
            final List<Measurement> kinds = LatencyRig.closedByKind(
                List.of("single", "block"), workload, threads, operationsMax, settings.warmUpNs());
            kinds.forEach(kind -> output.wrong(kind.wrong()));
        }
    }

    /** As many calls as there are keys. */
    private void counted(
        final PeerFigure figure, final PeerStore store, final PeerWorkload.Mix mix, final PeerKeys keys) {
        final List<List<Measurement>> parts = toTheEnd(figure.id, store, mix, keys);
        record(figure,
            Measurement.merged(figure.id, parts.stream().map(part -> part.get(PeerWorkload.SINGLE)).toList()),
            Measurement.merged(figure.id, parts.stream().map(part -> part.get(PeerWorkload.BLOCK)).toList()), keys, 1);
    }

    /** Makes as many calls as there are keys, however long that takes; kinds apart, in parts of some seconds. */
    private List<List<Measurement>> toTheEnd(
        final String tag, final PeerStore store, final PeerWorkload.Mix mix, final PeerKeys keys) {
        final List<List<Measurement>> parts = new ArrayList<>();
        long left = PeerWorkload.operations(keys.count(), keys.valueLength());
        try (PeerWorkload workload = new PeerWorkload(
            store, factory.wantsDirectMemory(), mix, keys, settings.seed() + mix.ordinal())) {
            final Operation operation = workload.newOperation(0, 1);
            while (left > 0) {
                final List<Measurement> part = LatencyRig.closedByKind(
                    List.of(tag, tag + "-blocks"), (thread, threads) -> operation, 1, left, PART_NS);
                parts.add(part);
                left -= part.get(PeerWorkload.SINGLE).operations() + part.get(PeerWorkload.BLOCK).operations();
            }
        }
        return parts;
    }

    private void timed(
        final PeerFigure figure, final PeerStore store, final PeerWorkload.Mix mix, final PeerKeys keys,
        final int threads) {
        try (PeerWorkload workload = new PeerWorkload(
            store, factory.wantsDirectMemory(), mix, keys, settings.seed() + figure.ordinal())) {
            final List<Measurement> kinds = LatencyRig.closedByKind(List.of(figure.id, figure.id + "-blocks"), workload,
                threads, Long.MAX_VALUE, settings.durationNs());
            record(figure, kinds.get(PeerWorkload.SINGLE), kinds.get(PeerWorkload.BLOCK), keys, threads);
        }
    }

    private void record(
        final PeerFigure figure, final Measurement single, final Measurement blocks, final PeerKeys keys,
        final int threads) {
        output.put(figure, PeerRates.rate(blocks, PeerWorkload.blockLength(keys.valueLength()), threads));
        output.put(figure, single);
        output.wrong(single.wrong() + blocks.wrong());
    }

    private void settle(
        final PeerStore store, final PeerSetup setup, final PeerFigure time, final PeerFigure disk) throws Exception {
        final long begin = System.nanoTime();
        store.settle();
        output.put(time, (System.nanoTime() - begin) / 1e6);
        final long bytes = SpaceSampler.diskBytes(settings.store());
        if (peer != Peer.HEAP && bytes >= 0) {
            output.put(disk, (double) bytes / setup.liveBytes());
        }
    }

    private void killWrite() throws Exception {
        final PeerSetup setup =
            new PeerSetup(settings.keys(), settings.valueLength(), PeerSetup.Mode.KILL, false);
        final PeerKeys keys = new PeerKeys(settings.keys(), settings.valueLength());
        final PeerSlot slot = new PeerSlot(settings.valueLength(), factory.wantsDirectMemory());
        try (PeerStore store = factory.open(settings.store(), setup);
            WriterProgress progress = new WriterProgress(settings.scratch().resolve(PeerProcess.PROGRESS), 1)) {
            final PeerStore.Session session = store.newSession();
            for (int i = 0; i < settings.keys(); i++) {
                keys.key(i, slot);
                keys.value(i, KILL_VERSION + i, slot);
                progress.begin(0, i + 1L);
                session.put(slot);
                progress.acknowledge(0, i + 1L);
            }
            // Everything is written and the parent has not come yet: there is nothing left to do but to wait for it.
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private void durable() throws Exception {
        final PeerSetup setup = new PeerSetup(
            (DURABLE_THREADS + 1) * DURABLE_KEYS_EACH, settings.valueLength(), PeerSetup.Mode.DURABLE, false);
        final PeerKeys keys = new PeerKeys(setup.keys(), settings.valueLength());
        final PeerDurablePuts one = new PeerDurablePuts(factory, keys, 0, DURABLE_KEYS_EACH);
        final PeerDurablePuts many = new PeerDurablePuts(factory, keys, DURABLE_KEYS_EACH, DURABLE_KEYS_EACH);
        try (PeerStore store = factory.open(settings.store(), setup)) {
            LatencyRig.closed("warm-up", one.into(store), 1, DURABLE_KEYS_EACH / 2, settings.warmUpNs());
            durable(PeerFigure.DURABLE, one, store, 1);
            durable(PeerFigure.DURABLE_8, many, store, DURABLE_THREADS);
            one.close();
            many.close();
        }
        if (peer.persistent) {
            try (PeerStore store = factory.open(settings.store(), setup)) {
                output.wrong(one.wrong(store) + many.wrong(store));
            }
        }
    }

    private void durable(
        final PeerFigure figure, final PeerDurablePuts puts, final PeerStore store, final int threads) {
        final Measurement measurement = LatencyRig.closed(
            figure.id, puts.into(store), threads, (long) DURABLE_KEYS_EACH * threads, settings.durableNs());
        output.put(figure, measurement.achievedRate());
        output.put(figure, measurement);
    }

    /** Random indexes that are looked up after an opening. */
    static int[] sample(final int keys, final long seed) {
        return new SplittableRandom(seed).ints(Math.min(keys, OPEN_SAMPLE), 0, keys).toArray();
    }
}
