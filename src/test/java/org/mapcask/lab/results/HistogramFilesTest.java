package org.mapcask.lab.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogProcessor;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.LatencyRig;
import org.mapcask.lab.rig.Measurement;
import org.mapcask.lab.rig.Operation;

class HistogramFilesTest {
    private static final long DURATION_NS = TimeUnit.MILLISECONDS.toNanos(1200);

    @TempDir
    Path folder;

    @Test
    void shouldWriteALogWhoseCountsAddUpToTheOperations() throws IOException {
        final Measurement open = LatencyRig.open("probe", (thread, threads) -> new Nothing(), 2, 5000, DURATION_NS);
        HistogramFiles.write(folder, open);

        final Map<String, Histogram> byTag = read(folder.resolve("probe.hlog"));

        assertEquals(6000, open.operations());
        assertEquals(open.operations(), byTag.get("probe").getTotalCount());
        assertEquals(open.operations(), byTag.get("probe-service").getTotalCount());
        assertEquals(open.responseTotal().getMaxValue(), byTag.get("probe").getMaxValue());
        assertTrue(byTag.get("hiccup").getTotalCount() > 0, "hiccups " + byTag.get("hiccup"));
        assertTrue(open.response().size() >= 2, "intervals of a second: " + open.response().size());
    }

    @Test
    void shouldWriteALogThatHdrHistogramsOwnProcessorReads() throws IOException {
        final Measurement open = LatencyRig.open("probe", (thread, threads) -> new Nothing(), 2, 5000, DURATION_NS);
        HistogramFiles.write(folder, open);

        final String log = folder.resolve("probe.hlog").toString();
        for (final String tag : List.of("probe", "probe-service")) {
            final String out = folder.resolve(tag + ".processed").toString();
            new HistogramLogProcessor(
                new String[] {"-i", log, "-o", out, "-tag", tag, "-outputValueUnitRatio", "1000"}).run();

            final String percentiles = Files.readString(Path.of(out + ".hgrm"));
            final Matcher total = Pattern.compile("Total count\\s*=\\s*(\\d+)").matcher(percentiles);
            assertTrue(total.find(), percentiles);
            assertEquals(open.operations(), Long.parseLong(total.group(1)));
            assertEquals(open.response().size(), Files.readAllLines(Path.of(out)).stream()
                .filter(line -> line.matches("\\s*\\d.*")).count(), "a line each interval");
        }
    }

    @Test
    void shouldWriteServiceTimeOnlyOfAClosedLoop() throws IOException {
        final Measurement closed = LatencyRig.closed("probe", (thread, threads) -> new Nothing(), 1, 1000, DURATION_NS);
        HistogramFiles.write(folder, closed);

        final Map<String, Histogram> byTag = read(folder.resolve("probe.hlog"));

        assertEquals(1000, byTag.get("probe").getTotalCount());
        assertTrue(!byTag.containsKey("probe-service"), "tags " + byTag.keySet());
        assertTrue(Files.notExists(folder.resolve("probe-service.hgrm")));
    }

    @Test
    void shouldWritePercentilesInMicrosecondsAndSaySo() throws IOException {
        final Histogram histogram = IntervalRecorder.newHistogram();
        histogram.recordValueWithCount(2000, 10);
        HistogramFiles.percentiles(folder, "two", histogram);

        final String text = Files.readString(folder.resolve("two.hgrm"));

        assertTrue(text.contains("       2.000 0.000000000000         10"), text);
        assertTrue(text.contains("#[Unit    = microseconds]"), text);
    }

    private static Map<String, Histogram> read(final Path file) throws IOException {
        final Map<String, Histogram> byTag = new TreeMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            while (reader.hasNext()) {
                final EncodableHistogram interval = reader.nextIntervalHistogram();
                byTag.computeIfAbsent(interval.getTag(), tag -> IntervalRecorder.newHistogram())
                    .add((Histogram) interval);
            }
        }
        return byTag;
    }

    /** An operation that does nothing, rightly. */
    private static final class Nothing implements Operation {
        @Override
        public void prepare() {
        }

        @Override
        public void perform() {
        }

        @Override
        public boolean verify() {
            return true;
        }
    }
}
