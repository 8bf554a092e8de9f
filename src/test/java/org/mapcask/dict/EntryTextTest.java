package org.mapcask.dict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The stored text of an entry. */
class EntryTextTest {
    @Test
    void shouldWriteOneReadableLineASense() {
        final List<Sense.Word> words = List.of(new Sense.Word("Ü", ""), new Sense.Word("b c", ""));
        final Sense noun = new Sense(PartOfSpeech.NOUN, words, "x | y; \"z\"");
        final Sense adjective = new Sense(PartOfSpeech.ADJECTIVE, List.of(new Sense.Word("d", "p")), "e");
        final String text = EntryText.format(List.of(noun, adjective));
        assertEquals("n Ü, b c | x | y; \"z\"\na d(p) | e", text);
        assertEquals(List.of(noun, adjective), EntryText.parse(text));
        assertEquals(2, EntryText.senseCount(text));
        assertEquals("n | x | y; \"z\"\na | e\n", EntryText.glossesOnly(text));
    }

    @Test
    void shouldRefuseTextThatIsNoEntry() {
        final List<String> foreigners =
            List.of("", "world", "n word", "x word | gloss", "n | gloss", "n a | b\n", "nn a | b");
        for (final String foreign : foreigners) {
            assertThrows(IllegalArgumentException.class, () -> EntryText.parse(foreign), foreign);
        }
    }

    @Test
    void shouldTellDefinitionFromExamplesAndKeepTheirSources() {
        final Sense sense = new Sense(PartOfSpeech.NOUN, List.of(new Sense.Word("a", "")),
            "one; two \"three\"; \"four; five\"; \"six\"- Seven");
        assertEquals("one; two \"three\"", sense.definition());
        assertEquals(List.of("four; five", "\"six\"- Seven"), sense.examples());
    }

    @Test
    void shouldTakeOnlyTheThreeKnownMarkersForMarkers() {
        assertEquals(new Sense.Word("a(b)", ""), EntryText.word("a(b)"));
        assertEquals(new Sense.Word("(p)", ""), EntryText.word("(p)"));
        assertEquals(new Sense.Word("ready", "p"), EntryText.word("ready(p)"));
    }
}
