package org.mapcask.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.crash.WriteLoadMain.Setup;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.ChildJvm;
import org.mapcask.support.DurabilityPolicy;
import org.mapcask.support.OpenMappingsExtension;

/**
 * The story: under each policy of durability a process writes with two threads, short values and values longer than a
 * segment, in segments so small that it rolls all the time. At a random moment the operating system ends it with
 * SIGKILL: in the middle of a copy, of a roll, of a sync, of an open. Another process opens the directory and goes on,
 * and is killed too. After each kill every acknowledged write must be there, the one that was under way in each thread
 * must be there as a whole or not at all, and nothing may be there that nobody wrote.
 */
@ExtendWith(OpenMappingsExtension.class)
class KillRecoveryTest {
    private static final int KILLED = 128 + 9;
    private static final DurabilityPolicy[] POLICIES = DurabilityPolicy.values();
    private static final int[] SEGMENT_LENGTHS = {32 << 10, 8 << 20, 256 << 10, 64 << 20, 1 << 20};
    /** So short that it comes round in one run. */
    private static final int WAL_LENGTH = 1 << 20;
    private static final int RUN_US_MAX = 50_000;
    private static final int OPEN_US_MAX = 100_000;
    /** Writes that a process may do before the random moment of its end comes up, at the most. */
    private static final int WRITES_AWAITED_MAX = 30;
    private static final int WRITES_PER_KILL_MIN = 5;
    private static final int WAITING = 2;
    private static final long POLL_NS = 100_000;

    @TempDir
    Path directory;

    private final Deque<ChildJvm> waiting = new ArrayDeque<>();
    private int started;
    private long awaited;
    private long acknowledged;

    @Test
    void shouldKeepEveryAcknowledgedWriteWhenKilledUnderEachPolicy() throws Exception {
        killRepeatedly(POLICIES.length, 3, 20240611);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void shouldKeepEveryAcknowledgedWriteWhenKilledAThousandTimes() throws Exception {
        killRepeatedly(Integer.getInteger("mapcask.kills", 1000) / 10, 10, System.nanoTime());
    }

    private void killRepeatedly(final int stores, final int killsPerStore, final long seed) throws Exception {
        final SplittableRandom random = new SplittableRandom(seed);
        try {
            while (waiting.size() < WAITING) {
                startNext();
            }
            for (int i = 0; i < stores; i++) {
                final Setup setup = new Setup(
                    POLICIES[i % POLICIES.length], SEGMENT_LENGTHS[i % SEGMENT_LENGTHS.length], WAL_LENGTH);
                final String what = "seed " + seed + ", store " + i + ", " + setup;
                killOneStore(directory.resolve("store" + i), killsPerStore, setup, random, what);
            }
        } finally {
            waiting.forEach(ChildJvm::close);
        }
        final long writes = acknowledged;
        assertTrue(writes >= awaited && awaited >= (long)WRITES_PER_KILL_MIN * stores * killsPerStore,
            () -> "only " + writes + " writes of " + awaited + " that were waited for: this shows nothing");
    }

    /** By turns with JNA, if it is there, and in plain Java: what one has written, the other must read. */
    private void startNext() throws IOException {
        final String mode = started++ % 2 == 0 ? System.getProperty(NativeAccess.PROPERTY, "auto") : "java";
        waiting.add(ChildJvm.start(List.of(), List.of("-XX:TieredStopAtLevel=1", "-Xmx256m",
            "-D" + NativeAccess.PROPERTY + "=" + mode), WriteLoadMain.class));
    }

    private void killOneStore(
        final Path store, final int kills, final Setup setup, final SplittableRandom random, final String what)
        throws Exception {
        final Path ledgerFile = directory.resolve(store.getFileName() + ".ledger");
        final long loadSeed = random.nextLong();
        try (Ledger ledger = new Ledger(ledgerFile, WriteLoad.KEYS)) {
            for (int kill = 0; kill < kills; kill++) {
                final String order =
                    WriteLoadMain.order(store, ledgerFile, setup, loadSeed, random.nextLong());
                assertEquals(KILLED, runAndKill(order, ledger, random, kill), what + ", kill " + kill
                    + ": the child ended by itself, see its error stream");
                if (kill == kills - 1 || random.nextInt(4) != 0) {
                    check(store, setup, loadSeed, ledger, what + ", kill " + kill);
                }
            }
            acknowledged += acknowledged(ledger);
        }
        final VerifyReport report = Mapcask.verify(store, (phase, done, total) -> {
        });
        assertTrue(report.sound(), () -> what + ": " + report);
    }

    /** While one process writes, the next ones start: most of the time of this test goes into starting them. */
    private int runAndKill(
        final String order, final Ledger ledger, final SplittableRandom random, final int kill) throws Exception {
        try (ChildJvm child = waiting.remove()) {
            startNext();
            child.await("ready");
            child.tell(order);
            if (kill > 0 && random.nextInt(5) == 0) {
                LockSupport.parkNanos(random.nextInt(OPEN_US_MAX) * 1000L);
            } else {
                child.nextLine();
                awaitWrites(child, ledger, random.nextInt(WRITES_AWAITED_MAX));
                LockSupport.parkNanos(random.nextInt(RUN_US_MAX) * 1000L);
            }
            return child.kill();
        }
    }

    /** On a machine that is slow, or has other work, a time alone would end processes that have written nothing. */
    private void awaitWrites(final ChildJvm child, final Ledger ledger, final int writes) {
        final long enough = acknowledged(ledger) + writes;
        while (acknowledged(ledger) < enough && child.isAlive()) {
            LockSupport.parkNanos(POLL_NS);
        }
        awaited += writes;
    }

    private static long acknowledged(final Ledger ledger) {
        long sum = 0;
        for (int key = 0; key < WriteLoad.KEYS; key++) {
            sum += ledger.acknowledged(key);
        }
        return sum;
    }

    static void check(
        final Path directory, final Setup setup, final long loadSeed, final Ledger ledger, final String what) {
        try (Mapcask store = Mapcask.open(directory, setup.options())) {
            new WriteLoad(loadSeed, store, ledger).checkAndSettle();
        } catch (final RuntimeException ex) {
            throw new AssertionError(what + ": " + ex.getMessage(), ex);
        }
    }
}
