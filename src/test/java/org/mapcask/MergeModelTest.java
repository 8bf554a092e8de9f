package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.merge.MergeByHand;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.MemoryDirectory;
import org.mapcask.support.OpenMappingsExtension;

/** Random histories with merges of all kinds, times that pass, and reopens, against a map. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class MergeModelTest {
    private static final long SEED = 0x6d65_7267L;
    private static final int KEYS = 60;

    @TempDir(factory = MemoryDirectory.class)
    private Path directory;

    @Test
    void shouldEqualTheModelAfterAnyMergesAndReopens() {
        for (int i = 0; i < 40; i++) {
            new History(SEED + i).run(60);
        }
    }

    /**
     * A key has a value, and a newer one that expires. The newer one is among the last puts, which the keydir enters a
     * little late; a merge of both segments took the older one for alive, and dropped the newer one without a trace.
     */
    @Test
    void shouldNotBringAValueBackWhichOneThatExpiredHid() {
        new History(SEED + 10_847).run(200);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void shouldEqualTheModelInAThousandHistories() {
        final long seed = Long.getLong("mapcask.model.seed", SEED) + 10_000;
        for (int i = 0; i < 1000; i++) {
            new History(seed + i).run(200);
            if (i % 100 == 99) {
                System.out.println(i + 1 + " histories, seeds from " + seed);
            }
        }
    }

    /** One history; everything in it follows from the seed. */
    private final class History {
        private record Value(String text, long expiry) {
        }

        private final long seed;
        private final Random random;
        private final Path path;
        private final Map<String, Value> model = new TreeMap<>();
        private final AtomicLong clock = new AtomicLong(1000);
        private final int segmentLength;
        private final int policy;
        private Mapcask store;
        private MergeByHand merges;

        History(final long seed) {
            this.seed = seed;
            random = new Random(seed);
            path = directory.resolve("seed-" + seed);
            segmentLength = 8192 << random.nextInt(3);
            policy = random.nextInt(4);
        }

        void run(final int operations) {
            try {
                open();
                for (int i = 0; i < operations; i++) {
                    step();
                }
                reopen();
                store.compact();
                check();
                reopen();
                store.close();
                final VerifyReport report = Mapcask.verify(path, (phase, done, total) -> {
                });
                assertTrue(report.sound(), report::toString);
                DataDirectory.remove(path);
            } catch (final IOException | RuntimeException | Error ex) {
                throw new AssertionError("seed " + seed, ex);
            }
        }

        private void open() {
            final MapcaskOptions options = MapcaskOptions.builder().segmentLength(segmentLength).prefaultWindow(0)
                .syncEveryWrite(policy < 2).wal(policy == 0).walLength(64 << 10).syncBytes(0).syncIntervalMs(0)
                .sealedRead(random.nextBoolean() ? SealedRead.MAPPED : SealedRead.PREAD)
                .mergeIntervalMs(0).mergeSegmentDead(20).clock(clock::get).build();
            store = Mapcask.open(path, options);
            merges = new MergeByHand(new EngineMergeHost(store.engine().merging()), options.merging());
        }

        private void reopen() {
            final long live = store.stats().liveBytes();
            store.close();
            open();
            assertEquals(live, store.stats().liveBytes(), "live bytes after a reopen");
            check();
        }

        private void step() {
            final int choice = random.nextInt(100);
            if (choice < 40) {
                for (int i = random.nextInt(30); i >= 0; i--) {
                    final String key = key();
                    final String value = value();
                    put(key, value);
                }
            } else if (choice < 55) {
                for (int i = random.nextInt(12); i >= 0; i--) {
                    final String key = key();
                    final boolean there = isThere(key);
                    model.remove(key);
                    assertEquals(there, store.delete(key), key);
                }
            } else if (choice < 65) {
                writeBatch();
            } else if (choice < 82) {
                mergeSome();
            } else if (choice < 88) {
                merges.mergeByPolicy();
            } else if (choice < 91) {
                store.compact();
            } else if (choice < 95) {
                check();
            } else {
                reopen();
            }
        }

        private void put(final String key, final String value) {
            if (random.nextInt(4) == 0) {
                final long timeToLive = 1 + random.nextInt(200);
                store.put(key, value, Duration.ofMillis(timeToLive));
                model.put(key, new Value(value, clock.get() + timeToLive));
            } else {
                store.put(key, value);
                model.put(key, new Value(value, Mapcask.NEVER));
            }
            clock.addAndGet(random.nextInt(4));
        }

        private boolean isThere(final String key) {
            return model.containsKey(key) && model.get(key).expiry() > clock.get();
        }

        private Map<String, String> expected() {
            final Map<String, String> expected = new TreeMap<>();
            model.forEach((key, value) -> {
                if (isThere(key)) {
                    expected.put(key, value.text());
                }
            });
            return expected;
        }

        private void writeBatch() {
            final Batch batch = new Batch();
            for (int i = random.nextInt(40); i >= 0; i--) {
                final String key = key();
                if (random.nextInt(3) == 0) {
                    batch.delete(key);
                    model.remove(key);
                } else {
                    final String value = "b".repeat(random.nextInt(900));
                    batch.put(key, value);
                    model.put(key, new Value(value, Mapcask.NEVER));
                }
            }
            store.write(batch);
        }

        private void mergeSome() {
            final List<Long> ids = new ArrayList<>(merges.eligible());
            Collections.shuffle(ids, random);
            final int count = ids.isEmpty() ? 0 : 1 + random.nextInt(Math.min(6, ids.size()));
            merges.merge(new HashSet<>(ids.subList(0, count)));
            if (random.nextInt(3) == 0) {
                reopen();
            }
        }

        private String key() {
            return "key-" + random.nextInt(KEYS);
        }

        private String value() {
            final int length = random.nextInt(40) == 0 ? random.nextInt(2 * segmentLength) : random.nextInt(400);
            return Character.toString('a' + random.nextInt(26)).repeat(length);
        }

        private void check() {
            final Map<String, String> found = new TreeMap<>();
            store.forEach((keyBuffer, keyOffset, keyLength, value, valueOffset, valueLength) -> {
                final byte[] key = new byte[keyLength];
                keyBuffer.getBytes(keyOffset, key);
                final byte[] bytes = new byte[valueLength];
                value.getBytes(valueOffset, bytes);
                found.put(new String(key, StandardCharsets.UTF_8), new String(bytes, StandardCharsets.UTF_8));
            });
            final Map<String, String> expected = expected();
            assertEquals(expected, found);
            assertTrue(store.size() >= expected.size() && store.size() <= model.size(), "what has expired may count");
            for (int i = 0; i < 10; i++) {
                final String key = key();
                assertEquals(expected.get(key), store.get(key), key);
            }
        }
    }
}
