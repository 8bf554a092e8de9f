package org.mapcask.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.SealedRead;
import org.mapcask.model.ApiForm.Write;
import org.mapcask.support.OpenMappingsExtension;

/**
 * Eight threads at once. Each has keys of its own, and what it does to them must come out as if it were alone. All read
 * each other's shared keys, whose values carry a version: it never goes back, and no value is torn. All count up one
 * counter by compare-and-set. Meanwhile one thread iterates and one syncs, all the time.
 */
@ExtendWith(OpenMappingsExtension.class)
class ConcurrentModelTest {
    private static final int THREADS = 8;
    private static final int OWN_KEYS = 60;
    private static final int SHARED_KEYS = 16;
    private static final byte[] COUNTER = {'c'};

    @TempDir
    private Path directory;

    @Test
    @Tag("core")
    void shouldKeepThreadsApartWithMappedSegments() throws Exception {
        run(SealedRead.MAPPED, 4, 11, 1500);
    }

    @Test
    @Tag("core")
    void shouldKeepThreadsApartWithSegmentsReadThroughTheirFiles() throws Exception {
        run(SealedRead.PREAD, 1, 12, 1500);
    }

    @Test
    void shouldKeepThreadsApartWithLargerSegments() throws Exception {
        run(SealedRead.MAPPED, 1000, 13, 6000);
    }

    @Test
    void shouldFindEveryKeyWhileTheKeydirGrowsAndKeysMove() throws Exception {
        final int fixed = 500;
        final AtomicBoolean over = new AtomicBoolean();
        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        final List<Thread> readers = new ArrayList<>();
        try (Mapcask store = Mapcask.open(directory)) {
            for (int i = 0; i < fixed; i++) {
                store.put("fixed-" + i, "value-" + i);
            }
            for (int reader = 0; reader < 3; reader++) {
                final int first = reader * 100;
                readers.add(new Thread(() -> {
                    try {
                        for (int i = first; !over.get(); i = (i + 1) % fixed) {
                            assertEquals("value-" + i, store.get("fixed-" + i));
                        }
                    } catch (final RuntimeException | Error ex) {
                        failures.add(ex);
                    }
                }));
            }
            readers.forEach(Thread::start);
            for (int i = 0; i < 300_000 && failures.isEmpty(); i++) {
                store.put("more-" + i, "v");
                if (i % 3 == 0) {
                    store.delete("more-" + i / 2);
                }
                if (i % 10 == 0) {
                    store.put("fixed-" + i % fixed, "value-" + i % fixed);
                }
            }
            over.set(true);
            for (final Thread reader : readers) {
                reader.join();
            }
        }
        assertEquals(null, failures.peek());
    }

    @Test
    @Tag("slow")
    void shouldKeepThreadsApartForLong() throws Exception {
        for (long seed = 100; seed < 110; seed++) {
            run(seed % 2 == 0 ? SealedRead.MAPPED : SealedRead.PREAD, 2, seed, 20_000);
        }
    }

    private void run(final SealedRead sealedRead, final int mappedSegmentsMax, final long seed, final int steps)
        throws Exception {
        final MapcaskOptions options = MapcaskOptions.builder().segmentLength(mappedSegmentsMax == 1000 ? 1 << 20 :
            64 << 10).sealedRead(sealedRead).mappedSegmentsMax(mappedSegmentsMax).prefaultWindow(32 << 10).build();
        final Path path = directory.resolve("seed-" + seed);
        final long count;
        final List<Player> players = new ArrayList<>();
        try (Mapcask store = Mapcask.open(path, options)) {
            final Game game = new Game(store, seed, steps);
            game.play(players);
            count = game.counted.get();
            assertEquals(count, number(store.get(COUNTER)), "counted, seed " + seed);
        }
        try (Mapcask store = Mapcask.open(path, options)) {
            assertEquals(count, number(store.get(COUNTER)), "counted, opened again, seed " + seed);
            for (final Player player : players) {
                player.checkAll(store);
            }
        }
    }

