package org.mapcask.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mapcask.format.CheckpointDescriptor.SegmentFigures;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.KnownHeader;
import org.mapcask.segment.Log;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;

/**
 * Figures for a checkpoint at one moment; of each segment also itself, if it is sealed.
 *
 * @param sequence of the last record that is counted.
 * @param keys     counted.
 * @param segments figures of all segments that stay.
 * @param sealed   those of them that are sealed, by their ids.
 * @param waiting  positions of records that are not counted.
 */
record CheckpointSnapshot(
    long sequence, long keys, List<SegmentFigures> segments, Map<Long, Segment> sealed, long[] waiting) {
    /** Takes them, while nobody writes and nothing is being sealed. */
    static CheckpointSnapshot take(
        final Log log, final Keydir keydir, final Retirement retirement, final long sequence) {
        final List<SegmentFigures> segments = new ArrayList<>();
        final Map<Long, Segment> sealed = new HashMap<>();
        final Set<Segment> leaving = retirement.leaving();
        for (final Segment segment : log.table().segments()) {
            if (leaving.contains(segment)) {
                continue;
            }
            segments.add(new SegmentFigures(segment.id(), segment.salt(), segment.liveBytes(),
                segment.tombstoneBytes(), segment.expiring(), null));
            if (segment.isSealed()) {
                sealed.put(segment.id(), segment);
            }
        }
        return new CheckpointSnapshot(sequence, keydir.size(), segments, sealed, keydir.waitingPositions());
    }

    /**
     * The figures with the headers of those segments that were sealed by then: the log is durable up to there, and so
     * are the seals. None of them goes away meanwhile, since no merge installs anything.
     */
    List<SegmentFigures> withHeaders(final SegmentFactory factory) {
        final List<SegmentFigures> all = new ArrayList<>();
        for (final SegmentFigures segment : segments) {
            final Segment seal = sealed.get(segment.id());
            final KnownHeader known = seal == null ? null : factory.known(seal, System.currentTimeMillis());
            all.add(known == null ? segment : new SegmentFigures(segment.id(), segment.salt(), segment.liveBytes(),
                segment.tombstoneBytes(), segment.expiring(), known.copy()));
        }
        return all;
    }
}
