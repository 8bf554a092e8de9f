package org.mapcask.dict;

import java.util.ArrayList;
import java.util.List;

/**
 * One meaning of a headword: the words that share it and their gloss. Immutable.
 *
 * @param pos   part of speech.
 * @param words all words of the synonym set, in WordNet's order and spelling; the headword is among them.
 * @param gloss definition and examples as WordNet writes them, without blanks at the ends.
 */
public record Sense(PartOfSpeech pos, List<Word> words, String gloss) {
    private static final String EXAMPLE_START = "; \"";

    /**
     * A word of a synonym set.
     *
     * @param text   the word in its own spelling.
     * @param marker where an adjective may stand: {@code a}, {@code p} or {@code ip}; empty if anywhere.
     */
    public record Word(String text, String marker) {
    }

    /** Takes its own copy of the list. */
    public Sense {
        words = List.copyOf(words);
    }

    /** The gloss up to its first quoted example. */
    public String definition() {
        final int end = gloss.indexOf(EXAMPLE_START);
        return end < 0 ? gloss : gloss.substring(0, end);
    }

    /**
     * The examples after the definition, without their quotation marks; what follows a closing mark (a source) is kept.
     */
    public List<String> examples() {
        final List<String> examples = new ArrayList<>();
        int start = gloss.indexOf(EXAMPLE_START);
        while (start >= 0) {
            final int next = gloss.indexOf(EXAMPLE_START, start + EXAMPLE_START.length());
            final String quoted = gloss.substring(start + EXAMPLE_START.length(), next < 0 ? gloss.length() : next);
            final int close = quoted.length() - 1;
            examples.add(close >= 0 && quoted.indexOf('"') == close ? quoted.substring(0, close) : '"' + quoted);
            start = next;
        }
        return examples;
    }

    /** The words of the set that are not the given headword, whatever its case. */
    public List<String> synonymsOf(final String headword) {
        final List<String> synonyms = new ArrayList<>();
        for (final Word word : words) {
            if (!word.text().equalsIgnoreCase(headword)) {
                synonyms.add(word.text());
            }
        }
        return synonyms;
    }

    /** The member of the set that is the headword, with its own spelling and marker; the headword itself if none is. */
    public Word spellingOf(final String headword) {
        for (final Word word : words) {
            if (word.text().equalsIgnoreCase(headword)) {
                return word;
            }
        }
        return new Word(headword, "");
    }
}
