package org.mapcask.engine;

import java.util.concurrent.TimeUnit;
import org.mapcask.io.MappedFile;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentTable;

/**
 * The background work of a store, by threads that never wait for each other. One makes ready what the writer will
 * need: page faults taken ahead of it, the next piece of keydir memory, and, by threads that wait for the disk in its
 * place, the next segment ({@link SegmentSupply}). Another makes durable what the writer left behind: seals what was
 * rolled, syncs when the policy or the write-ahead log asks for it, and tends the mappings of what is sealed
 * ({@link SealedMappings}); it may hang in a sync for long. A third, if asked for, has the kernel write what lies
 * behind the writer in small pieces ({@link WritebackPacer}). Woken by the writer, and once in a while by themselves.
 * What fails either latches the store (a sync) or is tried again by whoever needs it (space).
 * <p>
 * With a write-ahead log, bytes and interval of the policy add no syncs: each write is durable when it returns, and a
 * sync of the segments serves nothing but to set frames free. One for each file of the ring does that, and bounds what
 * recovery has to bring over by the length of the ring; more of them would stand before the frames in the queue of the
 * device, whose cache each of them flushes.
 */
final class Housekeeper {
    private static final long PAUSE_MAX_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PAUSE_MIN_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Whoever opens a store goes first: the threads would get into the way of its first calls. */
    private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int PREFAULT_STEP = 1 << 20;

    private final EngineSettings settings;
    private final Keydir keydir;
    private final SegmentSupply supply;
    private final LogSync sync;
    private final ContextPool contexts;
    private final Retirement retirement;
    private final SealedMappings mappings;
    private final BackgroundLoop ahead;
    private final BackgroundLoop behind;
    private final BackgroundLoop pacing;
    private final BackgroundLoop tending;
    private final WritebackPacer pacer;
    private volatile WritePath writePath;
    private Segment prefaulted;
    private int prefaultedEnd;
    private long unsyncedSinceNs = System.nanoTime();

    Housekeeper(
        final EngineSettings settings, final SegmentTable table, final Keydir keydir, final SegmentSupply supply,
        final LogSync sync, final ContextPool contexts, final Retirement retirement) {
        this.settings = settings;
        this.keydir = keydir;
        this.supply = supply;
        this.sync = sync;
        this.contexts = contexts;
        this.retirement = retirement;
        mappings = new SealedMappings(settings, table, contexts);
        final long intervalNs = settings.syncPolicy().intervalNs();
        final long syncPauseNs =
            intervalNs == 0 ? PAUSE_MAX_NS : Math.min(PAUSE_MAX_NS, Math.max(PAUSE_MIN_NS, intervalNs / 4));
        ahead = new BackgroundLoop("mapcask-ahead-" + settings.name(), PAUSE_MAX_NS, this::workAhead);
        behind = new BackgroundLoop("mapcask-sync-" + settings.name(), syncPauseNs, this::workBehind);
        pacer = new WritebackPacer(settings.writebackStep(), contexts);
        pacing = new BackgroundLoop("mapcask-writeback-" + settings.name(), PAUSE_MAX_NS, this::pace);
        tending = new BackgroundLoop("mapcask-map-" + settings.name(), Long.MAX_VALUE, this::tendSealed);
    }

    void start(final WritePath newWritePath, final boolean inBackground) {
        writePath = newWritePath;
        if (inBackground) {
            ahead.once(newWritePath::begin);
            ahead.once(() -> behind.startAfter(FIRST_PAUSE_NS));
            if (settings.writebackStep() > 0) {
                ahead.once(() -> pacing.startAfter(FIRST_PAUSE_NS));
            }
            ahead.startAfter(FIRST_PAUSE_NS);
        }
    }

    /** The work for a store that is only read: its segments are mapped, once, and that is all. */
    void startReading(final boolean inBackground) {
        if (inBackground) {
            tending.startAfter(FIRST_PAUSE_NS);
        }
    }

    /**
     * Does something soon, in the thread that works ahead: to start a thread takes some tenths of a millisecond, for
     * which the open of a store does not wait.
     */
    void once(final Runnable errand) {
        ahead.once(errand);
    }

    /** Asks for a round of all soon; cheap, any thread. */
    void signal() {
        pacing.signal();
        ahead.signal();
        behind.signal();
    }

