package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.ReadOnlyStoreException;
import org.mapcask.errors.StoreClosedException;
import org.mapcask.support.OpenMappingsExtension;

/** What a batch does for one thread. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class BatchTest {
    private static final MapcaskOptions OPTIONS = MapcaskOptions.builder().segmentLength(4 << 20).build();
    private static final MapcaskOptions SMALL = MapcaskOptions.builder().segmentLength(8192).prefaultWindow(0).build();
    private static final int MEASURED_BATCHES = 300;
    private static final int NOISE_BYTES_MAX = 2_000;

    @TempDir
    Path directory;

    private final Batch batch = new Batch();

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldWritePutsAndDeletesOfEveryForm() {
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            for (final String key : new String[] {"a", "b", "c", "d"}) {
                store.put("old-" + key, "x");
            }
            batch.put("a", "1");
            batch.put(bytes("b"), bytes("2"));
            final ByteBuffer keyBuffer = ByteBuffer.wrap(bytes("-c-"), 1, 1);
            batch.put(keyBuffer, ByteBuffer.wrap(bytes("3")));
            assertEquals(1, keyBuffer.position(), "does not move");
            batch.put(new UnsafeBuffer(bytes("-d")), 1, 1, new UnsafeBuffer(bytes("45")), 0, 1);
            batch.delete("old-a");
            batch.delete(bytes("old-b"));
            batch.delete(ByteBuffer.wrap(bytes("old-c")));
            batch.delete(new UnsafeBuffer(bytes("old-d")), 0, 5);
            assertEquals(8, batch.count());
            assertEquals(8 * 32, batch.lengthBytes());
            assertNull(store.get("a"), "not before write");
            store.write(batch);
            assertEquals("1234", store.get("a") + store.get("b") + store.get("c") + store.get("d"));
            assertEquals(4, store.size());
        }
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            assertEquals("1234", store.get("a") + store.get("b") + store.get("c") + store.get("d"));
            assertEquals(4, store.size());
        }
    }

    @Test
    void shouldLetTheLastEntryOfAKeyCount() {
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            store.put("there", "0");
            batch.put("twice", "1");
            batch.put("twice", "2");
            batch.put("gone", "1");
            batch.delete("gone");
            batch.delete("back");
            batch.put("back", "3");
            batch.delete("there");
            batch.put("there", "4");
            store.write(batch);
            assertEquals("2", store.get("twice"));
            assertFalse(store.contains("gone"));
            assertEquals("3", store.get("back"));
            assertEquals("4", store.get("there"));
            assertEquals(3, store.size());
            assertEquals(4, store.stats().lastSequence(), "one record before, one for each key that has a value");
        }
    }

    @Test
    void shouldWriteNothingWhenNothingIsToBeDone() {
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            store.write(batch);
            batch.delete("absent");
            store.write(batch);
            assertEquals(0, store.stats().lastSequence());
            batch.put("one", "1");
            store.write(batch);
            assertEquals(1, store.stats().lastSequence());
            batch.clear();
            assertEquals(0, batch.count() + batch.lengthBytes());
            store.write(batch);
            assertEquals(1, store.stats().lastSequence());
        }
    }

    @Test
    void shouldWriteTheSameBatchAgain() {
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            store.put("k", "0");
            batch.put("a", "1");
            batch.delete("k");
            store.write(batch);
            store.put("a", "2");
            store.put("k", "2");
            store.write(batch);
            assertEquals("1", store.get("a"));
            assertFalse(store.contains("k"));
        }
    }

    @Test
    void shouldReachOverManySegments() {
        try (Mapcask store = Mapcask.open(directory, SMALL)) {
            for (int i = 0; i < 60; i++) {
                batch.put("key" + i, "v".repeat(500 + i));
            }
            store.write(batch);
            assertTrue(store.stats().segments() > 7, store.stats().toString());
        }
        try (Mapcask store = Mapcask.open(directory, SMALL)) {
            for (int i = 0; i < 60; i++) {
                assertEquals("v".repeat(500 + i), store.get("key" + i));
            }
            assertEquals(60, store.size());
        }
        assertTrue(Mapcask.verify(directory, (phase, done, total) -> {
        }).sound());
    }

    @Test
    void shouldRefuseWhatExceedsItsLimitsAndStayAsItWas() {
        final byte[] key = new byte[4];
        final UnsafeBuffer view = new UnsafeBuffer(key);
        for (int i = 0; i < Batch.COUNT_MAX; i++) {
            view.putInt(0, i);
            batch.put(key, new byte[0]);
        }
        assertLimit("too many entries", () -> batch.put(key, key));
        assertEquals(Batch.COUNT_MAX, batch.count());
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            store.write(batch);
            assertEquals(Batch.COUNT_MAX, store.size());
        }
        final Batch full = new Batch();
        full.put(key, new byte[Batch.LENGTH_MAX_BYTES - 96]);
        assertLimit("batch is too long", () -> full.put(key, new byte[100]));
        assertEquals(1, full.count());
        full.put(key, new byte[28]);
        assertEquals(Batch.LENGTH_MAX_BYTES, full.lengthBytes() + 8);
    }

    @Test
    void shouldRefuseWhatNoStoreTakes() {
        assertLimit("key is empty", () -> batch.put(new byte[0], new byte[1]));
        assertLimit("key is empty", () -> batch.delete(""));
        assertLimit("key is too long", () -> batch.put(new byte[65_537], new byte[1]));
        assertLimit("value is null", () -> batch.put("k", null));
        assertLimit("key is null", () -> batch.delete((byte[])null));
        assertLimit("beyond its buffer", () -> batch.delete(new UnsafeBuffer(new byte[3]), 1, 3));
        assertEquals(0, batch.count());
    }

    @Test
    void shouldWriteNothingWhenAnEntryIsLongerThanASegment() {
        try (Mapcask store = Mapcask.open(directory, SMALL)) {
            batch.put("a", "1");
            batch.put("fits", "x".repeat(4096 - 24 - 4));
            store.write(batch);
            batch.put("does not", "x".repeat(4096 - 24 - 7));
            batch.put("a", "2");
            assertLimit("longer than a segment", () -> store.write(batch));
            assertEquals("1", store.get("a"));
            assertEquals(2, store.size());
        }
    }

    @Test
    void shouldRefuseABatchWhereWritesAreRefused() {
        batch.put("a", "1");
        final Mapcask store = Mapcask.open(directory, OPTIONS);
        store.close();
        assertThrows(StoreClosedException.class, () -> store.write(batch));
        try (Mapcask reader = Mapcask.open(directory, MapcaskOptions.builder().readOnly(true).build())) {
            assertThrows(ReadOnlyStoreException.class, () -> reader.write(batch));
        }
    }

    @Test
    void shouldAllocateNothingWhenUsedAgain() {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        final UnsafeBuffer key = new UnsafeBuffer(new byte[8]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[100]);
        long least = Long.MAX_VALUE;
        try (Mapcask store = Mapcask.open(directory, MapcaskOptions.builder().segmentLength(256 << 20).build())) {
            for (int round = 0; round < 10; round++) {
                final long before = threads.getThreadAllocatedBytes(thread);
                for (int n = 0; n < MEASURED_BATCHES; n++) {
                    batch.clear();
                    for (int i = 0; i < 100; i++) {
                        key.putLong(0, (n * 31L + i) % 5_000);
                        if (i % 5 == 0) {
                            batch.delete(key, 0, 8);
                        } else {
                            batch.put(key, 0, 8, value, 0, 100);
                        }
                    }
                    store.write(batch);
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
        }
        assertTrue(least < NOISE_BYTES_MAX, "bytes for " + MEASURED_BATCHES + " batches: " + least);
    }

    private static void assertLimit(final String text, final Runnable call) {
        final InvalidArgumentException ex = assertThrows(InvalidArgumentException.class, call::run);
        assertTrue(ex.getMessage().contains(text), ex.getMessage());
    }
}
