package org.mapcask.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.dict.WordNetData;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.support.DiskUse;

/** The dictionary, end to end, with the whole of WordNet in a store. */
class DictCommandTest {
    private static final int ROUNDS = 10;
    private static final String FROM = "3.0";
    private static final String TO = "3.1";

    @TempDir
    private static Path shared;

    private static Path dictionary;
    private static Cli imported;

    @TempDir
    private Path temp;

    @BeforeAll
    static void importOnce() {
        dictionary = shared.resolve("a dictionary");
        imported = Cli.run("dict", "import", dictionary, "--json").ends(0);
    }

    @Test
    void shouldImportEveryHeadwordAsOneKey() {
        final Map<String, Object> summary = JsonCheck.object(imported.out());
        assertEquals("3.1", summary.get("wordnet"));
        assertEquals(147_478.0, summary.get("words"));
        assertEquals(207_235.0, summary.get("senses"));
        assertTrue(imported.err().contains("147,478 words, 207,235 senses"), imported.err());
        assertEquals(147_478.0, JsonCheck.object(Cli.run("stat", dictionary, "--json").ends(0).out()).get("keys"));
        assertEquals(WordNetData.of("3.1"), contents(dictionary));
        Cli.run("verify", dictionary).ends(0);
    }

    @Test
    void shouldImportIntoAStoreWithKeysOnlyWhenForcedAndUpdateItToExactlyAFreshImport() {
        final Path store = temp.resolve("old");
        Cli.run("put", store, "serendipity", "mine").ends(0);
        final Cli refused = Cli.run("dict", "import", store).ends(1);
        assertTrue(refused.err().contains("--force"), refused.err());
        assertEquals(Map.of("serendipity", "mine"), contents(store));

        Cli.run("dict", "import", store, "--force", "--wordnet", "3.0").ends(0);
        assertEquals(WordNetData.of("3.0"), contents(store));

        final Cli update = Cli.run("dict", "update", store, "--json").ends(0);
        assertTrue(update.err().contains("318 words added, 146 deleted, 3,160 changed"), update.err());
        assertEquals(Map.of("wordnet", "3.1", "words", 147_478.0, "added", 318.0, "deleted", 146.0, "changed", 3_160.0,
            "changedGlosses", 2_532.0, "changedSynonymsOnly", 628.0), JsonCheck.object(update.out()));
        assertEquals(contents(dictionary), contents(store));
        Cli.run("verify", store).ends(0);
    }

    @Test
    void shouldUpdateFromAnyStateAndDoNothingTheSecondTime() {
        Cli.run("delete", dictionary, "serendipity").ends(0);
        Cli.run("put", dictionary, "mouse", "n mouse | wrong").ends(0);
        Cli.run("put", dictionary, "no word of any kind", "x").ends(0);
        final Cli update = Cli.run("dict", "update", dictionary).ends(0);
        assertTrue(update.err().contains("1 words added, 1 deleted, 1 changed (1 of"), update.err());
        assertEquals(WordNetData.of("3.1"), contents(dictionary));
        final Cli again = Cli.run("dict", "update", dictionary).ends(0);
        assertTrue(again.err().contains("nothing to do"), again.err());
        assertEquals(1, again.err().lines().count(), again.err());
    }

    @Test
    void shouldNotTakeAnotherStoreForADictionary() {
        final Path store = temp.resolve("store");
        Cli.run("put", store, "no such word 1", "1").ends(0);
        assertTrue(Cli.run("dict", "update", store).ends(1).err().contains("--force"));
        assertEquals("1", Cli.run("get", store, "no such word 1").ends(0).out());
    }

    /** Its keys may well be words. */
    @Test
    void shouldNotTakeAStoreForADictionaryWhoseKeysAreWordsAndItsValuesNoEntries() {
        final Path store = temp.resolve("store");
        Cli.run("put", store, "hello", "world").ends(0);
        Cli.run("put", store, "empty", "").ends(0);
        final Cli refused = Cli.run("dict", "update", store).ends(1);
        assertTrue(refused.err().contains("2 of 2 keys") && refused.err().contains("--force"), refused.err());
        assertEquals(Map.of("hello", "world", "empty", ""), contents(store));
        Cli.run("dict", "update", store, "--force").ends(0);
        assertEquals(WordNetData.of("3.1"), contents(store));
    }

