package org.mapcask.dict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Gathers the words that are close to one that was not found: at most {@value #DISTANCE_MAX} letters inserted, left
 * out, replaced, or swapped with their neighbour. One thread; costs about a tenth of a microsecond for a word of
 * another length, and about a microsecond for one that has to be compared.
 */
public final class Suggestions {
    /** The largest edit distance of a suggestion. */
    public static final int DISTANCE_MAX = 2;

    private final String wanted;
    private final List<Near> found = new ArrayList<>();
    private int[] beforeLast;
    private int[] last;
    private int[] row;

    private record Near(String word, int distance) {
    }

    /** Looks for words near this one; normalised, see {@link WordNet#normalise}. */
    public Suggestions(final String wanted) {
        this.wanted = wanted;
        this.beforeLast = new int[wanted.length() + 1];
        this.last = new int[wanted.length() + 1];
        this.row = new int[wanted.length() + 1];
    }

    /** Takes a word if it is near. */
    public void offer(final String word) {
        if (Math.abs(word.length() - wanted.length()) <= DISTANCE_MAX) {
            final int distance = distance(word);
            if (distance <= DISTANCE_MAX) {
                found.add(new Near(word, distance));
            }
        }
    }

    /**
     * The nearest words: by distance, then the more frequent first, then by the alphabet.
     *
     * @param wordNet where corpus frequencies come from; without its data on the class path all count as equal.
     * @param limit   at most so many.
     */
    public List<String> best(final WordNet wordNet, final int limit) {
        if (found.isEmpty()) {
            return List.of();
        }
        final Map<String, Long> counts = wordNet.present() ? wordNet.tagCounts() : Map.of();
        return best(word -> counts.getOrDefault(word, 0L), limit);
    }

    /** The nearest words, with frequencies of the caller's. */
    List<String> best(final ToLongFunction<String> frequency, final int limit) {
        found.sort(Comparator.comparingInt(Near::distance)
            .thenComparing(Comparator.comparingLong((Near near) -> frequency.applyAsLong(near.word())).reversed())
            .thenComparing(Near::word));
        final List<String> best = new ArrayList<>();
        for (int i = 0; i < found.size() && i < limit; i++) {
            best.add(found.get(i).word());
        }
        return best;
    }

    /**
     * Edit distance by rows (optimal string alignment); gives up, with a number too large, once no way within the
     * limit is left.
     */
    private int distance(final String word) {
        for (int j = 0; j <= wanted.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= word.length(); i++) {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= wanted.length(); j++) {
                final boolean same = word.charAt(i - 1) == wanted.charAt(j - 1);
                int cost = Math.min(last[j - 1] + (same ? 0 : 1), Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && swapped(word, i, j)) {
                    cost = Math.min(cost, beforeLast[j - 2] + 1);
                }
                row[j] = cost;
                least = Math.min(least, cost);
            }
            if (least > DISTANCE_MAX) {
                return DISTANCE_MAX + 1;
            }
            final int[] recycled = beforeLast;
            beforeLast = last;
            last = row;
            row = recycled;
        }
        return last[wanted.length()];
    }

    private boolean swapped(final String word, final int i, final int j) {
        return word.charAt(i - 1) == wanted.charAt(j - 2) && word.charAt(i - 2) == wanted.charAt(j - 1);
    }
}
