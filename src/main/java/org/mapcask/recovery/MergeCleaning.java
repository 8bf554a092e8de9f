package org.mapcask.recovery;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.MergeDescriptor;
import org.mapcask.format.MergeDescriptor.State;
import org.mapcask.io.StoreFile;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.SegmentHeader;

/**
 * Finishes the merges that count, as the process that was cut off would have: commits durable first, since they may be
 * in the page cache alone; then every other output says itself that it counts, since the commit that names it may go
 * with a later merge; then what was replaced goes, the oldest merge first, and durably before the next, since an input
 * may itself carry the commit of an older one. A second crash at any point leads to the same contents. One use.
 */
final class MergeCleaning {
    private final RecoverySettings settings;
    private final LogContents contents;

    MergeCleaning(final RecoverySettings settings, final LogContents contents) {
        this.settings = settings;
        this.contents = contents;
    }

    /** Does it, and gives the names of the files that were removed. */
    List<String> run() {
        final boolean finished = contents.isClean() && contents.replaced.isEmpty();
        if (!finished) {
            contents.merged.stream().filter(MergeCleaning::isCarrier).forEach(MergeCleaning::confirm);
        }
        for (final Used merged : contents.merged) {
            if (!isCarrier(merged) && !isWellStamped(merged.header)) {
                stamp(merged);
            } else if (!isCarrier(merged) && !finished) {
                confirm(merged);
            }
        }
        final List<String> removed = new ArrayList<>();
        for (final List<String> group : contents.replaced) {
            for (final String name : group) {
                settings.files().unlink(settings.directory().resolve(name));
            }
            settings.files().syncDirectory(settings.directory());
            removed.addAll(group);
        }
        return removed;
    }

    /** A sync of it may have failed in the process before: then one of what is in the page cache proves nothing. */
    private static void confirm(final Used merged) {
        PageRewrite.header(merged.segment.file());
        merged.segment.file().sync();
    }

    private static boolean isCarrier(final Used merged) {
        return merged.header.merge().state() == State.CARRIER;
    }

    private static boolean isWellStamped(final SegmentHeader header) {
        return header.merge().state() == State.STAMPED && header.oddities().stream().noneMatch(
            oddity -> oddity.offset() >= MergeDescriptor.REGION_OFFSET);
    }

    /** Writes through the file: the segment may not be mapped. */
    private static void stamp(final Used merged) {
        final ByteBuffer page = ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH);
        MergeDescriptor.putStamp(new UnsafeBuffer(page), merged.segment.salt());
        page.position(MergeDescriptor.REGION_OFFSET);
        final StoreFile file = merged.segment.file();
        file.write(MergeDescriptor.REGION_OFFSET, page);
        file.sync();
    }
}