    @Test
    void shouldLookUpWordsWhateverTheirCaseAndBlanks() {
        final Cli found = Cli.run("dict", "lookup", dictionary, "Serendipity").ends(0);
        assertEquals("serendipity\n  1. noun: good luck in making unexpected and fortunate discoveries\n", found.out());
        assertEquals("", found.err());
        assertTrue(Cli.run("dict", "lookup", dictionary, "Ice", "cream").ends(0).out().contains("also: icecream"));
        assertTrue(Cli.run("dict", "lookup", dictionary, "ice_cream").ends(0).out().startsWith("ice cream\n"));
    }

    @Test
    @SuppressWarnings("unchecked")
    void shouldShowSensesAsJson() {
        final Map<String, Object> galore =
            JsonCheck.object(Cli.run("dict", "lookup", dictionary, "galore", "--json").ends(0).out());
        assertEquals(true, galore.get("found"));
        final Map<String, Object> entry = ((List<Map<String, Object>>) galore.get("entries")).get(0);
        assertEquals("galore", entry.get("word"));
        assertEquals(Map.of("pos", "adjective", "spelling", "galore", "place", "straight after a noun",
            "synonyms", List.of("abounding"), "definition", "existing in abundance",
            "examples", List.of("abounding confidence", "whiskey galore")),
            ((List<Object>) entry.get("senses")).get(1));
    }

    @Test
    void shouldFindTheBaseOfAnInflectedWordAndSaySo() {
        final Cli mice = Cli.run("dict", "lookup", dictionary, "mice").ends(0);
        assertTrue(mice.out().startsWith("mouse\n"), mice.out());
        assertTrue(mice.err().contains("form of the noun \"mouse\""), mice.err());
        final Cli running = Cli.run("dict", "lookup", dictionary, "running").ends(0);
        assertTrue(running.out().startsWith("running\n"), running.out());
        assertTrue(running.err().contains("form of the verb \"run\""), running.err());
        final Map<String, Object> json =
            JsonCheck.object(Cli.run("dict", "lookup", dictionary, "mice", "--json").ends(0).out());
        assertEquals(List.of("mouse"), json.get("formOf"));
        assertEquals(true, json.get("inflected"));
    }

    @Test
    void shouldSuggestCloseWordsForAnAbsentOne() {
        final Cli absent = Cli.run("dict", "lookup", dictionary, "serendipty").ends(1);
        assertEquals("", absent.out());
        assertTrue(absent.err().contains("did you mean: serendipity"), absent.err());
        final Map<String, Object> json =
            JsonCheck.object(Cli.run("dict", "lookup", dictionary, "serendipty", "--json").ends(1).out());
        assertEquals(false, json.get("found"));
        assertEquals("serendipity", ((List<?>) json.get("suggestions")).get(0));
        assertEquals(List.of(), JsonCheck.object(
            Cli.run("dict", "lookup", dictionary, "xqzzyqx", "--json").ends(1).out()).get("suggestions"));
        Cli.run("dict", "lookup", dictionary, " ").ends(2);
    }

    @Test
    void shouldTellHowToImportWhereThereIsNoDictionary() {
        final Path none = temp.resolve("not here");
        final Cli lookup = Cli.run("dict", "lookup", none, "word").ends(4);
        assertTrue(lookup.err().contains("mapcask dict import '" + none + "'"), lookup.err());
        assertFalse(Files.exists(none));
        Cli.run("dict", "update", none).ends(4);
        Cli.run("dict", "random", none).ends(4);
        Cli.run("put", none, "word", "text").ends(0);
        Cli.run("delete", none, "word").ends(0);
        assertTrue(Cli.run("dict", "lookup", none, "word").ends(1).err().contains("dict import"));
        Cli.run("put", none, "word", "no dictionary text").ends(0);
        assertEquals("word\n  no dictionary text\n", Cli.run("dict", "lookup", none, "word").ends(0).out());
    }

