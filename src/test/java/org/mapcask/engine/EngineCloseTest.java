package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.SealedRead;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreClosedException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.support.OpenMappingsExtension;

/** The end of a store, whatever goes on at that moment. */
@ExtendWith(OpenMappingsExtension.class)
class EngineCloseTest {
    private static final int ROUNDS = 10;
    private static final int WRITERS = 3;
    /** Each of these takes a segment of its own, and with it a descriptor. */
    private static final int LONG_VALUES = 200;

    @TempDir
    private Path directory;

    @Test
    @Tag("core")
    void shouldEndCallsUnderWayRefuseLaterOnesAndKeepWhatWasAcknowledged() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            final MapcaskOptions options = MapcaskOptions.builder().segmentLength(32 << 10).prefaultWindow(16 << 10)
                .sealedRead(round % 2 == 0 ? SealedRead.MAPPED : SealedRead.PREAD).mappedSegmentsMax(1 + round % 5)
                .build();
            final Path path = directory.resolve("round-" + round);
            final Busy busy = new Busy(Mapcask.open(path, options));
            busy.run(round);
            try (Mapcask store = Mapcask.open(path, options)) {
                for (int writer = 0; writer < WRITERS; writer++) {
                    final int count = busy.acknowledged[writer];
                    for (int i = 0; i < count; i++) {
                        assertEquals("value-" + i, store.get(writer + "-" + i), "round " + round);
                    }
                }
            }
        }
    }

    @Test
    void shouldLetTheSecondCallerOfCloseWaitForTheFirst() throws Exception {
        final EngineRig rig = new EngineRig(directory, true, 1000, 0);
        rig.put("key", 10);
        final CountDownLatch go = new CountDownLatch(1);
        rig.files.before(event -> {
            if (event.startsWith("msync")) {
                EngineRig.awaitLatch(go);
            }
        });
        final Thread first = rig.start(rig.engine::close);
        EngineRig.awaitWaiting(first);
        final AtomicInteger unmappedWhenSecondReturned = new AtomicInteger(-1);
        final Thread second = rig.start(() -> {
            rig.engine.close();
            unmappedWhenSecondReturned.set((int)rig.files.count("unmap 1"));
        });
        EngineRig.awaitWaiting(second);
        go.countDown();
        rig.join(first);
        rig.join(second);
        assertEquals(1, unmappedWhenSecondReturned.get());
    }

    @Test
    void shouldFreeEverythingWhenTheLastSyncFails() {
        final EngineRig rig = new EngineRig(directory, true, 1000, 4096);
        for (int i = 0; i < 6; i++) {
            rig.put("key-" + i, EngineRig.SEGMENT_LENGTH / 2);
        }
        rig.files.before(event -> {
            if (event.contains("sync")) {
                throw new StoreIoException("planted");
            }
        });
        assertThrows(RuntimeException.class, rig.engine::close);
        rig.engine.close();
        assertThrows(StoreClosedException.class, () -> rig.get("key-0"));
    }

    @Test
    void shouldDoNothingInTheBackgroundAfterwards() throws Exception {
        final EngineRig rig = new EngineRig(directory, true, 2, 8192);
        for (int i = 0; i < 20; i++) {
            rig.put("key-" + i, EngineRig.SEGMENT_LENGTH / 3);
        }
        final AtomicReference<String> late = new AtomicReference<>();
        rig.engine.close();
        rig.files.before(late::set);
        final String name = "mapcask-" + directory.getFileName();
        assertFalse(Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> name.equals(thread.getName())),
            "the thread " + name + " lives");
        assertEquals(null, late.get());
        final long created = rig.files.events.stream().filter(event -> event.startsWith("create")).count();
        final long unmapped = rig.files.events.stream().filter(event -> event.startsWith("unmap")).count();
        assertEquals(created, unmapped, "every file made was unmapped, once: " + rig.files.events);
    }

    @Test
    void shouldReadWhileAWriterWaitsForANewSegment() throws Exception {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            rig.put("key", EngineRig.SEGMENT_LENGTH / 2);
            final CountDownLatch go = new CountDownLatch(1);
            rig.files.before(event -> {
                if (event.startsWith("create")) {
                    EngineRig.awaitLatch(go);
                }
            });
            final Thread writer = rig.start(() -> {
                for (int i = 0; i < 4; i++) {
                    rig.put("next-" + i, EngineRig.SEGMENT_LENGTH / 2);
                }
            });
            EngineRig.awaitWaiting(writer);
            final List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                readers.add(rig.start(() -> assertEquals(EngineRig.SEGMENT_LENGTH / 2, rig.get("key"))));
            }
            for (final Thread reader : readers) {
                rig.join(reader);
            }
            assertTrue(writer.isAlive());
            go.countDown();
            rig.join(writer);
        }
    }

    @Test
    void shouldGoOnAfterThereWasNoRoomForANewSegment() {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            rig.files.before(event -> {
                if (event.startsWith("create")) {
                    throw new StorageSpaceException("planted");
                }
            });
            final StorageSpaceException full = assertThrows(StorageSpaceException.class, () -> {
                for (int i = 0; i < 10; i++) {
                    rig.put("key-" + i, EngineRig.SEGMENT_LENGTH / 2);
                }
            });
            assertEquals("planted", full.getMessage());
            assertThrows(StorageSpaceException.class, () -> rig.put("long", 2 * EngineRig.SEGMENT_LENGTH));
            assertEquals(EngineRig.SEGMENT_LENGTH / 2, rig.get("key-0"));
            assertEquals(Engine.NOT_FOUND, rig.get("long"));
            rig.files.before(event -> {
            });
            rig.put("long", 2 * EngineRig.SEGMENT_LENGTH);
            rig.put("key-9", EngineRig.SEGMENT_LENGTH / 2);
            rig.engine.sync();
            assertEquals(2 * EngineRig.SEGMENT_LENGTH, rig.get("long"));
            assertEquals(rig.engine.stats().lastSequence(), rig.engine.stats().durableSequence());
        }
    }

    @Test
    @Tag("core")
    void shouldStopAnIterationWhoseConsumerClosesTheStore() {
        final Mapcask store = Mapcask.open(directory);
        for (int i = 0; i < 1000; i++) {
            store.put("key-" + i, "value");
        }
        final AtomicInteger visited = new AtomicInteger();
        assertThrows(StoreClosedException.class, () -> store.forEach((key, k, kl, value, v, vl) -> {
            visited.incrementAndGet();
            store.close();
            assertEquals("value", value.getStringWithoutLengthUtf8(v, vl), "readable until the consumer returns");
        }));
        assertEquals(1, visited.get());
    }

    /** Threads that use a store in every way until it is closed under them. */
    private static final class Busy {
        private final int[] acknowledged = new int[WRITERS];
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final List<Thread> threads = new ArrayList<>();
        private final Mapcask store;

        Busy(final Mapcask store) {
            this.store = store;
        }

        void run(final int round) throws InterruptedException {
            for (int writer = 0; writer < WRITERS; writer++) {
                final int number = writer;
                start(i -> {
                    store.put(number + "-" + i, "value-" + i);
                    acknowledged[number] = i + 1;
                });
                start(i -> {
                    final String value = store.get(number + "-" + i / 2);
                    assertTrue(value == null || value.equals("value-" + i / 2), value);
                });
            }
            start(i -> store.sync());
            start(i -> store.forEach((key, k, kl, value, v, vl) ->
                assertTrue(value.getStringWithoutLengthUtf8(v, vl).startsWith("value-"))));
            start(i -> store.stats());
            start(i -> store.put("long", "value-".repeat(i < LONG_VALUES ? 7000 + i % 100 : 100)));
            try {
                EngineRig.await(() -> begun.get() == threads.size() && acknowledged[0] > 20 * round ||
                    failure.get() != null);
            } finally {
                final Thread other = new Thread(store::close);
                other.start();
                store.close();
                other.join();
            }
            for (final Thread thread : threads) {
                thread.join();
            }
            if (failure.get() != null) {
                throw new AssertionError("round " + round + ": " + failure.get(), failure.get());
            }
        }

        private void start(final IntConsumer work) {
            final Thread thread = new Thread(() -> {
                try {
                    for (int i = 0; failure.get() == null; i++) {
                        work.accept(i);
                        if (i == 0) {
                            begun.incrementAndGet();
                        }
                    }
                } catch (final StoreClosedException expected) {
                    return;
                } catch (final RuntimeException | Error ex) {
                    failure.compareAndSet(null, ex);
                }
            });
            threads.add(thread);
            thread.setDaemon(true);
            thread.start();
        }
    }
}
