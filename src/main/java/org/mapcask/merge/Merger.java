package org.mapcask.merge;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.MapcaskException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.segment.Segment;

/**
 * Looks at the segments, asks the policy, and runs what it chose; keeps count. One thread, but for {@link #stats}.
 */
final class Merger {
    private static final System.Logger LOGGER = System.getLogger(Merger.class.getName());

    private final MergeHost host;
    private final MergeSettings settings;
    private final MergePolicy policy;
    private final MergePace pace;
    private final Map<Long, Boolean> goesOn = new HashMap<>();
    private final Map<Long, String> damaged = new ConcurrentHashMap<>();
    private volatile boolean running;
    private volatile long runs;
    private volatile long givenUp;
    private volatile long movedRecords;
    private volatile long expiredRecords;
    private volatile long movedBytes;
    private volatile long reclaimedBytes;
    private volatile String lastFailure;

    /** A merger. */
    Merger(final MergeHost host, final MergeSettings settings, final MergePace pace) {
        this.host = host;
        this.settings = settings;
        this.policy = new MergePolicy(settings);
        this.pace = pace;
    }

    /** Whether a trigger holds; see {@link MergePolicy#isDue}. */
    boolean isDue(final boolean byClock) {
        return policy.isDue(look(), byClock);
    }

    /** Makes one run if the thresholds give one; whether they did. A segment found damaged makes it look again. */
    boolean runOnce() {
        while (true) {
            final List<SegmentUse> all = look();
            final List<SegmentUse> inputs = policy.choose(all, host.covered());
            if (inputs.isEmpty()) {
                return false;
            }
            if (run(all, inputs) != null) {
                return true;
            }
        }
    }

    /** Makes one run of these segments and what has to go with them; whether it came to its end. */
    boolean run(final Set<Long> ids) {
        final List<SegmentUse> all = look();
        final List<SegmentUse> inputs = policy.chooseThese(all, host.covered(), ids);
        return !inputs.isEmpty() && run(all, inputs) != null;
    }

    /** What there is to do for a compaction: bytes of segments with something dead. */
    long bytesToCompact() {
        return look().stream().filter(use -> use.eligible() && use.dead() > 0).mapToLong(SegmentUse::used).sum();
    }

    /**
     * Makes one run of a compaction.
     *
     * @param done ids of the segments that this compaction made; grows.
     * @param last segments with a higher sequence are younger than the compaction, and left alone.
     * @return whether there was one.
     */
    boolean compactOnce(final Set<Long> done, final long last) {
        while (true) {
            final List<SegmentUse> all = look();
            final List<SegmentUse> inputs = policy.chooseAll(all, host.covered(), done, last);
            if (inputs.isEmpty()) {
                return false;
            }
            final MergeRun.Result result = run(all, inputs);
            if (result != null) {
                result.outputs().forEach(output -> done.add(output.id()));
                return true;
            }
        }
    }

    /** Null if a segment was found damaged, which is not chosen again. */
    private MergeRun.Result run(final List<SegmentUse> all, final List<SegmentUse> inputs) {
        host.checkWritable();
        running = true;
        boolean done = false;
        try {
            pace.onBegin(policy.pressure(all));
            final MergeRun.Result result = new MergeRun(host, settings, all, inputs, pace).run();
            runs = runs + 1;
            movedRecords = movedRecords + result.records();
            expiredRecords = expiredRecords + result.expired();
            movedBytes = movedBytes + result.movedBytes();
            reclaimedBytes = reclaimedBytes + result.reclaimedBytes();
            lastFailure = null;
            done = true;
            return result;
        } catch (final DamagedInputException ex) {
            damaged.put(ex.input().id(), ex.input().name());
            lastFailure = ex.getMessage();
            LOGGER.log(System.Logger.Level.ERROR,
                "a segment is damaged; it stays as it is and is not merged again: " + ex.getMessage());
            return null;
        } catch (final MapcaskException ex) {
            lastFailure = ex.getMessage();
            throw ex;
        } finally {
            running = false;
            if (!done) {
                givenUp = givenUp + 1;
            }
        }
    }

    /** The segments as they are now. */
    List<SegmentUse> look() {
        final List<Segment> segments = host.segments();
        final Set<Segment> settled = new HashSet<>(host.settled(segments));
        final List<SegmentUse> uses = new ArrayList<>(segments.size());
        final Set<Long> present = new HashSet<>();
        for (final Segment segment : segments) {
            final boolean eligible = settled.contains(segment) && !damaged.containsKey(segment.id());
            present.add(segment.id());
            uses.add(SegmentUse.of(segment, eligible, eligible && goesOn(segment), host::nowMs));
        }
        goesOn.keySet().retainAll(present);
        return uses;
    }

    private boolean goesOn(final Segment segment) {
        return !segment.isMerged() && goesOn.computeIfAbsent(segment.id(), id -> readGoesOn(segment));
    }

    /** If it cannot be read, the run will say so. */
    private boolean readGoesOn(final Segment segment) {
        if (segment.endAcquire() == HeaderDescriptor.PAGE_LENGTH) {
            return false;
        }
        final ByteBuffer bytes = ByteBuffer.allocateDirect(RecordDescriptor.HEADER_LENGTH);
        try {
            segment.file().read(HeaderDescriptor.PAGE_LENGTH, bytes);
        } catch (final MapcaskException ex) {
            return false;
        }
        final int place =
            RecordDescriptor.flags(RecordDescriptor.shape(new UnsafeBuffer(bytes), 0)) & RecordDescriptor.BATCH_MASK;
        return place == RecordDescriptor.BATCH_INSIDE || place == RecordDescriptor.BATCH_LAST;
    }

    /** Whether a run is under way; any thread. */
    boolean isRunning() {
        return running;
    }

    /** Figures now; any thread. */
    MergeStats stats(final boolean paused) {
        return new MergeStats(running, paused, runs, givenUp, movedRecords, expiredRecords, movedBytes,
            reclaimedBytes, host.retiring(), host.factory().recycled(), lastFailure,
            damaged.values().stream().sorted().toList());
    }
}
