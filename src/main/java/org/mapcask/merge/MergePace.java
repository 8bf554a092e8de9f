package org.mapcask.merge;

/** Learns how far a run is, and holds it up. Called by the thread that merges. */
@FunctionalInterface
interface MergePace {
    /**
     * Before the commit of a run; may wait, and may throw to end the run.
     *
     * @param bytes that were read and written since the last call.
     */
    void onProgress(long bytes);

    /**
     * A run begins.
     *
     * @param pressure of {@link MergePolicy#pressure}.
     */
    default void onBegin(final double pressure) {
    }

    /** Between two short steps, also behind the commit; may rest for milliseconds, and does not throw. */
    default void between() {
    }
}
