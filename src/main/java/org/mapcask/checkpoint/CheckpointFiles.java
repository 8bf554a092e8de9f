package org.mapcask.checkpoint;

/**
 * What recovery hands to the engine.
 *
 * @param store       writes checkpoints.
 * @param pages       the file of pages that the keydir uses; the engine closes it.
 * @param last        the checkpoint that the store was opened from, or null.
 * @param headersRead of segments, whose headers a checkpoint could have kept.
 */
public record CheckpointFiles(CheckpointStore store, PageFile pages, Checkpoint last, int headersRead) {
}
