package org.mapcask.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreIoException;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.support.EngineStore;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/** A checkpoint that is durable stands, whatever becomes of the one before. */
@Tag("core")
class CheckpointRemovalTest {
    private static final Path DIRECTORY = Path.of("store");

    private final MemoryFileOps memory = new MemoryFileOps();
    private boolean refusing;
    private final ForwardingFiles files = new ForwardingFiles(memory) {
        @Override
        public void delete(final Path path) {
            if (refusing && CheckpointFileNames.isKnown(path.getFileName().toString())) {
                throw new StoreIoException(ErrorText.what("refused").where(path).todo("look at the test"));
            }
            super.delete(path);
        }
    };

    private EngineStore open() {
        return EngineStore.openWithoutThreads(new RecoverySettings(files, DIRECTORY, new DirectChunkAllocator(), true,
            false, false, true, 1000, (phase, done, total) -> {
            }, System::currentTimeMillis, true, 1 << 20), 1 << 14, SyncPolicy.NONE, 0);
    }

    private long checkpoints() {
        return memory.list(DIRECTORY).stream().filter(CheckpointFileNames::isCheckpoint).count();
    }

    @Test
    void shouldStandAlthoughTheOneBeforeItIsNotRemoved() {
        try (EngineStore store = open()) {
            store.spread(5);
            long newest = -1;
            for (int round = 0; round < 4; round++) {
                refusing = round == 1 || round == 2;
                for (int i = 0; i < 200; i++) {
                    store.put("key" + i, "value " + round + "*".repeat(200));
                }
                store.housekeep();
                assertTrue(store.stats().checkpoints().number() > newest, "round " + round);
                assertNull(store.stats().checkpoints().failure());
                newest = store.stats().checkpoints().number();
                assertEquals(round == 1 ? 2 : round == 2 ? 3 : 1, checkpoints(), "round " + round);
            }
            refusing = true;
        }
        refusing = false;
        try (EngineStore store = open()) {
            assertTrue(store.report().checkpoint() >= 0);
            assertEquals("value 3" + "*".repeat(200), store.get("key7"));
            assertEquals(1, checkpoints());
        }
    }
}