    private static long number(final byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    private static final class Game {
        private final Mapcask store;
        private final long seed;
        private final int steps;
        private final AtomicLong counted = new AtomicLong();
        private final AtomicLongArray acknowledged = new AtomicLongArray(SHARED_KEYS);
        private final AtomicLongArray issued = new AtomicLongArray(SHARED_KEYS);
        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private volatile boolean over;
        private volatile int iterations;
        private volatile int syncs;

        Game(final Mapcask store, final long seed, final int steps) {
            this.store = store;
            this.seed = seed;
            this.steps = steps;
        }

        void play(final List<Player> players) throws InterruptedException {
            store.put(COUNTER, new byte[Long.BYTES]);
            for (int key = 0; key < SHARED_KEYS; key++) {
                store.put(sharedKey(key), sharedValue(key, 0));
            }
            final List<Thread> playing = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                final Player player = new Player(this, i);
                players.add(player);
                playing.add(start("player-" + i, player::play));
            }
            final List<Thread> attending = List.of(start("iterator", this::iterate), start("syncer", this::sync));
            for (final Thread thread : playing) {
                thread.join();
            }
            over = true;
            for (final Thread thread : attending) {
                thread.join();
            }
            if (!failures.isEmpty()) {
                throw new AssertionError("seed " + seed + ": " + failures.peek(), failures.peek());
            }
            assertTrue(iterations > 0 && syncs > 0, "iterations " + iterations + ", syncs " + syncs);
        }

        private Thread start(final String name, final Runnable work) {
            final Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (final RuntimeException | Error ex) {
                    failures.add(ex);
                }
            }, name);
            thread.start();
            return thread;
        }

        private boolean goesOn() {
            return !over && failures.isEmpty();
        }

        private void sync() {
            while (goesOn()) {
                final long before = store.stats().lastSequence();
                store.sync();
                assertTrue(store.stats().durableSequence() >= before, "synced less than had been written");
                syncs = syncs + 1;
                Thread.yield();
            }
        }

        private void iterate() {
            while (goesOn()) {
                final Map<ByteBuffer, Integer> times = new HashMap<>();
                store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
                    final byte[] keyBytes = new byte[keyLength];
                    key.getBytes(keyOffset, keyBytes);
                    final byte[] valueBytes = new byte[valueLength];
                    value.getBytes(valueOffset, valueBytes);
                    times.merge(ByteBuffer.wrap(keyBytes), 1, Integer::sum);
                    if (keyBytes[0] == 's') {
                        sharedVersion(keyBytes[1], valueBytes);
                    } else if (keyBytes[0] == 'o') {
                        Player.checkBelongs(keyBytes, valueBytes);
                    }
                });
                times.forEach((key, count) -> assertEquals(1, count, () -> "times that came key " + key));
                for (int key = 0; key < SHARED_KEYS; key++) {
                    assertEquals(1, times.get(ByteBuffer.wrap(sharedKey(key))), "times that came shared key " + key);
                }
                assertEquals(1, times.get(ByteBuffer.wrap(COUNTER)), "times that came the counter");
                iterations = iterations + 1;
            }
        }

        private static byte[] sharedKey(final int key) {
            return new byte[] {'s', (byte)key};
        }

        /** Version, then bytes that follow from it; long ones go beyond what a reader copies at once. */
        private static byte[] sharedValue(final int key, final long version) {
            final byte[] value = new byte[Long.BYTES + (int)(version * 7919 % (version % 50 == 0 ? 40_000 : 300))];
            ByteBuffer.wrap(value).putLong(version);
            for (int i = Long.BYTES; i < value.length; i++) {
                value[i] = (byte)(version * 31 + key + i);
            }
            return value;
        }

        private static long sharedVersion(final int key, final byte[] value) {
            final long version = number(value);
            assertArrayEquals(sharedValue(key, version), value, () -> "torn value of shared key " + key);
            return version;
        }
    }

    /** A thread with its own keys. */
    private static final class Player {
        private final Game game;
        private final int thread;
        private final Random random;
        private final StoreModel model = new StoreModel();
        private final long[] versionsSeen = new long[SHARED_KEYS];

        Player(final Game game, final int thread) {
            this.game = game;
            this.thread = thread;
            this.random = new Random(game.seed * 31 + thread);
        }

        void play() {
            for (int step = 0; step < game.steps && game.failures.isEmpty(); step++) {
                final int dice = random.nextInt(100);
                if (dice < 60) {
                    playOwn();
                } else if (dice < 80) {
                    readShared(random.nextInt(SHARED_KEYS));
                } else if (dice < 95) {
                    writeShared();
                } else {
                    count();
                }
            }
            checkAll(game.store);
        }

        void checkAll(final Mapcask store) {
            for (int i = 0; i < OWN_KEYS; i++) {
                final byte[] key = ownKey(i);
                assertArrayEquals(model.get(key), store.get(key), () -> "own key, thread " + thread);
            }
        }

        private void playOwn() {
            final byte[] key = ownKey(random.nextInt(OWN_KEYS));
            final ApiForm form = ApiForm.values()[random.nextInt(ApiForm.values().length)];
            if (random.nextBoolean()) {
                assertArrayEquals(model.get(key), form.get(game.store, key), () -> "thread " + thread + ", " + form);
                return;
            }
            final Write write = Write.values()[random.nextInt(Write.values().length)];
            final byte[] present = model.get(key);
            final byte[] expected = present == null || random.nextInt(4) == 0 ? new byte[1] : present;
            final byte[] value = new byte[1 + random.nextInt(random.nextInt(50) == 0 ? 100_000 : 400)];
            Arrays.fill(value, key[2]);
            value[0] = key[1];
            final boolean done = form.write(game.store, write, key, expected, value);
            assertEquals(apply(write, key, expected, value), done, () -> "thread " + thread + ", " + write);
        }

        private boolean apply(final Write write, final byte[] key, final byte[] expected, final byte[] value) {
            switch (write) {
                case PUT:
                    return model.put(key, value);
                case PUT_IF_ABSENT:
                    return model.putIfAbsent(key, value);
                case REPLACE:
                    return model.replace(key, value);
                case COMPARE_AND_SET:
                    return model.compareAndSet(key, expected, value);
                default:
                    return model.delete(key);
            }
        }

        /** Not older than what was acknowledged before the call, or seen before; not newer than what was issued. */
        private void readShared(final int key) {
            final long oldest = Math.max(game.acknowledged.get(key), versionsSeen[key]);
            final long version = Game.sharedVersion(key, game.store.get(Game.sharedKey(key)));
            assertTrue(oldest <= version && version <= game.issued.get(key),
                () -> "shared key " + key + " has version " + version + ", at least " + oldest + " expected");
            versionsSeen[key] = version;
        }

        /** Each shared key is written by one thread only. */
        private void writeShared() {
            final int key = thread + THREADS * random.nextInt(SHARED_KEYS / THREADS);
            final long version = game.issued.incrementAndGet(key);
            game.store.put(Game.sharedKey(key), Game.sharedValue(key, version));
            game.acknowledged.set(key, version);
        }

        private void count() {
            while (true) {
                final byte[] now = game.store.get(COUNTER);
                if (game.store.compareAndSet(COUNTER, now, ByteBuffer.allocate(8).putLong(number(now) + 1).array())) {
                    game.counted.incrementAndGet();
                    return;
                }
            }
        }

        private byte[] ownKey(final int index) {
            return new byte[] {'o', (byte)thread, (byte)index};
        }

        static void checkBelongs(final byte[] key, final byte[] value) {
            for (int i = 0; i < value.length; i++) {
                assertEquals(key[i == 0 ? 1 : 2], value[i], "value of another key, or a torn one");
            }
        }
    }
}
