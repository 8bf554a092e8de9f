package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.checkpoint.CheckpointFileNames;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.io.StoreFile;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.support.EngineStore;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/** Hints are written of each durable byte here, and a checkpoint is made at each housekeeping. */
@Tag("core")
class HintsTest {
    private static final Path DIRECTORY = Path.of("store");

    private final MemoryFileOps memory = new MemoryFileOps();
    private final List<String> made = new ArrayList<>();
    private String refused = "";
    private final ForwardingFiles files = new ForwardingFiles(memory) {
        @Override
        public StoreFile create(final Path path) {
            final boolean hint = CheckpointFileNames.isHint(path.getFileName().toString());
            if (hint) {
                refuse("create", path);
                made.add(path.getFileName().toString());
            }
            final StoreFile file = super.create(path);
            return !hint ? file : new ForwardingFiles.File(file) {
                @Override
                public void write(final long fileOffset, final ByteBuffer directBuffer) {
                    refuse("write", path);
                    super.write(fileOffset, directBuffer);
                }
            };
        }
    };

    private void refuse(final String call, final Path path) {
        if (refused.equals(call)) {
            throw new StorageSpaceException(ErrorText.what("no room").where(path).todo("look at the test"));
        }
    }

    private EngineStore open() {
        return EngineStore.openWithoutThreads(new RecoverySettings(files, DIRECTORY, new DirectChunkAllocator(), true,
            false, false, true, 1000, (phase, done, total) -> {
            }, System::currentTimeMillis, true, 1 << 20), 1 << 14, SyncPolicy.NONE, 0);
    }

    private static void fill(final EngineStore store, final int round) {
        for (int i = 0; i < 200; i++) {
            store.put("key" + i, "value " + round + "*".repeat(200));
        }
    }

    private List<String> hints() {
        return memory.list(DIRECTORY).stream().filter(CheckpointFileNames::isHint).toList();
    }

    @Test
    void shouldTellOfNothingBeforeTheFirstCheckpointAndOfDurableRecordsBehindIt() {
        try (EngineStore store = open()) {
            fill(store, 0);
            store.sync();
            store.housekeep();
            assertEquals(List.of(), made, "the log was read, not a checkpoint");
            fill(store, 1);
            store.sync();
            store.housekeep();
            assertTrue(made.size() > 1, made.toString());
            assertEquals(List.of(), hints(), "the checkpoint behind them has what they told");
        }
    }

    /** The disk is full where a hint wants to grow: that is told, and costs nothing but the hint. */
    @ParameterizedTest
    @ValueSource(strings = {"create", "write"})
    void shouldGoOnWithoutHintsThatCannotBeWritten(final String call) {
        try (EngineStore store = open()) {
            fill(store, 0);
            store.housekeep();
            refused = call;
            for (int round = 1; round < 4; round++) {
                fill(store, round);
                store.sync();
                store.housekeep();
                assertNull(store.stats().checkpoints().failure());
            }
            assertEquals("value 3" + "*".repeat(200), store.get("key7"));
        }
        refused = "";
        try (EngineStore store = open()) {
            assertTrue(store.report().checkpoint() >= 0);
            assertEquals("value 3" + "*".repeat(200), store.get("key7"));
            assertEquals(List.of(), hints());
        }
    }
}
