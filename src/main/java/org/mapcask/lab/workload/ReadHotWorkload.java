package org.mapcask.lab.workload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/**
 * {@code readhot}: looks dictionary words up, each as often as it was counted in a real corpus. Each definition is
 * compared byte for byte with the dictionary's own text.
 */
public final class ReadHotWorkload implements Workload {
    private final Mapcask store;
    private final List<UnsafeBuffer> words = new ArrayList<>();
    private final List<byte[]> definitions = new ArrayList<>();
    private final AliasSampler sampler;
    private final long seed;
    private final int definitionLengthMax;

    /**
     * Makes the workload.
     *
     * @param store       holds the dictionary; owned by the caller.
     * @param entries     the dictionary's text: word to definition.
     * @param frequencies how often the corpus has a word; words that the dictionary does not have are left out.
     * @param seed        begin of the random numbers.
     */
    public ReadHotWorkload(
        final Mapcask store, final Map<String, String> entries, final Map<String, Long> frequencies, final long seed) {
        this.store = store;
        this.seed = seed;
        final List<Long> weights = new ArrayList<>();
        int longest = 0;
        for (final Map.Entry<String, Long> frequency : frequencies.entrySet()) {
            final String definition = entries.get(frequency.getKey());
            if (definition != null && frequency.getValue() > 0) {
                words.add(new UnsafeBuffer(frequency.getKey().getBytes(StandardCharsets.UTF_8)));
                final byte[] bytes = definition.getBytes(StandardCharsets.UTF_8);
                definitions.add(bytes);
                longest = Math.max(longest, bytes.length);
                weights.add(frequency.getValue());
            }
        }
        definitionLengthMax = longest;
        sampler = new AliasSampler(weights.stream().mapToLong(Long::longValue).toArray());
    }

    /** Number of words that are looked up. */
    public int wordCount() {
        return words.size();
    }

    @Override
    public Operation newOperation(final int thread, final int threads) {
        return new Lookup(new SplittableRandom(seed + thread));
    }

    private final class Lookup implements Operation {
        private final byte[] answer = new byte[definitionLengthMax];
        private final UnsafeBuffer destination = new UnsafeBuffer(answer);
        private final SplittableRandom random;
        private int choice;
        private UnsafeBuffer word;
        private int length;

        Lookup(final SplittableRandom random) {
            this.random = random;
        }

        @Override
        public void prepare() {
            choice = sampler.next(random);
            word = words.get(choice);
        }

        @Override
        public void perform() {
            length = store.get(word, 0, word.capacity(), destination, 0, answer.length);
        }

        @Override
        public boolean verify() {
            final byte[] expected = definitions.get(choice);
            return length == expected.length && Arrays.equals(answer, 0, length, expected, 0, length);
        }
    }
}
