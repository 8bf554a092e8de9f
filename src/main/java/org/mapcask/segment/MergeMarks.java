package org.mapcask.segment;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.MergeDescriptor;

/**
 * What a merge writes into the headers of its outputs when they are sealed. Each by one write to the file: a page that
 * is stored to through its mapping may be written back between two of the stores. By the merge, one at a time.
 */
public final class MergeMarks {
    private MergeMarks() {
    }

    /**
     * Writes the commit into the last output, after all outputs are sealed and durable. The merge counts when the file
     * is synced.
     */
    public static void writeCommit(final Segment output, final MergeDescriptor.Commit commit) {
        write(output, page -> MergeDescriptor.putCommit(page, output.salt(), commit));
    }

    /** Writes into another output that the merge counts, after its commit is durable. */
    public static void writeStamp(final Segment output) {
        write(output, page -> MergeDescriptor.putStamp(page, output.salt()));
    }

    private static void write(final Segment output, final Consumer<UnsafeBuffer> filling) {
        final ByteBuffer page = ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH);
        filling.accept(new UnsafeBuffer(page));
        page.position(MergeDescriptor.REGION_OFFSET);
        output.known(null);
        output.file().write(MergeDescriptor.REGION_OFFSET, page);
    }
}
