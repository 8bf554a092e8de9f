package org.mapcask.lab.sweep;

import java.util.Locale;
import org.mapcask.lab.run.Job;

/**
 * One measurement of a sweep.
 *
 * @param round    from 1; a round measures each setting under each workload once.
 * @param setting  its index in {@link SweepJob#settings()}.
 * @param workload what is done.
 */
public record Cell(int round, int setting, Job.Kind workload) {
    /** Begins the names of its files: {@code r03-s1-fillsync}. */
    public String id() {
        return String.format(Locale.ROOT, "r%02d-s%d-%s", round, setting, workload.label());
    }
}
