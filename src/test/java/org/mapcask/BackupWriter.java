package org.mapcask;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes that a seed determines: puts, deletes, batches, and values longer than a segment. A second one with the same
 * seed and without a store tells what is there after any of them. One thread.
 */
final class BackupWriter {
    private static final int KEYS = 700;
    private static final int LONG_LENGTH = 100_000;

    private final SplittableRandom random;
    private final Map<String, String> model = new HashMap<>();
    private final Batch batch = new Batch();
    private long sequence;

    BackupWriter(final long seed) {
        random = new SplittableRandom(seed);
    }

    /** The next write; into a store, too, unless that is null. */
    void step(final Mapcask store) {
        final int kind = random.nextInt(1000);
        if (kind < 300) {
            delete(key(), store);
        } else if (kind < 320) {
            write(store);
        } else {
            final String value = Long.toHexString(random.nextLong())
                .repeat(kind == 999 ? LONG_LENGTH / 8 : 1 + random.nextInt(20));
            final String key = key();
            model.put(key, value);
            sequence++;
            if (store != null) {
                store.put(key, value);
            }
        }
    }

    private String key() {
        return "key-" + random.nextInt(KEYS);
    }

    private void delete(final String key, final Mapcask store) {
        if (model.remove(key) != null) {
            sequence++;
            if (store != null) {
                store.delete(key);
            }
        }
    }

    /** Neighbours, so that no key comes twice. */
    private void write(final Mapcask store) {
        final int first = random.nextInt(KEYS);
        final int count = 2 + random.nextInt(300);
        batch.clear();
        for (int i = first; i < first + count; i++) {
            final String value = "batch-" + random.nextLong();
            batch.put("key-" + i, value);
            model.put("key-" + i, value);
        }
        sequence += count;
        if (store != null) {
            store.write(batch);
        }
    }

    /** What is there now. */
    Map<String, String> model() {
        return model;
    }

    /** Sequence of the last record. */
    long sequence() {
        return sequence;
    }
}
