package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.mapcask.lab.host.ProcessCounters;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;

class ArmsTableTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void shouldPutAllRepeatsOfAWayToReadIntoOneRow() {
        final String section = ArmsTable.section(List.of(measurement("readhot-closed", 9),
            measurement("fillseq-closed-1", 100), measurement("readcold-huge-1", 10),
            measurement("readcold-huge-2", 30)));

        final List<String> rows = section.lines().filter(line -> line.startsWith("| ")).toList();
        assertTrue(section.startsWith("## " + ArmsTable.HEADING + "\n\n| "), section);
        assertEquals(3, rows.size(), "the head, fillseq, and one for both repeats: " + section);
        assertTrue(rows.get(1).startsWith("| fillseq "), section);
        assertEquals(List.of("readcold-huge", "20", "10", "30", "700 ns", "700 ns", "700 ns", "700 ns", "0.050",
            "0.100", "4.000"), List.of(rows.get(2).substring(2).split(" *\\| *")), section);
    }

    @Test
    void shouldSayNothingWhereNothingWasMeasured() {
        assertEquals("", ArmsTable.section(List.of(measurement("readhot-closed", 9))));
    }

    private static Measurement measurement(final String tag, final int operations) {
        final Histogram times = IntervalRecorder.newHistogram();
        times.recordValueWithCount(700, operations);
        final List<Histogram> all = List.of(times);
        return new Measurement(tag, Measurement.Loop.CLOSED, 1, 0, operations, 0, SECOND_NS, 0, all, all, List.of(), 0,
            new ProcessCounters(1, 2, 4096L * operations, 0));
    }
}
