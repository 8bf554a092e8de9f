package org.mapcask.lab.chart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.mapcask.KeydirStats;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskStats;

/**
 * A thread that looks at a store again and again, and now and then at the blocks that its directory takes on the disk.
 * Thread-safe; the samples are read after {@link #stop()}.
 */
public final class SpaceSampler {
    private static final long DISK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Mapcask store;
    private final long intervalNs;
    private final int recordLength;
    private final boolean withDisk;
    private final long startNs = System.nanoTime();
    private final long firstSequence;
    private final List<SpaceSample> samples = new ArrayList<>();
    private final List<SpaceSeries.Span> checkpoints = new ArrayList<>();
    private final SpaceSeries.CycleCounter counter = new SpaceSeries.CycleCounter();
    private final Thread thread = new Thread(this::work, "mapcask-bench-sampler");
    private long nextDiskNs = startNs;
    private long checkpointsSeen;
    private volatile boolean stopped;
    private volatile boolean merging;
    private volatile int cycles;
    private volatile RuntimeException failure;

    private SpaceSampler(
        final Mapcask store, final long intervalMs, final int recordLength, final boolean withDisk) {
        this.store = store;
        this.intervalNs = TimeUnit.MILLISECONDS.toNanos(intervalMs);
        this.recordLength = recordLength;
        this.withDisk = withDisk;
        final MapcaskStats first = store.stats();
        this.firstSequence = first.lastSequence();
        this.checkpointsSeen = first.keydir().checkpoints();
        thread.setDaemon(true);
    }

    /**
     * Begins to look.
     *
     * @param intervalMs   milliseconds from one look to the next.
     * @param recordLength bytes of each record that is put meanwhile.
     * @param withDisk     whether to ask the file system for blocks.
     */
    public static SpaceSampler start(
        final Mapcask store, final long intervalMs, final int recordLength, final boolean withDisk) {
        final SpaceSampler sampler = new SpaceSampler(store, intervalMs, recordLength, withDisk);
        sampler.thread.start();
        return sampler;
    }

    /** Whether a merge ran at the last look. */
    public boolean isMerging() {
        return merging;
    }

    /** Teeth of the saw until now. */
    public int cycles() {
        return cycles;
    }

    /** Whether it cannot look any more. */
    public boolean hasFailed() {
        return failure != null;
    }

    /** Ends the thread, and gives what it saw. */
    public SpaceSeries stop() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
        if (failure != null) {
            throw new IllegalStateException("sampling failed: " + failure.getMessage(), failure);
        }
        return new SpaceSeries(samples, checkpoints);
    }

    private void work() {
        try {
            long nextNs = startNs;
            while (!stopped) {
                look(false);
                nextNs = Math.max(nextNs + intervalNs, System.nanoTime());
                for (long left = nextNs - System.nanoTime(); left > 0 && !stopped; left = nextNs - System.nanoTime()) {
                    LockSupport.parkNanos(this, left);
                }
            }
            look(true);
        } catch (final RuntimeException e) {
            failure = e;
        }
    }

    private void look(final boolean last) {
        final MapcaskStats stats = store.stats();
        final long nowNs = System.nanoTime();
        long disk = -1;
        if (withDisk && (last || nowNs - nextDiskNs >= 0)) {
            disk = diskBytes(store.directory());
            nextDiskNs = nowNs + DISK_INTERVAL_NS;
        }
        samples.add(new SpaceSample(TimeUnit.NANOSECONDS.toMillis(nowNs - startNs),
            (stats.lastSequence() - firstSequence) * recordLength, stats.liveBytes(), stats.deadBytes(),
            stats.totalBytes(), disk, stats.merge().running(), stats.merge().runs(), stats.merge().movedBytes()));
        merging = stats.merge().running();
        counter.add(stats.totalBytes());
        cycles = counter.count();
        lookAtCheckpoints(stats.keydir(), TimeUnit.NANOSECONDS.toMillis(nowNs - startNs), last);
    }

    /** One that is over tells how long it took, and how long ago that was; one that runs at the end ends there. */
    private void lookAtCheckpoints(final KeydirStats keydir, final long elapsedMs, final boolean last) {
        if (keydir.checkpoints() > checkpointsSeen) {
            checkpointsSeen = keydir.checkpoints();
            final long untilMs = elapsedMs - Math.round(keydir.checkpointAgeMs());
            checkpoints.add(
                new SpaceSeries.Span(Math.max(0, untilMs - Math.round(keydir.checkpointMs())), Math.max(0, untilMs)));
        }
        if (last && keydir.checkpointRunningMs() >= 0) {
            checkpoints.add(new SpaceSeries.Span(
                Math.max(0, elapsedMs - Math.round(keydir.checkpointRunningMs())), elapsedMs));
        }
    }

    /** Bytes of the blocks of a directory, by {@code du}; -1 if it cannot tell, as when a file goes away meanwhile. */
    public static long diskBytes(final Path directory) {
        try {
            final Process process = new ProcessBuilder("du", "-s", "--block-size=1", directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Long.parseLong(text.split("\\s+")[0]) : -1;
        } catch (final IOException | NumberFormatException e) {
            return -1;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }
}
