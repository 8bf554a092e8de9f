package org.mapcask.recovery;

import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.mapcask.segment.SegmentHeader;

/**
 * Puts the segments that were taken into use in the order of the log. As a rule their headers tell it: the first
 * sequence of each. But a segment that was taken into use and stayed empty gets another first sequence when a value too
 * long for it is written into a segment of its own before it; if a crash keeps that change from the disk, both claim
 * the same sequence, and both may have records. Then the first record tells. Static and stateless.
 */
final class SegmentOrder {
    /** The answer for a segment without a sound first record. */
    static final long NO_RECORD = Long.MAX_VALUE;

    private static final Comparator<SegmentHeader> BY_HEADER =
        Comparator.comparingLong(SegmentHeader::firstSequence)
            .thenComparingLong(header -> header.identity().segmentId());

    private SegmentOrder() {
    }

    /**
     * Sorts.
     *
     * @param firstRecord reads the sequence of the first record of a segment, or gives {@link #NO_RECORD}; asked only
     *                    for segments without a seal whose header claims what another one claims.
     */
    static void sort(final List<SegmentHeader> used, final ToLongFunction<SegmentHeader> firstRecord) {
        used.sort(BY_HEADER);
        final Map<SegmentHeader, Long> first = new IdentityHashMap<>();
        for (int i = 0; i < used.size(); i++) {
            final SegmentHeader header = used.get(i);
            final boolean told = header.seal() != null || !claims(used, i - 1, header) && !claims(used, i + 1, header);
            first.put(header, told ? header.firstSequence() : firstRecord.applyAsLong(header));
        }
        used.sort(Comparator.<SegmentHeader>comparingLong(first::get).thenComparing(BY_HEADER));
    }

    private static boolean claims(final List<SegmentHeader> used, final int index, final SegmentHeader header) {
        return index >= 0 && index < used.size() && used.get(index).firstSequence() == header.firstSequence();
    }
}
