package org.mapcask.engine;

import java.util.List;
import java.util.function.Supplier;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;
import org.mapcask.wal.Wal;

/** Starts the writing side of an engine on a recovered log. One thread, before anybody else knows the engine. */
final class WriteStart {
    private final Log log;
    private final LogSync sync;
    private final FailStop failStop;
    private final Housekeeper housekeeper;

    WriteStart(final Log log, final LogSync sync, final FailStop failStop, final Housekeeper housekeeper) {
        this.log = log;
        this.sync = sync;
        this.failStop = failStop;
        this.housekeeper = housekeeper;
    }

    /**
     * Starts.
     *
     * @param maker      makes the write path.
     * @param walMaker   makes the write-ahead log, or null to commit without one.
     * @param background whether the background threads are started, too.
     */
    WritePath start(final Supplier<WritePath> maker, final WalMaker walMaker, final boolean background) {
        final List<Segment> segments = log.table().segments();
        for (int i = 0; i < segments.size(); i++) {
            final Segment segment = segments.get(i);
            if (!segment.isSealed() && segment != log.active()) {
                final long last = i + 1 < segments.size() ? segments.get(i + 1).firstSequence() - 1 :
                    log.lastSequence();
                sync.onRolled(segment, segment.endAcquire(), last);
            }
        }
        if (log.active() != null) {
            log.active().walInUse(false);
            log.active().writeWatermark(log.active().syncedEnd(), log.durableSequence(), false);
        }
        final WritePath path = maker.get();
        if (log.markedClean()) {
            path.beforeFirst(path::confirmUse);
        }
        if (walMaker != null) {
            startWal(path, walMaker);
        }
        housekeeper.start(path, background);
        return path;
    }

    /**
     * In this order: the first frame goes on where the segments are durable, and a header says that there are frames
     * only when there are files for them.
     */
    private void startWal(final WritePath path, final WalMaker walMaker) {
        Wal wal = null;
        boolean done = false;
        try {
            path.syncSegments();
            wal = walMaker.make(new SegmentSyncs(path, sync), failStop::latch);
            sync.markWal(path.appender().active());
            path.appender().walInUse();
            path.commitThrough(new RingCommits(wal, sync, path.appender()::tip, housekeeper::signalBehind));
            done = true;
        } finally {
            if (!done) {
                if (wal != null) {
                    wal.close();
                }
                path.appender().active().close();
            }
        }
    }

    /** What the write-ahead log asks the segments for. */
    private record SegmentSyncs(WritePath path, LogSync sync) implements Wal.SegmentSyncs {
        @Override
        public long durableSequence() {
            return sync.durableSequence();
        }

        @Override
        public void sync(final long sequence) {
            path.syncSegments(sequence);
        }
    }
}
