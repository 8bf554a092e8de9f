package org.mapcask.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.KnownHeader;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentTable;

/** Opens the segments that count, after their headers were read, and puts them into the table. One thread, one use. */
final class SegmentOpening {
    private final RecoverySettings settings;
    private final LogContents contents;
    private final SegmentTable table;

    SegmentOpening(final RecoverySettings settings, final LogContents contents, final SegmentTable table) {
        this.settings = settings;
        this.contents = contents;
        this.table = table;
    }

    /** Those that merges made. They come first in the table: what follows them there is in the order of the log. */
    void merged(final List<SegmentHeader> merged, final int logSegments) {
        openAll(merged, contents.merged, i -> merged.get(i).hasWholeFile() && settings.mapSealed() &&
            logSegments + merged.size() - i <= settings.mappedSegmentsMax());
    }

    /** Those of the log, in its order. */
    void used(final List<SegmentHeader> used) {
        openAll(used, contents.used, i -> used.get(i).hasWholeFile() &&
            (settings.writable() && (i == used.size() - 1 || used.get(i).seal() == null) ||
                settings.mapSealed() && used.size() - i <= settings.mappedSegmentsMax()));
        for (final SegmentHeader header : used) {
            contents.durableSequence = Math.max(contents.durableSequence, header.durableSequence());
        }
    }

    private void openAll(final List<SegmentHeader> headers, final List<Used> into, final IntPredicate mapped) {
        final SegmentFactory factory = settings.factory(contents.identity, table, contents.highestId + 1);
        final List<Segment> opened = new ArrayList<>(headers.size());
        try {
            for (int i = 0; i < headers.size(); i++) {
                final Segment segment = open(factory, headers.get(i), mapped.test(i));
                opened.add(segment);
                into.add(new Used(headers.get(i), segment));
            }
        } finally {
            table.addAll(opened);
        }
    }

    /** One whose header the checkpoint knew is opened, and mapped, when it is needed: of a store that is written. */
    private Segment open(final SegmentFactory factory, final SegmentHeader header, final boolean mapped) {
        final KnownHeader known = contents.start == null || !settings.writable() && mapped ? null :
            contents.start.known(header);
        return known == null ? factory.open(header, settings.writable(), mapped) :
            factory.openLater(known, settings.writable(), mapped);
    }
}
