package org.mapcask.engine;

/**
 * Figures of checkpoints.
 *
 * @param number       of the newest one, or -1.
 * @param made         since the store was opened.
 * @param ageNs        nanoseconds since it was made, or since the store was opened.
 * @param durationNs   nanoseconds that the last one took.
 * @param runningNs    nanoseconds since the one that is being made was begun, or -1.
 * @param pagesWritten that the last one wrote.
 * @param fileBytes    of the file of pages.
 * @param failure      why the last one failed, or null.
 */
public record CheckpointFigures(
    long number, long made, long ageNs, long durationNs, long runningNs, long pagesWritten, long fileBytes,
    String failure) {
    /** Of a store that makes none. */
    static final CheckpointFigures NONE = new CheckpointFigures(-1, 0, 0, 0, -1, 0, 0, null);
}
