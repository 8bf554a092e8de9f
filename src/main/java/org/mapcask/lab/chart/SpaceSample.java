package org.mapcask.lab.chart;

/**
 * What a store takes at one moment. Immutable.
 *
 * @param elapsedMs   milliseconds since the first sample.
 * @param written     bytes of records that were put since then, headers and padding included.
 * @param live        bytes of records that hold the value of a key.
 * @param dead        bytes of all other records.
 * @param total       lengths of the segment files.
 * @param diskBytes   blocks of everything in the directory, or -1 if nobody looked at this moment.
 * @param merging     whether a merge runs.
 * @param mergeRuns   merges that came to their end since the store was opened.
 * @param movedBytes  bytes that these copied.
 */
public record SpaceSample(
    long elapsedMs, long written, long live, long dead, long total, long diskBytes, boolean merging, long mergeRuns,
    long movedBytes) {
    /** First line of the CSV file. */
    public static final String CSV_HEADER =
        "elapsed_ms,written_bytes,live_bytes,dead_bytes,total_bytes,disk_bytes,merging,merge_runs,moved_bytes\n";

    /** The same with another origin of the time. */
    public SpaceSample later(final long milliseconds) {
        return new SpaceSample(
            elapsedMs + milliseconds, written, live, dead, total, diskBytes, merging, mergeRuns, movedBytes);
    }

    /** A line of the CSV file; {@code disk_bytes} is empty where nobody looked. */
    public String csv() {
        return elapsedMs + "," + written + "," + live + "," + dead + "," + total + ","
            + (diskBytes < 0 ? "" : diskBytes) + "," + (merging ? 1 : 0) + "," + mergeRuns + "," + movedBytes + "\n";
    }
}
