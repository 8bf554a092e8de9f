package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.wal.WalFileNames;

/** The story: values with a time to live come back from a crash, and out of a damaged store, and still have it. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class ExpiryRecoveryTest {
    private static final long START_MS = 1_700_000_000_000L;
    private static final Duration TEN = Duration.ofMillis(10);

    @TempDir
    private Path directory;
    private final AtomicLong clock = new AtomicLong(START_MS);

    private MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().segmentLength(16 << 10).mergeIntervalMs(0).clock(clock::get);
    }

    @Test
    void shouldKeepTheExpiryOfWhatIsInTheWriteAheadLogAlone() throws IOException {
        final Path crashed = Files.createDirectory(directory.resolve("crashed"));
        final Path running = directory.resolve("running");
        // So long that the ring does not go on into its next file: then the segments would be synced meanwhile.
        final MapcaskOptions options = options().syncEveryWrite(true).walLength(1 << 20).build();
        try (Mapcask store = Mapcask.open(running, options)) {
            store.put("first", "value", TEN);
            copy(running, crashed, SegmentFileNames::isSegment);
            store.put("single", "value", TEN);
            store.put("hidden", "older");
            store.put("hidden", "newer", Duration.ofMillis(5));
            final Batch batch = new Batch();
            batch.put("batch 1", "value", store.expiryIn(TEN));
            batch.put("batch 2", "value");
            store.write(batch);
            copy(running, crashed, WalFileNames::isWal);
        }
        clock.addAndGet(5);
        for (int round = 0; round < 2; round++) {
            try (Mapcask store = Mapcask.open(crashed, options)) {
                assertEquals(round == 0 ? 5 : 0, store.recoveryReport().walRecords(), "all but the first");
                for (final String key : List.of("first", "single", "batch 1")) {
                    assertEquals(START_MS + 10, store.expiresAt(key), key);
                }
                assertNull(store.get("hidden"));
                assertEquals(Mapcask.NEVER, store.expiresAt("batch 2"));
            }
        }
        clock.addAndGet(5);
        try (Mapcask store = Mapcask.open(crashed, options)) {
            assertEquals("value", store.get("batch 2"));
            assertNull(store.get("first"));
            assertNull(store.get("single"));
            assertNull(store.get("batch 1"));
        }
    }

    private static void copy(final Path from, final Path to, final Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (final Path file : (Iterable<Path>)files::iterator) {
                final String name = file.getFileName().toString();
                if (wanted.test(name)) {
                    Files.write(to.resolve(name), Files.readAllBytes(file));
                }
            }
        }
    }

    @Test
    void shouldKeepTheExpiryOfWhatIsCopiedOutOfADamagedStore() {
        final Path old = directory.resolve("old");
        final Path fresh = directory.resolve("fresh");
        final long farMs = System.currentTimeMillis() + Duration.ofDays(1_000).toMillis();
        try (Mapcask store = Mapcask.open(old, options().build())) {
            final Batch batch = new Batch();
            batch.put("short", "value", farMs);
            batch.put("long", "v".repeat(50), farMs + 1);
            batch.put("never", "value");
            batch.put("over", "value", 1);
            store.write(batch);
            final UnsafeBuffer longest = new UnsafeBuffer(new byte[40_000]);
            store.put(longest, 0, 8, longest, 0, 40_000, farMs + 2);
        }
        final RecoverReport report = Mapcask.recover(old, fresh, (phase, done, total) -> {
        });
        assertEquals(4, report.keys());
        assertTrue(report.sound());
        assertTrue(report.notes().toString().contains("of 1 keys the time to live is over"), report.toString());
        try (Mapcask store = Mapcask.open(fresh)) {
            assertEquals(4, store.size());
            assertEquals(farMs, store.expiresAt("short"));
            assertEquals(farMs + 1, store.expiresAt("long"));
            assertEquals(farMs + 2, store.expiresAt(new byte[8]));
            assertEquals(Mapcask.NEVER, store.expiresAt("never"));
        }
    }
}