    /** Asks for a round of what makes durable. */
    void signalBehind() {
        behind.signal();
    }

    /** Ends the threads and waits for them. */
    void stop() {
        tending.stop();
        pacing.stop();
        ahead.stop();
        supply.stop();
        behind.stop();
    }

    /** Gives back what waited for the end of calls; all have ended, and so have the threads. */
    void close() {
        mappings.close();
    }

    /** All the work that is there now, by a caller whose engine has no threads of its own. */
    void round() {
        writePath.begin();
        workAhead();
        pace();
        workBehind();
    }

    /** Keydir memory, too: the thread that works ahead may be long in the page faults of a segment. */
    private void pace() {
        keydir.prepareAhead();
        pacer.pace(active());
    }

    private Segment active() {
        return writePath.appender().activeSeen();
    }

    private void workAhead() {
        orderSegments();
        prefaultAhead(active());
        keydir.prepareAhead();
        orderSegments();
    }

    private void orderSegments() {
        if (supply.isRushed() || isNextNeededSoon(active())) {
            supply.order(this::prefaultFirst);
        }
    }

    /** In a rush there is no processor to spare: {@link #prefaultAhead} comes to the segment when it is taken. */
    private void prefaultFirst(final Segment prepared) {
        if (supply.isRushed()) {
            return;
        }
        final int end = Math.min(settings.prefaultWindow(), prepared.length());
        for (int offset = 0; offset < end; offset += PREFAULT_STEP) {
            prefault(prepared, offset, Math.min(PREFAULT_STEP, end - offset));
            Thread.yield();
        }
    }

    /**
     * Only when half of the active one is used: up to then a merge may set a file free that does for the next segment,
     * and a store that is written little does without the room for one. A segment that is shorter than those of a large
     * store is soon full, and the next one takes little room: it is made at once.
     */
    private boolean isNextNeededSoon(final Segment active) {
        return active.length() < settings.segmentLength() || active.endAcquire() >= active.limit() / 2;
    }

    private void workBehind() {
        if (sync.hasWork()) {
            sync.sealRolled();
        }
        if (writePath.commits().areSegmentSyncs()) {
            syncIfDue(active());
        } else {
            syncIfWanted();
        }
        retirement.round();
        tendSealed();
    }

    private void tendSealed() {
        retirement.undisturbed(() -> mappings.round(supply.ready()));
    }

    /** Ends when the segment is rolled: what it does not need any more is given back when it is sealed. */
    private void prefaultAhead(final Segment active) {
        if (settings.prefaultWindow() == 0) {
            return;
        }
        final int end = active.endAcquire();
        if (active != prefaulted) {
            prefaulted = active;
            prefaultedEnd = end;
        }
        final int target = (int)Math.min(active.limit(), (long)end + settings.prefaultWindow());
        while (prefaultedEnd < target && active == active()) {
            final int step = Math.min(PREFAULT_STEP, target - prefaultedEnd);
            if (!prefault(active, prefaultedEnd, step)) {
                prefaultedEnd = active.length();
                return;
            }
            prefaultedEnd += step;
        }
    }

    /** Inside a context, since the segment may be rolled, sealed and unmapped by the other thread meanwhile. */
    private boolean prefault(final Segment active, final int offset, final int length) {
        final ReadContext context = contexts.enter();
        try {
            final MappedFile mapping = active.mapping();
            return mapping != null && mapping.prefault(offset, length);
        } finally {
            context.exit();
        }
    }

    /** Keeps the promise of the policy; what is in rolled segments is sealed, and so durable, before this is asked. */
    private void syncIfDue(final Segment active) {
        final long now = System.nanoTime();
        final long unsynced = active.endAcquire() - (long)active.syncedEnd();
        if (unsynced <= 0) {
            unsyncedSinceNs = now;
        } else if (settings.syncPolicy().isDue(unsynced, now - unsyncedSinceNs)) {
            writePath.syncSegments();
            unsyncedSinceNs = now;
        }
    }

    /** Lets the ring of the write-ahead log come round without waiting. */
    private void syncIfWanted() {
        final long wanted = writePath.commits().wantedSequence();
        if (wanted > sync.durableSequence()) {
            writePath.syncSegments(wanted);
        }
    }
}
