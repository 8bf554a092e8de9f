package org.mapcask.keydir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KeydirTouchTest {
    private static final int KEYS = 100_000;

    private final FakeLog log = new FakeLog();
    private final Keydir keydir = new Keydir(new DirectChunkAllocator());
    private final long[] hashes = new long[KEYS];

    private void put(final int count) {
        for (int key = 0; key < KEYS; key++) {
            hashes[key] = FakeLog.mix(key + 1);
            if (key < count) {
                keydir.put(hashes[key], FakeLog.position(key + 1, 0), log.seek(key + 1));
            }
        }
    }

    @Test
    void shouldLoadTheLineOfEachKeyAndTheNextOneWhereThatIsFull() {
        put(KEYS);
        final KeydirTouch touch = keydir.newTouch();
        int full = 0;
        for (int i = 0; i < KEYS; i++) {
            final int prefix = KeydirPage.prefix(hashes[i]);
            final int frame = keydir.table().frame(prefix);
            final int home = KeydirPage.homeLine(hashes[i]);
            long expected = keydir.touch(hashes[i]);
            if (KeydirPage.freePlaces(expected) == 0) {
                expected += keydir.memory().chunk(frame).getLong(
                    KeydirPage.lineOffset(KeydirMemory.offset(frame), KeydirPage.nextLine(home)));
                full++;
            }
            assertEquals(expected, touch.touch(hashes, i, i + 1), "key " + (i + 1));
        }
        assertTrue(full > KEYS / 100, full + " full lines");
        keydir.close();
    }

    @Test
    void shouldTouchManyKeysAsItTouchesEach() {
        final KeydirTouch touch = keydir.newTouch();
        for (final int count : new int[] {0, 1, 1000, KEYS}) {
            put(count);
            for (int from = 0; from < KEYS; from += KeydirTouch.KEYS_MAX - 1) {
                final int to = Math.min(KEYS, from + KeydirTouch.KEYS_MAX);
                long each = 0;
                for (int i = from; i < to; i++) {
                    each += touch.touch(hashes, i, i + 1);
                }
                assertEquals(each, touch.touch(hashes, from, to));
            }
            assertEquals(0, touch.touch(hashes, 7, 7));
            assertEquals(count, keydir.size());
        }
        keydir.close();
    }

    @Test
    void shouldTouchWhatWaitsForPagesThatAreNotInMemory() {
        final PagedKeydir paged = new PagedKeydir(new MemoryPages());
        final int keys = 40 * KeydirPage.CAPACITY;
        for (int key = 0; key < keys; key++) {
            paged.put(key);
        }
        final KeydirTouch touch = paged.keydir.newTouch();
        int stored = 0;
        for (int key = 0; key < keys; key++) {
            final long hash = PagedKeydir.hash(key);
            final int frame = paged.keydir.table().frame(KeydirPage.prefix(hash));
            if (frame < 0) {
                stored++;
                assertEquals(paged.keydir.cache().pending().head(~frame), touch.touch(new long[] {hash}, 0, 1));
            }
        }
        assertTrue(stored > keys / 4, stored + " keys in pages that are not in memory");
        paged.checkAll(keys);
        paged.keydir.close();
    }
}
