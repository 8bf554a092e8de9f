package org.mapcask.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Batch;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.SealedRead;
import org.mapcask.errors.ReadOnlyStoreException;
import org.mapcask.model.ApiForm.Write;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.MemoryDirectory;
import org.mapcask.support.OpenMappingsExtension;

/**
 * One thread does whatever comes to its mind to a store and to a map: every write in every form, keys and values of all
 * lengths, with and without a time to live, syncs, a clock that goes forward and at times back, reopening with other
 * options. Whatever the map says, the store has to say.
 */
@ExtendWith(OpenMappingsExtension.class)
class StoreModelTest {
    private static final int PAGE = 4096;
    private static final int[] SEGMENT_LENGTHS = {2 * PAGE, 4 * PAGE, 16 * PAGE, 64 * PAGE};
    private static final int STEPS = 500;
    private static final int TIME_TO_LIVE_MAX_MS = 200;

    @TempDir(factory = MemoryDirectory.class)
    private Path directory;

    @Test
    @Tag("core")
    void shouldAgreeWithAMap() throws Exception {
        run(1, 7);
    }

    @Test
    void shouldAgreeWithAMapInMoreConfigurations() throws Exception {
        run(100, 114);
    }

    @Test
    @Tag("slow")
    void shouldAgreeWithAMapInManyConfigurations() throws Exception {
        run(1000, 1400);
    }

    private void run(final long firstSeed, final long endSeed) throws Exception {
        for (long seed = firstSeed; seed < endSeed; seed++) {
            final Path store = Files.createDirectory(directory.resolve("seed-" + seed));
            final Walk walk = new Walk(seed, store);
            try {
                walk.walk();
            } catch (final Exception | AssertionError ex) {
                throw new AssertionError("seed " + seed + ", step " + walk.step + ", options " +
                    walk.options.toProperties() + ": " + ex.getMessage(), ex);
            } finally {
                walk.store.close();
            }
        }
    }

    private static final class Walk {
        private final Random random;
        private final Path directory;
        private final StoreModel model = new StoreModel();
        private final Batch batch = new Batch();
        private final byte[][] keys;
        private MapcaskOptions options;
        private Mapcask store;
        private int step;

        Walk(final long seed, final Path directory) {
            this.random = new Random(seed);
            this.directory = directory;
            keys = new byte[20 + random.nextInt(180)][];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = new byte[keyLength(i)];
                random.nextBytes(keys[i]);
            }
            options = options(false);
            store = Mapcask.open(directory, options);
        }

        void walk() {
            for (step = 0; step < STEPS; step++) {
                final int dice = random.nextInt(1000);
                if (dice < 4) {
                    reopen();
                } else if (dice < 12) {
                    store.sync();
                    assertEquals(store.stats().lastSequence(), store.stats().durableSequence(), "all durable");
                } else if (dice < 24) {
                    model.check(store);
                } else if (dice < 44) {
                    writeBatch();
                } else if (dice < 100) {
                    model.tick(random.nextInt(10) == 0 ? -random.nextInt(60) : random.nextInt(60));
                } else if (dice < 300) {
                    read(keys[random.nextInt(keys.length)]);
                } else {
                    write(keys[random.nextInt(keys.length)]);
                }
            }
            reopen();
            store.close();
            final VerifyReport report = Mapcask.verify(directory, (phase, done, total) -> {
            });
            assertEquals(true, report.sound(), () -> report.damages().toString());
            assertEquals(model.size(), report.keys(), "keys that verify found");
        }

        private void read(final byte[] key) {
            final ApiForm form = form();
            assertArrayEquals(model.get(key), form.get(store, key), () -> "get, " + form);
            assertEquals(model.get(key) != null, store.contains(key), "contains");
            assertEquals(model.expiresAt(key), store.expiresAt(key), "expiry");
            assertEquals(model.get(key) == null ? Mapcask.NOT_FOUND : model.get(key).length, store.valueLength(key),
                "length of the value");
        }

