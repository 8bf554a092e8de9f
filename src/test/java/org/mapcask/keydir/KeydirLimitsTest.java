package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.KeydirFullException;
import org.mapcask.nativeaccess.NativeAccess;

/** What a keydir costs, what it refuses, and what it gives back. */
@Tag("core")
class KeydirLimitsTest {
    private final CountingAllocator allocator = new CountingAllocator();
    private final FakeLog log = new FakeLog();

    @Test
    void shouldCostLittleWhileEmpty() {
        try (Keydir keydir = new Keydir(allocator)) {
            assertTrue(keydir.residentBytes() < 100_000, "resident " + keydir.residentBytes());
            assertEquals(0, keydir.size());
            assertEquals(1, keydir.pages());
            assertEquals(0, keydir.depth());
            assertEquals(Keydir.NOT_FOUND, keydir.find(42, log.seek(1)));
            assertEquals(0, KeydirInspector.forEach(keydir, position -> { }));
        }
    }

    @Test
    void shouldStayBelowSixteenBytesAKeyOfPagesAtEveryMomentOfGrowth() {
        try (Keydir keydir = new Keydir(allocator)) {
            for (long key = 1; key <= 1_000_000; key++) {
                keydir.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
                if (key >= 100_000 && key % 1000 == 0) {
                    final double bytes = keydir.pages() * 4096.0 / key;
                    assertTrue(bytes < 16, bytes + " bytes a key at " + key);
                }
            }
            assertTrue(keydir.residentBytes() < 18_000_000, "resident " + keydir.residentBytes());
            assertTrue(log.questions() < 1000, "false matches " + log.questions());
            KeydirInspector.check(keydir, "1 M keys");
        }
    }

    @Test
    void shouldUseFramesAndPagesAgain() {
        try (Keydir keydir = new Keydir(allocator)) {
            fill(keydir, 1, 100_000);
            final long pages = keydir.pages();
            final long allocated = allocator.allocatedBytes;
            // Each split gives a frame back, so all frames but those in the last chunk serve.
            assertTrue(allocated - pages * 4096 < 3 << 20, "allocated " + allocated + " for " + pages + " pages");
            for (long key = 1; key <= 100_000; key++) {
                assertEquals(FakeLog.position(key, 0), keydir.remove(FakeLog.mix(key), log.seek(key)));
            }
            assertEquals(0, keydir.size());
            fill(keydir, 1, 100_000);
            assertEquals(pages, keydir.pages());
            assertEquals(allocated, allocator.allocatedBytes);
            KeydirInspector.check(keydir, "second filling");
        }
    }

    @Test
    void shouldRefuseKeysBeyondTheDepthLimitAndStayUsable() {
        try (Keydir keydir = new Keydir(allocator, 3)) {
            long key = 1;
            try {
                for (; key < 10_000; key++) {
                    keydir.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
                }
            } catch (final KeydirFullException e) {
                assertTrue(e.getMessage().contains("depth 3"), e.getMessage());
            }
            assertTrue(key > 1500 && key < 3600, "full at " + key);
            assertEquals(key - 1, keydir.size());
            assertEquals(3, keydir.depth());
            for (long present = 1; present < key; present++) {
                final long before = keydir.put(FakeLog.mix(present), FakeLog.position(present, 1), log.seek(present));
                assertEquals(FakeLog.position(present, 0), before);
            }
            KeydirInspector.check(keydir, "full");
        }
    }

    @Test
    void shouldRefuseTheTwentyNinthKeyOfOneHashWithoutALargeTable() {
        try (Keydir keydir = new Keydir(allocator)) {
            for (long key = 1; key <= 28; key++) {
                keydir.put(77, FakeLog.position(key, 0), log.seek(key));
            }
            assertThrows(KeydirFullException.class, () -> keydir.put(77, FakeLog.position(29, 0), log.seek(29)));
            assertThrows(KeydirFullException.class, () -> keydir.put(77, FakeLog.position(29, 0), log.seek(29)));
            assertEquals(28, keydir.size());
            assertTrue(keydir.residentBytes() < 1 << 20, "resident " + keydir.residentBytes());
            KeydirInspector.check(keydir, "28 equal hashes");
            assertEquals(FakeLog.position(28, 0), keydir.remove(77, log.seek(28)));
            assertEquals(Keydir.NOT_FOUND, keydir.put(77, FakeLog.position(29, 0), log.seek(29)));
        }
    }

    @Test
    void shouldRefusePositionsThatDoNotFit() {
        try (Keydir keydir = new Keydir(allocator)) {
            for (final long position : new long[] {0, -8, 4, 12, (1L << 43) - 8, 1L << 43, Long.MIN_VALUE}) {
                assertThrows(InvalidArgumentException.class, () -> keydir.put(1, position, log.seek(1)));
                assertThrows(InvalidArgumentException.class, () -> keydir.compareAndSet(1, 8, position));
            }
            assertEquals(0, keydir.size());
            assertEquals(Keydir.NOT_FOUND, keydir.put(1, (1L << 43) - 16, p -> true));
            assertEquals((1L << 43) - 16, keydir.find(1, p -> true));
        }
    }

    @Test
    void shouldRefuseAChangeThatWasNotLocated() {
        try (Keydir keydir = new Keydir(allocator)) {
            assertThrows(IllegalStateException.class, () -> keydir.putLocated(8));
            assertThrows(IllegalStateException.class, keydir::removeLocated);
            keydir.locate(5, log.seek(1));
            keydir.putLocated(FakeLog.position(1, 0));
            assertThrows(IllegalStateException.class, () -> keydir.putLocated(16));
            assertFalse(keydir.compareAndSet(5, 24, 16));
            assertThrows(IllegalStateException.class, keydir::removeLocated);
            assertThrows(ArithmeticException.class, () -> keydir.locate(5, p -> 1 / (p & 7) > 0));
            assertThrows(IllegalStateException.class, () -> keydir.putLocated(16));
            assertEquals(1, keydir.size());
        }
    }

