package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mapcask.format.HeaderDescriptor.PAGE_LENGTH;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ReadOnlyStoreException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreClosedException;
import org.mapcask.io.TmpfsMount;
import org.mapcask.merge.CompactResult;
import org.mapcask.merge.MergeByHand;
import org.mapcask.merge.MergeStats;
import org.mapcask.support.OpenMappingsExtension;

/** What an embedder sees of merges: space comes back, nothing else changes, and no failure costs data. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class MergeTest {
    private static final int SEGMENT_LENGTH = 64 << 10;

    @TempDir
    private Path directory;

    private static MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().segmentLength(SEGMENT_LENGTH).prefaultWindow(0).mergeIntervalMs(0);
    }

    private static String value(final int key, final int version) {
        return ("value-" + key + '-' + version + '-').repeat(8);
    }

    private static void putAll(final Mapcask store, final int keys, final int version) {
        for (int i = 0; i < keys; i++) {
            store.put("key-" + i, value(i, version));
        }
    }

    private static void checkAll(final Mapcask store, final int keys, final int version) {
        assertEquals(keys, store.size());
        for (int i = 0; i < keys; i++) {
            assertEquals(value(i, version), store.get("key-" + i));
        }
    }

    @Test
    void shouldGiveBackWhatWasOverwritten() {
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            for (int version = 0; version < 10; version++) {
                putAll(store, 1000, version);
            }
            final MapcaskStats before = store.stats();
            final CompactResult result = store.compact();
            final MapcaskStats after = store.stats();
            assertEquals(before.liveBytes(), after.liveBytes());
            assertEquals(before.deadBytes(), result.reclaimedBytes());
            assertEquals(before.logBytes() + result.segmentsBefore() * (long)PAGE_LENGTH, result.bytesBefore());
            assertEquals(after.logBytes() + result.segmentsAfter() * (long)PAGE_LENGTH, result.bytesAfter());
            assertEquals(0, after.deadBytes());
            assertEquals(result.segmentsAfter(), after.segments(), "nothing waits to be removed");
            assertEquals(0, after.merge().retiring());
            assertTrue(after.totalBytes() < after.liveBytes() + 3 * SEGMENT_LENGTH, after::toString);
            checkAll(store, 1000, 9);
            assertEquals(0, store.compact().runs(), "there is nothing left");
        }
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            checkAll(store, 1000, 9);
            assertEquals(0, store.stats().deadBytes());
        }
    }

    @Test
    void shouldLeaveNoGarbageForEachRecordThatItReadsOrMoves() {
        final int keys = 20_000;
        final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        try (Mapcask store = Mapcask.open(directory, options().segmentLength(16 << 20).build())) {
            final MergeByHand merges = EngineMerges.of(store.engine(), 16 << 20);
            long least = Long.MAX_VALUE;
            for (int version = 0; version < 5; version++) {
                putAll(store, keys, version);
                for (int i = 0; i < keys; i += 2) {
                    store.put("key-" + i, value(i, version));
                }
                store.engine().merging().rollActive();
                final long before = threads.getCurrentThreadAllocatedBytes();
                assertTrue(merges.mergeByPolicy());
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                checkAll(store, keys, version);
            }
            // The list of moves has 24 bytes for each; the rest is for each run.
            final long bytes = least;
            assertTrue(bytes < 24 * keys / 2 + 400_000, () -> bytes + " bytes for " + keys + " records");
        }
    }

    @Test
    void shouldForgetDeletionsOfWhatIsGone() {
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            putAll(store, 2000, 1);
            for (int i = 0; i < 2000; i++) {
                assertTrue(store.delete("key-" + i));
            }
            store.compact();
            final MapcaskStats after = store.stats();
            assertEquals(0, after.logBytes(), after::toString);
            assertTrue(after.segments() <= 2, after::toString);
            store.put("key-7", "again");
        }
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            assertEquals(1, store.size());
            assertEquals("again", store.get("key-7"));
        }
    }

    @Test
    void shouldNotLoopOnDeletionsThatAreNeeded() {
        try (Mapcask store = Mapcask.open(directory, options().mergeSegmentDead(1).build())) {
            putAll(store, 3000, 1);
            for (int i = 0; i < 3000; i += 10) {
                store.delete("key-" + i);
            }
            final MergeByHand merges =
                new MergeByHand(new EngineMergeHost(store.engine().merging()), options().build().merging());
            int runs = 0;
            while (merges.mergeByPolicy()) {
                runs++;
                assertTrue(runs < 100, "merges go on for ever");
            }
            store.compact();
            assertEquals(0, store.compact().runs());
            assertFalse(merges.mergeByPolicy());
            assertEquals(2700, store.size());
        }
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            assertEquals(2700, store.size());
            assertNull(store.get("key-10"));
            assertEquals(value(11, 1), store.get("key-11"));
        }
    }

    @Test
    void shouldStayWithinBoundsUnderUniformOverwrites() {
        final MapcaskOptions options = options().build();
        final Random random = new Random(0x616d_706cL);
        final int keys = 10_000;
        try (Mapcask store = Mapcask.open(directory, options)) {
            final MergeByHand merges =
                new MergeByHand(new EngineMergeHost(store.engine().merging()), options.merging());
            putAll(store, keys, 0);
            for (int i = 0; i < 10 * keys; i++) {
                final int key = random.nextInt(keys);
                store.put("key-" + key, value(key, 1 + i));
                if (i % 400 == 0) {
                    while (merges.isDue() && merges.mergeByPolicy()) {
                        assertTrue(store.stats().merge().retiring() < 1000);
                    }
                    final MapcaskStats stats = store.stats();
                    assertTrue(stats.logBytes() <= 1.6 * stats.liveBytes(), stats::toString);
                    assertTrue(stats.totalBytes() <= 1.6 * stats.liveBytes(), stats::toString);
                }
            }
            assertTrue(merges.stats().movedBytes() < 4 * merges.stats().reclaimedBytes(), () -> "" + merges.stats());
        }
    }

    @Test
    void shouldKeepADamagedSegmentAndMergeTheOthers() throws IOException {
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            putAll(store, 3000, 1);
            for (int i = 0; i < 3000; i += 2) {
                store.put("key-" + i, value(i, 2));
            }
            store.sync();
            final String damaged = store.stats().segmentList().get(1).name();
            flip(directory.resolve(damaged), 30_000);
            store.compact();
            final MergeStats merges = store.stats().merge();
            assertEquals(List.of(damaged), merges.damaged());
            assertEquals(1, merges.givenUp());
            assertTrue(merges.runs() > 0);
            final List<String> names = store.stats().segmentList().stream().map(SegmentStats::name).toList();
            assertTrue(names.contains(damaged), names::toString);
            store.compact();
            assertEquals(1, store.stats().merge().givenUp(), "it is not chosen again");
            int unreadable = 0;
            for (int i = 0; i < 3000; i++) {
                try {
                    assertEquals(value(i, i % 2 == 0 ? 2 : 1), store.get("key-" + i));
                } catch (final CorruptionException ex) {
                    unreadable++;
                }
            }
            assertTrue(unreadable <= 1, "more was lost than what was damaged: " + unreadable);
        }
    }

    private static void flip(final Path file, final long offset) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(offset);
            final int old = open.read();
            open.seek(offset);
            open.write(old ^ 0x55);
        }
    }

    @Test
    void shouldWaitWhilePaused() throws Exception {
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            putAll(store, 1000, 1);
            putAll(store, 1000, 2);
            store.merging().pause();
            final CompletableFuture<CompactResult> future = store.compactAsync();
            putAll(store, 1000, 3);
            checkAll(store, 1000, 3);
            assertFalse(future.isDone());
            assertEquals(0, store.merging().stats().runs());
            assertTrue(store.merging().stats().paused());
            store.merging().resume();
            assertTrue(future.get().runs() > 0);
            checkAll(store, 1000, 3);
        }
    }

    @Test
    void shouldCloseInTheMiddleOfARun() throws Exception {
        final CompletableFuture<CompactResult> future;
        try (Mapcask store = Mapcask.open(directory, options().mergeRate(1).build())) {
            putAll(store, 2000, 1);
            putAll(store, 2000, 2);
            future = store.compactAsync();
            while (!store.merging().stats().running()) {
                Thread.onSpinWait();
            }
        }
        final ExecutionException failure = assertThrows(ExecutionException.class, future::get);
        assertInstanceOf(StoreClosedException.class, failure.getCause());
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            assertTrue(store.recoveryReport().clean());
            checkAll(store, 2000, 2);
            store.compact();
            checkAll(store, 2000, 2);
        }
    }

    @Test
    void shouldNotMergeAStoreThatIsReadOnly() {
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            putAll(store, 1000, 1);
            putAll(store, 1000, 2);
        }
        try (Mapcask store = Mapcask.open(directory, options().mergeIntervalMs(1).readOnly(true).build())) {
            assertThrows(ReadOnlyStoreException.class, store::compact);
            assertThrows(ReadOnlyStoreException.class, () -> store.merging().pause());
            assertEquals(0, store.stats().merge().runs());
            checkAll(store, 1000, 2);
        }
    }

    @Test
    void shouldGoOnWhenThereIsNoRoomToMerge() throws Exception {
        try (TmpfsMount mount = TmpfsMount.mount(directory, 16L << 20)) {
            final Path home = mount.directory().resolve("store");
            final Path ballast = mount.directory().resolve("ballast");
            try (Mapcask store = Mapcask.open(home, options().segmentLength(1 << 20).build())) {
                putAll(store, 20_000, 1);
                for (int i = 0; i < 20_000; i += 2) {
                    store.put("key-" + i, value(i, 2));
                }
                assertThrows(IOException.class, () -> fill(ballast));
                assertThrows(StorageSpaceException.class, store::compact);
                assertNotNull(store.stats().merge().lastFailure());
                assertEquals(value(11, 1), store.get("key-11"));
                Files.delete(ballast);
                assertTrue(store.compact().reclaimedBytes() > 0);
                assertNull(store.stats().merge().lastFailure());
                assertEquals(0, store.stats().deadBytes());
            }
            try (Mapcask store = Mapcask.open(home, options().build())) {
                for (int i = 0; i < 20_000; i++) {
                    assertEquals(value(i, i % 2 == 0 ? 2 : 1), store.get("key-" + i));
                }
            }
        }
    }

    private static void fill(final Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[4096]);
            }
        }
    }

    /** A store was written with short segments, and is opened with longer ones. */
    @Test
    void shouldGatherSmallSegmentsWhenItMergesAnyway() {
        final int keys = 600;
        try (Mapcask store = Mapcask.open(directory, options().segmentLength(8 << 10).build())) {
            putAll(store, keys, 1);
        }
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            final int before = store.stats().segments();
            for (int i = 0; i < keys / 10; i++) {
                store.put("key-" + i, value(i, 1));
            }
            final MergeByHand merges =
                new MergeByHand(new EngineMergeHost(store.engine().merging()), options().build().merging());
            assertTrue(merges.mergeByPolicy());
            final long full = store.stats().liveBytes() / SEGMENT_LENGTH;
            assertTrue(before > 10 * full && store.stats().segments() <= full + 3,
                before + " segments, then " + store.stats().segments());
            checkAll(store, keys, 1);
            assertFalse(merges.mergeByPolicy(), "nothing more to gather");
        }
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            checkAll(store, keys, 1);
        }
    }

    @Test
    void shouldNotTakeSegmentsFromUnderAnIteration() {
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            putAll(store, 3000, 1);
            putAll(store, 3000, 2);
            final Set<String> seen = new HashSet<>();
            store.forEach((keys, keyOffset, keyLength, values, valueOffset, valueLength) -> {
                final byte[] key = new byte[keyLength];
                keys.getBytes(keyOffset, key);
                final byte[] value = new byte[valueLength];
                values.getBytes(valueOffset, value);
                final String name = new String(key, StandardCharsets.UTF_8);
                assertTrue(seen.add(name), name);
                assertTrue(new String(value, StandardCharsets.UTF_8)
                    .startsWith(name.replace("key", "value") + '-'), name);
                if (seen.size() == 10) {
                    putAll(store, 3000, 3);
                    store.compact();
                    assertTrue(store.merging().stats().retiring() > 0, "this iteration may be reading them");
                    putAll(store, 3000, 4);
                    store.compact();
                }
            });
            assertEquals(3000, seen.size());
            store.compact();
            assertEquals(0, store.merging().stats().retiring());
            checkAll(store, 3000, 4);
        }
    }
}
