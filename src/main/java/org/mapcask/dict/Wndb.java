package org.mapcask.dict;

import java.util.ArrayList;
import java.util.List;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;

/**
 * The layout of WordNet's database files ("WNDB"), and the only class that knows it. Stateless, any number of threads.
 *
 * <p>All files are ASCII lines; fields are separated by one blank; words have underscores for blanks. A line of an
 * index or data file that begins with two blanks belongs to the licence at its head: its number, a blank, then text.
 *
 * <pre>
 *   index.POS  lemma pos synset_cnt p_cnt ptr_symbol{p_cnt} sense_cnt tagsense_cnt synset_offset{synset_cnt}
 *              one line a lemma, lower case, sorted by bytes; counts are decimal; offsets in the order of senses
 *   data.POS   synset_offset lex_filenum ss_type w_cnt (word lex_id){w_cnt} p_cnt (symbol offset pos src/tgt){p_cnt}
 *              [ f_cnt ("+" f_num w_num){f_cnt} ] "|" gloss
 *              synset_offset is the place of the line in bytes from the start of the file, eight decimal digits;
 *              w_cnt has two hexadecimal digits, lex_id one; p_cnt three decimal digits; frames (f_cnt) for verbs
 *              only. ss_type is n, v, a, r or s (adjective satellite). An adjective may end in a marker: (a), (p), (ip)
 *   cntlist    tag_cnt sense_key sense_number       a sense key begins with the lemma, up to '%'
 *   POS.exc    inflected base{1..}                  irregular forms
 * </pre>
 * {@code POS} is noun, verb, adj or adv.
 */
final class Wndb {
    /** How the lines of the licence begin. */
    static final String LICENCE_PREFIX = "  ";

    private Wndb() {
    }

    /** A line of an index file: a lemma and where its senses are in the data file of the same kind. */
    record IndexLine(String lemma, long[] synsetOffsets) {
    }

    /** Lemma as the files write it, turned into a headword. */
    static String headword(final String lemma) {
        return lemma.replace('_', ' ');
    }

    /** Text of a licence line: without its prefix, number and blanks at the end. */
    static String licenceText(final String line) {
        final String numbered = line.strip();
        final int blank = numbered.indexOf(' ');
        return blank < 0 ? "" : numbered.substring(blank + 1);
    }

    /**
     * Parses a line of an index file.
     *
     * @throws CorruptionException if it breaks the layout; {@code file} and {@code offset} name the place.
     */
    static IndexLine indexLine(final String line, final String file, final long offset) {
        try {
            final Fields fields = new Fields(line);
            final String lemma = fields.next();
            fields.skip(1);
            final int synsets = Integer.parseInt(fields.next());
            fields.skip(Integer.parseInt(fields.next()) + 2);
            final long[] offsets = new long[synsets];
            for (int i = 0; i < synsets; i++) {
                offsets[i] = Long.parseLong(fields.next());
            }
            return new IndexLine(lemma, offsets);
        } catch (final IllegalArgumentException e) {
            throw broken("an index line: lemma pos synset_cnt p_cnt …", line, file, offset, e);
        }
    }

    /**
     * Parses a line of a data file into a sense.
     *
     * @throws CorruptionException if it breaks the layout, or does not begin with its own offset.
     */
    static Sense dataLine(final String line, final String file, final long offset) {
        try {
            final Fields fields = new Fields(line);
            if (Long.parseLong(fields.next()) != offset) {
                throw new IllegalArgumentException("not the offset of this line");
            }
            fields.skip(1);
            final PartOfSpeech pos = PartOfSpeech.of(fields.next().charAt(0));
            final int wordCount = Integer.parseInt(fields.next(), 16);
            final List<Sense.Word> words = new ArrayList<>(wordCount);
            for (int i = 0; i < wordCount; i++) {
                words.add(EntryText.word(headword(fields.next())));
                Integer.parseInt(fields.next(), 16);
            }
            fields.skip(4 * Integer.parseInt(fields.next()));
            String field = fields.next();
            if (!"|".equals(field)) {
                fields.skip(3 * Integer.parseInt(field));
                field = fields.next();
            }
            if (!"|".equals(field)) {
                throw new IllegalArgumentException("no bar before the gloss");
            }
            return new Sense(pos, words, fields.rest().strip());
        } catch (final IllegalArgumentException e) {
            throw broken("a data line: " + offset + " lex_filenum ss_type w_cnt …", line, file, offset, e);
        }
    }

    private static CorruptionException broken(
        final String expected, final String line, final String file, final long offset, final RuntimeException cause) {
        final CorruptionException broken = new CorruptionException(file, offset, ErrorText
            .what("a WordNet file breaks its layout (" + cause.getMessage() + ")").where(file, offset)
            .expected(expected).found(line.length() > 80 ? line.substring(0, 80) + "…" : line)
            .todo("fetch the data jar again"));
        broken.initCause(cause);
        return broken;
    }

    /** Walks the fields of one line. */
    static final class Fields {
        private final String line;
        private int start;
        private int at;

        Fields(final String line) {
            this.line = line;
        }

        boolean hasNext() {
            while (at < line.length() && line.charAt(at) == ' ') {
                at++;
            }
            return at < line.length();
        }

        String next() {
            skip(1);
            return line.substring(start, at);
        }

        void skip(final int count) {
            for (int i = 0; i < count; i++) {
                if (!hasNext()) {
                    throw new IllegalArgumentException("the line ends early");
                }
                start = at;
                final int blank = line.indexOf(' ', at);
                at = blank < 0 ? line.length() : blank;
            }
        }

        String rest() {
            return line.substring(at);
        }
    }
}
