package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mapcask.lab.results.SummaryTable;

class BenchOptionsTest {
    @Test
    void shouldTakeTheProfileAsLabelUnlessOneIsGiven() {
        assertEquals("quick", BenchOptions.parse(List.of()).run().label());
        assertEquals("full", BenchOptions.parse(List.of("--full")).run().label());
        final BenchOptions options =
            BenchOptions.parse(List.of("--full", "--label", "mine", "--dir", "d", "--read-rate", "100000"));
        assertEquals("mine", options.run().label());
        assertEquals(Path.of("d"), options.run().data());
        assertEquals(100_000, options.readRate());
    }

    @Test
    void shouldNameTheOptionThatIsWrong() {
        final IllegalArgumentException unknown =
            assertThrows(IllegalArgumentException.class, () -> BenchOptions.parse(List.of("--fast")));
        assertTrue(unknown.getMessage().contains("--fast"), unknown.getMessage());
        assertThrows(IllegalArgumentException.class, () -> BenchOptions.parse(List.of("--label")));
        assertThrows(IllegalArgumentException.class, () -> BenchOptions.parse(List.of("--threads", "0")));
    }

    @Test
    void shouldRoundARateToTwoDigitsAndNeverUp() {
        assertEquals(480_000, BenchRun.round(489_999));
        assertEquals(1, BenchRun.round(0.2));
        assertEquals(99, BenchRun.round(99.9));
    }

    @Test
    void shouldShowTimesWithTheUnitThatSuitsThem() {
        assertEquals("312 ns", SummaryTable.time(312));
        assertEquals("1.20 µs", SummaryTable.time(1200));
        assertEquals("45.0 ms", SummaryTable.time(45e6));
        assertEquals("10 ms", SummaryTable.time(10e6));
        assertEquals("1 s", SummaryTable.time(1e9));
    }
}