        private void write(final byte[] key) {
            final ApiForm form = form();
            final Write write = Write.values()[random.nextInt(Write.values().length)];
            final byte[] value = new byte[valueLength()];
            random.nextBytes(value);
            if (write == Write.PUT && random.nextBoolean()) {
                final int timeToLiveMs = 1 + random.nextInt(TIME_TO_LIVE_MAX_MS);
                form.put(store, key, value, Duration.ofMillis(timeToLiveMs));
                model.put(key, value, model.nowMs() + timeToLiveMs);
                assertArrayEquals(value, store.get(key), () -> "after put with a time to live, " + form);
                return;
            }
            final byte[] expected = expected(key);
            final boolean done = form.write(store, write, key, expected, value);
            assertEquals(apply(write, key, expected, value), done, () -> write + ", " + form);
            assertArrayEquals(model.get(key), store.get(key), () -> "after " + write + ", " + form);
        }

        /** Up to forty entries of few or many keys; the last of each key counts. */
        private void writeBatch() {
            final Map<ByteBuffer, Runnable> last = new LinkedHashMap<>();
            final int entries = random.nextInt(40);
            final int among = 1 + random.nextInt(keys.length);
            final int longest = options.segmentLength() - PAGE - 32;
            batch.clear();
            for (int i = 0; i < entries; i++) {
                final byte[] key = keys[random.nextInt(among)];
                final byte[] value = random.nextInt(3) == 0 ? null :
                    new byte[Math.min(valueLength(), Math.max(0, longest - key.length))];
                if (key.length <= longest) {
                    final long expiresAtMs = random.nextBoolean() ? Mapcask.NEVER :
                        model.nowMs() - TIME_TO_LIVE_MAX_MS / 4 + random.nextInt(TIME_TO_LIVE_MAX_MS);
                    form().add(batch, key, value, expiresAtMs);
                    last.remove(ByteBuffer.wrap(key));
                    last.put(ByteBuffer.wrap(key), () -> {
                        if (value == null) {
                            model.delete(key);
                        } else {
                            model.put(key, value, expiresAtMs);
                        }
                    });
                }
            }
            store.write(batch);
            last.values().forEach(Runnable::run);
            model.check(store);
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

        /** Mostly the value that is there; else one that differs in its last byte, or in its length. */
        private byte[] expected(final byte[] key) {
            final byte[] present = model.get(key);
            if (present == null || random.nextInt(8) == 0) {
                return new byte[random.nextInt(4)];
            }
            final byte[] expected = present.clone();
            if (expected.length > 0 && random.nextInt(3) == 0) {
                expected[expected.length - 1]++;
            }
            return expected;
        }

        private void reopen() {
            model.check(store);
            store.close();
            if (random.nextInt(3) == 0) {
                store = Mapcask.open(directory, options(true));
                model.check(store);
                read(keys[random.nextInt(keys.length)]);
                assertThrows(ReadOnlyStoreException.class, () -> store.put(keys[0], new byte[1]));
                assertThrows(ReadOnlyStoreException.class, () -> store.delete(keys[0]));
                store.close();
            }
            options = options(false);
            store = Mapcask.open(directory, options);
            model.check(store);
        }

        private MapcaskOptions options(final boolean readOnly) {
            final int segmentLength = SEGMENT_LENGTHS[random.nextInt(SEGMENT_LENGTHS.length)];
            return MapcaskOptions.builder().mergeIntervalMs(0).segmentLength(segmentLength).readOnly(readOnly)
                .prefaultWindow(random.nextBoolean() ? 0 : random.nextInt(segmentLength))
                .clock(model::nowMs)
                .sealedRead(random.nextBoolean() ? SealedRead.MAPPED : SealedRead.PREAD)
                .mappedSegmentsMax(random.nextBoolean() ? 1000 : 1 + random.nextInt(4))
                .readVerify(random.nextInt(4) != 0).build();
        }

        private ApiForm form() {
            return ApiForm.values()[random.nextInt(ApiForm.values().length)];
        }

        private int keyLength(final int index) {
            return index == 0 ? 1 : index == 1 ? 65_536 : index == 2 ? 20_000 : 2 + random.nextInt(40);
        }

        /** From nothing to several segments, with a liking for what just fits or just does not. */
        private int valueLength() {
            final int segmentLength = options.segmentLength();
            final int dice = random.nextInt(100);
            if (dice < 70) {
                return random.nextInt(100);
            } else if (dice < 90) {
                return random.nextInt(segmentLength / 4);
            } else if (dice < 98) {
                return segmentLength - PAGE - 80 + random.nextInt(100);
            }
            return segmentLength + random.nextInt(2 * segmentLength);
        }
    }
}
