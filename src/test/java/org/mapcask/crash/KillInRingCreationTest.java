package org.mapcask.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.crash.WriteLoadMain.Setup;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.ChildJvm;
import org.mapcask.support.DurabilityPolicy;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.wal.Wal;
import org.mapcask.wal.WalFileNames;

/**
 * The story: a store is opened each time with another length of its write-ahead log, so that each time a new ring of
 * files is made; and in the middle of that the process is killed. What the old ring alone held must be there, and what
 * is left of the new one must disturb nobody.
 */
@ExtendWith(OpenMappingsExtension.class)
class KillInRingCreationTest {
    private static final int KILLED = 128 + 9;
    private static final int[] WAL_LENGTHS = {16 << 20, 32 << 20, 8 << 20};
    private static final int SEGMENT_LENGTH = 1 << 20;
    private static final int RUN_US = 20_000;
    private static final long FILES_NS_MAX = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path directory;

    private final Deque<ChildJvm> waiting = new ArrayDeque<>();
    private int killedInCreation;

    @Test
    void shouldKeepEveryAcknowledgedWriteWhenKilledWhileTheRingIsMade() throws Exception {
        killRepeatedly(8, 20250302);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldKeepEveryAcknowledgedWriteWhenKilledOftenWhileTheRingIsMade() throws Exception {
        killRepeatedly(200, System.nanoTime());
    }

    private void killRepeatedly(final int kills, final long seed) throws Exception {
        final SplittableRandom random = new SplittableRandom(seed);
        final Path store = directory.resolve("store");
        final Path ledgerFile = directory.resolve("ledger");
        try (Ledger ledger = new Ledger(ledgerFile, WriteLoad.KEYS)) {
            waiting.add(ChildJvm.start(WriteLoadMain.class));
            for (int i = 0; i < kills; i++) {
                final String what = "seed " + seed + ", kill " + i;
                final int walLength = WAL_LENGTHS[i % WAL_LENGTHS.length];
                final Setup setup = new Setup(DurabilityPolicy.WAL, SEGMENT_LENGTH, walLength);
                final String order = WriteLoadMain.order(store, ledgerFile, setup, seed, random.nextLong());
                assertEquals(
                    KILLED, runAndKill(order, store, i % 2 == 1, random), what + ": the child ended by itself");
                killedInCreation += isRingUnfinished(store) ? 1 : 0;
                final VerifyReport report = Mapcask.verify(store, (phase, done, total) -> {
                });
                assertTrue(report.sound(), () -> what + ": " + report);
                if (random.nextInt(3) == 0) {
                    KillRecoveryTest.check(store, setup, seed, ledger, what);
                    assertEquals(Wal.FILE_COUNT, walFiles(store).size(), what + ": " + walFiles(store));
                }
            }
        } finally {
            waiting.forEach(ChildJvm::close);
        }
        final int hits = killedInCreation;
        assertTrue(hits >= kills / 8, () -> "only " + hits + " kills met an unfinished ring: this shows little");
    }

    /** By turns while it writes, and as soon as files of a new ring come up and a little later. */
    private int runAndKill(
        final String order, final Path store, final boolean inCreation, final SplittableRandom random)
        throws Exception {
        try (ChildJvm child = waiting.remove()) {
            waiting.add(ChildJvm.start(WriteLoadMain.class));
            child.await("ready");
            final List<String> before = walFiles(store);
            child.tell(order);
            if (inCreation) {
                final int newFiles = random.nextInt(Wal.FILE_COUNT);
                final long start = System.nanoTime();
                while (newFiles(store, before) <= newFiles && System.nanoTime() - start < FILES_NS_MAX) {
                    Thread.onSpinWait();
                }
                LockSupport.parkNanos(random.nextInt(3_000) * 1000L);
            } else {
                child.await("open");
                LockSupport.parkNanos(random.nextInt(RUN_US) * 1000L);
            }
            return child.kill();
        }
    }

    private static long newFiles(final Path store, final List<String> before) throws IOException {
        return walFiles(store).stream().filter(name -> !before.contains(name)).count();
    }

    /** Files of more than one ring: the old one is removed when the new one is whole. */
    private static boolean isRingUnfinished(final Path store) throws IOException {
        return walFiles(store).size() != Wal.FILE_COUNT;
    }

    private static List<String> walFiles(final Path store) throws IOException {
        if (!Files.isDirectory(store)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(store)) {
            return files.map(path -> path.getFileName().toString()).filter(WalFileNames::isWal).toList();
        }
    }
}
