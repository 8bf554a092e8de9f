package org.mapcask.lab.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpaceSeriesTest {
    private static final double EPSILON = 1e-9;

    @Test
    void shouldRefuseASeriesOfNothing() {
        assertThrows(IllegalArgumentException.class, () -> new SpaceSeries(List.of()));
    }

    @Test
    void shouldWriteOneLineForEachSampleAndLeaveUnknownBlocksEmpty() {
        final SpaceSeries series = new SpaceSeries(List.of(
            new SpaceSample(0, 1, 2, 3, 4, 5, false, 6, 7), new SpaceSample(50, 10, 20, 30, 40, -1, true, 60, 70)));

        assertEquals("""
            elapsed_ms,written_bytes,live_bytes,dead_bytes,total_bytes,disk_bytes,merging,merge_runs,moved_bytes
            0,1,2,3,4,5,0,6,7
            50,10,20,30,40,,1,60,70
            """, series.csv());
    }

    @Test
    void shouldHaveAsManyFieldsInEachLineAsInTheHeader() {
        final String line = new SpaceSample(0, 1, 2, 3, 4, -1, false, 6, 7).csv();

        assertEquals(SpaceSample.CSV_HEADER.split(",", -1).length, line.split(",", -1).length);
    }

    @Test
    void shouldCountTeethThatAreOver() {
        assertEquals(0, cycles(100, 200, 300));
        assertEquals(0, cycles(100, 300, 210), "has not fallen by half of its rise");
        assertEquals(1, cycles(100, 300, 200));
        assertEquals(1, cycles(100, 300, 250, 150, 120, 110), "one fall in several steps is one");
        assertEquals(2, cycles(100, 1000, 100, 1000, 100));
        assertEquals(2, cycles(100, 1000, 100, 120, 1000, 90), "begins again from the lowest value");
        assertEquals(1, cycles(100, 1000, 990, 1100, 100), "a notch is no tooth");
        assertEquals(0, cycles(500, 400, 300), "never rose");
        assertEquals(0, cycles(500, 500, 500));
    }

    @Test
    void shouldFindSpansOfMergesToThePrecisionOfTheSamples() {
        final SpaceSeries series = new SpaceSeries(List.of(merge(0, false, 0), merge(10, true, 0), merge(20, true, 0),
            merge(30, false, 1), merge(40, false, 1), merge(50, false, 2), merge(60, false, 2)));

        assertEquals(List.of(new SpaceSeries.Span(0, 30), new SpaceSeries.Span(40, 50)), series.mergeSpans(),
            "the second one began and ended between two samples");
        assertEquals(40.0 / 60, series.mergingShare(), EPSILON);
    }

    @Test
    void shouldTellWhenMergesAndCheckpointsRanFromAnotherOrigin() {
        final SpaceSeries series = new SpaceSeries(
            List.of(merge(0, false, 0), merge(10, true, 0), merge(20, false, 1)), List.of(new SpaceSeries.Span(3, 7)));

        assertEquals("kind,from_ms,until_ms\nmerge,105,125\ncheckpoint,108,112\n",
            series.spansCsv(105));
        assertEquals("", new SpaceSeries(List.of(merge(0, false, 0))).spansCsv(5), "nothing ran");
        assertEquals(1, series.from(0).checkpointSpans().size(), "kept with a part of the samples");
    }

    @Test
    void shouldJoinSpansThatTouchAndEndAnOpenOneWithTheSeries() {
        final SpaceSeries touching = new SpaceSeries(
            List.of(merge(0, true, 3), merge(10, false, 4), merge(20, false, 5), merge(30, true, 5)));

        assertEquals(List.of(new SpaceSeries.Span(0, 30)), touching.mergeSpans());
        assertEquals(List.of(), new SpaceSeries(List.of(merge(0, false, 9), merge(10, false, 9))).mergeSpans(),
            "merges from before the series are not in it");
    }

    @Test
    void shouldWeighRatiosByTime() {
        final SpaceSeries series = new SpaceSeries(List.of(total(0, 100), total(10, 100), total(100, 300)));

        final SpaceSeries.Amplification ratio = series.amplification(SpaceSample::total);

        assertEquals((10 * 1.0 + 90 * 2.0) / 100, ratio.mean(), EPSILON);
        assertEquals(1.0, ratio.median(), EPSILON);
        assertEquals(3.0, ratio.p99(), EPSILON);
        assertEquals(3.0, ratio.max(), EPSILON);
        assertEquals((10 * 100.0 + 90 * 200.0) / 100, series.mean(SpaceSample::total), EPSILON);
        assertTrue(Double.isNaN(series.amplification(SpaceSample::diskBytes).mean()), "nobody looked at the disk");
        assertEquals(0, series.min(SpaceSample::diskBytes));
    }

    @Test
    void shouldCutOffWhatWasWrittenBefore() {
        final SpaceSeries series = new SpaceSeries(List.of(
            new SpaceSample(0, 0, 1, 0, 1, -1, false, 0, 0), new SpaceSample(10, 99, 1, 0, 2, -1, false, 0, 0),
            new SpaceSample(30, 100, 1, 0, 3, -1, false, 0, 0), new SpaceSample(70, 150, 1, 0, 4, -1, false, 0, 0)));

        final SpaceSeries steady = series.from(100);

        assertEquals(List.of(series.samples().get(2), series.samples().get(3)), steady.samples());
        assertEquals(40, steady.lengthMs());
    }

    private static int cycles(final long... totals) {
        final List<SpaceSample> samples = new ArrayList<>();
        for (final long total : totals) {
            samples.add(total(samples.size(), total));
        }
        return new SpaceSeries(samples).cycles();
    }

    private static SpaceSample total(final long elapsedMs, final long total) {
        return new SpaceSample(elapsedMs, 0, 100, total - 100, total, -1, false, 0, 0);
    }

    private static SpaceSample merge(final long elapsedMs, final boolean merging, final long runs) {
        return new SpaceSample(elapsedMs, 0, 1, 0, 1, -1, merging, runs, 0);
    }
}
