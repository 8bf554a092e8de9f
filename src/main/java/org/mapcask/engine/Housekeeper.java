package org.mapcask.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.mapcask.io.MappedFile;
import org.mapcask.keydir.Keydir;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentTable;

/**
 * The background thread of a store: takes page faults ahead of the writer, has the next segment and the next piece
 * of keydir memory ready, seals what was rolled, and keeps the number of mappings within its limit. Woken by the
 * writer, and once in a while by itself. What fails here either latches the store (a sync) or is tried again by
 * whoever needs it (space), so the thread goes on.
 */
final class Housekeeper implements Runnable {
    private static final long PAUSE_MAX_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PAUSE_MIN_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int PREFAULT_STEP = 1 << 20;
    private static final System.Logger LOGGER = System.getLogger(Housekeeper.class.getName());

    private final EngineSettings settings;
    private final SegmentTable table;
    private final Keydir keydir;
    private final SegmentSupply supply;
    private final LogSync sync;
    private final ContextPool contexts;
    private final Thread thread;
    private final long pauseNs;
    private volatile WritePath writePath;
    private volatile boolean running = true;
    private volatile boolean signalled;
    private Segment prefaulted;
    private int prefaultedEnd;
    private int adviceGiven;
    private long unsyncedSinceNs = System.nanoTime();
    private String reported;

    Housekeeper(
        final EngineSettings settings, final SegmentTable table, final Keydir keydir, final SegmentSupply supply,
        final LogSync sync,
        final ContextPool contexts) {
        this.settings = settings;
        this.table = table;
        this.keydir = keydir;
        this.supply = supply;
        this.sync = sync;
        this.contexts = contexts;
        final long intervalNs = settings.syncPolicy().intervalNs();
        pauseNs = intervalNs == 0 ? PAUSE_MAX_NS : Math.min(PAUSE_MAX_NS, Math.max(PAUSE_MIN_NS, intervalNs / 4));
        thread = new Thread(this, "mapcask-" + settings.name());
        thread.setDaemon(true);
    }

    void start(final WritePath newWritePath, final boolean inBackground) {
        writePath = newWritePath;
        if (inBackground) {
            thread.start();
        }
    }

    /** Asks for a round soon; cheap, any thread. */
    void signal() {
        if (!signalled) {
            signalled = true;
            LockSupport.unpark(thread);
        }
    }

    /** Ends the thread and waits for it. */
    void stop() {
        running = false;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException ex) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        while (running) {
            signalled = false;
            try {
                round();
            } catch (final RuntimeException | Error ex) {
                report(ex);
            }
            if (running && !signalled) {
                LockSupport.parkNanos(this, pauseNs);
            }
        }
    }

    /** Tells a failure once, not at every round that meets it again. */
    private void report(final Throwable failure) {
        final String text = String.valueOf(failure);
        if (!text.equals(reported)) {
            reported = text;
            LOGGER.log(System.Logger.Level.WARNING, "background work of the store failed", failure);
        }
    }

    /** All the work that is there now; by the thread of this object, or by the caller if that was never started. */
    void round() {
        prefaultAhead(writePath.active());
        keydir.prepareAhead();
        supply.prepare();
        prefaultAhead(writePath.active());
        if (sync.hasWork()) {
            sync.sealRolled();
        }
        syncIfDue(writePath.active());
        tendSealed();
    }

    private void prefaultAhead(final Segment active) {
        if (settings.prefaultWindow() == 0) {
            return;
        }
        final int end = active.endAcquire();
        if (active != prefaulted) {
            prefaulted = active;
            prefaultedEnd = end;
        }
        final int target = (int)Math.min(active.length(), (long)end + settings.prefaultWindow());
        while (prefaultedEnd < target && running) {
            final int step = Math.min(PREFAULT_STEP, target - prefaultedEnd);
            if (!active.mapping().prefault(prefaultedEnd, step)) {
                prefaultedEnd = active.length();
                return;
            }
            prefaultedEnd += step;
        }
    }

    /** Keeps the promise of the policy; what is in rolled segments is sealed, and so durable, before this is asked. */
    private void syncIfDue(final Segment active) {
        final long now = System.nanoTime();
        final long unsynced = active.endAcquire() - (long)active.syncedEnd();
        if (unsynced <= 0) {
            unsyncedSinceNs = now;
        } else if (settings.syncPolicy().isDue(unsynced, now - unsyncedSinceNs)) {
            writePath.sync();
            unsyncedSinceNs = now;
        }
    }

    /** Advises what was sealed since the last round, and takes away mappings that are too many. */
    private void tendSealed() {
        final List<Segment> segments = table.segments();
        final List<MappedFile> detached = new ArrayList<>();
        int mapped = 1;
        for (int i = segments.size() - 1; i >= 0; i--) {
            final Segment segment = segments.get(i);
            final MappedFile mapping = segment.mapping();
            if (mapping == null) {
                continue;
            }
            mapped++;
            if (!segment.isSealed()) {
                continue;
            }
            if (!settings.mapSealed() || mapped > settings.mappedSegmentsMax()) {
                detached.add(segment.detachMapping());
                mapped--;
            } else if (i >= adviceGiven) {
                mapping.advise(0, mapping.length(), Advice.RANDOM);
            }
        }
        if (!detached.isEmpty()) {
            contexts.awaitQuiescence();
            detached.forEach(MappedFile::unmap);
        }
        adviceGiven = 0;
        while (adviceGiven < segments.size() && segments.get(adviceGiven).isSealed()) {
            adviceGiven++;
        }
    }
}
