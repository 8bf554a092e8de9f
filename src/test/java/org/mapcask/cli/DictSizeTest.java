package org.mapcask.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.dict.WordNetData;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.support.DiskUse;

/**
 * The story: a dictionary is brought from one WordNet to the next and back, again and again, and compacted. It then
 * takes no more of the disk than one that was just imported.
 */
class DictSizeTest {
    private static final int ROUNDS = 10;
    private static final String FROM = "3.0";
    private static final String TO = "3.1";

    @TempDir
    private Path temp;

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
        assertEquals(WordNetData.of(TO), DictCommandTest.contents(old));
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
}
