package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.lab.probe.DirectFile;
import org.mapcask.lab.probe.FileState;
import org.mapcask.lab.probe.SyncCall;
import org.mapcask.lab.rig.Operation;

class DurableArmTest {
    private static final long ROUND_NS = 10_000_000;
    private static final int WRITES = 100;

    @TempDir
    Path directory;

    @Test
    void shouldFindEveryAppendOfEachStateAndWay() throws IOException {
        for (final FileState state : FileState.values()) {
            for (final SyncCall call : RawAppendArm.CALLS) {
                for (final int length : DurableRun.APPEND_LENGTHS) {
                    try (RawAppendArm arm = new RawAppendArm(state, call, length, directory)) {
                        assertEquals(WRITES, perform(arm), arm.name());
                        assertEquals(0, arm.endRound(), arm.name());
                    }
                }
            }
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(0, left.count(), "files left behind");
        }
    }

    @Test
    void shouldTellAnAppendThatIsNotInTheFile() throws IOException {
        try (RawAppendArm arm = new RawAppendArm(
            FileState.ZEROED, SyncCall.FDATASYNC, 128, directory)) {
            perform(arm);
            overwrite(directory.resolve(arm.name()), 7 * 128);
            assertEquals(1, arm.endRound());
        }
    }

    @Test
    void shouldTellABlockOfTheBareLoopThatIsNotInTheFile() throws IOException {
        final Path file = directory.resolve("bare");
        try (BareWriteArm arm = new BareWriteArm(file)) {
            perform(arm);
            assertEquals(0, arm.verify());
            overwrite(file, 3 * DirectFile.BLOCK_LENGTH);
            assertEquals(1, arm.verify());
        }
        assertTrue(Files.notExists(file));
    }

    @Test
    void shouldReadBackEveryPutAfterOpeningTheStoreAgain() throws IOException {
        final Map<String, String> options = Map.of("segmentLength", "64k");
        try (StoreArm arm = new StoreArm("msync", "", directory.resolve("store"), options)) {
            perform(arm);
            perform(arm);
            assertEquals(2L * WRITES, arm.stats().get("keys"));
            assertEquals(0, arm.verify());
            // One more is counted as written than there is.
            arm.workload().newOperation(0, 1).verify();
            assertTrue(arm.verify() > 0);
        }
        assertTrue(Files.notExists(directory.resolve("store")));
    }

    private static long perform(final DurableArm arm) throws IOException {
        assertTrue(arm.beginRound(ROUND_NS) >= WRITES, arm.name());
        final Operation operation = arm.workload().newOperation(0, 1);
        for (int i = 0; i < WRITES; i++) {
            operation.prepare();
            operation.perform();
            assertTrue(operation.verify());
        }
        return WRITES;
    }

    private static void overwrite(final Path file, final long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertEquals(1, channel.write(ByteBuffer.wrap(new byte[] {99}), offset));
        }
    }
}
