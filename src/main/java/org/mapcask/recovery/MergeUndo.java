package org.mapcask.recovery;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mapcask.checkpoint.Checkpoint;
import org.mapcask.format.CheckpointDescriptor.SegmentFigures;
import org.mapcask.format.MergeDescriptor.State;
import org.mapcask.segment.SegmentHeader;

/**
 * Merges that came after the checkpoint from which a store is opened. The pages of the checkpoint lead to what such a
 * merge took in, and that is still there, since it goes only when a later checkpoint is durable. So the merge is
 * undone: what it put out is left alone, as if it had never been committed, and the next open for writing removes it.
 * Undone are all of them, or, if anything is not as it has to be, none: then the checkpoint is of no use.
 */
final class MergeUndo {
    /** Undoes nothing. */
    static final MergeUndo NONE = new MergeUndo(Set.of());

    private final Set<Long> undone;

    private MergeUndo(final Set<Long> undone) {
        this.undone = undone;
    }

    /** What has to be undone for a checkpoint. */
    static MergeUndo of(final Checkpoint checkpoint, final List<SegmentHeader> headers) {
        final Map<Long, SegmentHeader> byId = new HashMap<>();
        headers.forEach(header -> byId.put(id(header), header));
        final Set<Long> known = new HashSet<>();
        for (final SegmentFigures segment : checkpoint.segments()) {
            final SegmentHeader header = byId.get(segment.id());
            if (header == null || header.identity().salt() != segment.salt() || !header.hasWholeFile()) {
                return NONE;
            }
            known.add(segment.id());
        }
        final Set<Long> before = new HashSet<>();
        known.forEach(each -> addInputs(byId.get(each), byId, before));
        final Set<Long> undone = new HashSet<>();
        for (final SegmentHeader header : headers) {
            final boolean isOfBefore = known.contains(id(header)) || before.contains(id(header));
            if (header.isMerged() && !isOfBefore && isCounting(header)) {
                undone.add(id(header));
                if (header.merge().commit() != null && !byId.keySet().containsAll(header.merge().commit().inputIds())) {
                    return NONE;
                }
            }
        }
        return new MergeUndo(undone);
    }

    /** What a merge took in, and what went before into that; some of it may not have gone yet. */
    private static void addInputs(
        final SegmentHeader output, final Map<Long, SegmentHeader> byId, final Set<Long> inputs) {
        if (output != null && output.isMerged() && output.merge().commit() != null) {
            for (final long input : output.merge().commit().inputIds()) {
                if (inputs.add(input)) {
                    addInputs(byId.get(input), byId, inputs);
                }
            }
        }
    }

    private static boolean isCounting(final SegmentHeader header) {
        return header.merge().state() == State.CARRIER || header.merge().state() == State.STAMPED;
    }

    private static long id(final SegmentHeader header) {
        return header.identity().segmentId();
    }

    /** Whether a segment is the output of a merge that is undone. */
    boolean undoes(final SegmentHeader header) {
        return undone.contains(id(header));
    }
}
