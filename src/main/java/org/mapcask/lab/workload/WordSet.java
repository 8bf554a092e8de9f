package org.mapcask.lab.workload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.mapcask.dict.WordNet;

/**
 * The headwords of WordNet with their entries, in its order. Version <i>v</i> of a word is the entry of the
 * <i>v</i>-th word after it. Holds all of it on the heap, about 60 MB; immutable, threads share it.
 */
public final class WordSet implements Records {
    private final String version;
    private final List<byte[]> words = new ArrayList<>();
    private final List<byte[]> entries = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Map<String, Long> frequencies;
    private int keyLengthMax;
    private int valueLengthMax;

    /**
     * Reads the dictionary.
     *
     * @param wordNet its data has to be on the class path.
     */
    public WordSet(final WordNet wordNet) {
        version = wordNet.version();
        frequencies = wordNet.frequencies();
        wordNet.forEachEntry((word, entry) -> {
            indexes.put(word, words.size());
            words.add(word.getBytes(StandardCharsets.UTF_8));
            entries.add(entry.getBytes(StandardCharsets.UTF_8));
        });
        words.forEach(word -> keyLengthMax = Math.max(keyLengthMax, word.length));
        entries.forEach(entry -> valueLengthMax = Math.max(valueLengthMax, entry.length));
    }

    @Override
    public long count() {
        return words.size();
    }

    @Override
    public int keyLengthMax() {
        return keyLengthMax;
    }

    @Override
    public int valueLengthMax() {
        return valueLengthMax;
    }

    @Override
    public int key(final long index, final MutableDirectBuffer key) {
        return put(words.get((int) index), key);
    }

    @Override
    public int value(final long index, final int version, final MutableDirectBuffer value) {
        return put(entry(index, version), value);
    }

    @Override
    public boolean matches(
        final long index, final int version, final DirectBuffer value, final int offset, final int length) {
        final byte[] expected = entry(index, version);
        if (length != expected.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (value.getByte(offset + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long index(final DirectBuffer key, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        key.getBytes(offset, bytes);
        return indexes.getOrDefault(new String(bytes, StandardCharsets.UTF_8), -1);
    }

    @Override
    public AliasSampler popularity() {
        final long[] weights = new long[words.size()];
        frequencies.forEach((word, frequency) -> {
            final Integer index = indexes.get(word);
            if (index != null) {
                weights[index] = frequency;
            }
        });
        return new AliasSampler(weights);
    }

    /** Words that a corpus has, which {@link #popularity()} draws from. */
    public long popularCount() {
        return frequencies.entrySet().stream()
            .filter(entry -> entry.getValue() > 0 && indexes.containsKey(entry.getKey())).count();
    }

    @Override
    public String description() {
        return "WordNet " + version + ", headwords and entries";
    }

    private byte[] entry(final long index, final int version) {
        return entries.get((int) ((index + version) % entries.size()));
    }

    private static int put(final byte[] bytes, final MutableDirectBuffer buffer) {
        buffer.putBytes(0, bytes);
        return bytes.length;
    }
}
