package org.mapcask.recovery;

import java.nio.ByteBuffer;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.Segment;

/**
 * Writes once more, with the same bytes, what no durable header vouches for. A sync of the process before may have
 * failed: then Linux keeps the pages in the page cache, where recovery reads them, and takes them for written, so that
 * no later sync would write them, and each would succeed. After this they are dirty again, and the next sync tells the
 * truth. Used for a store that was not closed. Stateless.
 */
final class PageRewrite {
    private static final int STEP = 1 << 20;

    private PageRewrite() {
    }

    /**
     * Does it: headers and records of all segments of the log behind the last one that was sealed, and the headers
     * before them down to the last seal that is durable for sure, but for those that a checkpoint found durable ({@link
     * LogContents#isHeaderDurable}). The records of a sealed segment are durable, and those of all before it. What is
     * in a merged one was synced before it counted; see {@link #header}.
     */
    static void run(final LogContents contents) {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(STEP);
        int seals = 0;
        for (int i = contents.kept() - 1; i >= 0 && seals < Segment.SEALED_TOGETHER_MAX; i--) {
            final Used used = contents.used.get(i);
            final StoreFile file = used.segment.file();
            if (!contents.isHeaderDurable(i)) {
                rewrite(file, 0, HeaderDescriptor.PAGE_LENGTH, buffer);
            }
            if (used.header.seal() != null) {
                seals++;
            } else if (seals == 0) {
                final int durable = used.header.durableEnd();
                rewrite(file, durable - durable % HeaderDescriptor.PAGE_LENGTH, used.endOffset, buffer);
            }
        }
    }

    /** The header of a merged segment: what it tells of the merge may be such a page. */
    static void header(final StoreFile file) {
        rewrite(file, 0, HeaderDescriptor.PAGE_LENGTH, ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH));
    }

    private static void rewrite(final StoreFile file, final int from, final int to, final ByteBuffer buffer) {
        int offset = from;
        while (offset < to) {
            buffer.clear().limit(Math.min(buffer.capacity(), to - offset));
            final int count = file.read(offset, buffer);
            if (count <= 0) {
                return;
            }
            file.write(offset, buffer.flip());
            offset += count;
        }
    }
}
