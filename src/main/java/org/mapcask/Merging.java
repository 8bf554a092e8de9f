package org.mapcask;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.mapcask.engine.Engine;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.ReadOnlyStoreException;
import org.mapcask.merge.CompactResult;
import org.mapcask.merge.MergeProgress;
import org.mapcask.merge.MergeScheduler;
import org.mapcask.merge.MergeSettings;
import org.mapcask.merge.MergeStats;

/**
 * How dead space of a store is given back: live records are copied together in the background, and the segments that
 * they came from removed. Reads and writes go on meanwhile. In a store that takes no writes nothing is merged, and
 * every call but {@link #stats()} is refused. Thread-safe.
 */
public final class Merging {
    private static final MergeProgress SILENT = (done, total) -> {
    };

    private final MergeScheduler scheduler;
    private final String storeName;

    private Merging(final MergeScheduler scheduler, final String storeName) {
        this.scheduler = scheduler;
        this.storeName = storeName;
    }

    /** Begins to merge in the background, if the engine takes writes. */
    static Merging start(final Engine engine, final MergeSettings settings, final String storeName) {
        if (engine.merging() == null) {
            return new Merging(null, storeName);
        }
        final MergeScheduler scheduler =
            new MergeScheduler(new EngineMergeHost(engine.merging()), settings, storeName);
        engine.once(scheduler::start);
        return new Merging(scheduler, storeName);
    }

    /**
     * Merges in the background until there is no dead space left that can be given back: what was dead when the call
     * came. Several calls take their turns. A deletion is no dead space while something older may need it.
     *
     * @param progress told by the thread that merges; it must not close the store.
     * @return ends with what was done, or with the error for which it was given up.
     */
    public CompletableFuture<CompactResult> compactAsync(final MergeProgress progress) {
        Arguments.requirePresent("progress", progress);
        return scheduler().compact(progress);
    }

    /** As {@link #compactAsync(MergeProgress)}, and tells nobody. */
    CompletableFuture<CompactResult> compactAsync() {
        return compactAsync(SILENT);
    }

    /** As {@link #compact(MergeProgress)}, and tells nobody. */
    CompactResult compact() {
        return compact(SILENT);
    }

    /** As {@link #compactAsync(MergeProgress)}, and waits to the end; an interrupt is kept for later. */
    public CompactResult compact(final MergeProgress progress) {
        final CompletableFuture<CompactResult> future = compactAsync(progress);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (final InterruptedException ex) {
                    interrupted = true;
                } catch (final ExecutionException ex) {
                    throw unwrapped(ex.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unwrapped(final Throwable cause) {
        return cause instanceof final MapcaskException known ? known : new CompletionException(cause);
    }

    /**
     * Holds merging up, at once, until {@link #resume()}; a compaction waits, too. What was merged so far and not
     * finished stays on the disk meanwhile.
     */
    public void pause() {
        scheduler().pause();
    }

    /** Goes on after {@link #pause()}. */
    public void resume() {
        scheduler().resume();
    }

    private MergeScheduler scheduler() {
        if (scheduler == null) {
            throw new ReadOnlyStoreException(ErrorText.what("the store is open for reading only").where(storeName)
                .expected("readOnly=false and an undamaged store").found("a merge").todo("open it for writing"));
        }
        return scheduler;
    }

    /** Whether a merge runs at this moment. As cheap as a look at a field. */
    public boolean isRunning() {
        return scheduler != null && scheduler.isRunning();
    }

    /** Figures now. */
    public MergeStats stats() {
        return scheduler == null ? MergeStats.NONE : scheduler.stats();
    }

    void close() {
        if (scheduler != null) {
            scheduler.close();
        }
    }
}
