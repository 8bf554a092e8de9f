package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.checkpoint.CheckpointFileNames;
import org.mapcask.recovery.RecoveryReport;
import org.mapcask.support.HintedKills;
import org.mapcask.support.KilledCopy;

/**
 * A store is killed some time after a checkpoint. What hints tell of the log behind that is entered without a look at
 * the records; whatever becomes of the hints, the store is the one that its log tells of.
 */
@Tag("core")
class HintTest {
    @TempDir
    private Path directory;
    private HintedKills kills;

    @BeforeEach
    void prepare() {
        kills = new HintedKills(directory);
    }

    @Test
    void shouldOpenToTheSameStoreWithHintsAndWithout() throws IOException {
        final Path with = kills.killed();
        final Path without = kills.sibling("without");
        KilledCopy.make(with, without);
        for (final Path hint : HintedKills.hints(without)) {
            Files.delete(hint);
        }
        for (final boolean readOnly : new boolean[] {true, false}) {
            try (Mapcask one = Mapcask.open(with, HintedKills.options().readOnly(readOnly).build());
                Mapcask other = Mapcask.open(without, HintedKills.options().readOnly(readOnly).build())) {
                assertTrue(one.recoveryReport().checkpoint() >= 0);
                assertTrue(one.recoveryReport().hintedRecords() > 20_000, one.recoveryReport().toString());
                assertEquals(one.recoveryReport().hintedRecords(), one.stats().keydir().hintedRecords());
                assertEquals(0, other.recoveryReport().hintedRecords());
                assertEquals(other.recoveryReport().records(), one.recoveryReport().records());
                assertEquals(other.recoveryReport().bytes(), one.recoveryReport().bytes());
                kills.checkEqualToItsLog(one, "with hints");
                kills.checkEqualToItsLog(other, "without");
                assertEquals(HintedKills.figures(other), HintedKills.figures(one));
            }
        }
    }

    @Test
    void shouldGoOnWithTheHintsOfTheProcessBeforeAndRemoveThemAtACheckpoint() throws IOException {
        Path home = kills.killed();
        for (int round = 0; round < 3; round++) {
            final Path next = kills.sibling("round" + round);
            try (Mapcask store = Mapcask.open(home, HintedKills.options().build())) {
                final long before = store.recoveryReport().records();
                assertTrue(store.recoveryReport().hintedRecords() > 20_000 * (round + 1),
                    round + ": " + store.recoveryReport());
                final long records = before + kills.change(store, 30_000);
                store.sync();
                HintedKills.awaitHints(home, records - 200 * (round + 2));
                KilledCopy.make(home, next);
            }
            assertEquals(List.of(), HintedKills.hints(home), "the checkpoint at the close has everything");
            home = next;
        }
        try (Mapcask store = Mapcask.open(home, HintedKills.options().build())) {
            kills.checkEqualToItsLog(store, store.recoveryReport().toString());
        }
    }

    @Test
    void shouldReadTheLogWhereHintsAreDamagedCutShortGoneOrOfAnotherSegment() throws IOException {
        final Path killed = kills.killed();
        final long all;
        try (Mapcask store = Mapcask.open(killed, HintedKills.options().readOnly(true).build())) {
            all = store.recoveryReport().hintedRecords();
        }
        long fewer = 0;
        long damagedFiles = 0;
        for (int round = 0; round < 24; round++) {
            final Path damaged = kills.sibling("damaged" + round);
            KilledCopy.make(killed, damaged);
            final List<Path> hints = HintedKills.hints(damaged);
            final Path hint = hints.get(kills.random().nextInt(hints.size()));
            final byte[] bytes = Files.readAllBytes(hint);
            switch (round % 4) {
                case 0 -> {
                    // In its entries, most of the time: that is found when they are asked for.
                    bytes[kills.random().nextInt(bytes.length)] ^= (byte)(1 << kills.random().nextInt(8));
                    Files.write(hint, bytes);
                    damagedFiles++;
                }
                case 1 -> Files.write(hint, Arrays.copyOf(bytes, kills.random().nextInt(bytes.length)));
                case 2 -> Files.delete(hint);
                default -> Files.write(hint, Files.readAllBytes(hints.get((hints.indexOf(hint) + 1) % hints.size())));
            }
            try (Mapcask store = Mapcask.open(damaged, HintedKills.options().build())) {
                final String where = "seed " + HintedKills.SEED + ", round " + round + ", " + store.recoveryReport();
                assertTrue(store.recoveryReport().hintedRecords() <= all, where);
                fewer += store.recoveryReport().hintedRecords() < all ? 1 : 0;
                kills.checkEqualToItsLog(store, where);
            }
        }
        assertTrue(fewer >= 24 - damagedFiles, fewer + " opens to which a hint was missing");
    }

