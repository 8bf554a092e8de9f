package org.mapcask.merge;

/** Is told how a compaction goes on, by the thread that merges. */
@FunctionalInterface
public interface MergeProgress {
    /**
     * It has gone on.
     *
     * @param done  bytes that were read and written.
     * @param total about as many there will be.
     */
    void onProgress(long done, long total);
}