    @Test
    void shouldDrawDifferentWordsAndTheSameForTheSameSeed() {
        final Cli first = Cli.run("dict", "random", dictionary, "5", "--seed", "1", "--json").ends(0);
        final List<Object> words = first.out().lines().map(line -> JsonCheck.object(line).get("word")).toList();
        assertEquals(5, words.stream().distinct().count());
        assertTrue(words.stream().allMatch(WordNetData.of("3.1")::containsKey), words::toString);
        assertEquals(first.out(), Cli.run("dict", "random", dictionary, "5", "--seed", "1", "--json").ends(0).out());
        Cli.run("dict", "random", dictionary, "0").ends(2);
    }

    @Test
    void shouldPrintTheLicenceAndPointToIt() {
        final String licence = Cli.run("dict", "license").ends(0).out();
        assertTrue(licence.contains("WordNet 3.1 Copyright 2011 by Princeton University."), licence);
        assertTrue(Cli.run("dict", "license", "--wordnet", "3.0").ends(0).out().contains("WordNet 3.0 Copyright 2006"));
        assertTrue(Cli.run("dict", "lookup", "--help").ends(0).out().contains("dict license"));
        Cli.run("dict", "license", "--wordnet", "2.0").ends(2);
    }

    /** Brought from one WordNet to the next and back, again and again, and compacted. */
    @Test
    void shouldTakeNoMoreOfTheDiskThanAFreshImportAfterTenUpdatesBackAndForthAndACompaction() throws Exception {
        Assumptions.assumeTrue(NativeAccess.get().mode().startsWith("jna"), "pure Java gives no blocks back");
        final Path old = temp.resolve("old");
        final Map<String, String> forth = changes(WordNetData.of(FROM), WordNetData.of(TO));
        final Map<String, String> back = changes(WordNetData.of(TO), WordNetData.of(FROM));
        apply(old, WordNetData.of(FROM));
        for (int round = 0; round < ROUNDS; round++) {
            apply(old, forth);
            apply(old, back);
        }
        apply(old, forth);
        final Path fresh = temp.resolve("fresh");
        apply(fresh, WordNetData.of(TO));
        final long grown = DiskUse.of(old);
        Cli.run("compact", old).ends(0);
        final long compacted = DiskUse.of(old);
        final long expected = DiskUse.of(fresh);
        System.out.println("updated " + grown + ", compacted " + compacted + ", fresh " + expected + " bytes of disk");
        assertTrue(compacted <= expected * 1.05, compacted + " bytes, a fresh import takes " + expected);
        assertTrue(expected < bytes(WordNetData.of(TO)) * 1.25, expected + " bytes for a fresh import");
        assertTrue(grown > compacted, grown + " bytes before");
        assertEquals(WordNetData.of(TO), contents(old));
        Cli.run("verify", old).ends(0);
    }

    /** What to write to come from one to the other, words that go first; null is a word that goes. */
    private static Map<String, String> changes(final Map<String, String> from, final Map<String, String> to) {
        final Map<String, String> changes = new LinkedHashMap<>();
        from.keySet().stream().filter(word -> !to.containsKey(word)).forEach(word -> changes.put(word, null));
        to.forEach((word, value) -> {
            if (!value.equals(from.get(word))) {
                changes.put(word, value);
            }
        });
        return changes;
    }

    /** What the commands do, without reading WordNet each time; the store is closed afterwards. */
    private static void apply(final Path store, final Map<String, String> changes) {
        try (Mapcask mapcask = Mapcask.open(store)) {
            changes.forEach((word, value) -> {
                if (value == null) {
                    mapcask.delete(word);
                } else {
                    mapcask.put(word, value);
                }
            });
        }
    }

    private static long bytes(final Map<String, String> entries) {
        return entries.entrySet().stream().mapToLong(entry ->
            Bytes.of(entry.getKey()).length + (long)Bytes.of(entry.getValue()).length).sum();
    }

    static Map<String, String> contents(final Path directory) {
        final Map<String, String> contents = new HashMap<>();
        try (Mapcask store = Mapcask.open(directory)) {
            store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) ->
                contents.put(key.getStringWithoutLengthUtf8(keyOffset, keyLength),
                    value.getStringWithoutLengthUtf8(valueOffset, valueLength)));
        }
        return contents;
    }
}
