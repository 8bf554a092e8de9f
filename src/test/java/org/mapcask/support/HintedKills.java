package org.mapcask.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.mapcask.Batch;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.checkpoint.CheckpointFileNames;

/** Stores that are killed with much log behind their checkpoint, and hints of it; and what has to be in them. */
public final class HintedKills {
    /** Keys at the checkpoint. */
    public static final int KEYS = 60_000;
    /** Of everything random. */
    public static final long SEED = 20261128L;

    private final Path directory;
    private final Map<String, String> model = new HashMap<>();
    private final Random random = new Random(SEED);

    /** Stores in a directory and beside it. */
    public HintedKills(final Path directory) {
        this.directory = directory;
    }

    /** What has to be in the store. */
    public Map<String, String> model() {
        return model;
    }

    /** Where randomness comes from. */
    public Random random() {
        return random;
    }

    /** No checkpoint but the one at the close of the store. */
    public static MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().segmentLength(1 << 20).mergeIntervalMs(0).mergeDeadBytes(0)
            .mergeFragmentation(100).checkpointBytes(0).checkpointIntervalMs(0).hintBytes(4096);
    }

    /** The hint files of a store. */
    public static List<Path> hints(final Path of) throws IOException {
        try (Stream<Path> all = Files.list(of)) {
            return all.filter(path -> CheckpointFileNames.isHint(path.getFileName().toString())).sorted().toList();
        }
    }

    /** Puts all keys, and closes with a checkpoint. */
    public void fill(final Path store) {
        try (Mapcask filled = Mapcask.open(store, options().build())) {
            for (int i = 0; i < KEYS; i++) {
                put(filled, "k" + i, 100);
            }
        }
    }

    /** Puts a value. */
    public void put(final Mapcask store, final String key, final int lengthMax) {
        final String value = "v" + random.nextInt() + "-".repeat(random.nextInt(lengthMax));
        store.put(key, value);
        model.put(key, value);
    }

    /** Puts values of so many keys in one batch. */
    public void putBatch(final Mapcask store, final int entries) {
        final Batch batch = new Batch();
        for (int i = 0; i < entries; i++) {
            final String key = "k" + i;
            batch.put(key, "batch" + i);
            model.put(key, "batch" + i);
        }
        store.write(batch);
    }

    /** Everything that a log can hold; returns the number of records. */
    public long change(final Mapcask store, final int operations) {
        final long before = store.stats().lastSequence();
        for (int i = 0; i < operations; i++) {
            final String key = "k" + random.nextInt(KEYS + KEYS / 4);
            switch (random.nextInt(8)) {
                case 0 -> assertEquals(model.remove(key) != null, store.delete(key), "seed " + SEED);
                case 1 -> {
                    store.put(key, "mortal" + i, Duration.ofDays(30));
                    model.put(key, "mortal" + i);
                }
                case 2 -> {
                    final Map<String, String> entries = new TreeMap<>();
                    entries.put(key, "batch" + i);
                    entries.put("k" + random.nextInt(KEYS), "batch" + i);
                    final Batch batch = new Batch();
                    entries.forEach(batch::put);
                    store.write(batch);
                    model.putAll(entries);
                }
                default -> put(store, key, i % 500 == 0 ? 30_000 : 100);
            }
        }
        return store.stats().lastSequence() - before;
    }

    /** Until hints tell of so many records; with their headers the blocks are longer than that. */
    public static void awaitHints(final Path of, final long records) throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        long bytes = 0;
        while (bytes < 16 * records) {
            assertTrue(System.nanoTime() < deadlineNs, bytes + " bytes of hints of " + records + " records");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            bytes = 0;
            for (final Path hint : hints(of)) {
                bytes += Files.size(hint);
            }
        }
    }

    /** A directory beside the store. */
    public Path sibling(final String name) {
        return directory.resolveSibling(directory.getFileName() + "-" + name);
    }

    /** A store that is found like this after a kill, with 30,000 operations behind its checkpoint. */
    public Path killed() throws IOException {
        fill(directory);
        final Path killed = sibling("killed");
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            final long records = change(store, 30_000);
            store.sync();
            awaitHints(directory, records - 200);
            KilledCopy.make(directory, killed);
        }
        return killed;
    }

    /** Holds a store against what has to be in it. */
    public void checkEqualToItsLog(final Mapcask store, final String where) {
        model.forEach((key, value) -> assertEquals(value, store.get(key), where));
        assertEquals(model.size(), store.size(), where);
        assertNull(store.get("never put"), where);
    }

    /** What the store knows of each segment. */
    public static Map<String, List<Long>> figures(final Mapcask store) {
        final Map<String, List<Long>> figures = new TreeMap<>();
        store.stats().segmentList().forEach(segment -> figures.put(segment.name(),
            List.of(segment.liveBytes(), segment.deadBytes(), segment.tombstoneBytes())));
        return figures;
    }
}
