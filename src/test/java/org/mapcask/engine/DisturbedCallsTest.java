package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.SealedRead;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.OpenMappingsExtension;

/** Threads that are interrupted, and buffers that fail in the middle of a call, do the store no harm. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class DisturbedCallsTest {
    private static final MapcaskOptions SMALL = MapcaskOptions.builder().segmentLength(64 << 10)
        .prefaultWindow(32 << 10).sealedRead(SealedRead.PREAD).mappedSegmentsMax(1).build();

    @TempDir
    private Path directory;

    @Test
    void shouldServeAThreadWhoseInterruptIsPending() {
        Thread.currentThread().interrupt();
        try {
            try (Mapcask store = Mapcask.open(directory, SMALL)) {
                for (int i = 0; i < 40; i++) {
                    store.put("key-" + i, "v".repeat(i * 300));
                    store.put("long-" + i % 3, "v".repeat(70_000 + i));
                    assertEquals("v".repeat(i * 300), store.get("key-" + i));
                    store.sync();
                    store.forEach((key, k, kl, value, v, vl) -> assertEquals('v', vl == 0 ? 'v' : value.getByte(v)));
                    assertTrue(Thread.currentThread().isInterrupted(), "the interrupt is the caller's");
                }
            }
            try (Mapcask store = Mapcask.open(directory, SMALL)) {
                assertEquals(43, store.size());
            }
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldServeThreadsThatAreInterruptedAllTheTime() throws Exception {
        final AtomicBoolean over = new AtomicBoolean();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Mapcask store = Mapcask.open(directory, SMALL)) {
            final List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                final int number = t;
                threads.add(new Thread(() -> {
                    try {
                        for (int i = 0; i < 150; i++) {
                            final String key = number + "-" + i;
                            store.put(key, "v".repeat(i * 20));
                            assertEquals("v".repeat(i * 20), store.get(key));
                            if (i % 10 == 0) {
                                store.sync();
                            }
                            Thread.interrupted();
                        }
                    } catch (final RuntimeException | Error ex) {
                        failure.compareAndSet(null, ex);
                    }
                }));
            }
            threads.forEach(Thread::start);
            final Thread interrupter = new Thread(() -> {
                while (!over.get()) {
                    threads.forEach(Thread::interrupt);
                    Thread.yield();
                }
            });
            interrupter.start();
            for (final Thread thread : threads) {
                thread.join();
            }
            over.set(true);
            interrupter.join();
            assertEquals(null, failure.get());
            assertEquals(450, store.size());
            assertFalse(store.stats().failed());
        }
    }

    @Test
    void shouldWriteNothingOfAValueWhoseBufferFails() {
        final byte[] good = new byte[30_000];
        try (Mapcask store = Mapcask.open(directory, SMALL)) {
            for (int i = 0; i < 12; i++) {
                final UnsafeBuffer key = new UnsafeBuffer(("key-" + i).getBytes());
                for (final int length : new int[] {100, 30_000, 200_000}) {
                    assertThrows(IllegalStateException.class,
                        () -> store.put(key, 0, key.capacity(), new FailingBuffer(length), 0, length));
                    assertFalse(store.contains(key, 0, key.capacity()));
                }
                store.put("short-" + i, "value");
                if (i % 2 == 0) {
                    store.put(("key-" + i).getBytes(), good);
                }
            }
            assertFalse(store.stats().failed());
            store.sync();
        }
        final VerifyReport report = Mapcask.verify(directory, (phase, done, total) -> {
        });
        assertTrue(report.sound(), () -> report.damages().toString());
        try (Mapcask store = Mapcask.open(directory, SMALL)) {
            assertEquals(18, store.size());
            assertArrayEquals(good, store.get("key-10".getBytes()));
        }
    }

    @Test
    void shouldKeepItsStateWhenAComparedBufferFails() {
        try (Mapcask store = Mapcask.open(directory, SMALL)) {
            store.put("key", "12345678");
            final UnsafeBuffer key = new UnsafeBuffer("key".getBytes());
            assertThrows(IllegalStateException.class, () -> store.compareAndSet(
                key, 0, 3, new FailingBuffer(8), 0, 8, new UnsafeBuffer(new byte[8]), 0, 8));
            assertEquals("12345678", store.get("key"));
            assertTrue(store.compareAndSet("key", "12345678", "new"), "the writer's lock was given back");
            assertFalse(store.stats().failed());
        }
    }

    /** A buffer full of ones whose memory goes away when most of it was read. */
    private static final class FailingBuffer extends UnsafeBuffer {
        private final int length;
        private int read;

        FailingBuffer(final int length) {
            super(new byte[length]);
            setMemory(0, length, (byte)1);
            this.length = length;
        }

        @Override
        public void getBytes(final int index, final byte[] destination, final int offset, final int count) {
            spend(count);
            super.getBytes(index, destination, offset, count);
        }

        @Override
        public long getLong(final int index) {
            spend(Long.BYTES);
            return super.getLong(index);
        }

        private void spend(final int count) {
            read += count;
            if (read > length / 4 * 3) {
                throw new IllegalStateException("planted");
            }
        }

        @Override
        public int compareTo(final DirectBuffer other) {
            throw new UnsupportedOperationException();
        }
    }
}
