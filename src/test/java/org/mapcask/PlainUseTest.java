package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.support.StoreCalls;

/** What a store does for a caller every day, in each form of its calls. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class PlainUseTest {
    private static final MapcaskOptions OPTIONS = MapcaskOptions.builder().segmentLength(4 << 20).build();
    private static final int MEASURED_CALLS = 20_000;
    private static final int MEASURED_DURABLE_CALLS = 2_000;
    private static final int NOISE_BYTES_MAX = 2_000;

    @TempDir
    Path directory;

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void shouldPutGetAndDeleteInEveryForm(final StoreCalls.Form form) {
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            final StoreCalls calls = form.on(store);
            assertNull(calls.get(bytes("k")));
            assertFalse(calls.contains(bytes("k")));
            assertEquals(Mapcask.NOT_FOUND, calls.valueLength(bytes("k")));
            assertFalse(calls.delete(bytes("k")), "nothing there");

            calls.put(bytes("k"), bytes("first"));
            assertArrayEquals(bytes("first"), calls.get(bytes("k")));
            assertTrue(calls.contains(bytes("k")));
            assertEquals(5, calls.valueLength(bytes("k")));
            assertFalse(calls.contains(bytes("kk")), "a longer key");

            calls.put(bytes("k"), bytes("the second value"));
            assertArrayEquals(bytes("the second value"), calls.get(bytes("k")));
            assertEquals(1, store.size());

            calls.put(bytes("empty"), new byte[0]);
            assertArrayEquals(new byte[0], calls.get(bytes("empty")));
            assertEquals(0, calls.valueLength(bytes("empty")));
            assertTrue(calls.contains(bytes("empty")));
            assertEquals(2, store.size());

            assertTrue(calls.delete(bytes("k")));
            assertNull(calls.get(bytes("k")));
            assertFalse(calls.delete(bytes("k")), "deleted already");
            assertEquals(1, store.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteOnlyWhenTheConditionHoldsInEveryForm(final StoreCalls.Form form) {
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            final StoreCalls calls = form.on(store);
            final byte[] key = bytes("a key of some length");
            assertFalse(calls.replace(key, bytes("no")));
            assertFalse(calls.compareAndSet(key, bytes("no"), bytes("no")));
            assertFalse(calls.compareAndSet(key, new byte[0], bytes("no")), "absent is not empty");
            assertNull(calls.get(key));

            assertTrue(calls.putIfAbsent(key, bytes("one")));
            assertFalse(calls.putIfAbsent(key, bytes("no")));
            assertArrayEquals(bytes("one"), calls.get(key));

            assertTrue(calls.replace(key, new byte[0]));
            assertArrayEquals(new byte[0], calls.get(key));
            assertFalse(calls.putIfAbsent(key, bytes("no")), "empty is not absent");
            assertTrue(calls.compareAndSet(key, new byte[0], bytes("0123456789")));

            assertFalse(calls.compareAndSet(key, bytes("012345678"), bytes("no")), "shorter");
            assertFalse(calls.compareAndSet(key, bytes("01234567890"), bytes("no")), "longer");
            assertFalse(calls.compareAndSet(key, bytes("012345678x"), bytes("no")), "last byte");
            assertFalse(calls.compareAndSet(key, bytes("x123456789"), bytes("no")), "first byte");
            assertArrayEquals(bytes("0123456789"), calls.get(key));
            assertTrue(calls.compareAndSet(key, bytes("0123456789"), bytes("end")));
            assertArrayEquals(bytes("end"), calls.get(key));
            assertEquals(1, store.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindWithEveryFormWhatAnotherFormWrote(final StoreCalls.Form form) {
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            final byte[] key = bytes("schlüssel");
            final byte[] value = bytes("wert €");
            form.on(store).put(key, value);
            for (final StoreCalls.Form other : StoreCalls.Form.values()) {
                assertArrayEquals(value, other.on(store).get(key), other.name());
            }
            assertEquals("wert €", store.get("schlüssel"));
        }
    }

    @Test
    void shouldTellTheLengthAndCopyNothingWhenTheDestinationIsTooSmall() {
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            for (final int length : new int[] {10, 100_000}) {
                final byte[] key = bytes("key " + length);
                final byte[] value = new byte[length];
                Arrays.fill(value, (byte)7);
                store.put(key, value);
                final UnsafeBuffer keyBuffer = new UnsafeBuffer(key);
                final UnsafeBuffer target = new UnsafeBuffer(new byte[length]);
                assertEquals(length, store.get(keyBuffer, 0, key.length, target, 0, length - 1));
                assertEquals(length, store.get(keyBuffer, 0, key.length, target, 0, 0));
                assertArrayEquals(new byte[length], target.byteArray(), "nothing was copied");

                for (final ByteBuffer small : new ByteBuffer[] {
                    ByteBuffer.allocate(length - 1), ByteBuffer.allocateDirect(length - 1), ByteBuffer.allocate(0)}) {
                    assertEquals(length, store.get(ByteBuffer.wrap(key), small));
                    assertEquals(0, small.position(), "nothing moved");
                    assertFalse(small.hasRemaining() && small.get(0) != 0, "nothing was copied");
                }
                assertEquals(length, store.get(keyBuffer, 0, key.length, target, 0, length));
                assertArrayEquals(value, target.byteArray());
            }
        }
    }

    @Test
    void shouldVisitEveryRecordOnce() {
        final Map<String, String> expected = new HashMap<>();
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            for (int i = 0; i < 3_000; i++) {
                expected.put("key " + i, "value " + i * 7);
                store.put("key " + i, "first");
                store.put("key " + i, "value " + i * 7);
                if (i % 3 == 0) {
                    store.delete("key " + i);
                    expected.remove("key " + i);
                }
            }
            expected.put("long", "x".repeat(50_000));
            store.put("long", "x".repeat(50_000));
            final Map<String, String> seen = new TreeMap<>();
            store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) ->
                assertNull(seen.put(key.getStringWithoutLengthUtf8(keyOffset, keyLength),
                    value.getStringWithoutLengthUtf8(valueOffset, valueLength)), "visited twice"));
            assertEquals(new TreeMap<>(expected), seen);
            assertEquals(expected.size(), store.size());
        }
    }

    @Test
    void shouldLetAConsumerChangeTheStoreThatItIterates() {
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            for (int i = 0; i < 500; i++) {
                store.put("key " + i, "old");
            }
            store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
                final String text = key.getStringWithoutLengthUtf8(keyOffset, keyLength);
                assertTrue(store.compareAndSet(text, "old", "new"), text);
            });
            for (int i = 0; i < 500; i++) {
                assertEquals("new", store.get("key " + i));
            }
        }
    }

    @Test
    void shouldCountInItsStatistics() {
        try (Mapcask store = Mapcask.open(directory, OPTIONS)) {
            store.put("a", "1");
            store.put("a", "2");
            store.put("b", "3");
            store.delete("b");
            store.get("a");
            final MapcaskStats stats = store.stats();
            assertEquals(1, stats.keys());
            assertEquals(3, stats.puts());
            assertEquals(1, stats.deletes());
            assertEquals(1, stats.gets());
            assertEquals(4, stats.lastSequence());
            assertEquals(32, stats.liveBytes(), "24 of header, key, value, padding");
            assertEquals(4 * 32 - 32, stats.deadBytes());
            assertEquals(1, stats.segments());
            assertFalse(stats.readOnly() || stats.failed());
            assertTrue(stats.totalBytes() >= OPTIONS.segmentLength());
            store.sync();
            assertEquals(4, store.stats().durableSequence());
            final String mode = stats.nativeMode();
            assertTrue(mode.startsWith("jna") || mode.startsWith("java"), mode);
        }
    }

    @Test
    void shouldHoldEverythingAfterItWasReopened() {
        String storeId = null;
        for (int round = 0; round < 4; round++) {
            final MapcaskOptions options = MapcaskOptions.builder().segmentLength(16L << 10 << round).build();
            try (Mapcask store = Mapcask.open(directory, options)) {
                assertTrue(store.recoveryReport().clean(), "round " + round + ": " + store.recoveryReport());
                assertEquals(round * 300L, store.size());
                storeId = storeId == null ? store.stats().storeId() : storeId;
                assertEquals(storeId, store.stats().storeId());
                for (int i = 0; i < round * 300; i++) {
                    assertEquals("value " + i, store.get("key " + i));
                }
                for (int i = round * 300; i < (round + 1) * 300; i++) {
                    store.put("key " + i, "to be overwritten");
                    store.put("key " + i, "value " + i);
                    store.put("gone " + i, "x");
                    assertTrue(store.delete("gone " + i));
                }
            }
        }
        try (Mapcask store = Mapcask.open(directory, MapcaskOptions.builder().readOnly(true).build())) {
            assertEquals(1200, store.size());
            assertEquals("value 777", store.get("key 777"));
            assertNull(store.get("gone 777"));
            assertTrue(store.stats().readOnly());
        }
    }

    /**
     * A wrong idea of an object a call shows as 16 bytes or more each; the margin is for the JVM's own work. No segment
     * is rolled in most attempts: that may allocate.
     */
    @Test
    void shouldAllocateNothingPerGetAndPutOnDirectBuffers() {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        try (Mapcask store = Mapcask.open(directory)) {
            final UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(16));
            final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
            final String[] names = {"put", "get", "miss", "contains", "putIfAbsent", "compareAndSet", "delete",
                "put that expires", "get of what will expire", "expiresAt", "putIfAbsent on what has expired",
                "put that has expired", "get of what has expired"};
            for (int operation = 0; operation < names.length; operation++) {
                long least = Long.MAX_VALUE;
                for (int attempt = 0; attempt < 5 && least > NOISE_BYTES_MAX; attempt++) {
                    final long before = threads.getThreadAllocatedBytes(thread);
                    for (int i = 0; i < MEASURED_CALLS; i++) {
                        key.putInt(0, operation == 2 ? -i - 1 : i % 1000);
                        call(store, operation, key, value);
                    }
                    least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
                }
                assertTrue(least <= NOISE_BYTES_MAX,
                    names[operation] + ": " + least + " bytes in " + MEASURED_CALLS + " calls");
            }
        }
    }

    /** The log of frames does not come round meanwhile, and no segment is rolled: those may allocate. */
    @Test
    void shouldAllocateNothingPerDurablePutOnDirectBuffers() {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        final MapcaskOptions options = MapcaskOptions.builder().syncEveryWrite(true).build();
        try (Mapcask store = Mapcask.open(directory, options)) {
            final UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(16));
            final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 5 && least > NOISE_BYTES_MAX; attempt++) {
                final long before = threads.getThreadAllocatedBytes(thread);
                for (int i = 0; i < MEASURED_DURABLE_CALLS; i++) {
                    key.putInt(0, i % 100);
                    call(store, i % 3 == 0 ? 6 : 0, key, value);
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
            assertTrue(least <= NOISE_BYTES_MAX, least + " bytes in " + MEASURED_DURABLE_CALLS + " calls");
        }
    }

    private static void call(
        final Mapcask store, final int operation, final UnsafeBuffer key, final UnsafeBuffer value) {
        switch (operation) {
            case 0 -> store.put(key, 0, 16, value, 0, 100);
            case 1, 2 -> store.get(key, 0, 16, value, 0, 100);
            case 3 -> store.contains(key, 0, 16);
            case 4 -> store.putIfAbsent(key, 0, 16, value, 0, 100);
            case 5 -> store.compareAndSet(key, 0, 16, value, 0, 100, value, 0, 100);
            case 6 -> store.delete(key, 0, 16);
            case 7 -> store.put(key, 0, 16, value, 0, 100, System.currentTimeMillis() + 3_600_000);
            case 8 -> store.get(key, 0, 16, value, 0, 100);
            case 9 -> store.expiresAt(key, 0, 16);
            case 10 -> {
                store.put(key, 0, 16, value, 0, 100, 1);
                if (!store.putIfAbsent(key, 0, 16, value, 0, 100)) {
                    throw new AssertionError("was there");
                }
            }
            case 11 -> store.put(key, 0, 16, value, 0, 100, 1);
            default -> store.get(key, 0, 16, value, 0, 100);
        }
    }
}
