package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.workload.SyntheticRecords;

class MergeSettingsTest {
    @Test
    void shouldTakeTheMedianOfThePairsThatAreKnown() {
        assertEquals(2.0, MergeLatencyBench.medianRatio(
            List.of(2.0, Double.NaN, 9.0, 8.0, 5.0), List.of(1.0, 1.0, 9.0, 4.0)));
        assertTrue(Double.isNaN(MergeLatencyBench.medianRatio(List.of(), List.of(1.0))));
    }

    @Test
    void shouldReadCommandLines() {
        final SpaceBench.Settings classic = SpaceBench.Settings.parse(List.of("--option", "segmentLength=8m"));
        assertTrue(classic.classic());
        assertEquals(100_000, classic.keys());
        assertEquals("8m", classic.options().get("segmentLength"));
        assertEquals("10", classic.options().get("mergeMinSegments"));
        assertEquals(110, SyntheticRecords.KEY_LENGTH + classic.valueLength());
        final SpaceBench.Settings defaults = SpaceBench.Settings.parse(List.of("--defaults", "--keys", "9"));
        assertEquals(9, defaults.keys());
        assertTrue(defaults.options().isEmpty(), "default options are what is measured");
        assertThrows(IllegalArgumentException.class, () -> SpaceBench.Settings.parse(List.of("--cycles", "0")));
        assertThrows(IllegalArgumentException.class, () -> MergeLatencyBench.Settings.parse(List.of("--option", "x")));
        assertEquals(8, MergeLatencyBench.Settings.parse(List.of()).rounds());
    }

    @Test
    void shouldOpenAStoreWithTheClassicOptions() {
        final MapcaskOptions classic = StoreArm.options(SpaceBench.Settings.parse(List.of()).options());

        assertEquals(100 << 20, classic.segmentLength());
        assertEquals(1 << 20, classic.syncBytes());
        assertEquals(10, classic.merging().minSegments());
    }
}
