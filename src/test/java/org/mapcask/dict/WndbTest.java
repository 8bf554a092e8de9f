package org.mapcask.dict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.CorruptionException;

/** Single lines of WordNet's files, sound and broken. */
class WndbTest {
    private static final String VERB = "00001740 29 v 02 breathe 0 take_a_breath f 001 * 00005041 v 0000 "
        + "02 + 02 00 + 08 00 | draw air | in; \"I can breathe\"  ";

    @Test
    void shouldReadAnIndexLine() {
        final Wndb.IndexLine line = Wndb.indexLine("take_in v 2 3 @ ~ + 2 1 00000012 02091020  ", "index.verb", 0);
        assertEquals("take_in", line.lemma());
        assertArrayEquals(new long[] {12, 2_091_020}, line.synsetOffsets());
    }

    @Test
    void shouldReadADataLineWithPointersAndFramesAndABarInTheGloss() {
        final Sense sense = Wndb.dataLine(VERB, "data.verb", 1740);
        assertEquals(PartOfSpeech.VERB, sense.pos());
        assertEquals(List.of(new Sense.Word("breathe", ""), new Sense.Word("take a breath", "")), sense.words());
        assertEquals("draw air | in; \"I can breathe\"", sense.gloss());
    }

    @Test
    void shouldReadWordCountsAsHexadecimal() {
        final String words = IntStream.range(0, 16).mapToObj(i -> "word" + i + " 0").collect(Collectors.joining(" "));
        final Sense sense = Wndb.dataLine("00000005 00 s 10 " + words + " 000 | gloss", "data.adj", 5);
        assertEquals(16, sense.words().size());
        assertEquals(PartOfSpeech.ADJECTIVE, sense.pos());
    }

    @Test
    void shouldNameFileAndOffsetOfABrokenLine() {
        final String[] broken = {
            "", "00001740 29 v", VERB.replace("| ", ""), VERB.replace(" v 02 ", " x 02 "),
            VERB.replace("02 breathe", "zz breathe"), VERB.replace("00001740", "00001741"),
            VERB.replace(" 001 ", " 009 ")};
        for (final String line : broken) {
            final CorruptionException error =
                assertThrows(CorruptionException.class, () -> Wndb.dataLine(line, "data.verb", 1740), line);
            assertEquals("data.verb", error.file());
            assertEquals(1740, error.offset());
            assertTrue(error.getMessage().contains("data.verb at offset 1740"), error.getMessage());
        }
        assertThrows(CorruptionException.class, () -> Wndb.indexLine("word n 2 0 2 1 00000012", "index.noun", 0));
    }
}
