package org.mapcask.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Batch;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.support.OpenMappingsExtension;

@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class SyncPolicyTest {
    private static final long PATIENCE_S = 60;
    private static final long A_WHILE_MS = 600;

    @TempDir
    private Path directory;

    @Test
    void shouldBeDueByBytesOrByAgeAndNeverWithoutAnythingToSync() {
        final SyncPolicy both = new SyncPolicy(100, 1000, false);
        assertFalse(both.isDue(99, 999));
        assertTrue(both.isDue(100, 0));
        assertTrue(both.isDue(1, 1000));
        assertFalse(both.isDue(0, 5000));
        assertFalse(new SyncPolicy(0, 1000, false).isDue(1 << 30, 999));
        assertFalse(new SyncPolicy(100, 0, false).isDue(99, Long.MAX_VALUE));
        assertFalse(SyncPolicy.NONE.isDue(Integer.MAX_VALUE, Long.MAX_VALUE));
    }

    @Test
    void shouldReturnFromEveryWriteOnlyWhenItIsDurable() {
        try (Mapcask store = open(options().syncEveryWrite(true))) {
            for (int i = 1; i <= 50; i++) {
                store.put("key" + i % 7, "value" + i);
                assertEquals(i, store.stats().durableSequence());
            }
            assertTrue(store.delete("key1"));
            assertEquals(51, store.stats().durableSequence());
            store.put("long".getBytes(), new byte[200_000]);
            assertEquals(52, store.stats().durableSequence());
            assertFalse(store.putIfAbsent("key2", "other"));
            final Batch batch = new Batch();
            batch.put("a", "1");
            batch.put("b", "2");
            store.write(batch);
            assertEquals(54, store.stats().durableSequence());
            assertEquals(54, store.stats().lastSequence());
        }
    }

    @Test
    void shouldBeDurableForEachOfManyWritersWhoWaitAtTheSameTime() throws InterruptedException {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Mapcask store = open(options().syncEveryWrite(true))) {
            final List<Thread> writers = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                final int thread = t;
                final Thread writer = new Thread(() -> {
                    for (int i = 0; i < 40; i++) {
                        final long before = store.stats().lastSequence();
                        store.put(thread + "/" + i, "value");
                        assertTrue(store.stats().durableSequence() > before);
                    }
                });
                writer.setUncaughtExceptionHandler((dead, thrown) -> failure.compareAndSet(null, thrown));
                writers.add(writer);
                writer.start();
            }
            for (final Thread writer : writers) {
                writer.join();
            }
            assertEquals(null, failure.get());
            assertEquals(320, store.stats().durableSequence());
        }
    }

    @Test
    void shouldSyncInTheBackgroundWhenEnoughBytesHaveGathered() throws InterruptedException {
        try (Mapcask store = open(options().syncBytes(64 << 10))) {
            for (int i = 0; i < 100; i++) {
                store.put("key" + i, "x".repeat(1000));
            }
            awaitDurable(store, 60);
        }
    }

    @Test
    void shouldSyncInTheBackgroundWhenAWriteIsOldEnough() throws InterruptedException {
        try (Mapcask store = open(options().syncIntervalMs(20))) {
            store.put("key", "value");
            awaitDurable(store, 1);
            store.put("key", "value2");
            awaitDurable(store, 2);
        }
    }

    @Test
    void shouldNotSyncUnaskedWhenTheStoreWasToldNotTo() throws InterruptedException {
        try (Mapcask store = open(options())) {
            store.put("key", "value");
            Thread.sleep(A_WHILE_MS);
            assertEquals(0, store.stats().durableSequence());
            store.sync();
            assertEquals(1, store.stats().durableSequence());
        }
    }

    private static MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().segmentLength(128 << 10).syncBytes(0).syncIntervalMs(0);
    }

    private Mapcask open(final MapcaskOptions.Builder options) {
        return Mapcask.open(directory.resolve("store"), options.build());
    }

    private static void awaitDurable(final Mapcask store, final long sequence) throws InterruptedException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (store.stats().durableSequence() < sequence) {
            assertTrue(System.nanoTime() < deadlineNs, "sequence " + sequence + " is not durable: " + store.stats());
            Thread.sleep(1);
        }
    }
}
