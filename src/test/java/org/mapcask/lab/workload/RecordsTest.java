package org.mapcask.lab.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.dict.WordNet;

class RecordsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 15, 16, 17, 300})
    void shouldMakeKeysOfAnyLengthThatTellTheirIndex(final int length) {
        final SyntheticSet records = new SyntheticSet(256, length, 10);
        final UnsafeBuffer key = records.newKeyBuffer();
        final Set<String> seen = new HashSet<>();
        for (long index = 0; index < records.count(); index++) {
            assertEquals(length, records.key(index, key));
            final byte[] bytes = new byte[length];
            key.getBytes(0, bytes);
            assertTrue(seen.add(new String(bytes, StandardCharsets.ISO_8859_1)), "key " + index);
            assertEquals(index, records.index(key, 0, length));
        }
        key.putByte(length - 1, (byte) (key.getByte(length - 1) ^ 1));
        assertTrue(records.index(key, 0, length) != 255, "a changed key is not the key");
    }

    @Test
    void shouldRefuseMoreKeysThanTheirLengthAllows() {
        assertThrows(IllegalArgumentException.class, () -> new SyntheticSet(257, 1, 10));
        assertThrows(IllegalArgumentException.class, () -> new SyntheticSet(1, 0, 10));
    }

    @Test
    void shouldTellVersionsOfAValueApart() {
        final SyntheticSet records = new SyntheticSet(1000, 16, 30);
        final UnsafeBuffer value = records.newValueBuffer();
        final int length = records.value(77, 3, value);

        assertTrue(records.matches(77, 3, value, 0, length));
        assertFalse(records.matches(77, 2, value, 0, length));
        assertFalse(records.matches(77, 0, value, 0, length));
        assertFalse(records.matches(78, 3, value, 0, length));
        assertFalse(records.matches(77, 3, value, 0, length - 1));
    }

    @Test
    void shouldKnowTheWordsOfWordNetAndHowOftenTheyAreUsed() {
        final WordSet words = new WordSet(WordNet.newest());
        final UnsafeBuffer key = words.newKeyBuffer();
        final UnsafeBuffer value = words.newValueBuffer();
        final int keyLength = words.key(1234, key);
        final int valueLength = words.value(1234, 0, value);

        assertTrue(words.count() > 147_000, "words " + words.count());
        assertEquals(1234, words.index(key, 0, keyLength));
        assertTrue(words.matches(1234, 0, value, 0, valueLength));
        assertTrue(words.matches(1233, 1, value, 0, valueLength), "version 1 is the entry of the next word");
        assertTrue(words.popularCount() > 20_000, "words of the corpus " + words.popularCount());
        final AliasSampler popularity = words.popularity();
        final SplittableRandom random = new SplittableRandom(1);
        final Set<Integer> drawn = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            drawn.add(popularity.next(random));
        }
        assertTrue(drawn.size() < 7000, drawn.size() + " different words of 10,000 drawn");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 1000, 1024, 1025})
    void shouldGiveEachNumberOnceInAnotherOrder(final long count) {
        final Permutation order = new Permutation(count, 9);
        final Set<Long> seen = new HashSet<>();
        long inPlace = 0;
        for (long place = 0; place < count; place++) {
            final long at = order.at(place);
            assertTrue(at >= 0 && at < count && seen.add(at), place + " -> " + at);
            inPlace += at == place ? 1 : 0;
        }
        assertTrue(count < 100 || inPlace < count / 50, inPlace + " of " + count + " stand where they were");
    }
}
