package org.mapcask.dict;

import java.util.List;

/** The four kinds of words that WordNet knows, in the order in which senses are stored and shown. Immutable. */
public enum PartOfSpeech {
    /** A noun. */
    NOUN('n', "noun", "noun"),
    /** A verb. */
    VERB('v', "verb", "verb"),
    /** An adjective, satellites included. */
    ADJECTIVE('a', "adj", "adjective"),
    /** An adverb. */
    ADVERB('r', "adv", "adverb");

    static final List<PartOfSpeech> ALL = List.of(values());

    private final char letter;
    private final String fileSuffix;
    private final String label;

    PartOfSpeech(final char letter, final String fileSuffix, final String label) {
        this.letter = letter;
        this.fileSuffix = fileSuffix;
        this.label = label;
    }

    /** The letter that stands for it in WordNet's files and in stored values. */
    public char letter() {
        return letter;
    }

    /** The English word for it. */
    public String label() {
        return label;
    }

    /** What its files end in: {@code index.noun}, {@code data.adj}, {@code verb.exc} is {@code fileSuffix + ".exc"}. */
    String fileSuffix() {
        return fileSuffix;
    }

    /**
     * The kind that a letter stands for; {@code s}, an adjective satellite, is an adjective.
     *
     * @throws IllegalArgumentException if no kind has this letter.
     */
    static PartOfSpeech of(final char letter) {
        switch (letter) {
            case 'n':
                return NOUN;
            case 'v':
                return VERB;
            case 'a':
            case 's':
                return ADJECTIVE;
            case 'r':
                return ADVERB;
            default:
                throw new IllegalArgumentException("no part of speech has the letter '" + letter + "'");
        }
    }
}
