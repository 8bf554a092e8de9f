package org.mapcask.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.support.ChildJvm;

/**
 * A process is killed while it makes checkpoints, lets pages of its keydir go, and merges. Its successor finds every
 * write that was acknowledged, and starts from a checkpoint.
 */
class KillWithCheckpointsTest {
    private static final int KILLED = 128 + 9;
    private static final int RUN_MS_MAX = 800;
    private static final long SEED = 20261127;
    private static final int SAMPLE = 5_000;

    @TempDir
    private Path directory;

    /** The last write of each key; 0 is the first of all. */
    private final long[] last = new long[PagedLoadMain.KEYS];
    private long applied;

    @Test
    void shouldKeepEveryAcknowledgedWriteAndStartFromCheckpoints() throws Exception {
        kill(3, SEED);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldKeepEveryAcknowledgedWriteOfManyKilledProcesses() throws Exception {
        kill(Integer.getInteger("mapcask.kills", 200), System.nanoTime());
    }

    private void kill(final int kills, final long seed) throws Exception {
        final SplittableRandom random = new SplittableRandom(seed);
        final Path path = directory.resolve("store");
        final MappedByteBuffer ledger = PagedLoadMain.ledger(directory.resolve("ledger"));
        try (Mapcask store = Mapcask.open(path, PagedLoadMain.options(false))) {
            for (int key = 0; key < PagedLoadMain.KEYS; key++) {
                store.put(PagedLoadMain.name(key), PagedLoadMain.value(0));
            }
        }
        int fromCheckpoint = 0;
        for (int i = 0; i < kills; i++) {
            try (ChildJvm child = ChildJvm.start(PagedLoadMain.class)) {
                child.await("ready");
                child.tell(path + "\t" + directory.resolve("ledger") + "\t" + (applied + 1));
                final String opened = child.nextLine();
                fromCheckpoint += opened.startsWith("open ") && !opened.equals("open -1") ? 1 : 0;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(RUN_MS_MAX)));
                assertEquals(KILLED, child.kill(), "seed " + seed + ", kill " + i + ": see the child's error stream");
            }
            check(path, ledger, random, "seed " + seed + ", kill " + i);
        }
        System.out.println(fromCheckpoint + " of " + kills + " opens from a checkpoint, " + applied + " writes");
        assertTrue(fromCheckpoint > kills / 2, fromCheckpoint + " of " + kills);
        assertTrue(applied > 100L * kills, applied + " writes: this shows nothing");
    }

    private void check(
        final Path path, final MappedByteBuffer ledger, final SplittableRandom random, final String what) {
        final long first = applied + 1;
        try (Mapcask store = Mapcask.open(path, PagedLoadMain.options(true))) {
            applied = Math.max(applied, PagedLoadMain.acknowledged(ledger));
            for (long number = first; number <= applied; number++) {
                last[PagedLoadMain.key(number)] = number;
            }
            final long begun = PagedLoadMain.begun(ledger);
            if (begun > applied && isThere(store, begun)) {
                applied = begun;
                last[PagedLoadMain.key(begun)] = begun;
            }
            for (long number = Math.max(first, applied - SAMPLE); number <= applied; number++) {
                checkKey(store, PagedLoadMain.key(number), what);
            }
            for (int i = 0; i < SAMPLE; i++) {
                checkKey(store, random.nextInt(PagedLoadMain.KEYS), what);
            }
            long keys = 0;
            for (final long number : last) {
                keys += number == 0 || !PagedLoadMain.isDelete(number) ? 1 : 0;
            }
            assertEquals(keys, store.size(), what);
        }
    }

    private static boolean isThere(final Mapcask store, final long number) {
        final String found = store.get(PagedLoadMain.name(PagedLoadMain.key(number)));
        return PagedLoadMain.isDelete(number) ? found == null : PagedLoadMain.value(number).equals(found);
    }

    private void checkKey(final Mapcask store, final int key, final String what) {
        final long number = last[key];
        assertEquals(number != 0 && PagedLoadMain.isDelete(number) ? null : PagedLoadMain.value(number),
            store.get(PagedLoadMain.name(key)), what + ", key " + key + ", write " + number);
    }
}
