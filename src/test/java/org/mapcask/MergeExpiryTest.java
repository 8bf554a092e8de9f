package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.CorruptionException;
import org.mapcask.merge.MergeByHand;
import org.mapcask.segment.Segment;
import org.mapcask.support.OpenMappingsExtension;

/** A merge takes what has expired away for good, and lets nothing older come up in its place. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class MergeExpiryTest {
    private static final long START_MS = 1_700_000_000_000L;
    private static final int SEGMENT_LENGTH = 16 << 10;
    private static final Duration TEN = Duration.ofMillis(10);

    /** 40 bytes: with a key of 7, and without an expiry, 71 and padding. */
    private static final String VALUE = "v".repeat(40);
    private static final long RECORD_LENGTH = 80;
    private static final int KEYS = 1000;
    /** Some are in the segment that is written. */
    private static final int EXPIRED_MIN = 700;

    @TempDir
    private Path directory;
    private final AtomicLong clock = new AtomicLong(START_MS);
    /** Done once, when the clock is asked. */
    private final AtomicReference<Runnable> onAsked = new AtomicReference<>();

    private long nowMs() {
        final Runnable action = onAsked.getAndSet(null);
        if (action != null) {
            action.run();
        }
        return clock.get();
    }

    private MapcaskOptions options() {
        return MapcaskOptions.builder().segmentLength(SEGMENT_LENGTH).prefaultWindow(0).mergeIntervalMs(0)
            .clock(this::nowMs).build();
    }

    private Mapcask open() {
        return Mapcask.open(directory, options());
    }

    private MergeByHand merges(final Mapcask store) {
        return new MergeByHand(new EngineMergeHost(store.engine().merging()), options().merging());
    }

    /** Fills the active segment with what is dead at once, so that the next record goes to another one. */
    private static void roll(final Mapcask store) {
        store.put("filler", "x");
        store.put("filler", "y");
        store.engine().merging().rollActive();
    }

    private static Set<Long> sealed(final Mapcask store) {
        final Set<Long> ids = new HashSet<>();
        for (final Segment segment : store.engine().segments()) {
            if (segment.isSealed()) {
                ids.add(segment.id());
            }
        }
        return ids;
    }

    private static long tombstoneBytes(final Mapcask store) {
        return store.engine().segments().stream().mapToLong(Segment::tombstoneBytes).sum();
    }

    /** Nothing in the store is overwritten or deleted: time alone makes it worth a merge. */
    @Test
    void shouldStartByItselfWhenRecordsOnlyExpired() throws Exception {
        final Duration lasting = Duration.ofHours(1);
        final MapcaskOptions options = MapcaskOptions.builder().segmentLength(SEGMENT_LENGTH).prefaultWindow(0)
            .mergeIntervalMs(1).clock(clock::get).build();
        for (int round = 0; round < 2; round++) {
            try (Mapcask store = Mapcask.open(directory.resolve("by itself"), options)) {
                for (int i = 0; round == 0 && i < KEYS; i++) {
                    store.put("key-" + i, "a value that is a little longer " + i, lasting);
                    store.put("staying-" + i, "short");
                }
                assertEquals(0, store.stats().merge().runs(), "nothing has expired");
                assertEquals(0, store.stats().expiredBytes());
                if (round == 1) {
                    clock.addAndGet(lasting.toMillis() * 5 / 4 + 1);
                    awaitExpiredRecords(store);
                    assertTrue(store.stats().merge().expiredRecords() >= EXPIRED_MIN, store.stats().merge()::toString);
                    for (int i = 0; i < KEYS; i++) {
                        assertNull(store.get("key-" + i));
                        assertEquals("short", store.get("staying-" + i));
                    }
                }
            }
        }
    }

    private static void awaitExpiredRecords(final Mapcask store) throws InterruptedException {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (store.stats().merge().expiredRecords() < EXPIRED_MIN && System.nanoTime() < end) {
            Thread.sleep(1);
        }
    }

    /** Whatever is written, in whatever form, merged, and opened anew: no byte too early, in the end all of them. */
    @Test
    void shouldCountTheBytesThatHaveExpired() {
        final long seed = 77;
        final Random random = new Random(seed);
        final Map<String, Long> expiries = new HashMap<>();
        Mapcask store = open();
        try {
            for (int step = 1; step <= 3000; step++) {
                writeAny(store, random, expiries);
                clock.addAndGet(random.nextInt(3));
                if (step % 50 == 0) {
                    final long sure = RECORD_LENGTH * count(expiries, clock.get());
                    assertTrue(store.stats().expiredBytes() <= sure, "seed " + seed + ", step " + step);
                }
                if (step % 250 == 0) {
                    merges(store).merge(sealed(store));
                }
                if (step % 600 == 0) {
                    clock.addAndGet(1L << 30);
                    checkAllCounted(store, expiries);
                    store.close();
                    store = open();
                    checkAllCounted(store, expiries);
                }
            }
        } finally {
            store.close();
        }
    }

    private void writeAny(final Mapcask store, final Random random, final Map<String, Long> expiries) {
        final String key = "key-" + (100 + random.nextInt(200));
        final long expiry = clock.get() + 1 + random.nextInt(1 << 1 + random.nextInt(20));
        switch (random.nextInt(5)) {
            case 0 -> {
                store.delete(key);
                expiries.remove(key);
            }
            case 1 -> {
                store.put(key, VALUE);
                expiries.put(key, Mapcask.NEVER);
            }
            case 2 -> {
                final Batch batch = new Batch();
                batch.put(key, VALUE, expiry);
                store.write(batch);
                expiries.put(key, expiry);
            }
            case 3 -> {
                final boolean absent = expiries.getOrDefault(key, 0L) <= clock.get();
                assertEquals(absent, store.expiringAfter(Duration.ofMillis(expiry - clock.get()))
                    .putIfAbsent(key, VALUE));
                if (absent) {
                    expiries.put(key, expiry);
                }
            }
            default -> {
                store.put(key, VALUE, Duration.ofMillis(expiry - clock.get()));
                expiries.put(key, expiry);
            }
        }
    }

    private static long count(final Map<String, Long> expiries, final long nowMs) {
        return expiries.values().stream().filter(expiry -> expiry <= nowMs).count();
    }

    /** All that expires has expired: what is live besides never does. */
    private void checkAllCounted(final Mapcask store, final Map<String, Long> expiries) {
        final long staying = expiries.size() - count(expiries, clock.get());
        assertEquals(store.stats().liveBytes() - staying * (RECORD_LENGTH - Long.BYTES), store.stats().expiredBytes());
    }

    @Test
    void shouldTakeAwayWhatHasExpiredAndGiveItsSpaceBack() {
        try (Mapcask store = open()) {
            for (int i = 0; i < 100; i++) {
                store.put("short-" + i, "v".repeat(500), TEN);
                store.put("long-" + i, "w".repeat(100), Duration.ofMillis(1000));
            }
            roll(store);
            clock.addAndGet(10);
            assertEquals(201, store.size(), "what has expired counts until a merge");
            final long live = store.stats().liveBytes();
            assertTrue(merges(store).merge(sealed(store)));
            assertEquals(101, store.size());
            assertTrue(store.stats().liveBytes() < live - 100 * 500, "live bytes follow");
            assertEquals(0, tombstoneBytes(store), "there is nothing older");
            assertEquals(START_MS + 1000, store.expiresAt("long-7"), "the copy keeps its expiry");
            clock.set(START_MS);
            assertNull(store.get("short-7"), "it is gone for good");
        }
        try (Mapcask store = open()) {
            assertEquals(101, store.size());
            assertNull(store.get("short-7"));
            assertEquals("w".repeat(100), store.get("long-7"));
        }
    }

    @Test
    void shouldCountWhatWasLeftOut() {
        try (Mapcask store = open()) {
            store.put("a", "1", TEN);
            store.put("b", "2");
            roll(store);
            clock.addAndGet(10);
            final MergeByHand merges = merges(store);
            assertTrue(merges.merge(sealed(store)));
            assertEquals(1, merges.stats().expiredRecords());
            assertEquals(2, merges.stats().movedRecords());
        }
    }

    @Test
    void shouldLetNoOlderValueComeUp() {
        try (Mapcask store = open()) {
            store.put("key", "old");
            roll(store);
            final Set<Long> first = sealed(store);
            store.put("key", "new", TEN);
            roll(store);
            clock.addAndGet(10);
            final Set<Long> second = sealed(store);
            second.removeAll(first);
            assertTrue(merges(store).merge(second));
            assertTrue(tombstoneBytes(store) > 0, "the older value is still there");
            assertNull(store.get("key"));
        }
        clock.set(START_MS);
        try (Mapcask store = open()) {
            assertNull(store.get("key"), "neither the older one nor, by a clock set back, the newer one");
            assertFalse(store.delete("key"));
            assertTrue(store.putIfAbsent("other", "value"));
            roll(store);
            assertTrue(merges(store).merge(sealed(store)));
            assertEquals(0, tombstoneBytes(store), "with the older value the deletion goes");
        }
        try (Mapcask store = open()) {
            assertNull(store.get("key"));
            assertEquals("value", store.get("other"));
        }
    }

    @Test
    void shouldKeepWhatIsWrittenWhileTheMergeIsUnderWay() {
        try (Mapcask store = open()) {
            store.put("key", "old", TEN);
            roll(store);
            clock.addAndGet(10);
            onAsked.set(() -> store.put("key", "new"));
            assertTrue(merges(store).merge(sealed(store)));
            assertNull(onAsked.get(), "the merge asked the clock");
            assertEquals("new", store.get("key"));
            assertEquals(2, store.size());
        }
        try (Mapcask store = open()) {
            assertEquals("new", store.get("key"));
        }
    }

    @Test
    void shouldLeaveOutRecordsOfABatchOneByOne() {
        try (Mapcask store = open()) {
            final Batch batch = new Batch();
            batch.put("a", "1");
            batch.put("b", "2", START_MS + 10);
            batch.put("c", "3");
            store.write(batch);
            roll(store);
            clock.addAndGet(10);
            assertTrue(merges(store).merge(sealed(store)));
        }
        clock.set(START_MS);
        try (Mapcask store = open()) {
            assertEquals("1", store.get("a"));
            assertNull(store.get("b"));
            assertEquals("3", store.get("c"));
        }
    }

    @Test
    void shouldNotTakeDamageForAbsence() throws IOException {
        try (Mapcask store = open()) {
            store.put("key", "v".repeat(3000), TEN);
            roll(store);
            final Segment segment = store.engine().segments().get(0);
            clock.addAndGet(10);
            try (FileChannel file = FileChannel.open(segment.file().path(), StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[] {'x'}), 4096 + 1000);
            }
            final MergeByHand merges = merges(store);
            assertFalse(merges.merge(sealed(store)));
            assertEquals(List.of(segment.name()), merges.stats().damaged());
            assertThrows(CorruptionException.class, () -> store.get("key"));
            assertEquals(2, store.size(), "nothing was removed");
        }
    }
}
