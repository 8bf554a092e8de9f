package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.support.StoreCalls;

/** The story: a value is of use for a time only. When the time is over it is gone, for every call at once. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class ExpiryTest {
    private static final long START_MS = 1_700_000_000_000L;
    private static final int SEGMENT_LENGTH = 16 << 10;
    private static final Duration TEN = Duration.ofMillis(10);

    @TempDir
    private Path directory;
    private final AtomicLong clock = new AtomicLong(START_MS);

    private MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().segmentLength(SEGMENT_LENGTH).mergeIntervalMs(0).clock(clock::get);
    }

    private Mapcask open() {
        return Mapcask.open(directory, options().build());
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> contents(final Mapcask store) {
        final Map<String, String> contents = new TreeMap<>();
        store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) ->
            contents.put(key.getStringWithoutLengthUtf8(keyOffset, keyLength),
                value.getStringWithoutLengthUtf8(valueOffset, valueLength)));
        return contents;
    }

    private static void assertGone(final Mapcask store, final String key) {
        assertNull(store.get(key), key);
        assertFalse(store.contains(key), key);
        assertEquals(Mapcask.NOT_FOUND, store.valueLength(key), key);
        assertEquals(Mapcask.NOT_FOUND, store.expiresAt(key), key);
        assertFalse(contents(store).containsKey(key), key);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeThereUntilItsTimeAndGoneFromThenOnInEveryForm(final StoreCalls.Form form) {
        try (Mapcask store = open()) {
            final StoreCalls calls = form.on(store);
            final byte[] key = bytes("k");
            assertEquals(Mapcask.NOT_FOUND, calls.expiresAt(key));
            calls.put(key, bytes("value"), TEN);
            assertEquals(START_MS + 10, calls.expiresAt(key));
            clock.set(START_MS + 9);
            assertArrayEquals(bytes("value"), calls.get(key));
            assertTrue(calls.contains(key));
            assertEquals(5, calls.valueLength(key));
            clock.set(START_MS + 10);
            assertNull(calls.get(key));
            assertFalse(calls.contains(key));
            assertEquals(Mapcask.NOT_FOUND, calls.valueLength(key));
            assertEquals(Mapcask.NOT_FOUND, calls.expiresAt(key));
        }
    }

    @Test
    void shouldBeAbsentToConditions() {
        try (Mapcask store = open()) {
            store.put("k", "value", TEN);
            assertFalse(store.putIfAbsent("k", "other"));
            clock.addAndGet(10);
            final long records = store.stats().lastSequence();
            assertFalse(store.replace("k", "other"));
            assertFalse(store.compareAndSet("k", "value", "other"));
            assertEquals(records, store.stats().lastSequence(), "nothing was written");
            assertTrue(store.putIfAbsent("k", "other"));
            assertEquals("other", store.get("k"));
            assertEquals(Mapcask.NEVER, store.expiresAt("k"));
            assertEquals(1, store.size());
        }
    }

    @Test
    void shouldStayGoneWhenItIsDeletedAfterItExpired() {
        final String longKey = "k".repeat(20_000);
        try (Mapcask store = open()) {
            for (final String key : List.of("single", "batch", longKey)) {
                store.put(key, "value", TEN);
            }
            clock.addAndGet(10);
            assertEquals(3, store.size(), "counts them until they are written or deleted");
            assertFalse(store.delete("single"), "it was not there");
            assertFalse(store.delete(longKey), "it was not there");
            final Batch batch = new Batch();
            batch.delete("batch");
            store.write(batch);
            assertEquals(0, store.size());
            final long records = store.stats().lastSequence();
            assertFalse(store.delete("single"), "deleted already");
            assertEquals(records, store.stats().lastSequence(), "nothing was written");
            clock.set(START_MS);
            assertGone(store, "single");
            assertGone(store, "batch");
            assertGone(store, longKey);
        }
        try (Mapcask store = open()) {
            assertEquals(0, store.size());
        }
    }

    @Test
    void shouldSetTheExpiryAnewWithEachWrite() {
        try (Mapcask store = open()) {
            store.put("k", "1");
            assertEquals(Mapcask.NEVER, store.expiresAt("k"));
            store.put("k", "2", TEN);
            store.put("k", "3", Duration.ofMillis(20));
            assertEquals(START_MS + 20, store.expiresAt("k"));
            assertTrue(store.compareAndSet("k", "3", "4"));
            assertEquals(Mapcask.NEVER, store.expiresAt("k"), "a write without has none");
            store.put("k", "5", TEN);
            assertTrue(store.replace("k", "6"));
            clock.addAndGet(1_000);
            assertEquals("6", store.get("k"));
        }
    }

    @Test
    void shouldExpireWhatABatchPut() {
        final UnsafeBuffer key = new UnsafeBuffer(bytes("buffer"));
        final UnsafeBuffer value = new UnsafeBuffer(bytes("value"));
        try (Mapcask store = open()) {
            final Batch batch = new Batch();
            final long expiresAtMs = store.expiryIn(TEN);
            assertEquals(START_MS + 10, expiresAtMs);
            batch.put("text", "value", expiresAtMs);
            batch.put(bytes("array"), bytes("value"), expiresAtMs);
            batch.put(ByteBuffer.wrap(bytes("bytes")), ByteBuffer.wrap(bytes("value")), expiresAtMs);
            batch.put(key, 0, 6, value, 0, 5, expiresAtMs);
            batch.put("twice", "first", 1);
            batch.put("twice", "value", expiresAtMs);
            batch.put("never", "value", Mapcask.NEVER);
            batch.put("stays", "value");
            for (int i = 0; i < 30; i++) {
                batch.put("long " + i, "+".repeat(1_500 + i), expiresAtMs + i);
            }
            store.write(batch);
            assertEquals(37, contents(store).size());
            assertEquals(START_MS + 39, store.expiresAt("long 29"));
            clock.set(expiresAtMs);
            assertEquals(31, contents(store).size());
            clock.addAndGet(1_000);
            assertEquals(Map.of("never", "value", "stays", "value"), contents(store));
            assertGone(store, "twice");
        }
        assertTrue(Mapcask.verify(directory, (phase, done, total) -> {
        }).sound());
        clock.set(START_MS);
        try (Mapcask store = open()) {
            assertEquals(37, contents(store).size());
            assertEquals(START_MS + 12, store.expiresAt("long 2"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldExpireKeysAndValuesOfAllLengths(final SealedRead sealedRead) {
        final Map<String, String> expected = new TreeMap<>();
        for (final int length : new int[] {0, 1, 7, 8, 900, 16_300, 16_352, 20_000, 50_000}) {
            expected.put("length " + length, "v".repeat(length));
        }
        expected.put("k".repeat(65_536), "of the longest key");
        expected.put("l".repeat(16_384), "of a long key");
        try (Mapcask store = Mapcask.open(directory, options().segmentLength(64 << 10).build())) {
            expected.forEach((key, value) -> store.put(key, value, TEN));
            assertEquals(expected, contents(store));
        }
        try (Mapcask store = Mapcask.open(directory, options().sealedRead(sealedRead).build())) {
            store.put("another", "segment");
            expected.forEach((key, value) -> {
                assertEquals(START_MS + 10, store.expiresAt(key));
                assertEquals(value, store.get(key));
            });
            clock.addAndGet(10);
            assertEquals(Map.of("another", "segment"), contents(store));
            expected.keySet().forEach(key -> assertGone(store, key));
        }
    }

    @Test
    void shouldHideWhatWasBeforeItAlsoAfterReopening() {
        try (Mapcask store = open()) {
            store.put("k", "older");
            store.put("k", "newer", TEN);
            store.put("later", "value", Duration.ofMillis(30));
        }
        clock.addAndGet(10);
        try (Mapcask store = open()) {
            assertGone(store, "k");
            assertEquals("value", store.get("later"));
            assertEquals(START_MS + 30, store.expiresAt("later"));
        }
        try (Mapcask store = Mapcask.open(directory, options().readOnly(true).build())) {
            assertGone(store, "k");
            assertEquals(Map.of("later", "value"), contents(store));
        }
    }

    @Test
    void shouldRemoveNothingBecauseOfAClockThatJumps() {
        try (Mapcask store = open()) {
            store.put("k", "value", TEN);
            clock.set(Long.MAX_VALUE - 1);
            assertGone(store, "k");
        }
        try (Mapcask store = open()) {
            assertGone(store, "k");
            clock.set(START_MS);
            assertEquals("value", store.get("k"), "there again, as documented");
            clock.set(Long.MIN_VALUE);
            assertEquals("value", store.get("k"));
            clock.set(START_MS + 10);
            assertGone(store, "k");
            store.put("k", "written meanwhile");
            clock.set(START_MS);
            assertEquals("written meanwhile", store.get("k"));
        }
    }

    @Test
    void shouldRefuseATimeThatIsNone() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);
        final Batch batch = new Batch();
        try (Mapcask store = open()) {
            for (final Duration none : new Duration[] {
                Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-1), Duration.ofSeconds(Long.MIN_VALUE), null}) {
                refused(() -> store.put("k", "v", none));
                refused(() -> store.put(bytes("k"), bytes("v"), none));
                refused(() -> store.put(ByteBuffer.wrap(bytes("k")), ByteBuffer.wrap(bytes("v")), none));
                refused(() -> store.expiryIn(none));
            }
            for (final long none : new long[] {0, -1, Long.MIN_VALUE}) {
                refused(() -> store.put(buffer, 0, 8, buffer, 0, 8, none));
                refused(() -> batch.put("k", "v", none));
                refused(() -> batch.put(bytes("k"), bytes("v"), none));
                refused(() -> batch.put(ByteBuffer.wrap(bytes("k")), ByteBuffer.wrap(bytes("v")), none));
                refused(() -> batch.put(buffer, 0, 8, buffer, 0, 8, none));
            }
            assertEquals(0, batch.count());
            assertEquals(0, store.stats().lastSequence(), "nothing was written");
        }
    }

    private static void refused(final Runnable call) {
        final String message = assertThrows(InvalidArgumentException.class, call::run).getMessage();
        assertTrue(message.contains("time"), message);
    }

    @Test
    void shouldRoundUpAndTakeWhatNoClockReachesForNever() {
        try (Mapcask store = open()) {
            store.put("short", "v", Duration.ofNanos(1));
            assertEquals(START_MS + 1, store.expiresAt("short"));
            assertEquals(START_MS + 1, store.expiryIn(Duration.ofMillis(1)));
            assertEquals(START_MS + 2, store.expiryIn(Duration.ofNanos(1_000_001)));
            for (final Duration forEver : new Duration[] {Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                Duration.ofMillis(Long.MAX_VALUE), Duration.ofMillis(Long.MAX_VALUE - START_MS)}) {
                store.put("long", "v", forEver);
                assertEquals(Mapcask.NEVER, store.expiresAt("long"));
                assertEquals(Mapcask.NEVER, store.expiryIn(forEver));
            }
            assertEquals(Mapcask.NEVER - 1, store.expiryIn(Duration.ofMillis(Long.MAX_VALUE - START_MS - 1)));
            final UnsafeBuffer key = new UnsafeBuffer(bytes("past"));
            store.put("past", "before");
            store.put(key, 0, 4, key, 0, 4, START_MS - 1);
            assertGone(store, "past");
            store.put(key, 0, 4, key, 0, 4, Mapcask.NEVER);
            assertEquals(Mapcask.NEVER, store.expiresAt("past"));
            clock.set(Long.MAX_VALUE);
            assertEquals("past", store.get("past"));
        }
    }

    @Test
    void shouldAskTheClockOnlyAboutWhatHasAnExpiry() {
        final IllegalStateException stopped = new IllegalStateException("the clock has stopped");
        final AtomicLong asked = new AtomicLong();
        final MapcaskOptions options = options().clock(() -> {
            if (asked.incrementAndGet() > 2) {
                throw stopped;
            }
            return START_MS;
        }).build();
        try (Mapcask store = Mapcask.open(directory, options)) {
            store.put("with", "value", TEN);
            assertEquals(2, asked.get());
            store.put("without", "value");
            assertEquals("value", store.get("without"));
            assertTrue(store.replace("without", "2"));
            assertTrue(store.compareAndSet("without", "2", "3"));
            assertTrue(store.delete("without"));
            assertTrue(store.putIfAbsent("without", "4"));
            assertEquals(2, asked.get());
            assertSame(stopped, assertThrows(IllegalStateException.class, () -> store.get("with")));
            assertSame(stopped, assertThrows(IllegalStateException.class, () -> store.replace("with", "x")));
            assertSame(stopped, assertThrows(IllegalStateException.class, () -> contents(store)));
            store.put("with", "overwritten");
            assertEquals(Map.of("with", "overwritten", "without", "4"), contents(store));
        }
    }

    /** The highest bit of the expiry flips while the store runs: by the looks of it the key expired long ago. */
    @Test
    void shouldNotTakeDamageForAnExpiry() throws IOException {
        try (Mapcask store = open()) {
            for (final String key : List.of("a", "b", "c")) {
                store.put(key, "value of " + key, TEN);
                damageExpiryOf(key);
                assertThrows(CorruptionException.class, () -> store.get(key));
                assertThrows(CorruptionException.class, () -> store.contains(key));
                assertThrows(CorruptionException.class, () -> store.expiresAt(key));
                assertThrows(CorruptionException.class, () -> store.putIfAbsent(key, "x"));
                assertThrows(CorruptionException.class, () -> store.replace(key, "x"));
                assertThrows(CorruptionException.class, () -> contents(store));
                if (key.equals("a")) {
                    store.put(key, "whole again");
                } else {
                    store.delete(key);
                }
            }
            assertEquals(Map.of("a", "whole again"), contents(store));
        }
    }

    private void damageExpiryOf(final String key) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (final Path file : (Iterable<Path>)files::iterator) {
                final byte[] content = Files.readAllBytes(file);
                final int at = new String(content, StandardCharsets.ISO_8859_1).indexOf(key + "value of " + key);
                if (at >= 0) {
                    final int last = at - 1;
                    content[last] ^= (byte)0x80;
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.write(ByteBuffer.wrap(content, last, 1), last);
                    }
                    return;
                }
            }
        }
        throw new AssertionError("no record of " + key);
    }
}
