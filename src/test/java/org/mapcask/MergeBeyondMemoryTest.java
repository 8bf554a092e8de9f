package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story: the keydir does not fit into its memory, and a put waits until the page of its key comes in. What it
 * replaces counts as alive until then. A merge that asked for the key met the put, found less alive than was counted,
 * took the segment for damaged, and never touched it again.
 */
class MergeBeyondMemoryTest {
    private static final int KEYS = 600_000;
    /** One key in so many is put again, so few that nothing but the merge has them entered. */
    private static final int EACH = 50;

    @TempDir
    private Path directory;

    @Test
    void shouldGiveBackWhatPutsReplacedThatWaitForTheirPage() {
        final MapcaskOptions options = MapcaskOptions.builder().keydirMemory(8 << 20).segmentLength(4 << 20)
            .checkpointBytes(0).checkpointIntervalMs(0).mergeIntervalMs(0).build();
        try (Mapcask store = Mapcask.open(directory, options)) {
            for (int i = 0; i < KEYS; i++) {
                store.put("key-" + i, value(i, 0));
            }
            assertEquals(KEYS, store.size(), "nothing waits any more");
            for (int i = 0; i < KEYS; i += EACH) {
                store.put("key-" + i, value(i, 1));
            }
            assertTrue(store.stats().keydir().pending() > 100, store.stats()::toString);
            store.compact();
            assertEquals(List.of(), store.stats().merge().damaged());
            assertEquals(0, store.stats().merge().givenUp());
            assertEquals(0, store.stats().deadBytes());
            check(store);
        }
        try (Mapcask store = Mapcask.open(directory, options)) {
            assertEquals(KEYS, store.size());
            assertEquals(0, store.stats().deadBytes());
            check(store);
        }
    }

    private static void check(final Mapcask store) {
        for (int i = 0; i < KEYS; i += EACH / 2) {
            assertEquals(value(i, i % EACH == 0 ? 1 : 0), store.get("key-" + i));
        }
    }

    private static String value(final int key, final int version) {
        return ("value-" + key + '-' + version + '-').repeat(8);
    }
}
