package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Batch;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.wal.WalFileNames;

/**
 * The story: a store syncs every write through its write-ahead log, and the power goes. The segments are on the disk as
 * they were some time before, the write-ahead log is as it was last: every write that was acknowledged comes back.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class WalPowerCutTest {
    private static final long SEED = 0xCA57L;
    private static final int ROUNDS = 6;

    @TempDir
    Path directory;

    /** So long that no segment is rolled and the ring does not come round: nothing syncs the segments meanwhile. */
    private static MapcaskOptions durable() {
        return CrashState.options(4 << 20).syncEveryWrite(true).walLength(8 << 20).build();
    }

    private static void write(final Mapcask store, final Map<String, String> model, final Random random) {
        final String key = "key " + random.nextInt(40);
        final String value = random.nextInt() + "-".repeat(random.nextInt(1_500));
        switch (random.nextInt(8)) {
            case 0:
                store.delete(key);
                model.remove(key);
                break;
            case 1:
                final Batch batch = new Batch();
                for (int i = 0; i < 5; i++) {
                    batch.put(key + i, value + i);
                    model.put(key + i, value + i);
                }
                store.write(batch);
                break;
            default:
                store.put(key, value);
                model.put(key, value);
        }
    }

    private static void assertHolds(final Map<String, String> model, final Mapcask store, final String where) {
        assertEquals(model.size(), store.size(), where);
        model.forEach((key, value) -> assertEquals(value, store.get(key), where));
    }

    private static void copy(final Path from, final Path to, final boolean wal) throws Exception {
        final Path copied = CrashState.copy(from, to.resolveSibling(to.getFileName() + "-" + wal));
        Files.createDirectories(to);
        for (final String name : CrashState.bytes(copied).keySet()) {
            if (WalFileNames.isWal(name) == wal) {
                Files.copy(copied.resolve(name), to.resolve(name));
            }
        }
    }

    @Test
    void shouldBringBackEveryAcknowledgedWrite() throws Exception {
        final Random random = new Random(SEED);
        final Map<String, String> model = new HashMap<>();
        Path home = directory.resolve("0");
        long brought = 0;
        for (int round = 0; round < ROUNDS; round++) {
            final String where = "seed " + SEED + ", round " + round;
            final Path cut = directory.resolve(String.valueOf(round + 1));
            try (Mapcask store = Mapcask.open(home, durable())) {
                brought += store.recoveryReport().walRecords();
                assertHolds(model, store, where);
                final int early = random.nextInt(60);
                for (int i = 0; i < 100; i++) {
                    if (i == early) {
                        copy(home, cut, false);
                    }
                    write(store, model, random);
                }
                copy(home, cut, true);
            }
            final VerifyReport report = Mapcask.verify(cut, (phase, done, total) -> {
            });
            assertTrue(report.sound(), where + ": " + report);
            assertEquals(model.size(), report.keys(), where);
            final MapcaskOptions reading = MapcaskOptions.builder().readOnly(true).build();
            try (Mapcask store = Mapcask.open(cut, reading)) {
                assertHolds(model, store, where + ", read only");
            }
            home = cut;
        }
        assertTrue(brought > ROUNDS * 40, "records that were in the write-ahead log alone: " + brought);
        try (Mapcask store = Mapcask.open(home, CrashState.options(4 << 20).build())) {
            assertHolds(model, store, "without a write-ahead log");
            assertTrue(CrashState.bytes(home).keySet().stream().noneMatch(WalFileNames::isWal));
        }
    }
}
