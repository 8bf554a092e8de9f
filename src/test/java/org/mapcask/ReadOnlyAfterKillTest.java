package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.io.SystemFileOps;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.recovery.Recovery;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.segment.Segment;
import org.mapcask.support.KilledCopy;

/**
 * The story: a process with a checkpoint behind it writes on, over keys and new ones, deletes some, and is killed. Who
 * opens what it left to read alone waits neither for pages nor for room for them: what was written behind the
 * checkpoint is entered when somebody asks for a figure that needs it.
 */
@Tag("core")
class ReadOnlyAfterKillTest {
    private static final int KEYS = 100_000;
    private static final long SEED = 20261129L;

    @TempDir
    private Path home;
    private Path killed;
    private final Map<String, String> model = new HashMap<>();

    @BeforeEach
    void writeAndKill() throws IOException {
        final Path directory = home.resolve("store");
        killed = home.resolve("killed");
        final MapcaskOptions options = MapcaskOptions.builder().segmentLength(4 << 20).mergeIntervalMs(0)
            .checkpointBytes(0).checkpointIntervalMs(0).build();
        try (Mapcask store = Mapcask.open(directory, options)) {
            for (int i = 0; i < KEYS; i++) {
                put(store, "key-" + i, "value-" + i);
            }
        }
        final Random random = new Random(SEED);
        try (Mapcask store = Mapcask.open(directory, options)) {
            for (int i = 0; i < 20_000; i++) {
                final String key = "key-" + random.nextInt(KEYS + KEYS / 10);
                if (random.nextInt(4) == 0) {
                    assertEquals(model.remove(key) != null, store.delete(key), "seed " + SEED);
                } else {
                    put(store, key, "new-" + i);
                }
            }
            KilledCopy.make(directory, killed);
        }
    }

    private void put(final Mapcask store, final String key, final String value) {
        store.put(key, value);
        model.put(key, value);
    }

    private static MapcaskOptions readOnly() {
        return MapcaskOptions.builder().readOnly(true).build();
    }

    @Test
    void shouldReadNoPageToOpen() {
        final RecoverySettings settings = new RecoverySettings(new SystemFileOps(), killed,
            new DirectChunkAllocator(), false, false, false, true, 1_000, (phase, done, total) -> { },
            System::currentTimeMillis, true, 64 << 20);
        try (Recovery recovery = new Recovery(settings)) {
            recovery.run().table().segments().forEach(Segment::close);
            assertTrue(recovery.report().checkpoint() >= 0, recovery.report()::toString);
            assertTrue(recovery.keydir().pending() > 10_000, () -> recovery.keydir().pending() + " changes wait");
            assertEquals(0, recovery.keydir().figures().pagesInMemory());
        }
    }

    @Test
    void shouldFindWhatWasWrittenBehindTheCheckpoint() {
        try (Mapcask store = Mapcask.open(killed, readOnly())) {
            for (int i = 0; i < KEYS + KEYS / 10; i++) {
                final String key = "key-" + i;
                assertEquals(model.get(key), store.get(key), "seed " + SEED);
                assertEquals(model.containsKey(key), store.contains(key), "seed " + SEED);
            }
            assertEquals(model.size(), store.size());
        }
    }

    @Test
    void shouldCountAndWalkExactly() {
        try (Mapcask store = Mapcask.open(killed, readOnly())) {
            final Map<String, String> seen = new HashMap<>();
            store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> assertNull(seen.put(
                key.getStringWithoutLengthUtf8(keyOffset, keyLength),
                value.getStringWithoutLengthUtf8(valueOffset, valueLength))));
            assertEquals(model, seen, "seed " + SEED);
            assertEquals(model.size(), store.stats().keys());
        }
        final long live;
        try (Mapcask store = Mapcask.open(killed, readOnly())) {
            live = store.stats().liveBytes();
        }
        try (Mapcask store = Mapcask.open(killed, MapcaskOptions.builder().mergeIntervalMs(0).build())) {
            assertEquals(model.size(), store.size());
            assertEquals(store.stats().liveBytes(), live);
        }
    }

    @Test
    void shouldAnswerReadersWhileItIsCounted() throws InterruptedException, ExecutionException {
        final ExecutorService readers = Executors.newFixedThreadPool(3);
        try (Mapcask store = Mapcask.open(killed, readOnly())) {
            final List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                final Random random = new Random(SEED + t);
                done.add(readers.submit(() -> {
                    for (int i = 0; i < 50_000; i++) {
                        final String key = "key-" + random.nextInt(KEYS + KEYS / 10);
                        assertEquals(model.get(key), store.get(key), "seed " + SEED);
                    }
                }));
            }
            done.add(readers.submit(() -> assertEquals(model.size(), store.size())));
            for (final Future<?> one : done) {
                one.get();
            }
        } finally {
            readers.shutdownNow();
        }
    }
}
