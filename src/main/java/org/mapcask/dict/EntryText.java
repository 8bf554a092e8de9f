package org.mapcask.dict;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes and parses the stored value of a headword; the package description has its grammar. Stateless, any number of
 * threads.
 */
public final class EntryText {
    private static final String GLOSS_SEPARATOR = " | ";
    private static final String WORD_SEPARATOR = ", ";
    private static final Set<String> MARKERS = Set.of("a", "p", "ip");

    private EntryText() {
    }

    /** The value for these senses, one line each. */
    public static String format(final List<Sense> senses) {
        final StringBuilder text = new StringBuilder(128 * senses.size());
        for (final Sense sense : senses) {
            if (text.length() > 0) {
                text.append('\n');
            }
            append(text, sense);
        }
        return text.toString();
    }

    /**
     * The senses of a stored value.
     *
     * @throws IllegalArgumentException if the text is not of this format: the store holds something else than a
     *     dictionary.
     */
    public static List<Sense> parse(final String value) {
        final List<Sense> senses = new ArrayList<>();
        int start = 0;
        while (start <= value.length()) {
            final int lineFeed = value.indexOf('\n', start);
            final int end = lineFeed < 0 ? value.length() : lineFeed;
            senses.add(parseLine(value.substring(start, end)));
            start = end + 1;
        }
        return senses;
    }

    /** Whether a text is the value of a headword. */
    public static boolean isEntry(final String value) {
        try {
            parse(value);
            return true;
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    /** How many senses a value has, without parsing them. */
    public static int senseCount(final String value) {
        int count = 1;
        for (int at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) {
            count++;
        }
        return count;
    }

    /**
     * The value without the words of its synonym sets: kinds and glosses only. Two values that agree in it differ in
     * synonyms alone.
     */
    public static String glossesOnly(final String value) {
        final StringBuilder text = new StringBuilder(value.length());
        for (final Sense sense : parse(value)) {
            text.append(sense.pos().letter()).append(GLOSS_SEPARATOR).append(sense.gloss()).append('\n');
        }
        return text.toString();
    }

    private static void append(final StringBuilder text, final Sense sense) {
        text.append(sense.pos().letter());
        String separator = " ";
        for (final Sense.Word word : sense.words()) {
            text.append(separator).append(word.text());
            if (!word.marker().isEmpty()) {
                text.append('(').append(word.marker()).append(')');
            }
            separator = WORD_SEPARATOR;
        }
        text.append(GLOSS_SEPARATOR).append(sense.gloss());
    }

    private static Sense parseLine(final String line) {
        final int bar = line.indexOf(GLOSS_SEPARATOR);
        if (bar < 3 || line.charAt(1) != ' ') {
            throw new IllegalArgumentException("not the text of a dictionary entry: " + line);
        }
        final List<Sense.Word> words = new ArrayList<>();
        for (final String word : line.substring(2, bar).split(WORD_SEPARATOR, -1)) {
            words.add(word(word));
        }
        return new Sense(PartOfSpeech.of(line.charAt(0)), words, line.substring(bar + GLOSS_SEPARATOR.length()));
    }

    /** Splits an adjective marker off: {@code galore(ip)}. */
    static Sense.Word word(final String text) {
        final int open = text.endsWith(")") ? text.lastIndexOf('(') : -1;
        final String marker = open > 0 ? text.substring(open + 1, text.length() - 1) : "";
        return MARKERS.contains(marker) ? new Sense.Word(text.substring(0, open), marker) : new Sense.Word(text, "");
    }
}
