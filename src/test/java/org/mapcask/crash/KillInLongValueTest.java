package org.mapcask.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.Mapcask;
import org.mapcask.support.ChildJvm;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.support.Payload;

/**
 * The story: a process writes a value of 100 MB and is ended with SIGKILL in the middle, once the value is longer than
 * a segment and gets one of its own, once it lies among other records in the active segment. After that the value must
 * be the one before, none if there was none, or the new one as a whole; never a part of it.
 */
@ExtendWith(OpenMappingsExtension.class)
class KillInLongValueTest {
    private static final int KILLED = 128 + 9;
    private static final int KILLS = 2;
    private static final int WRITES_MAX = 2;
    private static final int WRITE_US_MAX = 150_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 512 << 20})
    void shouldHoldALongValueWholeOrNotAtAllWhenKilledInTheMiddle(final int segmentLength) throws Exception {
        kill(segmentLength, KILLS, 77 + segmentLength);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {1 << 20, 512 << 20})
    void shouldHoldALongValueWholeOrNotAtAllWhenKilledManyTimes(final int segmentLength) throws Exception {
        kill(segmentLength, 40, System.nanoTime());
    }

    private void kill(final int segmentLength, final int kills, final long seed) throws Exception {
        final SplittableRandom random = new SplittableRandom(seed);
        final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(LongValueMain.VALUE_LENGTH));
        for (int kill = 0; kill < kills; kill++) {
            // A store of its own every other time, so that both "none before" and "another before" come.
            final String name = "store" + kill / 2;
            final Path ledgerFile = directory.resolve(name + ".ledger");
            final String what = "seed " + seed + ", kill " + kill;
            try (Ledger ledger = new Ledger(ledgerFile, 1)) {
                runAndKill(directory.resolve(name), ledgerFile, segmentLength, random, what);
                check(directory.resolve(name), ledger, segmentLength, value, what);
            }
        }
    }

    private static void runAndKill(
        final Path store, final Path ledger, final int segmentLength, final SplittableRandom random, final String what)
        throws Exception {
        final List<String> options = List.of("-XX:TieredStopAtLevel=1", "-Xmx64m", "-XX:MaxDirectMemorySize=256m");
        try (ChildJvm child = ChildJvm.start(List.of(), options, LongValueMain.class,
            store.toString(), ledger.toString(), Integer.toString(segmentLength))) {
            for (int i = 1 + random.nextInt(WRITES_MAX); i > 0; i--) {
                assertEquals("begin", child.nextLine(), what);
            }
            LockSupport.parkNanos(random.nextInt(WRITE_US_MAX) * 1000L);
            assertEquals(KILLED, child.kill(), what + ": the child ended by itself, see its error stream");
        }
    }

    private static void check(
        final Path directory, final Ledger ledger, final int segmentLength, final UnsafeBuffer value,
        final String what) {
        final UnsafeBuffer key = new UnsafeBuffer(LongValueMain.KEY, 0, LongValueMain.KEY.capacity());
        try (Mapcask store = Mapcask.open(directory, LongValueMain.options(segmentLength))) {
            final int length = store.get(key, 0, key.capacity(), value, 0, value.capacity());
            final long acknowledged = ledger.acknowledged(0);
            final long begun = ledger.begun(0);
            assertNotEquals(0, begun, what + ": the child has written nothing");
            if (length == Mapcask.NOT_FOUND) {
                assertEquals(0, acknowledged, what + ": an acknowledged value is missing");
                assertEquals(0, store.size(), what);
                return;
            }
            assertEquals(LongValueMain.VALUE_LENGTH, length, what);
            final boolean isNew = Payload.fault(value, 0, length, 0, begun) == null;
            assertTrue(isNew || acknowledged > 0, what + ": neither version " + begun + " nor absent");
            if (!isNew) {
                final String fault = Payload.fault(value, 0, length, 0, acknowledged);
                assertEquals(null, fault, what);
            }
            ledger.acknowledge(0, isNew ? begun : acknowledged);
        }
    }
}