    /** Batches that go on in the next segment, and one that is longer than a block, stand between hints. */
    @Test
    void shouldReadTheBatchesThatNoHintTellsOfBetweenHints() throws IOException {
        final Path killed = kills.sibling("killed");
        final long records;
        try (Mapcask store = Mapcask.open(directory, HintedKills.options().segmentLength(8 << 20).build())) {
            for (int i = 0; i < HintedKills.KEYS; i++) {
                kills.put(store, "k" + i, 100);
            }
        }
        try (Mapcask store = Mapcask.open(directory, HintedKills.options().segmentLength(8 << 20).build())) {
            final long before = store.stats().lastSequence();
            for (final int length : new int[] {7, 40_000, 900, 900, 900, 900, 900, 900, 900, 900, 900, 900, 900}) {
                kills.putBatch(store, length);
                for (int i = 0; i < 5_000; i++) {
                    kills.put(store, "k" + kills.random().nextInt(HintedKills.KEYS), 100);
                }
            }
            store.sync();
            records = store.stats().lastSequence() - before;
            HintedKills.awaitHints(directory, records - 40_000 - 2 * 900);
            KilledCopy.make(directory, killed);
        }
        try (Mapcask store = Mapcask.open(killed, HintedKills.options().build())) {
            final RecoveryReport report = store.recoveryReport();
            assertEquals(records, report.records(), report.toString());
            assertTrue(report.hintedRecords() > records - 40_000 - 3 * 900 &&
                report.hintedRecords() <= records - 40_000, report.toString());
            kills.checkEqualToItsLog(store, report.toString());
        }
    }

    @Test
    void shouldRemoveHintsThatNoCheckpointWants() throws IOException {
        final Path killed = kills.killed();
        for (final String suffix : List.of(CheckpointFileNames.CHECKPOINT_SUFFIX, CheckpointFileNames.PAGES_SUFFIX)) {
            try (Stream<Path> all = Files.list(killed)) {
                for (final Path file : all.filter(path -> path.toString().endsWith(suffix)).toList()) {
                    Files.delete(file);
                }
            }
        }
        assertTrue(HintedKills.hints(killed).size() > 1);
        try (Mapcask store = Mapcask.open(killed, HintedKills.options().hintBytes(0).build())) {
            assertEquals(-1, store.recoveryReport().checkpoint());
            assertEquals(0, store.recoveryReport().hintedRecords());
            assertEquals(List.of(), HintedKills.hints(killed));
            kills.checkEqualToItsLog(store, store.recoveryReport().toString());
        }
    }

    @Test
    void shouldWriteNoneIfTheyAreOffOrNothingIsBehindACheckpoint() throws IOException {
        kills.fill(directory);
        try (Mapcask store = Mapcask.open(directory, HintedKills.options().hintBytes(0).build())) {
            kills.change(store, 10_000);
            store.sync();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            assertEquals(List.of(), HintedKills.hints(directory));
        }
        kills.model().clear();
        final Path fresh = kills.sibling("fresh");
        try (Mapcask store = Mapcask.open(fresh, HintedKills.options().build())) {
            kills.change(store, 10_000);
            store.sync();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            assertEquals(List.of(), HintedKills.hints(fresh));
        }
    }
}
