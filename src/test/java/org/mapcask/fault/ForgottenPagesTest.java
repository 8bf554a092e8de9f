package org.mapcask.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.errors.MapcaskException;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/**
 * The story: a sync fails, and Linux marks the pages that it could not write as clean. They are in the page cache, so
 * whoever opens the store again reads them, as does recovery; but no later sync writes them. The disk is healthy again,
 * the store is written, synced without a failure, and the power is cut. What was synced then must be there, and all that
 * came before it: a record on a page that only the page cache holds would tear the log below it.
 */
class ForgottenPagesTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int SEGMENT_LENGTH = 1 << 15;

    private final MemoryFileOps pageCache = new MemoryFileOps();
    private final PowerCutFiles files = new PowerCutFiles(pageCache);
    private final Map<String, String> written = new TreeMap<>();

    private EngineStore open() {
        final RecoverySettings settings = EngineStore.settings(files, DIRECTORY, true, false);
        return EngineStore.openWithoutThreads(settings, SEGMENT_LENGTH, SyncPolicy.NONE, null);
    }

    private void put(final EngineStore store, final int number) {
        store.put("key" + number, number + "*".repeat(1_000));
        written.put("key" + number, number + "*".repeat(1_000));
    }

    /** With and without a roll between what was synced last and the failure, and the end by a kill or a close. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50, -1, -10, -50})
    void shouldWriteAgainWhatAFailedSyncMayHaveLeftInThePageCacheOnly(final int variant) {
        final int unsynced = Math.abs(variant);
        final EngineStore store = open();
        for (int i = 0; i < 5; i++) {
            put(store, i);
        }
        store.sync();
        for (int i = 5; i < 5 + unsynced; i++) {
            put(store, i);
        }
        files.breakSyncs(true);
        assertThrows(MapcaskException.class, store::sync);
        if (variant > 0) {
            store.abandon();
        } else {
            assertThrows(MapcaskException.class, store::close);
        }
        files.breakSyncs(false);

        try (EngineStore again = open()) {
            assertEquals(written, again.contents(), "the page cache still holds everything");
            put(again, 100);
            again.sync();
            checkAfterPowerCut();
            for (int i = 101; i < 150; i++) {
                put(again, i);
            }
            again.housekeep();
        }
        checkAfterPowerCut();
    }

    private void checkAfterPowerCut() {
        final MemoryFileOps disk = new MemoryFileOps(files.image());
        assertTrue(EngineStore.verify(disk, DIRECTORY).sound(), () -> EngineStore.verify(disk, DIRECTORY).toString());
        try (EngineStore store = EngineStore.open(disk, DIRECTORY, SEGMENT_LENGTH)) {
            assertEquals(written.keySet(), store.contents().keySet());
            assertEquals(written, store.contents());
        }
    }
}
