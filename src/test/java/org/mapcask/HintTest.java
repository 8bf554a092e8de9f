package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.checkpoint.CheckpointFileNames;
import org.mapcask.support.KilledCopy;

/**
 * A store is killed some time after a checkpoint. What hints tell of the log behind that is entered without a look at
 * the records; whatever becomes of the hints, the store is the one that its log tells of.
 */
@Tag("core")
class HintTest {
    private static final int KEYS = 60_000;
    private static final long SEED = 20261128L;

    @TempDir
    private Path directory;
    private final Map<String, String> model = new HashMap<>();
    private final Random random = new Random(SEED);

    /** No checkpoint but the one at the close of the store. */
    private static MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().segmentLength(1 << 20).mergeIntervalMs(0).mergeDeadBytes(0)
            .mergeFragmentation(100).checkpointBytes(0).checkpointIntervalMs(0).hintBytes(4096);
    }

    private static List<Path> hints(final Path of) throws IOException {
        try (Stream<Path> all = Files.list(of)) {
            return all.filter(path -> CheckpointFileNames.isHint(path.getFileName().toString())).sorted().toList();
        }
    }

    private void fill(final Path store) {
        try (Mapcask filled = Mapcask.open(store, options().build())) {
            for (int i = 0; i < KEYS; i++) {
                put(filled, "k" + i, 100);
            }
        }
    }

    private void put(final Mapcask store, final String key, final int lengthMax) {
        final String value = "v" + random.nextInt() + "-".repeat(random.nextInt(lengthMax));
        store.put(key, value);
        model.put(key, value);
    }

    /** Everything that a log can hold; returns the number of records. */
    private long change(final Mapcask store, final int operations) {
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
    private static void awaitHints(final Path of, final long records) throws IOException {
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

    private Path sibling(final String name) {
        return directory.resolveSibling(directory.getFileName() + "-" + name);
    }

    /** A store that is found like this after a kill, with 30,000 operations behind its checkpoint. */
    private Path killed() throws IOException {
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

    private void checkEqualToItsLog(final Mapcask store, final String where) {
        model.forEach((key, value) -> assertEquals(value, store.get(key), where));
        assertEquals(model.size(), store.size(), where);
        assertNull(store.get("never put"), where);
    }

    private static Map<String, List<Long>> figures(final Mapcask store) {
        final Map<String, List<Long>> figures = new TreeMap<>();
        store.stats().segmentList().forEach(segment -> figures.put(segment.name(),
            List.of(segment.liveBytes(), segment.deadBytes(), segment.tombstoneBytes())));
        return figures;
    }

    @Test
    void shouldOpenToTheSameStoreWithHintsAndWithout() throws IOException {
        final Path with = killed();
        final Path without = sibling("without");
        KilledCopy.make(with, without);
        for (final Path hint : hints(without)) {
            Files.delete(hint);
        }
        for (final boolean readOnly : new boolean[] {true, false}) {
            try (Mapcask one = Mapcask.open(with, options().readOnly(readOnly).build());
                Mapcask other = Mapcask.open(without, options().readOnly(readOnly).build())) {
                assertTrue(one.recoveryReport().checkpoint() >= 0);
                assertTrue(one.recoveryReport().hintedRecords() > 20_000, one.recoveryReport().toString());
                assertEquals(one.recoveryReport().hintedRecords(), one.stats().keydir().hintedRecords());
                assertEquals(0, other.recoveryReport().hintedRecords());
                assertEquals(other.recoveryReport().records(), one.recoveryReport().records());
                assertEquals(other.recoveryReport().bytes(), one.recoveryReport().bytes());
                checkEqualToItsLog(one, "with hints");
                checkEqualToItsLog(other, "without");
                assertEquals(figures(other), figures(one));
            }
        }
    }

    @Test
    void shouldGoOnWithTheHintsOfTheProcessBeforeAndRemoveThemAtACheckpoint() throws IOException {
        Path home = killed();
        for (int round = 0; round < 3; round++) {
            final Path next = sibling("round" + round);
            try (Mapcask store = Mapcask.open(home, options().build())) {
                final long before = store.recoveryReport().records();
                assertTrue(store.recoveryReport().hintedRecords() > 20_000 * (round + 1),
                    round + ": " + store.recoveryReport());
                final long records = before + change(store, 30_000);
                store.sync();
                awaitHints(home, records - 200 * (round + 2));
                KilledCopy.make(home, next);
            }
            assertEquals(List.of(), hints(home), "the checkpoint at the close has everything");
            home = next;
        }
        try (Mapcask store = Mapcask.open(home, options().build())) {
            checkEqualToItsLog(store, store.recoveryReport().toString());
        }
    }

    @Test
    void shouldReadTheLogWhereHintsAreDamagedCutShortGoneOrOfAnotherSegment() throws IOException {
        final Path killed = killed();
        final long all;
        try (Mapcask store = Mapcask.open(killed, options().readOnly(true).build())) {
            all = store.recoveryReport().hintedRecords();
        }
        long fewer = 0;
        for (int round = 0; round < 24; round++) {
            final Path damaged = sibling("damaged" + round);
            KilledCopy.make(killed, damaged);
            final List<Path> hints = hints(damaged);
            final Path hint = hints.get(random.nextInt(hints.size()));
            final byte[] bytes = Files.readAllBytes(hint);
            switch (round % 4) {
                case 0 -> {
                    bytes[random.nextInt(bytes.length)] ^= (byte)(1 << random.nextInt(8));
                    Files.write(hint, bytes);
                }
                case 1 -> Files.write(hint, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                case 2 -> Files.delete(hint);
                default -> Files.write(hint, Files.readAllBytes(hints.get((hints.indexOf(hint) + 1) % hints.size())));
            }
            try (Mapcask store = Mapcask.open(damaged, options().build())) {
                final String where = "seed " + SEED + ", round " + round + ", " + store.recoveryReport();
                assertTrue(store.recoveryReport().hintedRecords() <= all, where);
                fewer += store.recoveryReport().hintedRecords() < all ? 1 : 0;
                checkEqualToItsLog(store, where);
            }
        }
        assertEquals(24, fewer, "opens to which a hint was missing");
    }

    @Test
    void shouldRemoveHintsThatNoCheckpointWants() throws IOException {
        final Path killed = killed();
        for (final String suffix : List.of(CheckpointFileNames.CHECKPOINT_SUFFIX, CheckpointFileNames.PAGES_SUFFIX)) {
            try (Stream<Path> all = Files.list(killed)) {
                for (final Path file : all.filter(path -> path.toString().endsWith(suffix)).toList()) {
                    Files.delete(file);
                }
            }
        }
        assertTrue(hints(killed).size() > 1);
        try (Mapcask store = Mapcask.open(killed, options().hintBytes(0).build())) {
            assertEquals(-1, store.recoveryReport().checkpoint());
            assertEquals(0, store.recoveryReport().hintedRecords());
            assertEquals(List.of(), hints(killed));
            checkEqualToItsLog(store, store.recoveryReport().toString());
        }
    }

    @Test
    void shouldWriteNoneIfTheyAreOffOrNothingIsBehindACheckpoint() throws IOException {
        fill(directory);
        try (Mapcask store = Mapcask.open(directory, options().hintBytes(0).build())) {
            change(store, 10_000);
            store.sync();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            assertEquals(List.of(), hints(directory));
        }
        model.clear();
        final Path fresh = sibling("fresh");
        try (Mapcask store = Mapcask.open(fresh, options().build())) {
            change(store, 10_000);
            store.sync();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            assertEquals(List.of(), hints(fresh));
        }
    }
}
