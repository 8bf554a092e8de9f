package org.mapcask.recovery;

import java.util.List;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentTable;

/**
 * Makes the segments stand without the write-ahead log, so that it may be written again or be removed: all records
 * durable, in their order, and a durable watermark that says so. One thread, one use.
 */
final class WalHandover {
    private final RecoverySettings settings;
    private final LogContents contents;
    private final SegmentTable table;

    WalHandover(final RecoverySettings settings, final LogContents contents, final SegmentTable table) {
        this.settings = settings;
        this.contents = contents;
        this.table = table;
    }

    /**
     * Does it, after the last record was appended. The files are removed if no write-ahead log is wanted, and if the
     * store holds nothing, since the next one made in its place has another id.
     *
     * @param removed takes the names of the files that were removed.
     */
    void run(final List<String> removed) {
        final boolean present = !contents.walFiles.isEmpty();
        final boolean remove = present && (!settings.walWanted() || contents.isEmpty());
        final List<Segment> segments = table.segments();
        if (!contents.isClean() && !segments.isEmpty() && (present || settings.walWanted())) {
            segments.forEach(WalHandover::sync);
            final Segment last = segments.get(segments.size() - 1);
            if (!last.isMerged()) {
                mark(last);
            }
            contents.durableSequence = contents.lastSequence;
        }
        if (remove) {
            for (final String name : contents.walFiles) {
                settings.files().delete(settings.directory().resolve(name));
            }
            settings.files().syncDirectory(settings.directory());
            removed.addAll(contents.walFiles);
        }
    }

    /** A sealed one is durable. */
    private static void sync(final Segment segment) {
        final int end = segment.endAcquire();
        if (!segment.isSealed() && end > segment.syncedEnd()) {
            final int from = segment.syncedEnd() == HeaderDescriptor.PAGE_LENGTH ? 0 : segment.syncedEnd();
            segment.mapping().sync(from, end - from);
            if (from == 0) {
                segment.headerSynced();
            }
        }
    }

    private void mark(final Segment last) {
        if (!settings.walWanted()) {
            last.walInUse(false);
        }
        last.writeWatermark(last.endAcquire(), contents.lastSequence, false);
        last.mapping().sync(0, HeaderDescriptor.PAGE_LENGTH);
        last.headerSynced();
    }
}
