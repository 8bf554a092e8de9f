package org.mapcask.dict;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Finds the base forms of an inflected word the way WordNet's "morphy" does: its lists of irregular forms first, else
 * rules that take an ending off, and a form counts only if the dictionary has it as that part of speech. Immutable,
 * any number of threads. Of rules the first that fits counts. Of a phrase, the whole and each single word of it are
 * tried.
 */
public final class Morphy {
    private static final Map<PartOfSpeech, String[][]> RULES = Map.of(
        PartOfSpeech.NOUN, new String[][] {
            {"s", ""}, {"ses", "s"}, {"xes", "x"}, {"zes", "z"}, {"ches", "ch"}, {"shes", "sh"},
            {"men", "man"}, {"ies", "y"}},
        PartOfSpeech.VERB, new String[][] {
            {"s", ""}, {"ies", "y"}, {"es", "e"}, {"es", ""}, {"ed", "e"}, {"ed", ""}, {"ing", "e"}, {"ing", ""}},
        PartOfSpeech.ADJECTIVE, new String[][] {{"er", ""}, {"est", ""}, {"er", "e"}, {"est", "e"}},
        PartOfSpeech.ADVERB, new String[0][]);

    private final Map<PartOfSpeech, Map<String, List<String>>> exceptions = new EnumMap<>(PartOfSpeech.class);

    /**
     * A base form and the part of speech as which it was found.
     *
     * @param word a headword.
     * @param pos  what the inflected word is a form of.
     */
    public record Base(String word, PartOfSpeech pos) {
    }

    /** Reads the lists of irregular forms; without the data on the class path only the rules work. */
    public Morphy(final WordNet wordNet) {
        for (final PartOfSpeech pos : PartOfSpeech.ALL) {
            exceptions.put(pos, wordNet.exceptions(pos));
        }
    }

    /**
     * Base forms of a word, best first: by part of speech, irregular forms before rules. The word itself is never
     * among them.
     *
     * @param word    normalised, see {@link WordNet#normalise}.
     * @param defined whether the dictionary has a word as this part of speech.
     */
    public List<Base> bases(final String word, final BiPredicate<String, PartOfSpeech> defined) {
        final Set<Base> bases = new LinkedHashSet<>();
        for (final PartOfSpeech pos : PartOfSpeech.ALL) {
            final List<Base> found = defined(word, irregular(word, pos), pos, defined);
            if (found.isEmpty()) {
                defined(word, byRule(word, pos), pos, defined).stream().limit(1).forEach(found::add);
            }
            bases.addAll(found);
        }
        return new ArrayList<>(bases);
    }

    private List<String> irregular(final String word, final PartOfSpeech pos) {
        final List<String> candidates = new ArrayList<>(exceptions.get(pos).getOrDefault(word, List.of()));
        final String[] parts = word.split(" ");
        for (int i = 0; parts.length > 1 && i < parts.length; i++) {
            for (final String base : exceptions.get(pos).getOrDefault(parts[i], List.of())) {
                candidates.add(replaced(parts, i, base));
            }
        }
        return candidates;
    }

    private static List<String> byRule(final String word, final PartOfSpeech pos) {
        final List<String> candidates = detached(word, pos);
        final String[] parts = word.split(" ");
        for (int i = 0; parts.length > 1 && i < parts.length; i++) {
            for (final String base : detached(parts[i], pos)) {
                candidates.add(replaced(parts, i, base));
            }
        }
        return candidates;
    }

    private static List<String> detached(final String word, final PartOfSpeech pos) {
        final List<String> candidates = new ArrayList<>();
        final boolean full = pos == PartOfSpeech.NOUN && word.endsWith("ful");
        final String stem = full ? word.substring(0, word.length() - 3) : word;
        if (pos == PartOfSpeech.NOUN && stem.endsWith("ss")) {
            return candidates;
        }
        for (final String[] rule : RULES.get(pos)) {
            if (stem.length() > rule[0].length() && stem.endsWith(rule[0])) {
                candidates.add(stem.substring(0, stem.length() - rule[0].length()) + rule[1] + (full ? "ful" : ""));
            }
        }
        return candidates;
    }

    private static String replaced(final String[] parts, final int index, final String part) {
        final String[] copy = parts.clone();
        copy[index] = part;
        return String.join(" ", copy);
    }

    private static List<Base> defined(
        final String word,
        final List<String> candidates,
        final PartOfSpeech pos,
        final BiPredicate<String, PartOfSpeech> defined) {
        final List<Base> bases = new ArrayList<>();
        for (final String candidate : candidates) {
            if (!candidate.equals(word) && defined.test(candidate, pos)) {
                bases.add(new Base(candidate, pos));
            }
        }
        return bases;
    }
}
