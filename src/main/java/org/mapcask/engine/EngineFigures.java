package org.mapcask.engine;

import java.util.List;
import org.mapcask.errors.MapcaskException;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;

/** Puts the figures of a running engine together. Thread-safe; asked inside a context. */
final class EngineFigures {
    private final Log log;
    private final Keydir keydir;
    private final ContextPool contexts;
    private final LogSync sync;
    private final SegmentSupply supply;
    private final FailStop failStop;
    private final MergeAccess merging;
    private final WritePath writePath;
    private final Checkpoints checkpoints;
    private final InstallGate gate;
    private final ExactKeydir exact;
    private final long recoveredLogBytes;

    EngineFigures(
        final Log log, final Keydir keydir, final ContextPool contexts, final LogSync sync, final SegmentSupply supply,
        final FailStop failStop, final MergeAccess merging, final WritePath writePath, final Checkpoints checkpoints,
        final InstallGate gate, final ExactKeydir exact, final long recoveredLogBytes) {
        this.log = log;
        this.keydir = keydir;
        this.contexts = contexts;
        this.sync = sync;
        this.supply = supply;
        this.failStop = failStop;
        this.merging = merging;
        this.writePath = writePath;
        this.checkpoints = checkpoints;
        this.gate = gate;
        this.exact = exact;
        this.recoveredLogBytes = recoveredLogBytes;
    }

    /** Figures now. */
    EngineStats take() {
        final long keys = countedKeys();
        long live = 0;
        long disk = 0;
        int mapped = 0;
        final List<Segment> segments = log.table().segments();
        for (final Segment segment : segments) {
            live += segment.liveBytes();
            disk += segment.length();
            mapped += segment.mapping() == null ? 0 : 1;
        }
        final WritePath.Counters counters = writePath == null ?
            new WritePath.Counters(0, 0, 0, 0, log.lastSequence()) : writePath.counters();
        final MapcaskException failure = supply.lastFailure();
        return new EngineStats(keys, segments.size(), mapped, live,
            recoveredLogBytes + counters.logBytes() - (merging == null ? 0 : merging.reclaimedBytes()), disk,
            keydir.residentBytes(), keydir.pages(), keydir.depth(), counters.lastSequence(),
            writePath == null ? sync.durableSequence() : writePath.commits().durableSequence(), contexts.gets(),
            counters.puts(), counters.deletes(), counters.rolls(), failStop.isLatched(),
            failure == null ? null : failure.getMessage(), sync.syncs(), sync.syncedBytes(),
            writePath == null ? null : writePath.commits().walStats(), keydir.figures(),
            checkpoints == null ? CheckpointFigures.NONE : checkpoints.stats(), contexts.pageReads());
    }

    /** The number of keys, exact. */
    long keys() {
        exact.enterDeferred();
        if (keydir.pending() > 0) {
            return checkpoints == null ? exact.keysAtRest() : checkpoints.settle();
        }
        if (keydir.hasLatePuts()) {
            return exact.undisturbed(keydir::size);
        }
        final long quiet = gate.awaitQuiet();
        final long keys = keydir.size();
        return gate.isUnchanged(quiet) ? keys : exact.undisturbed(keydir::size);
    }

    /** Exact, unless pages have to go for others to come, which would take long, or cannot be written. */
    private long countedKeys() {
        try {
            exact.enterDeferred();
            return keydir.isTight() ? keydir.size() : keys();
        } catch (final MapcaskException ex) {
            return keydir.size();
        }
    }
}
