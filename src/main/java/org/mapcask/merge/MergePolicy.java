package org.mapcask.merge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.MergeDescriptor;
import org.mapcask.segment.CoveredRanges;

/**
 * Decides when to merge, and what. Never chooses segments from which nothing would be gained: deletions that something
 * older may still need do not count as gain, so a store that cannot shrink is left alone. Stateless; any thread.
 */
public final class MergePolicy {
    private static final int PERCENT = 100;
    /** Segments with less than this share of a new one's length are gathered when a run goes on anyway. */
    private static final int SMALL_SHARE = 4;
    /** A run moves what lives divided by this at the most, or {@link #RUN_BYTES_MIN}: it needs so much more room. */
    private static final int RUN_SHARE = 4;
    private static final long RUN_BYTES_MIN = 32 << 20;

    private final MergeSettings settings;

    /** A policy with these settings. */
    public MergePolicy(final MergeSettings settings) {
        this.settings = settings;
    }

    /**
     * Whether it is time to merge.
     *
     * @param byClock whether the interval has passed; otherwise only what cannot wait for it counts.
     */
    public boolean isDue(final Collection<SegmentUse> segments, final boolean byClock) {
        return byClock && segments.stream().filter(segment -> segment.eligible() && segment.dead() > 0).count() >=
            settings.minSegments() || pressure(segments) >= 1;
    }

    /**
     * How much dead space there is, as a multiple of what starts a merge at once: from 1 on it does not wait for the
     * clock, and above that merges do not keep up.
     */
    public double pressure(final Collection<SegmentUse> segments) {
        long used = 0;
        long dead = 0;
        for (final SegmentUse segment : segments) {
            used += segment.used();
            dead += segment.dead();
        }
        if (dead == 0) {
            return 0;
        }
        final double byShare = (double)(dead * PERCENT) / (used * settings.fragmentation());
        return settings.deadBytes() > 0 ? Math.max(byShare, (double)dead / settings.deadBytes()) : byShare;
    }

    /**
     * The segments for the next run by the thresholds; empty if none is worth it.
     *
     * @param covered sequences that merges have taken out of the log.
     */
    public List<SegmentUse> choose(final Collection<SegmentUse> segments, final CoveredRanges covered) {
        final Comparator<SegmentUse> mostDead =
            Comparator.comparingDouble(segment ->
                (double)(segment.kept() - segment.expired()) / Math.max(1, segment.used()));
        long lowest = Long.MAX_VALUE;
        long second = Long.MAX_VALUE;
        for (final SegmentUse segment : segments) {
            final long upTo = segment.hidesNothingUpTo();
            second = Math.min(second, Math.max(lowest, upTo));
            lowest = Math.min(lowest, upTo);
        }
        final long first = lowest;
        final long next = second;
        return new Choice(settings, segments, covered).of(segments.stream()
            .filter(segment -> isWorthIt(segment, segment.hidesNothingUpTo() == first ? next : first))
            .sorted(mostDead.thenComparing(SegmentUse::id)).toList());
    }

    /** Whether enough of a segment is sure to go, if it is merged by itself. */
    private boolean isWorthIt(final SegmentUse segment, final long hidesNothingUpTo) {
        final long gain = segment.surelyDead() + (segment.highest() <= hidesNothingUpTo ? segment.tombstones() : 0);
        return segment.eligible() && gain > 0 && gain * PERCENT >= segment.used() * settings.segmentDead();
    }

    /**
     * The segments for the next run of a merge that is to get all there is to get; empty if nothing is. The oldest come
     * first, so that deletions go with what they hide.
     *
     * @param done ids of segments that this merge has made: they are left alone.
     * @param last segments with a higher sequence are left alone, too.
     */
    public List<SegmentUse> chooseAll(
        final Collection<SegmentUse> segments, final CoveredRanges covered, final Set<Long> done,
        final long last) {
        final List<SegmentUse> left = segments.stream()
            .filter(segment -> !done.contains(segment.id()) && segment.highest() <= last &&
                (segment.dead() > 0 || segment.used() == 0))
            .sorted(Comparator.comparingLong(SegmentUse::lowest)).toList();
        final List<SegmentUse> choice = new Choice(settings, segments, covered).of(left);
        return !choice.isEmpty() ? choice : new Choice(settings, segments, covered).of(
            left.stream().filter(segment -> segment.surelyDead() > 0).toList());
    }

    /** Some segments with those that have to go with them, as far as they fit into a run, whatever is gained. */
    List<SegmentUse> chooseThese(
        final Collection<SegmentUse> segments, final CoveredRanges covered, final Set<Long> ids) {
        final Choice choice = new Choice(settings, segments, covered);
        segments.stream().filter(segment -> ids.contains(segment.id())).forEach(choice::add);
        return new ArrayList<>(choice.chosen);
    }

    /**
     * A deletion with this sequence or a lower one hides nothing outside of the inputs of a run.
     *
     * @param all    segments of the store.
     * @param inputs of the run.
     */
    static long hidesNothingUpTo(final Collection<SegmentUse> all, final Set<SegmentUse> inputs) {
        long upTo = Long.MAX_VALUE;
        for (final SegmentUse segment : all) {
            if (!inputs.contains(segment)) {
                upTo = Math.min(upTo, segment.hidesNothingUpTo());
            }
        }
        return upTo;
    }

