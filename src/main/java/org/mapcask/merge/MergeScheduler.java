package org.mapcask.merge;

import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StoreClosedException;
import org.mapcask.segment.Segment;

/**
 * The thread that merges: by the clock, soon after a segment was sealed if there is much dead space, and when somebody
 * asks for a compaction. It can be paused at any time, in the middle of a run as well. What fails is told once, and
 * tried again at the next look. Thread-safe.
 */
public final class MergeScheduler implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(MergeScheduler.class.getName());
    /** How often it looks whether a segment was sealed. */
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(200);
    /** After a failure it looks again by the clock, or after this time if that is later. */
    private static final long FAILURE_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    /** A limited rate never makes it sleep for longer without a look whether it is to end. */
    private static final long SLEEP_MAX_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Up to this multiple of the dead space that starts a merge, runs rest as long as they work. */
    private static final double PRESSURE_LOW = 1.5;
    /** From this one on, they do not rest. */
    private static final double PRESSURE_HIGH = 2.5;

    private final MergeHost host;
    private final MergeSettings settings;
    private final String storeName;
    private final Merger merger;
    private final RateLimiter limiter;
    private final Thread thread;
    private final Queue<Compaction> compactions = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;
    private volatile boolean paused;
    private volatile boolean started;
    private Compaction current;
    private String reported;

    /**
     * A scheduler that does nothing before {@link #start()}.
     *
     * @param storeName for the thread and for messages.
     */
    public MergeScheduler(final MergeHost host, final MergeSettings settings, final String storeName) {
        this.host = host;
        this.settings = settings;
        this.storeName = storeName;
        this.merger = new Merger(host, settings, new Pace());
        this.limiter = new RateLimiter(settings.rate(), System::nanoTime, LockSupport::parkNanos);
        this.thread = new Thread(this::work, "mapcask-merge-" + storeName);
        thread.setDaemon(true);
    }

    /** Somebody who waits for everything dead to be gone. */
    private static final class Compaction {
        private final CompletableFuture<CompactResult> future = new CompletableFuture<>();
        private final MergeProgress progress;
        private long done;
        private long total;

        Compaction(final MergeProgress progress) {
            this.progress = progress;
        }
    }

    /** Ends a run before its commit: the store is being closed. */
    private static final class Ended extends CancellationException {
        private static final long serialVersionUID = 1L;
    }

    /** Begins to merge in the background, unless {@link #close()} came first. */
    public synchronized void start() {
        if (!closed && !started) {
            thread.start();
            started = true;
        }
    }

    /** Holds merging up, at once, until {@link #resume()}. */
    public void pause() {
        paused = true;
    }

    /** Goes on after {@link #pause()}. */
    public void resume() {
        paused = false;
        LockSupport.unpark(thread);
    }

    /**
     * Merges until nothing more can be gained, in the background.
     *
     * @return ends with what was done, or with why it was given up.
     */
    public CompletableFuture<CompactResult> compact(final MergeProgress progress) {
        final Compaction compaction = new Compaction(progress);
        compactions.add(compaction);
        if (closed) {
            failCompactions();
        }
        LockSupport.unpark(thread);
        return compaction.future;
    }

    /** Whether a merge runs now. */
    public boolean isRunning() {
        return merger.isRunning();
    }

    /** Figures now. */
    public MergeStats stats() {
        return merger.stats(paused);
    }

    /** Ends a run that is under way, before its commit or after its end, and the thread. Idempotent. */
    @Override
    public void close() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("the thread that merges cannot close the store");
        }
        synchronized (this) {
            closed = true;
        }
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (started && thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException ex) {
                interrupted = true;
            }
        }
        failCompactions();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void failCompactions() {
        Compaction next = compactions.poll();
        while (next != null) {
            next.future.completeExceptionally(new StoreClosedException(ErrorText.what("the store was closed")
                .where(storeName).expected("an open store").found("close() was called during a compaction")
                .todo("open the directory again, and compact it then")));
            next = compactions.poll();
        }
    }

    private void work() {
        final long intervalNs = TimeUnit.MILLISECONDS.toNanos(settings.intervalMs());
        long lastClockNs = System.nanoTime();
        long seals = host.seals();
        long notBeforeNs = lastClockNs;
        while (!closed) {
            compactAll();
            final long now = System.nanoTime();
            if (intervalNs > 0 && !paused && !closed && now - notBeforeNs >= 0) {
                final boolean byClock = now - lastClockNs >= intervalNs;
                final long sealsNow = host.seals();
                if (byClock || sealsNow != seals) {
                    lastClockNs = byClock ? now : lastClockNs;
                    seals = sealsNow;
                    notBeforeNs = mergeWhileDue(byClock) ? now : System.nanoTime() + FAILURE_PAUSE_NS;
                }
            }
            if (!closed && compactions.isEmpty()) {
                LockSupport.parkNanos(this, intervalNs == 0 ? Long.MAX_VALUE : Math.min(LOOK_NS, intervalNs));
            }
        }
    }

    /** Returns false if a run failed. */
    private boolean mergeWhileDue(final boolean byClock) {
        try {
            boolean clock = byClock;
            while (!closed && compactions.isEmpty() && merger.isDue(clock) && merger.runOnce()) {
                clock = false;
            }
            return true;
        } catch (final Ended ex) {
            return true;
        } catch (final RuntimeException | Error ex) {
            report(ex);
            return false;
        }
    }

    private void report(final Throwable failure) {
        final String text = String.valueOf(failure);
        if (!text.equals(reported)) {
            reported = text;
            LOGGER.log(System.Logger.Level.WARNING, "a merge was given up", failure);
        }
    }

    private void compactAll() {
        while (!closed && !compactions.isEmpty()) {
            current = compactions.peek();
            try {
                final CompactResult result = compact(current);
                compactions.poll();
                current.future.complete(result);
            } catch (final Ended ex) {
                return; // close() tells whoever waits
            } catch (final RuntimeException | Error ex) {
                compactions.poll();
                current.future.completeExceptionally(ex);
            } finally {
                current = null;
            }
        }
    }

    private CompactResult compact(final Compaction compaction) {
        awaitResumed();
        host.checkWritable();
        final MergeStats before = stats();
        final List<Segment> segments = host.segments();
        final long bytesBefore = used(segments);
        host.removeRetired();
        final long last = host.rollActive();
        compaction.total = Math.max(1, 2 * merger.bytesToCompact());
        final Set<Long> done = new HashSet<>();
        while (merger.compactOnce(done, last)) {
            host.removeRetired();
            awaitResumed();
        }
        host.removeRetired();
        compaction.progress.onProgress(compaction.total, compaction.total);
        final MergeStats after = stats();
        final List<Segment> segmentsAfter = host.segments();
        return new CompactResult(after.runs() - before.runs(), after.movedBytes() - before.movedBytes(),
            after.reclaimedBytes() - before.reclaimedBytes(), segments.size(), segmentsAfter.size(), bytesBefore,
            used(segmentsAfter));
    }

    private static long used(final List<Segment> segments) {
        return segments.stream().mapToLong(Segment::endAcquire).sum();
    }

    /** Called during a run: waits while merging is paused or its rate is used up, and ends it if the store closes. */
    private void onProgress(final long bytes) {
        if (closed) {
            throw new Ended();
        }
        if (current != null && bytes > 0) {
            current.done = Math.min(current.done + bytes, current.total);
            current.progress.onProgress(current.done, current.total);
        }
        awaitResumed();
        if (limiter.passed(bytes) > 0) {
            for (long left = limiter.left(); left > 0 && !closed; left = limiter.left()) {
                limiter.sleep(Math.min(left, SLEEP_MAX_NS));
            }
        }
    }

    /**
     * How runs in the background are held up: by the rate if there is one; without one they rest as long as they work,
     * but less when they do not keep up, and not at all when somebody waits for a compaction.
     */
    private final class Pace implements MergePace {
        private final Rests rests = new Rests(System::nanoTime, LockSupport::parkNanos);

        @Override
        public void onBegin(final double pressure) {
            final double share = (PRESSURE_HIGH - pressure) / (PRESSURE_HIGH - PRESSURE_LOW);
            rests.begin(settings.rate() > 0 || current != null ? 0 : Math.min(1, Math.max(0, share)));
        }

        @Override
        public void onProgress(final long bytes) {
            MergeScheduler.this.onProgress(bytes);
        }

        @Override
        public void between() {
            if (!closed) {
                rests.between();
            }
        }
    }

    private void awaitResumed() {
        while (paused && !closed) {
            LockSupport.parkNanos(this, SLEEP_MAX_NS);
        }
        if (closed) {
            throw new Ended();
        }
    }
}
