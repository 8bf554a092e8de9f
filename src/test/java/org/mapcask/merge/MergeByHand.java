package org.mapcask.merge;

import java.util.List;
import java.util.Set;

/** Runs of a merge in the calling thread, for tests of other packages. */
public final class MergeByHand {
    private final Merger merger;
    private final MergeHost host;

    /** Over a store whose own scheduler does nothing. */
    public MergeByHand(final MergeHost host, final MergeSettings settings) {
        this.host = host;
        this.merger = new Merger(host, settings, bytes -> {
        });
    }

    /** Merges these segments and those that have to go with them; whether there was a run. */
    public boolean merge(final Set<Long> ids) {
        final boolean done = merger.run(ids);
        host.removeRetired();
        return done;
    }

    /** Makes one run by the policy; whether there was one. */
    public boolean mergeByPolicy() {
        final boolean done = merger.runOnce();
        host.removeRetired();
        return done;
    }

    /** The segments that could be merged. */
    public List<Long> eligible() {
        return merger.look().stream().filter(SegmentUse::eligible).map(SegmentUse::id).toList();
    }

    /** Whether a trigger holds that does not wait for the clock. */
    public boolean isDue() {
        return merger.isDue(false);
    }

    /** Figures. */
    public MergeStats stats() {
        return merger.stats(false);
    }
}
