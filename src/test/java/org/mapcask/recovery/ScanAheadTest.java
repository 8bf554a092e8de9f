package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.CorruptionException;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/** Logs that are long enough to be read by other threads than the one that replays them. */
@Tag("core")
class ScanAheadTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int SEGMENT_LENGTH = 1 << 20;
    private static final int OPERATIONS = 60_000;
    private static final long SEED = 20261127;

    private final Map<String, String> expected = new TreeMap<>();
    private MemoryFileOps files = new MemoryFileOps();

    /** Puts, overwrites, deletions and batches; left without a close. */
    private void write() {
        final Random random = new Random(SEED);
        final EngineStore store = EngineStore.openWithoutThreads(
            EngineStore.settings(files, DIRECTORY, true, false), SEGMENT_LENGTH, SyncPolicy.NONE, 0);
        for (int i = 0; i < OPERATIONS; i++) {
            if (i % 500 == 0) {
                store.housekeep();
            }
            final String key = "key" + random.nextInt(OPERATIONS / 2);
            if (i % 7 == 0) {
                final Map<String, String> batch = new TreeMap<>();
                for (int j = 0; j < 3; j++) {
                    batch.put("key" + random.nextInt(OPERATIONS / 2), "batch " + i + "b".repeat(random.nextInt(200)));
                }
                store.writeBatch(batch);
                expected.putAll(batch);
            } else if (i % 5 == 0) {
                assertEquals(expected.remove(key) != null, store.delete(key));
            } else {
                final String value = "value " + i + "v".repeat(random.nextInt(i % 1000 == 0 ? 70_000 : 200));
                store.put(key, value);
                expected.put(key, value);
            }
        }
        store.sync();
        store.abandon();
        files = new MemoryFileOps(files.image());
        final long length = segments().size() * (long)SEGMENT_LENGTH;
        assertTrue(length > 2 * ScanAhead.BYTES_MIN, "seed " + SEED + ", " + length + " bytes");
    }

    private List<String> segments() {
        return files.list(DIRECTORY).stream().filter(SegmentFileNames::isSegment).toList();
    }

    @Test
    void shouldFindWhatOneThreadWouldFind() {
        write();
        try (EngineStore store = EngineStore.open(files, DIRECTORY, SEGMENT_LENGTH)) {
            assertEquals(expected, store.contents());
            assertEquals(expected.size(), store.stats().keys());
        }
        assertEquals(0, files.openFiles());
    }

    @Test
    void shouldNameTheDamageOfTheFirstSegmentThatHasAny() {
        write();
        for (final int place : new int[] {2, 4}) {
            files.bytes(segments().get(place))[SEGMENT_LENGTH / 2] ^= 1;
        }
        final CorruptionException refused = assertThrows(
            CorruptionException.class, () -> EngineStore.open(files, DIRECTORY, SEGMENT_LENGTH));
        assertEquals(segments().get(2), refused.file());
        assertEquals(0, files.openFiles());
        try (EngineStore store = EngineStore.openReadOnly(files, DIRECTORY, true)) {
            assertEquals(List.of(segments().get(2), segments().get(4)),
                store.report().damages().stream().map(Damage::file).distinct().toList());
            int found = 0;
            for (final Map.Entry<String, String> entry : store.contents().entrySet()) {
                found += entry.getValue().equals(expected.get(entry.getKey())) ? 1 : 0;
            }
            assertTrue(found > expected.size() * 9 / 10, found + " of " + expected.size());
        }
    }

    @Test
    void shouldCutATornTail() {
        write();
        final String last = segments().get(segments().size() - 1);
        final byte[] bytes = files.bytes(last);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        // Behind what was durable, the beginning of a record that never was whole.
        Arrays.fill(bytes, (end + 7) / 8 * 8, (end + 7) / 8 * 8 + 20, (byte)0x41);
        try (EngineStore store = EngineStore.open(files, DIRECTORY, SEGMENT_LENGTH)) {
            assertEquals(last, store.report().tornFile());
            assertEquals(expected, store.contents());
        }
    }
}
