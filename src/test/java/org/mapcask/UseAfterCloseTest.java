package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.StoreClosedException;
import org.mapcask.io.SystemFileOps;
import org.mapcask.support.MemoryDirectory;
import org.mapcask.support.OpenMappingsExtension;

/**
 * The story: threads read, write, iterate and sync while another closes the store under their hands. A read of memory
 * that was unmapped meanwhile would end the JVM. So a call that was under way must end as if nothing had happened, and
 * one that comes later must get a {@link StoreClosedException}, and nothing else.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class UseAfterCloseTest {
    private static final int ROUNDS = 40;
    private static final int THREADS = 5;
    private static final int CALLS_AFTER_CLOSE = 5_200;
    private static final int CALLS_MIN = 1_000_000;
    private static final int RUN_US_MAX = 8_000;
    private static final int KEYS = 200;
    private static final int VALUE_LENGTH = 300;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    @Test
    void shouldRefuseAMillionCallsOfOtherThreadsOnAStoreThatCloses() throws Exception {
        final long seed = 4711;
        final SplittableRandom random = new SplittableRandom(seed);
        long refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            final MapcaskOptions options = MapcaskOptions.builder().segmentLength(64 << 10)
                .sealedRead(round % 2 == 0 ? SealedRead.MAPPED : SealedRead.PREAD).build();
            refused += closeUnderTheHandsOfOthers(options, random, "seed " + seed + ", round " + round);
        }
        final long calls = refused;
        assertTrue(calls >= CALLS_MIN, () -> "only " + calls + " calls met a closed store");
    }

    private long closeUnderTheHandsOfOthers(
        final MapcaskOptions options, final SplittableRandom random, final String what) throws Exception {
        final int mappings = SystemFileOps.liveMappings();
        final Mapcask store = Mapcask.open(directory.resolve("store"), options);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final CountDownLatch started = new CountDownLatch(THREADS);
        final List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            final Caller caller = new Caller(store, i, random.nextLong(), started, failure);
            callers.add(caller);
            caller.start();
        }
        started.await();
        LockSupport.parkNanos(random.nextInt(RUN_US_MAX) * 1000L);
        store.close();
        assertEquals(mappings, SystemFileOps.liveMappings(), what + ": mappings right after close");
        long refused = 0;
        for (final Caller caller : callers) {
            caller.join();
            refused += caller.refused;
        }
        if (failure.get() != null) {
            throw new AssertionError(what + ": " + failure.get(), failure.get());
        }
        return refused;
    }

    /** Calls a store until it has been refused often enough. */
    private static final class Caller extends Thread {
        private final Mapcask store;
        private final int number;
        private final SplittableRandom random;
        private final CountDownLatch started;
        private final AtomicReference<Throwable> failure;
        private final UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES));
        private final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(40 << 10));
        private long refused;

        private Caller(
            final Mapcask store, final int number, final long seed, final CountDownLatch started,
            final AtomicReference<Throwable> failure) {
            this.store = store;
            this.number = number;
            this.random = new SplittableRandom(seed);
            this.started = started;
            this.failure = failure;
        }

        @Override
        public void run() {
            while (refused < CALLS_AFTER_CLOSE && failure.get() == null) {
                try {
                    call(random.nextInt(100));
                    if (refused > 0) {
                        failure.compareAndSet(null, new AssertionError("a call succeeded after one was refused"));
                    }
                } catch (final StoreClosedException ex) {
                    refused++;
                } catch (final Throwable ex) {
                    failure.compareAndSet(null, ex);
                }
                started.countDown();
            }
            started.countDown();
        }

        private void call(final int choice) {
            key.putLong(0, random.nextInt(KEYS));
            if (number == 0 && choice < 50) {
                visitAll();
            } else if (choice < 45) {
                store.get(key, 0, Long.BYTES, value, 0, value.capacity());
            } else if (choice < 60) {
                final int length = choice < 46 ? 30 << 10 : VALUE_LENGTH;
                store.put(key, 0, Long.BYTES, value, 0, length);
            } else if (choice < 61 && number < 2) {
                store.sync();
            } else if (choice < 64) {
                store.delete(key, 0, Long.BYTES);
            } else if (choice < 67) {
                store.size();
                store.stats();
            } else if (choice < 75) {
                store.get("a key");
            } else if (choice < 80) {
                store.get(new byte[] {1, 2, 3});
            } else if (choice < 83) {
                store.putIfAbsent("a key", "a value");
            } else if (choice < 86) {
                store.compareAndSet("a key", "a value", "another");
            } else if (choice < 90) {
                store.get(ByteBuffer.allocate(Long.BYTES).putLong(0, choice), ByteBuffer.allocate(VALUE_LENGTH));
            } else {
                store.contains(key, 0, Long.BYTES);
                store.valueLength(key, 0, Long.BYTES);
            }
        }

        private void visitAll() {
            final long[] sum = new long[1];
            store.forEach((keyBuffer, keyOffset, keyLength, valueBuffer, valueOffset, valueLength) ->
                sum[0] += keyBuffer.getByte(keyOffset + keyLength - 1) + valueLength);
        }
    }

    @Test
    void shouldLetAConsumerCloseTheStoreThatItIterates() {
        final Mapcask store = Mapcask.open(directory.resolve("store"));
        store.put("a", "1");
        store.put("b", "2");
        final int[] seen = new int[1];
        assertThrows(StoreClosedException.class, () ->
            store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
                seen[0]++;
                store.close();
                assertEquals(1, valueLength, "what was handed out stays readable");
                assertTrue(value.getByte(valueOffset) == '1' || value.getByte(valueOffset) == '2');
            }));
        assertEquals(1, seen[0]);
    }

    /** Whoever returns from close may open again: the directory must be free then, whichever thread did the work. */
    @Test
    void shouldHaveFreedTheDirectoryWhenAnyOfSeveralClosesReturns() throws Exception {
        final Path home = directory.resolve("store");
        for (int round = 0; round < 30; round++) {
            final Mapcask store = Mapcask.open(home, MapcaskOptions.builder().segmentLength(64 << 10).build());
            final String text = "round " + round;
            for (int i = 0; i < 100; i++) {
                store.put(text + " key " + i, "x".repeat(VALUE_LENGTH));
            }
            final CyclicBarrier barrier = new CyclicBarrier(2);
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            final Thread other = new Thread(() -> {
                try {
                    barrier.await();
                    store.close();
                } catch (final Exception ex) {
                    failure.set(ex);
                }
            });
            other.start();
            barrier.await();
            store.close();
            try (Mapcask again = assertDoesNotThrow(() -> Mapcask.open(home), text)) {
                assertTrue(again.recoveryReport().clean(), text + ": " + again.recoveryReport());
                assertEquals(100 * (round + 1), again.size(), text);
            }
            other.join();
            assertNull(failure.get(), text);
        }
    }

    @Test
    void shouldStayClosedAndAnswerWhatNeedsNoStore() {
        final Mapcask store = Mapcask.open(directory.resolve("store"));
        store.put("a", "1");
        store.close();
        store.close();
        final String text = assertThrows(StoreClosedException.class, () -> store.get("a")).getMessage();
        for (final String part : List.of("the store is closed", "where: store", "open the directory again")) {
            assertTrue(text.contains(part), text);
        }
        assertThrows(StoreClosedException.class, () -> store.put("a", "2"));
        assertThrows(StoreClosedException.class, () -> store.delete("a"));
        assertThrows(StoreClosedException.class, store::size);
        assertThrows(StoreClosedException.class, store::sync);
        assertThrows(StoreClosedException.class, store::stats);
        assertThrows(StoreClosedException.class, () -> store.forEach((k, ko, kl, v, vo, vl) -> {
        }));
        assertEquals(directory.resolve("store"), store.directory());
        assertTrue(store.recoveryReport().clean());
    }
}
