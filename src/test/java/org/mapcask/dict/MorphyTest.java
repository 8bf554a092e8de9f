package org.mapcask.dict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Base forms of inflected words, in the real dictionary. */
class MorphyTest {
    private static final Morphy MORPHY = new Morphy(WordNet.open("3.1"));

    @Test
    void shouldFindIrregularForms() {
        assertEquals(List.of("mouse NOUN"), bases("mice"));
        assertEquals(List.of("run VERB"), bases("running"));
        assertEquals(List.of("well ADVERB"), bases("better").stream().filter(base -> base.endsWith("ADVERB")).toList());
    }

    @Test
    void shouldTakeOffRegularEndings() {
        assertEquals(List.of("dictionary NOUN"), bases("dictionaries"));
        assertEquals(List.of("box NOUN", "box VERB"), bases("boxes"));
        assertEquals(List.of("boxful NOUN"), bases("boxesful"));
        assertEquals(List.of("hope VERB"), bases("hoped"), "not hop");
        assertEquals(List.of("happy ADJECTIVE"), bases("happiest"));
    }

    @Test
    void shouldTryEachWordOfAPhrase() {
        assertEquals(List.of("run away VERB"), bases("ran away"));
        assertEquals(List.of("attorney general NOUN"), bases("attorneys general"));
        assertEquals(List.of("ice cream NOUN"), bases("ice creams"));
    }

    @Test
    void shouldFindNothingForBasesAndForNonsense() {
        assertEquals(List.of(), bases("serendipity"));
        assertEquals(List.of(), bases("zzxqs"));
        assertEquals(List.of(), bases("s"));
        assertEquals(List.of(), bases(""));
    }

    private static List<String> bases(final String word) {
        return MORPHY.bases(word, MorphyTest::defined).stream().map(base -> base.word() + ' ' + base.pos()).toList();
    }

    private static boolean defined(final String word, final PartOfSpeech pos) {
        final String value = WordNetData.of("3.1").get(word);
        return value != null && EntryText.parse(value).stream().anyMatch(sense -> sense.pos() == pos);
    }
}
