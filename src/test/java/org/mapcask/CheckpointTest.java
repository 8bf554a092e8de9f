package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.recovery.RecoveryReport;
import org.mapcask.support.KilledCopy;

/** Opening a store from a checkpoint instead of its whole log, and from the log where the checkpoint is no help. */
@Tag("core")
class CheckpointTest {
    private static final int KEYS = 60_000;

    @TempDir
    private Path directory;

    private static MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().segmentLength(1 << 20).mergeIntervalMs(0).mergeDeadBytes(0)
            .mergeFragmentation(100).checkpointBytes(0).checkpointIntervalMs(0);
    }

    private static void fill(final Mapcask store, final int from, final int to, final int version) {
        for (int i = from; i < to; i++) {
            store.put("key-" + i, "value-" + i + "-" + version + "-" + "x".repeat(60));
        }
    }

    private static void check(final Mapcask store, final int from, final int to, final int version) {
        for (int i = from; i < to; i++) {
            assertEquals("value-" + i + "-" + version + "-" + "x".repeat(60), store.get("key-" + i));
        }
    }

    private List<Path> files(final String suffix) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(path -> path.toString().endsWith(suffix)).sorted().toList();
        }
    }

    @Test
    void shouldOpenFromTheCheckpointThatTheCloseMade() {
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            fill(store, 0, KEYS, 1);
        }
        for (int round = 0; round < 3; round++) {
            try (Mapcask store = Mapcask.open(directory, options().build())) {
                final RecoveryReport report = store.recoveryReport();
                assertTrue(report.checkpoint() >= 0, report.toString());
                assertEquals(0, report.records());
                assertEquals(KEYS, store.size());
                check(store, 0, KEYS, 1 + round);
                fill(store, 0, KEYS, 2 + round);
                assertEquals(KEYS, store.size());
                assertTrue(store.delete("key-7"));
                assertNull(store.get("key-7"));
                store.put("key-7", "value-7-" + (2 + round) + "-" + "x".repeat(60));
            }
        }
    }

    @Test
    void shouldNotWriteACheckpointForALogThatIsReadAsFast() throws IOException {
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            fill(store, 0, 1_000, 1);
        }
        assertEquals(List.of(), files(".checkpoint"));
        assertEquals(List.of(), files(".pages"));
    }

    @Test
    void shouldCountLiveBytesAsTheLogDoesAfterAnyMixOfCheckpointsAndReopens() throws IOException {
        final long seed = 20261127L;
        final Random random = new Random(seed);
        final Map<String, String> model = new HashMap<>();
        for (int round = 0; round < 6; round++) {
            try (Mapcask store = Mapcask.open(directory, options().checkpointBytes(300_000 + random.nextInt(900_000))
                .build())) {
                assertEquals(model.size(), store.size(), "seed " + seed + ", round " + round);
                for (int i = 0; i < 25_000; i++) {
                    final String key = "k" + random.nextInt(40_000);
                    if (random.nextInt(5) == 0) {
                        assertEquals(model.remove(key) != null, store.delete(key), "seed " + seed);
                    } else {
                        final String value = "v" + random.nextInt() + "-".repeat(random.nextInt(120));
                        model.put(key, value);
                        store.put(key, value);
                    }
                }
            }
            final long fromCheckpoint;
            try (Mapcask store = Mapcask.open(directory, options().readOnly(true).build())) {
                fromCheckpoint = store.stats().liveBytes();
                assertEquals(model.size(), store.size());
                model.forEach((key, value) -> assertEquals(value, store.get(key), "seed " + seed));
            }
            final Path copy = directory.resolveSibling(directory.getFileName() + "-log" + round);
            Files.createDirectories(copy);
            for (final Path segment : files(".seg")) {
                Files.copy(segment, copy.resolve(segment.getFileName()));
            }
            try (Mapcask store = Mapcask.open(copy, options().readOnly(true).build())) {
                assertEquals(-1, store.recoveryReport().checkpoint());
                assertEquals(store.stats().liveBytes(), fromCheckpoint, "seed " + seed + ", round " + round);
                assertEquals(model.size(), store.size());
            }
        }
    }

    @Test
    void shouldOpenFromACheckpointWhateverMergesDidMeanwhile() throws IOException {
        final long seed = 20261128L;
        final Random random = new Random(seed);
        final Map<String, String> model = new HashMap<>();
        int fromCheckpoint = 0;
        Path home = directory;
        for (int round = 0; round < 12; round++) {
            final Path next = directory.resolveSibling(directory.getFileName() + "-kill" + round);
            final MapcaskOptions options = options().checkpointBytes(200_000 + random.nextInt(600_000))
                .mergeRunBytes(2 << 20).mergeFragmentation(10).mergeSegmentDead(10).build();
            try (Mapcask store = Mapcask.open(home, options)) {
                fromCheckpoint += store.recoveryReport().checkpoint() >= 0 ? 1 : 0;
                assertEquals(model.size(), store.size(), "seed " + seed + ", round " + round);
                for (int i = 0; i < 15_000; i++) {
                    final String key = "k" + random.nextInt(8_000);
                    if (random.nextInt(6) == 0) {
                        assertEquals(model.remove(key) != null, store.delete(key), "seed " + seed);
                    } else {
                        final String value = "v" + random.nextInt() + "-".repeat(random.nextInt(120));
                        model.put(key, value);
                        store.put(key, value);
                    }
                    if (random.nextInt(6_000) == 0) {
                        store.compact();
                    }
                    if (i == 10_000) {
                        awaitCheckpoint(store);
                    }
                }
                KilledCopy.make(home, next);
            }
            home = next;
            try (Mapcask store = Mapcask.open(home, MapcaskOptions.builder().readOnly(true).build())) {
                final String where = "seed " + seed + ", round " + round + ": " + store.recoveryReport();
                model.forEach((key, value) -> assertEquals(value, store.get(key), where));
                assertEquals(model.size(), store.size(), where);
            }
        }
        assertTrue(fromCheckpoint > 4, fromCheckpoint + " opens from a checkpoint");
    }

    /** By then enough has been written for one; how soon it comes depends on the background. */
    private static void awaitCheckpoint(final Mapcask store) {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (store.stats().keydir().checkpoints() == 0) {
            assertTrue(System.nanoTime() < deadlineNs, () -> "no checkpoint: " + store.stats().keydir());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    @Test
    void shouldKeepTheKeydirWithinItsMemoryAndFindEveryKey() {
        final int keys = 1_200_000;
        final MapcaskOptions small = options().segmentLength(64 << 20).keydirMemory(8 << 20).build();
        try (Mapcask store = Mapcask.open(directory, small)) {
            for (int i = 0; i < keys; i++) {
                store.put("key-" + i, "v" + i);
            }
            final KeydirStats stats = store.stats().keydir();
            assertTrue(stats.residentBytes() <= 8 << 20, stats.toString());
            // Pages split when what waits for them is entered, so their number now depends on how far that has come.
            assertTrue(stats.totalBytes() > 12 << 20, stats.toString());
            final Random random = new Random(1);
            for (int i = 0; i < 100_000; i++) {
                final int key = random.nextInt(keys);
                assertEquals("v" + key, store.get("key-" + key));
            }
            for (int i = 0; i < 50_000; i++) {
                final int key = random.nextInt(keys);
                store.put("key-" + key, "v" + key);
                if (i % 3 == 0) {
                    store.delete("key-" + key);
                    assertNull(store.get("key-" + key));
                    store.put("key-" + key, "v" + key);
                }
            }
            assertEquals(keys, store.size());
        }
        try (Mapcask store = Mapcask.open(directory, small)) {
            assertEquals(keys, store.size());
            final long[] seen = new long[1];
            store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> seen[0]++);
            assertEquals(keys, seen[0]);
            for (int i = 0; i < keys; i += 37) {
                assertEquals("v" + i, store.get("key-" + i));
            }
            assertTrue(store.stats().keydir().residentBytes() <= 8 << 20, store.stats().keydir().toString());
        }
    }
}
