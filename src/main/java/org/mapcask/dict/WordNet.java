package org.mapcask.dict;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;

/**
 * WordNet, read from its database files on the class path: headwords, the values to store for them, and how often a
 * word occurs in the tagged corpora. Immutable and usable by any number of threads; each call reads the files anew and
 * keeps nothing, except that {@link #forEachEntry} holds the four data files (22 MB) while it runs.
 *
 * <p>Every method that reads throws {@link org.mapcask.errors.StoreIoException} if the data jar is not on the class
 * path, and {@link CorruptionException} if a file breaks its layout.
 */
public final class WordNet {
    private final WordNetFiles files;

    private WordNet(final WordNetFiles files) {
        this.files = files;
    }

    /**
     * Names the version to read; no file is touched yet.
     *
     * @param version {@code 3.0} or {@code 3.1}.
     * @throws org.mapcask.errors.InvalidArgumentException for any other version.
     */
    public static WordNet open(final String version) {
        return new WordNet(new WordNetFiles(version));
    }

    /** The versions that {@link #open} takes, oldest first. */
    public static List<String> versions() {
        return WordNetFiles.VERSIONS;
    }

    /** The newest version whose data is on the class path; the newest of all, not present, if none is. */
    public static WordNet newest() {
        WordNet newest = null;
        for (final String version : versions()) {
            final WordNet candidate = open(version);
            if (newest == null || candidate.present() || !newest.present()) {
                newest = candidate;
            }
        }
        return newest;
    }

    /** The form in which a word is a key: lower case, no underscores, single blanks, none at the ends. */
    public static String normalise(final String word) {
        return word.replace('_', ' ').strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    /** The version that was opened. */
    public String version() {
        return files.version();
    }

    /** Whether the data of this version is on the class path. */
    public boolean present() {
        return files.present();
    }

    /**
     * Does nothing if the data is there.
     *
     * @throws org.mapcask.errors.StoreIoException with the coordinates of the jar if it is not on the class path.
     */
    public void requirePresent() {
        files.requirePresent();
    }

    /** The licence text at the head of the data files, line by line. */
    public String licence() {
        final StringBuilder text = new StringBuilder(2048);
        try (BufferedReader reader = files.reader("data.noun")) {
            String line = reader.readLine();
            while (line != null && line.startsWith(Wndb.LICENCE_PREFIX)) {
                text.append(Wndb.licenceText(line)).append('\n');
                line = reader.readLine();
            }
        } catch (final IOException e) {
            throw files.unreadable("data.noun", e);
        }
        return text.toString();
    }

    /** All headwords, that is the distinct lemmas of the four index files, in the order of {@link #forEachEntry}. */
    public Set<String> headwords() {
        final Set<String> words = new LinkedHashSet<>(1 << 19);
        walk((lemma, senses) -> words.add(Wndb.headword(lemma)));
        return words;
    }

    /**
     * Gives each headword and its value to the consumer, on the calling thread, sorted by the bytes of the lemma as
     * the index files write it: the same order at every run.
     *
     * @param consumer takes the headword and its value; {@link EntryText} explains the value.
     */
    public void forEachEntry(final BiConsumer<String, String> consumer) {
        final Map<PartOfSpeech, byte[]> data = new EnumMap<>(PartOfSpeech.class);
        for (final PartOfSpeech pos : PartOfSpeech.ALL) {
            data.put(pos, files.bytes("data." + pos.fileSuffix()));
        }
        walk((lemma, offsets) -> {
            final List<Sense> senses = new ArrayList<>();
            offsets.forEach((pos, ofPos) -> {
                for (final long offset : ofPos) {
                    senses.add(sense(data.get(pos), pos, offset));
                }
            });
            consumer.accept(Wndb.headword(lemma), EntryText.format(senses));
        });
    }

    /**
     * Tag counts in the corpora that come with WordNet, summed over the senses of each headword; words without one are
     * absent.
     */
    public Map<String, Long> frequencies() {
        final Map<String, Long> counts = tagCounts();
        counts.keySet().retainAll(headwords());
        return counts;
    }

    /**
     * Like {@link #frequencies}, faster, with some words that are not headwords. In order of their most frequent sense.
     */
    Map<String, Long> tagCounts() {
        final Map<String, Long> counts = new LinkedHashMap<>(1 << 16);
        files.forEachLine("cntlist", line -> {
            final int blank = line.indexOf(' ');
            final int percent = line.indexOf('%', blank);
            if (percent > 0) {
                final long count = Long.parseLong(line.substring(0, blank));
                counts.merge(Wndb.headword(line.substring(blank + 1, percent)), count, Long::sum);
            }
        });
        return counts;
    }

    /** The irregular forms of one kind: inflected form to its bases. Empty if the data is not on the class path. */
    Map<String, List<String>> exceptions(final PartOfSpeech pos) {
        final Map<String, List<String>> forms = new HashMap<>();
        if (present()) {
            files.forEachLine(pos.fileSuffix() + ".exc", line -> {
                final Wndb.Fields fields = new Wndb.Fields(line);
                final String inflected = Wndb.headword(fields.next());
                final List<String> bases = forms.computeIfAbsent(inflected, form -> new ArrayList<>());
                while (fields.hasNext()) {
                    bases.add(Wndb.headword(fields.next()));
                }
            });
        }
        return forms;
    }

    private Sense sense(final byte[] data, final PartOfSpeech pos, final long offset) {
        final String file = files.path("data." + pos.fileSuffix());
        if (offset >= data.length) {
            throw new CorruptionException(file, offset, ErrorText
                .what("an index names a line behind the end of its data file").where(file, offset)
                .expected("less than " + data.length).found(offset).todo("fetch the data jar again"));
        }
        int end = (int) offset;
        while (end < data.length && data[end] != '\n') {
            end++;
        }
        final String line = new String(data, (int) offset, end - (int) offset, StandardCharsets.UTF_8);
        return Wndb.dataLine(line, file, offset);
    }

    /**
     * Merges the four index files, each sorted, so that every lemma comes once with the synset offsets of all its
     * kinds.
     */
    private void walk(final BiConsumer<String, Map<PartOfSpeech, long[]>> consumer) {
        final List<IndexCursor> cursors = new ArrayList<>();
        try {
            for (final PartOfSpeech pos : PartOfSpeech.ALL) {
                cursors.add(new IndexCursor(files, pos));
            }
            String lemma = least(cursors);
            while (lemma != null) {
                final Map<PartOfSpeech, long[]> offsets = new EnumMap<>(PartOfSpeech.class);
                for (final IndexCursor cursor : cursors) {
                    if (lemma.equals(cursor.lemma())) {
                        offsets.put(cursor.pos(), cursor.take());
                    }
                }
                consumer.accept(lemma, offsets);
                lemma = least(cursors);
            }
        } finally {
            cursors.forEach(IndexCursor::close);
        }
    }

    private static String least(final List<IndexCursor> cursors) {
        String least = null;
        for (final IndexCursor cursor : cursors) {
            final String lemma = cursor.lemma();
            if (lemma != null && (least == null || lemma.compareTo(least) < 0)) {
                least = lemma;
            }
        }
        return least;
    }
}
