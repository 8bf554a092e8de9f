package org.mapcask.recovery;

import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Watermark;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentHeader;
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
                withdrawOtherMarks(last);
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

    /**
     * The newest watermark, which says that no write-ahead log is in use, may be in a segment that is about to be
     * removed, and the one before it may be from a time when one was. So it is withdrawn first, durably: otherwise the
     * next recovery would miss files that were removed long ago.
     */
    void withdrawStaleMark() {
        final int last = contents.kept() - 1;
        if (last < 0 || last == contents.used.size() - 1 || contents.isWalInUse() || contents.walComplete) {
            return;
        }
        final Watermark stale = contents.used.get(last).header.watermark();
        if (stale != null && stale.wal()) {
            final Segment segment = contents.used.get(last).segment;
            write(segment, segment.syncedEnd(), stale.lastDurableSequence(), false);
        }
    }

    /**
     * An empty segment may come behind the last one later, when records with its first sequence are written into
     * another: its mark must not be the newest then.
     */
    private void withdrawOtherMarks(final Segment last) {
        for (int i = 0; i < contents.kept() && !settings.walWanted(); i++) {
            final Segment segment = contents.used.get(i).segment;
            final Watermark watermark = contents.used.get(i).header.watermark();
            if (segment != last && !segment.isSealed() && watermark != null && watermark.wal()) {
                write(segment, segment.endAcquire(), contents.lastSequence, false);
            }
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
        write(last, last.endAcquire(), contents.lastSequence, settings.walWanted() && contents.isWalInUse());
    }

    /** The last one that stays may be an older one, sealed and without a mapping: its header changes in the file. */
    private void write(final Segment last, final int endOffset, final long durableSequence, final boolean walInUse) {
        if (last.mapping() != null) {
            last.walInUse(walInUse);
            last.writeWatermark(endOffset, durableSequence, false);
            last.mapping().sync(0, HeaderDescriptor.PAGE_LENGTH);
            last.headerSynced();
            return;
        }
        final SegmentHeader header = contents.used.get(contents.kept() - 1).header;
        final long generation = header.watermark() == null ? 1 : header.watermark().generation() + 1;
        final ByteBuffer page = ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH);
        HeaderDescriptor.putWatermark(new UnsafeBuffer(page), last.salt(), new Watermark(
            generation, endOffset, last.firstSequence(), durableSequence, false, walInUse));
        final int offset = HeaderDescriptor.watermarkOffset(generation);
        page.limit(offset + HeaderDescriptor.SECTOR_LENGTH).position(offset);
        last.file().write(offset, page);
        last.file().sync();
    }
}
