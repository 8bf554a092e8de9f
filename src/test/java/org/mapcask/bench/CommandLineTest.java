package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    @Test
    void shouldTakeWhatIsGivenAndTheDefaultOtherwise() {
        final CommandLine line = parse("--number", "7", "--flag", "--list", "1,8,64,8", "--many", "a", "--many", "b");
        assertEquals(7, line.number("--number", 3, 1, 9));
        assertEquals(3, parse().number("--number", 3, 1, 9));
        assertTrue(line.has("--flag"));
        assertFalse(parse().has("--flag"));
        assertEquals(List.of(1L, 8L, 64L), line.numbers("--list", List.of(), 1, 64));
        assertEquals(List.of("a", "b"), line.all("--many"));
        assertEquals(List.of(), parse().all("--many"));
        assertEquals(List.of("x"), parse("--list", "x,x").words("--list", List.of(), List.of("x", "y")));
        assertEquals(Path.of("p"), parse().path("--number", Path.of("p")));
    }

    @Test
    void shouldNameTheOptionThatIsWrong() {
        assertNames("--other", () -> parse("--other", "1"));
        assertNames("--number", () -> parse("--number"));
        assertNames("--number", () -> parse("--number", "1", "--number", "2"));
        assertNames("--number", () -> parse("--number", "x").number("--number", 0, 0, 9));
        assertNames("--number", () -> parse("--number", "10").number("--number", 0, 0, 9));
        assertNames("--list", () -> parse("--list", "1,,2").numbers("--list", List.of(), 0, 9));
        assertNames("'z'", () -> parse("--list", "x,z").words("--list", List.of(), List.of("x", "y")));
    }

    @Test
    void shouldReadTheOptionsOfDurablePuts() {
        final DurableOptions options = DurableOptions.parse(
            List.of("--threads", "1,4", "--parts", "put", "--option", "walLength=1m", "--option", "a=b=c", "--json"));
        assertEquals(List.of(1, 4), options.threads());
        assertTrue(options.puts() && !options.raw() && options.run().json());
        assertEquals(Map.of("walLength", "1m", "a", "b=c"), options.options());
        assertEquals("durable", options.run().label());
        assertEquals(DurableOptions.ARMS, options.arms());
        assertNames("--option", () -> DurableOptions.parse(List.of("--option", "=x")));
        assertNames("--threads", () -> DurableOptions.parse(List.of("--threads", "0")));
        assertNames("--arms", () -> DurableOptions.parse(List.of("--arms", "bare,wall")));
    }

    @Test
    void shouldReadTheOptionsOfPartialWrites() {
        final PartialWriteBench.Settings settings = PartialWriteBench.Settings.parse(
            List.of("--rounds", "2", "--records-mb", "3", "--value-mb", "4", "--seed", "-9"));
        assertEquals(2, settings.rounds());
        assertEquals(3000, settings.records());
        assertEquals(4_000_000, settings.valueLength());
        assertEquals(-9, settings.seed());
        assertEquals(PartialWriteLoad.POLICIES, settings.policies());
    }

    private static void assertNames(final String name, final Runnable call) {
        final IllegalArgumentException fault = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(fault.getMessage().contains(name), fault.getMessage());
    }

    private static CommandLine parse(final String... arguments) {
        return CommandLine.parse(List.of(arguments), Set.of("--number", "--list"), Set.of("--flag"), Set.of("--many"));
    }
}
