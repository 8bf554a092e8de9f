package org.mapcask.lab.results;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;
import org.mapcask.lab.rig.Measurement;

/**
 * Recordings in HdrHistogram's own formats: {@code .hlog} (one line an interval, tagged, values in nanoseconds), which
 * it also reads, and {@code .hgrm} (percentile distribution, in microseconds). Stateless.
 */
public final class HistogramFiles {
    /** Tag of the service times beside the response times of an open loop. */
    public static final String SERVICE_SUFFIX = "-service";
    /** Tag of the hiccup baseline in each {@code .hlog}. */
    public static final String HICCUP_TAG = "hiccup";

    private static final int PERCENTILE_TICKS_PER_HALF_DISTANCE = 5;
    private static final double NANOSECONDS_PER_MICROSECOND = 1000.0;

    private HistogramFiles() {
    }

    /**
     * Writes {@code <tag>.hlog} with the tags <i>tag</i>, <i>tag</i>-service (open loop only) and hiccup, and one
     * {@code .hgrm} a tag of the operation.
     *
     * @param folder      receives the files.
     * @param measurement what to write.
     * @throws IOException if a file cannot be written.
     */
    public static void write(final Path folder, final Measurement measurement) throws IOException {
        final String tag = measurement.tag();
        try (PrintStream stream = stream(folder.resolve(tag + ".hlog"))) {
            final HistogramLogWriter log = begun(stream, measurement.startMillis());
            append(log, tag, measurement.response());
            if (measurement.loop() == Measurement.Loop.OPEN) {
                append(log, tag + SERVICE_SUFFIX, measurement.service());
            }
            append(log, HICCUP_TAG, measurement.hiccups());
            check(stream, tag);
        }
        percentiles(folder, tag, measurement.responseTotal());
        if (measurement.loop() == Measurement.Loop.OPEN) {
            percentiles(folder, tag + SERVICE_SUFFIX, measurement.serviceTotal());
        }
    }

    /**
     * Writes {@code <tag>.hgrm}, in microseconds.
     *
     * @param folder    receives the file.
     * @param tag       names it.
     * @param histogram values in nanoseconds.
     * @throws IOException if the file cannot be written.
     */
    public static void percentiles(final Path folder, final String tag, final Histogram histogram) throws IOException {
        try (PrintStream stream = stream(folder.resolve(tag + ".hgrm"))) {
            histogram.outputPercentileDistribution(
                stream, PERCENTILE_TICKS_PER_HALF_DISTANCE, NANOSECONDS_PER_MICROSECOND);
            stream.println("#[Unit    = microseconds]");
            check(stream, tag);
        }
    }

    /**
     * Writes one {@code .hlog} with the intervals of many tags, in the order of their starts.
     *
     * @param folder    receives the file.
     * @param name      of the file, without its ending.
     * @param intervals histograms in nanoseconds that have their start and end; by tag.
     * @throws IOException if the file cannot be written.
     */
    public static void log(final Path folder, final String name, final Map<String, List<Histogram>> intervals)
        throws IOException {
        final List<Histogram> sorted = new ArrayList<>();
        intervals.forEach((tag, histograms) -> histograms.forEach(histogram -> {
            histogram.setTag(tag);
            sorted.add(histogram);
        }));
        sorted.sort(Comparator.comparingLong(Histogram::getStartTimeStamp));
        final long startMillis = sorted.isEmpty() ? 0 : sorted.get(0).getStartTimeStamp();
        try (PrintStream stream = stream(folder.resolve(name + ".hlog"))) {
            final HistogramLogWriter log = begun(stream, startMillis);
            sorted.forEach(log::outputIntervalHistogram);
            check(stream, name);
        }
    }

    /**
     * Reads an {@code .hlog} back, whoever wrote it.
     *
     * @return its intervals by tag, in the order of the file; those without a tag have an empty one.
     * @throws IOException if the file cannot be read.
     */
    public static Map<String, List<Histogram>> read(final Path file) throws IOException {
        final Map<String, List<Histogram>> byTag = new LinkedHashMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            while (reader.hasNext()) {
                if (reader.nextIntervalHistogram() instanceof Histogram interval) {
                    byTag.computeIfAbsent(interval.getTag() == null ? "" : interval.getTag(), key -> new ArrayList<>())
                        .add(interval);
                }
            }
        }
        return byTag;
    }

    private static HistogramLogWriter begun(final PrintStream stream, final long startMillis) {
        final HistogramLogWriter log = new HistogramLogWriter(stream);
        log.outputComment("[Values are nanoseconds; the legend's maximum is in milliseconds]");
        log.outputLogFormatVersion();
        log.outputStartTime(startMillis);
        log.setBaseTime(startMillis);
        log.outputLegend();
        return log;
    }

    private static void append(final HistogramLogWriter log, final String tag, final List<Histogram> intervals) {
        for (final Histogram interval : intervals) {
            interval.setTag(tag);
            log.outputIntervalHistogram(interval);
        }
    }

    private static PrintStream stream(final Path file) throws IOException {
        return new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
    }

    private static void check(final PrintStream stream, final String tag) throws IOException {
        if (stream.checkError()) {
            throw new IOException("cannot write the histograms of " + tag);
        }
    }
}
