package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/** What lies behind the last record of a store that was not closed, in a segment that has room for much more. */
@Tag("core")
class ZerosAheadTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int SEGMENT_LENGTH = 2 * ZerosAhead.BYTES_MIN;

    /** A store that was killed; whether records reach nearly as far as may be. */
    private static MemoryFileOps killed(final boolean full) {
        final MemoryFileOps files = new MemoryFileOps();
        final EngineStore store = EngineStore.openWithoutThreads(
            EngineStore.settings(files, DIRECTORY, true, false), SEGMENT_LENGTH, SyncPolicy.NONE, 0);
        for (int i = 0; i < (full ? 75 : 10); i++) {
            store.put("key" + i, "v".repeat(100_000));
        }
        store.abandon();
        return new MemoryFileOps(files.image());
    }

    private static String segment(final MemoryFileOps files) {
        final List<String> names = files.list(DIRECTORY).stream().filter(SegmentFileNames::isSegment).toList();
        return names.get(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFindNothingBehindTheLastRecord(final boolean full) {
        final MemoryFileOps files = killed(full);
        try (EngineStore store = EngineStore.open(files, DIRECTORY, SEGMENT_LENGTH)) {
            assertNull(store.report().tornFile());
            assertEquals(full ? 75 : 10, store.stats().keys());
        }
        assertEquals(0, files.openFiles());
    }

    /** Pages reach the disk in any order: one far behind the end may be there when those before it are not. */
    @Test
    void shouldFindAByteInUseWhereverItIsAndCutTheLogOffBeforeIt() {
        final Map<String, byte[]> image = new HashMap<>(killed(false).image());
        final String name = segment(new MemoryFileOps(image));
        final int end = lastByteInUse(image.get(name)) + 1;
        final List<Integer> places = new ArrayList<>(List.of(end + 8, end + 4096, SEGMENT_LENGTH - 1));
        for (int at = SEGMENT_LENGTH - (1 << 20) - 1; at > end; at -= (1 << 20) - 3) {
            places.add(at);
        }
        for (final int place : places) {
            final MemoryFileOps files = new MemoryFileOps(image);
            files.bytes(name)[place] = 1;
            try (EngineStore store = EngineStore.open(files, DIRECTORY, SEGMENT_LENGTH)) {
                assertEquals(name, store.report().tornFile(), "byte " + place);
                assertEquals(10, store.stats().keys());
            }
            assertTrue(files.bytes(name)[place] == 0, "byte " + place + " is cleared");
        }
    }

    private static int lastByteInUse(final byte[] bytes) {
        int last = bytes.length - 1;
        while (bytes[last] == 0) {
            last--;
        }
        return last;
    }
}
