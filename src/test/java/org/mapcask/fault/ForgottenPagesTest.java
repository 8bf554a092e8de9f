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
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/**
 * The story: a sync fails, and Linux marks the pages that it could not write as clean. They are in the page cache, so
 * whoever opens the store again reads them, as does recovery; but no later sync writes them. The disk is healthy again,
 * the store is written, synced without a failure, and the power is cut. What was synced then must be there, and all
 * that came before it: a record on a page that only the page cache holds would tear the log below it.
 */
class ForgottenPagesTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int SEGMENT_LENGTH = 1 << 15;

    private final MemoryFileOps pageCache = new MemoryFileOps();
    private final PowerCutFiles files = new PowerCutFiles(pageCache);
    private final Map<String, String> written = new TreeMap<>();

    private EngineStore open() {
        return FaultSetup.NONE.open(files, DIRECTORY, SEGMENT_LENGTH);
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

    /**
     * With a write-ahead log every write is durable when it returns, although the segments cannot be synced; until the
     * log comes round and needs them. The next open sees the records in the segments, and may give up those in the log
     * only when they are there on the disk too.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotTakeThePageCacheForTheDiskWhenTheWriteAheadLogIsGivenUp(final boolean killed) {
        final EngineStore store = FaultSetup.WAL.open(files, DIRECTORY, SEGMENT_LENGTH);
        put(store, 0);
        store.housekeep();
        files.breakSyncs(true);
        final MapcaskException failure = assertThrows(MapcaskException.class, () -> {
            for (int i = 1; i < 200; i++) {
                put(store, i);
            }
        });
        assertTrue(failure.getMessage().contains("injected") && store.stats().latched(), failure.getMessage());
        assertTrue(written.size() > 8, () -> "only " + written.size() + " writes");
        if (killed) {
            store.abandon();
        } else {
            assertThrows(MapcaskException.class, store::close);
        }
        checkAfterPowerCut();
        files.breakSyncs(false);
        try (EngineStore again = FaultSetup.WAL.open(files, DIRECTORY, SEGMENT_LENGTH)) {
            for (int i = 200; i < 250; i++) {
                put(again, i);
                checkAfterPowerCut();
            }
        }
    }

    /** Of the last seals, those before the checkpoint are durable: the one behind it is in the page cache alone. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWriteAgainASealBehindTheCheckpointWhoseSyncFailed(final boolean killed) {
        final EngineStore store = FaultSetup.CHECKPOINTS.open(files, DIRECTORY, SEGMENT_LENGTH);
        for (int i = 0; i < 150; i++) {
            put(store, i);
        }
        store.housekeep();
        files.breakSyncsOfHeaders(true);
        assertThrows(MapcaskException.class, () -> {
            for (int i = 150; i < 300; i++) {
                put(store, i);
            }
        });
        assertTrue(written.size() > 150, "it failed at once, not in a seal");
        if (killed) {
            store.abandon();
        } else {
            assertThrows(MapcaskException.class, store::close);
        }
        files.breakSyncsOfHeaders(false);
        try (EngineStore again = FaultSetup.CHECKPOINTS.open(files, DIRECTORY, SEGMENT_LENGTH)) {
            assertTrue(again.report().checkpoint() >= 0, again.report().toString());
            put(again, 300);
            checkAfterPowerCut();
        }
        checkAfterPowerCut();
    }

    private void checkAfterPowerCut() {
        final MemoryFileOps disk = new MemoryFileOps(files.image());
        assertTrue(EngineStore.verify(disk, DIRECTORY).sound(), () -> EngineStore.verify(disk, DIRECTORY).toString());
        try (EngineStore store = EngineStore.open(disk, DIRECTORY, SEGMENT_LENGTH)) {
            // The write that failed may be there.
            if (store.contents().size() == written.size() + 1) {
                final Map<String, String> more = new TreeMap<>(store.contents());
                more.keySet().removeAll(written.keySet());
                written.putAll(more);
            }
            assertEquals(written.keySet(), store.contents().keySet());
            assertEquals(written, store.contents());
        }
    }
}
