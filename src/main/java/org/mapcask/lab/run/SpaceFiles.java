package org.mapcask.lab.run;

import java.io.IOException;
import org.mapcask.lab.chart.SpaceSample;
import org.mapcask.lab.chart.SpaceSeries;
import org.mapcask.lab.results.ResultFolder;
import org.mapcask.lab.rig.Measurement;

/** Writes what a store took while it was measured, and when merges and checkpoints ran. Stateless. */
public final class SpaceFiles {
    /** Ends the name of the file that tells what a store took while it was measured. */
    public static final String SPACE_SUFFIX = ".space.csv";
    /** Ends the name of the file that tells when merges and checkpoints ran. */
    public static final String SPANS_SUFFIX = ".spans.csv";

    private SpaceFiles() {
    }

    /**
     * Writes both files. Their times count from the beginning of the measurement, as those of its {@code .hlog} do.
     *
     * @param folder      receives the files.
     * @param measurement that went on meanwhile.
     * @param series      what was seen.
     * @param startMillis wall clock at which the series begins.
     * @throws IOException if a file cannot be written.
     */
    public static void write(
        final ResultFolder folder, final Measurement measurement, final SpaceSeries series, final long startMillis)
        throws IOException {
        final long lag = startMillis - measurement.startMillis();
        final StringBuilder samples = new StringBuilder(SpaceSample.CSV_HEADER);
        series.samples().forEach(sample -> samples.append(sample.later(lag).csv()));
        folder.write(measurement.tag() + SPACE_SUFFIX, samples.toString());
        final String spans = series.spansCsv(lag);
        if (!spans.isEmpty()) {
            folder.write(measurement.tag() + SPANS_SUFFIX, spans);
        }
    }
}
