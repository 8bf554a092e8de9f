package org.mapcask.lab.knobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mapcask.MapcaskOptions;
import org.mapcask.OptionDescription;

/** The explanations of options: complete, with nothing left over, and with notes that are there. */
class KnobsTest {
    private static final Path TOP = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    @Test
    void shouldExplainEveryOptionOnceAndNothingElse() {
        final List<String> options = MapcaskOptions.descriptions().stream().map(OptionDescription::name).toList();
        final List<String> explained = KnobTexts.ALL.stream().map(KnobText::name).toList();

        assertEquals(options, Knobs.all().stream().map(knob -> knob.option().name()).toList());
        assertEquals(new HashSet<>(options), new HashSet<>(explained));
        assertEquals(options.size(), explained.size(), "none twice");
        assertEquals(MapcaskOptions.defaults().toProperties().stringPropertyNames(), new HashSet<>(options));
    }

    @Test
    void shouldTakeDefaultRangeAndMeaningFromTheOptionsThemselves() {
        MapcaskOptions.descriptions().forEach(option -> {
            final String value = MapcaskOptions.defaults().toProperties().getProperty(option.name());
            final Knob knob = Knobs.find(option.name());
            assertEquals(value, knob.option().defaultValue(), option.name());
            assertTrue(MapcaskOptions.help().contains(option.meaning()), option.name());
            assertTrue(MapcaskOptions.help().contains("(" + option.allowed() + ")"), option.name());
            assertTrue(knob.toString().replaceAll("\\s+", " ").contains(option.meaning()), knob.toString());
        });
    }

    private static List<Knob> all() {
        return Stream.concat(Knobs.all().stream(), Knobs.ofJvm().stream()).toList();
    }

    @Test
    void shouldNameTheRunOfEachFigureAndOnlyRunsThatAreThere() {
        for (final Knob knob : all()) {
            final boolean nothing = knob.measured().startsWith("Nothing") && !knob.measured().contains(" p50 ");
            assertEquals(nothing, knob.results().isEmpty(), knob.toString());
            assertFalse(knob.measured().contains("final"), knob.toString());
            for (final String run : knob.results()) {
                assertTrue(Files.isRegularFile(TOP.resolve(Knob.folder(run)).resolve("README.md")), run);
                assertTrue(knob.toString().contains(Knob.folder(run)), knob.toString());
            }
        }
    }

    @Test
    void shouldTellWhenEachMattersAndNameOnlyNotesThatAreThere() {
        for (final Knob knob : all()) {
            assertTrue(knob.when().length() > 30, knob.toString());
            assertFalse(knob.measured().isEmpty(), knob.toString());
            for (final String note : knob.notes()) {
                assertTrue(Files.isRegularFile(TOP.resolve(Knob.file(note))), note + " of " + knob.option().name());
            }
        }
    }

    @Test
    void shouldFindAKnobInAnyCaseAndOffersLikeOnes() {
        assertNotNull(Knobs.find("SEGMENTLENGTH"));
        assertNull(Knobs.find("segment"));
        assertEquals(List.of("segmentLength", "segmentFill"), Knobs.like("segment").stream()
            .filter(name -> name.startsWith("segment")).toList());
        assertEquals(List.of(), Knobs.like("nothing like it"));
    }

    @Test
    void shouldKeepLinesNarrowEnoughForATerminal() {
        all().forEach(knob -> knob.toString().lines()
            .forEach(line -> assertTrue(line.length() <= 104, line)));
    }
}