    /** Bytes of records that surely go if these are merged. */
    static long gain(final Collection<SegmentUse> all, final Set<SegmentUse> inputs) {
        final long upTo = hidesNothingUpTo(all, inputs);
        long gain = 0;
        for (final SegmentUse segment : inputs) {
            gain += segment.surelyDead() + (segment.highest() <= upTo ? segment.tombstones() : 0);
        }
        return gain;
    }

    /** One choice, with what bounds it. */
    private static final class Choice {
        private final MergeSettings settings;
        private final Collection<SegmentUse> all;
        private final CoveredRanges covered;
        private final Set<SegmentUse> chosen = new LinkedHashSet<>();
        private CoveredRanges ranges;
        private long moved;

        Choice(final MergeSettings settings, final Collection<SegmentUse> all, final CoveredRanges covered) {
            this.settings = settings;
            this.all = all;
            this.covered = covered;
            this.ranges = covered.copy();
        }

        List<SegmentUse> of(final List<SegmentUse> candidates) {
            for (final SegmentUse candidate : candidates) {
                add(candidate);
            }
            if (chosen.isEmpty()) {
                return List.of();
            }
            addWhatHoldsDeletions();
            gather();
            return gain(all, chosen) > 0 || givesFilesBack() ? new ArrayList<>(chosen) : List.of();
        }

        /** Adds a segment with those before it that it needs, if all of them fit; whether it is chosen now. */
        private boolean add(final SegmentUse segment) {
            if (chosen.contains(segment)) {
                return true;
            }
            final List<SegmentUse> needed = withPredecessors(segment);
            if (needed.isEmpty()) {
                return false;
            }
            final CoveredRanges then = ranges.copy();
            long more = 0;
            for (final SegmentUse each : needed) {
                more += each.kept();
                if (!each.merged() && each.hasRecords()) {
                    then.add(each.lowest(), each.highest());
                }
            }
            final boolean fits = chosen.size() + needed.size() <= MergeDescriptor.INPUTS_MAX &&
                then.list().size() <= MergeDescriptor.RANGES_MAX && (chosen.isEmpty() || moved + more <= limit());
            if (fits) {
                chosen.addAll(needed);
                ranges = then;
                moved += more;
            }
            return fits;
        }

        /** Every two outputs hold together more than one does: with this limit their number stays within bounds. */
        private long limit() {
            final long room = settings.segmentLength() - HeaderDescriptor.PAGE_LENGTH;
            final long live = all.stream().mapToLong(SegmentUse::live).sum();
            return Math.min(Math.min(settings.runBytes(), Math.max(RUN_BYTES_MIN, live / RUN_SHARE)),
                room * (MergeDescriptor.OUTPUTS_MAX / 2 - 1));
        }

        /** A segment that goes on with a batch goes only together with the one before; empty if that may not go. */
        private List<SegmentUse> withPredecessors(final SegmentUse segment) {
            final List<SegmentUse> needed = new ArrayList<>();
            SegmentUse next = segment;
            while (next != null) {
                if (!next.eligible()) {
                    return List.of();
                }
                needed.add(next);
                final boolean alone =
                    !next.goesOn() || covered.contains(next.lowest() - 1, next.lowest() - 1);
                next = alone ? null : before(next);
                if (!alone && next == null) {
                    return List.of();
                }
                if (chosen.contains(next)) {
                    next = null;
                }
            }
            return needed;
        }

        private SegmentUse before(final SegmentUse segment) {
            for (final SegmentUse each : all) {
                if (!each.merged() && each.hasRecords() && each.highest() == segment.lowest() - 1) {
                    return each;
                }
            }
            return null;
        }

        /** What is all that keeps deletions from going is rewritten, if that costs no more than they are long. */
        private void addWhatHoldsDeletions() {
            long cost = 0;
            boolean more = true;
            while (more) {
                more = false;
                final long upTo = hidesNothingUpTo(all, chosen);
                long held = 0;
                for (final SegmentUse segment : chosen) {
                    held += segment.highest() > upTo ? segment.tombstones() : 0;
                }
                if (held == 0) {
                    return;
                }
                for (final SegmentUse segment : all) {
                    if (!chosen.contains(segment) && segment.hidesNothingUpTo() <= upTo &&
                        cost + segment.live() <= held && add(segment)) {
                        cost += segment.live();
                        more = true;
                    }
                }
            }
        }

        /** Takes small segments along, if that leaves fewer of them. */
        private void gather() {
            final long small = settings.segmentLength() / SMALL_SHARE;
            for (final SegmentUse segment : all) {
                if (segment.eligible() && segment.length() <= small) {
                    add(segment);
                }
            }
        }

        /** Empty files, or several small ones that fit into one. */
        private boolean givesFilesBack() {
            return chosen.stream().filter(segment -> segment.used() == 0).count() > 1;
        }
    }
}
