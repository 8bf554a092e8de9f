package org.mapcask.lab.run;

import java.util.List;
import java.util.Map;
import org.mapcask.lab.chart.SpaceSeries;
import org.mapcask.lab.rig.Measurement;

/**
 * All that {@link JobRunner} has of a job.
 *
 * @param job              what was asked for.
 * @param measurement      histograms and counts.
 * @param space            what the store took meanwhile, and when merges and checkpoints ran; null if no store was
 *                         open all the time.
 * @param spaceStartMillis wall clock of its first sample.
 * @param figures          by name, see {@link JobResult}.
 * @param failures         empty if every answer was right and the rate was reached.
 * @param notes            for the reader.
 */
public record Outcome(
    Job job, Measurement measurement, SpaceSeries space, long spaceStartMillis, Map<String, Double> figures,
    List<String> failures, List<String> notes) {
    /** What is left of it without the histograms. */
    public JobResult result() {
        return new JobResult(figures, failures, notes);
    }
}
