package org.mapcask.lab.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class IntervalRecorderTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void shouldCountWhatWasUnderWayAtTheEndToTheLastInterval() {
        final IntervalRecorder recorder = new IntervalRecorder(0, 300 * MS);
        for (long at = 0; at < 300; at += 10) {
            recorder.record(at * MS, 5);
        }
        recorder.record(304 * MS, 7);

        final List<Histogram> merged = IntervalRecorder.merge(List.of(recorder), 1000);

        assertEquals(List.of(10L, 10L, 11L), merged.stream().map(Histogram::getTotalCount).toList());
        assertEquals(7, merged.get(2).getMaxValue(), "not a value is lost");
        assertEquals(List.of(1200L, 1300L),
            List.of(merged.get(2).getStartTimeStamp(), merged.get(2).getEndTimeStamp()), "it stays as long as it was");
    }

    @Test
    void shouldKeepAnIntervalInWhichOperationsRanOver() {
        final IntervalRecorder recorder = new IntervalRecorder(0, 300 * MS);
        for (long at = 0; at < 350; at += 10) {
            recorder.record(at * MS, 5);
        }

        assertEquals(List.of(10L, 10L, 10L, 5L), IntervalRecorder.merge(List.of(recorder), 1000).stream()
            .map(Histogram::getTotalCount).toList());
    }
}
