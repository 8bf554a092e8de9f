package org.mapcask.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Batch;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.support.OpenMappingsExtension;

/**
 * One thread writes batches that give all keys the same version, or remove all of them; others read key after key, in
 * any order. A version once seen in one key is the least that any key may show afterwards.
 */
@ExtendWith(OpenMappingsExtension.class)
class BatchVisibilityTest {
    private static final int BATCHES = 6_000;
    private static final int READERS = 3;

    @TempDir
    private Path directory;

    @Test
    void shouldNeverShowAKeyOlderThanAnotherReadBefore() throws Exception {
        run(8, 0);
    }

    @Test
    void shouldShowManyKeysAsOneWhileTheKeydirGrows() throws Exception {
        run(300, 40);
    }

    /** @param fresh new keys that every batch brings besides, so that pages split. */
    private void run(final int keys, final int fresh) throws Exception {
        final int batches = fresh == 0 ? BATCHES : BATCHES / 6;
        final ExecutorService threads = Executors.newFixedThreadPool(READERS + 1);
        try (Mapcask store = Mapcask.open(directory, MapcaskOptions.builder().segmentLength(1 << 20).build())) {
            final List<Future<?>> readers = new ArrayList<>();
            write(store, keys, 1, 0);
            for (int i = 0; i < READERS; i++) {
                final long seed = 77 + i;
                readers.add(threads.submit(() -> readOneByOne(store, keys, batches, seed)));
            }
            readers.add(threads.submit(() -> walk(store, keys, fresh, batches)));
            for (long version = 2; version <= batches; version++) {
                write(store, keys, version, fresh);
            }
            for (final Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void write(final Mapcask store, final int keys, final long version, final int fresh) {
        final Batch batch = new Batch();
        final UnsafeBuffer key = new UnsafeBuffer(new byte[8]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[8]);
        value.putLong(0, version);
        for (int k = 0; k < keys; k++) {
            key.putLong(0, k);
            batch.put(key, 0, 8, value, 0, 8);
        }
        for (int k = 0; k < fresh; k++) {
            key.putLong(0, 1_000_000L * version + k);
            batch.put(key, 0, 8, value, 0, 8);
        }
        store.write(batch);
    }

    private static void readOneByOne(final Mapcask store, final int keys, final long last, final long seed) {
        final Random random = new Random(seed);
        final UnsafeBuffer key = new UnsafeBuffer(new byte[8]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[8]);
        long seen = 1;
        for (int n = 0; seen < last; n++) {
            final int k = n % 3 == 0 ? n % keys : n % 3 == 1 ? keys - 1 - n % keys : random.nextInt(keys);
            key.putLong(0, k);
            assertEquals(8, store.get(key, 0, 8, value, 0, 8));
            final long version = value.getLong(0);
            final long before = seen;
            assertTrue(version >= before,
                () -> "seed " + seed + ": key " + k + " shows " + version + " after " + before);
            seen = version;
        }
    }

    /** Counts keys, and walks through them: no key older than one that came before it. */
    private static void walk(final Mapcask store, final int keys, final int fresh, final long last) {
        final long[] seen = {1};
        while (seen[0] < last) {
            final long size = store.size();
            assertEquals(0, fresh == 0 ? size - keys : (size - keys) % fresh, () -> "size in the middle: " + size);
            store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
                final long number = key.getLong(keyOffset);
                if (number < keys) {
                    final long version = value.getLong(valueOffset);
                    assertTrue(version >= seen[0],
                        () -> "key " + number + " came with " + version + " after " + seen[0]);
                    seen[0] = version;
                }
            });
        }
    }
}