    @Test
    void shouldLoseNothingWhenMemoryRunsOut() {
        try (Keydir keydir = new Keydir(allocator)) {
            allocator.allowed = 1;
            long key = 1;
            try {
                for (; key < 100_000; key++) {
                    keydir.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
                }
            } catch (final OutOfMemoryError e) {
                assertEquals("no more chunks", e.getMessage());
            }
            assertTrue(key > 3000 && key < 7000, "out of memory at " + key);
            assertEquals(key - 1, keydir.size());
            KeydirInspector.check(keydir, "out of memory");
            allocator.allowed = 100;
            fill(keydir, key, 100_000);
            assertEquals(100_000, keydir.size());
            KeydirInspector.check(keydir, "memory again");
        }
    }

    @Test
    void shouldNotFailToPutOnceTheRoomIsReserved() {
        try (Keydir keydir = new Keydir(allocator)) {
            for (long key = 1; key <= 50_000; key++) {
                assertEquals(Keydir.NOT_FOUND, keydir.locate(FakeLog.mix(key), log.seek(key)));
                allocator.allowed = 0;
                try {
                    keydir.reserveLocated();
                } catch (final OutOfMemoryError e) {
                    allocator.allowed = Integer.MAX_VALUE;
                    keydir.reserveLocated();
                }
                allocator.allowed = 0;
                final long pages = keydir.pages();
                assertEquals(Keydir.NOT_FOUND, keydir.putLocated(FakeLog.position(key, 0)));
                assertEquals(pages, keydir.pages(), "no split after the reservation, key " + key);
            }
            assertTrue(allocator.allocations > 2, "memory did run out");
            KeydirInspector.check(keydir, "reserved");
        }
    }

    @Test
    void shouldPrepareTheNextChunkSoThatTheWriterNeedNot() {
        try (Keydir keydir = new Keydir(allocator)) {
            long key = 1;
            for (; key <= 200_000; key++) {
                final int before = allocator.allocations;
                keydir.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
                assertEquals(before, allocator.allocations, "the writer allocated at key " + key);
                if (key % 500 == 0) {
                    keydir.prepareAhead();
                    assertFalse(keydir.prepareAhead(), "one chunk ahead is enough");
                }
            }
        }
        assertEquals(allocator.allocations, allocator.frees);
    }

    @Test
    void shouldGiveEveryChunkBackOnce() {
        final Keydir keydir = new Keydir(allocator);
        fill(keydir, 1, 30_000);
        keydir.prepareAhead();
        keydir.close();
        keydir.close();
        assertFalse(keydir.prepareAhead());
        assertEquals(allocator.allocations, allocator.frees);
        assertTrue(allocator.live.isEmpty());
    }

    @Test
    void shouldWorkOnMemoryFromNativeAccess() {
        try (Keydir keydir = new Keydir(new NativeChunkAllocator(NativeAccess.get()))) {
            fill(keydir, 1, 200_000);
            for (long key = 1; key <= 200_000; key++) {
                assertEquals(FakeLog.position(key, 0), keydir.find(FakeLog.mix(key), log.seek(key)));
            }
            KeydirInspector.check(keydir, "native memory");
        }
    }

    @Test
    void shouldAllocateNothingInFindOverwriteRemoveAndWalk() {
        final ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        try (Keydir keydir = new Keydir(allocator)) {
            fill(keydir, 1, 20_000);
            final KeydirCursor cursor = keydir.cursor();
            long least = Long.MAX_VALUE;
            long sum = 0;
            for (int round = 0; round < 5; round++) {
                final long before = bean.getThreadAllocatedBytes(thread);
                for (long key = 1; key <= 20_000; key++) {
                    final long hash = FakeLog.mix(key);
                    sum += keydir.find(hash, log.seek(key)) + keydir.touch(hash);
                    sum += keydir.put(hash, FakeLog.position(key, 1), log.seek(key));
                    sum += keydir.remove(hash, log.seek(key));
                    sum += keydir.put(hash, FakeLog.position(key, 0), log.seek(key));
                }
                cursor.reset();
                while (cursor.nextPage()) {
                    sum += cursor.count();
                }
                least = Math.min(least, bean.getThreadAllocatedBytes(thread) - before);
            }
            // The bean's own call may count; 100,000 operations would show.
            assertTrue(least < 1000, "allocated " + least + " bytes, sum " + sum);
        }
    }

    private void fill(final Keydir keydir, final long first, final long last) {
        for (long key = first; key <= last; key++) {
            keydir.put(FakeLog.mix(key), FakeLog.position(key, 0), log.seek(key));
        }
    }

    /** Counts, and fails when told to. */
    private static final class CountingAllocator implements ChunkAllocator {
        private final DirectChunkAllocator memory = new DirectChunkAllocator();
        private final List<UnsafeBuffer> live = new ArrayList<>();
        private int allowed = Integer.MAX_VALUE;
        private int allocations;
        private int frees;
        private long allocatedBytes;

        @Override
        public UnsafeBuffer allocate(final int length) {
            if (allocations >= allowed) {
                throw new OutOfMemoryError("no more chunks");
            }
            allocations++;
            allocatedBytes += length;
            final UnsafeBuffer chunk = memory.allocate(length);
            assertEquals(0, chunk.addressOffset() & 4095, "alignment");
            live.add(chunk);
            return chunk;
        }

        @Override
        public void free(final UnsafeBuffer chunk) {
            frees++;
            assertTrue(live.removeIf(c -> c == chunk), "freed once, and it was given out");
        }
    }
}
