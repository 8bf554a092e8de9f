package org.mapcask.segment;

import org.agrona.BitUtil;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.MappedFile;
import org.mapcask.nativeaccess.Advice;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * What the kernel is told about the pages of a segment that is appended to. The page cache may hold a segment in huge
 * pages: then a read misses the address tables of the processor less often (native note 13), and a sync writes all of a
 * huge page, however little of it has changed. So they are for segments of which much is synced at a time. All are
 * hints, which change nothing but time; where they are not taken, the pages are small.
 */
public final class SegmentPages {
    /** For fewer pages the call costs more than it saves. */
    private static final int LET_GO_LENGTH_MIN = 64 << 10;

    private SegmentPages() {
    }

    /**
     * Takes the whole pages of a range out of the mapping, before the kernel is asked to write them: records that will
     * not change. They stay in the page cache as they are, and come back at the next access, sixteen at a time. A page
     * that is mapped loses the right to be written to when it is written out, each by itself and with an interrupt of
     * every other processor that runs a thread of this process (native note 06). Inside a context, or under the sync
     * lock before the segment is sealed.
     */
    public static void letGo(final Segment segment, final int from, final int to) {
        final int first = Math.max(HeaderDescriptor.PAGE_LENGTH, BitUtil.align(from, HeaderDescriptor.PAGE_LENGTH));
        final int end = to & -HeaderDescriptor.PAGE_LENGTH;
        final MappedFile mapping = segment.mapping();
        if (mapping != null && end - first >= LET_GO_LENGTH_MIN) {
            mapping.advise(first, end - first, Advice.DONT_NEED);
        }
    }

    /**
     * Asks for huge pages, all but the one with the header, which is synced often: its pages come one by one, lest the
     * read-ahead of the kernel fills the place of the next huge page with small ones. For a new segment, before its
     * pages are touched. The advice is for the time of writing: a cold read of such a mapping would bring a huge page
     * for a record, so a sealed segment is {@link Segment#mapAnew() mapped anew}, and what is in the page cache stays
     * huge.
     */
    public static void askForHuge(final Segment segment) {
        final int rest = segment.length() - NativeAccess.HUGE_PAGE_LENGTH;
        if (rest >= NativeAccess.HUGE_PAGE_LENGTH) {
            segment.mapping().advise(0, NativeAccess.HUGE_PAGE_LENGTH, Advice.RANDOM);
            segment.mapping().advise(NativeAccess.HUGE_PAGE_LENGTH, rest, Advice.HUGE_PAGE);
            segment.huge(true);
        }
    }

    /**
     * Goes on with small pages from the end of the records on, the page of the last one included: what is there already
     * leaves the page cache, once it is durable, and comes back in small pages when it is touched. By whoever syncs,
     * under the sync lock. A page that the writer stores to meanwhile stays as it is.
     *
     * @param end of the records that are durable.
     */
    public static void giveUpHuge(final Segment segment, final int end) {
        segment.huge(false);
        final MappedFile mapping = segment.mapping();
        final int from = Math.max(NativeAccess.HUGE_PAGE_LENGTH, end & -NativeAccess.HUGE_PAGE_LENGTH);
        final int rest = segment.length() - from;
        if (rest > 0) {
            mapping.advise(from, rest, Advice.NO_HUGE_PAGE);
            segment.file().sync();
            mapping.advise(from, rest, Advice.DONT_NEED);
            segment.file().dropCached(from, rest);
        }
    }
}
