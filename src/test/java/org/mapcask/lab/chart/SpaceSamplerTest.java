package org.mapcask.lab.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;

/** Looks at real stores. */
class SpaceSamplerTest {
    private static final int SAMPLE_MS = 5;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void shouldSeeWhenCheckpointsWereMade() throws InterruptedException {
        final MapcaskOptions options =
            MapcaskOptions.builder().checkpointBytes(256 << 10).segmentLength(4 << 20).build();
        try (Mapcask store = Mapcask.open(directory, options)) {
            final SpaceSampler sampler = SpaceSampler.start(store, SAMPLE_MS, 1, false);
            final byte[] value = new byte[1000];
            for (int i = 0; store.stats().keydir().checkpoints() < 2; i++) {
                store.put(("key " + i % 1000).getBytes(), value);
            }
            final SpaceSeries series = sampler.stop();

            assertFalse(series.checkpointSpans().isEmpty());
            assertTrue(series.checkpointSpans().size() <= store.stats().keydir().checkpoints() + 1);
            for (final SpaceSeries.Span span : series.checkpointSpans()) {
                assertTrue(0 <= span.fromMs() && span.fromMs() <= span.untilMs()
                    && span.untilMs() <= series.last().elapsedMs() + 1, span::toString);
            }
            assertEquals(series.checkpointSpans().size(), series.spansCsv(0).split("checkpoint,").length - 1);
        }
    }

    @Test
    void shouldSeeNoneWhereNoneIsMade() {
        try (Mapcask store = Mapcask.open(directory, MapcaskOptions.builder().checkpointBytes(0).build())) {
            store.put("a", "b");
            assertTrue(SpaceSampler.start(store, SAMPLE_MS, 1, false).stop().checkpointSpans().isEmpty());
        }
    }
}
