package org.mapcask.recovery;

/**
 * Told how far a long walk over the log has come: opening a store, or verifying one. Called by the thread that does
 * the walk, a few times a second at most, so an implementation should return quickly; it must not call the store.
 * What it throws ends the walk.
 */
@FunctionalInterface
public interface ProgressListener {
    /**
     * One step of progress. Within a phase {@code total} stays and {@code done} only grows, up to {@code total}.
     *
     * @param phase what is being done, a short lower-case English word or two, such as {@code replay}.
     * @param done  how much of this phase is done; bytes of the log, unless the name of the phase says what else.
     * @param total how much there is to do in this phase, in the same unit; 0 when there is nothing to do.
     */
    void onProgress(String phase, long done, long total);
}
