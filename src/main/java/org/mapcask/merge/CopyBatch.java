package org.mapcask.merge;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordDescriptor;

/**
 * Records of one input that were found sound and wait for the question which of them live: so many at a time that the
 * cache misses of the lookups overlap. Holds copies, since the buffer of a scan goes on. Allocates nothing once it is
 * made. One thread.
 */
final class CopyBatch {
    /** Records at the most. */
    static final int RECORDS_MAX = Long.SIZE;
    /** Longer ones are not gathered: the miss of a lookup is little beside the copy. */
    private static final int RECORD_LENGTH_MAX = 4 << 10;
    private static final int LENGTH = 64 << 10;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private final long[] hashes = new long[RECORDS_MAX];
    private final long[] positions = new long[RECORDS_MAX];
    private final int[] offsets = new int[RECORDS_MAX];
    private final int[] starts = new int[RECORDS_MAX];
    private int count;
    private int end;

    /** Whether a record is one to be gathered at all. */
    static boolean takes(final int alignedLength) {
        return alignedLength <= RECORD_LENGTH_MAX;
    }

    boolean hasRoomFor(final int alignedLength) {
        return count < RECORDS_MAX && alignedLength <= LENGTH - end;
    }

    /** Adds a record for which there is room, and whose bytes are all there. */
    void add(
        final long hash, final long position, final int inputOffset, final UnsafeBuffer source, final int start,
        final int alignedLength) {
        buffer.putBytes(end, source, start, alignedLength);
        hashes[count] = hash;
        positions[count] = position;
        offsets[count] = inputOffset;
        starts[count] = end;
        end += alignedLength;
        count++;
    }

    /** Makes it empty. */
    void clear() {
        count = 0;
        end = 0;
    }

    int count() {
        return count;
    }

    /** Hashes of the keys. */
    long[] hashes() {
        return hashes;
    }

    /** Where the records are in the log. */
    long[] positions() {
        return positions;
    }

    /** Where a record begins in its input. */
    int inputOffset(final int index) {
        return offsets[index];
    }

    /** Where the copy of a record begins in {@link #buffer()}. */
    int start(final int index) {
        return starts[index];
    }

    /** Length of a record, padding included. */
    int alignedLength(final int index) {
        return RecordDescriptor.alignedLength(RecordDescriptor.length(buffer, starts[index]));
    }

    UnsafeBuffer buffer() {
        return buffer;
    }
}
