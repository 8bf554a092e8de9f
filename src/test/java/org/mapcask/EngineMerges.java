package org.mapcask;

import org.mapcask.engine.Engine;
import org.mapcask.merge.MergeByHand;
import org.mapcask.merge.MergeSettings;

/** Merges over an engine that a test put together, in the calling thread. Static. */
public final class EngineMerges {
    private EngineMerges() {
    }

    /** Merges by hand, with settings that choose whatever has something dead. */
    public static MergeByHand of(final Engine engine, final int segmentLength) {
        return new MergeByHand(new EngineMergeHost(engine.merging()),
            new MergeSettings(0, 1, 0, 1, 1, 1 << 30, 0, segmentLength));
    }
}
