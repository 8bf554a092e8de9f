package org.mapcask.segment;

import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordDescriptor;

/**
 * Brings records that are going to be looked at soon into the processor, so that the cache misses of all of them
 * overlap. A page that cannot be read is left for {@link RecordReader#load(long)} to find. One thread at a time, and
 * inside a reading context, so that no segment vanishes under it. Allocates nothing.
 */
public final class RecordTouch {
    private static final int CACHE_LINE_LENGTH = 64;
    /** Of longer records the processor's own prefetch brings what lies behind this. */
    private static final int LENGTH_MAX = 512;

    private final SegmentTable table;
    /** What was loaded ends here, lest the compiler drops the loads. */
    @SuppressWarnings("unused")
    private long touched;

    /** For records of these segments. */
    public RecordTouch(final SegmentTable table) {
        this.table = table;
    }

    /**
     * Touches the lines where records begin, for somebody who wants no more than a key and lengths.
     *
     * @param positions of records.
     * @param from      the first that counts.
     * @param to        behind the last that counts.
     */
    public void heads(final long[] positions, final int from, final int to) {
        long word = 0;
        try {
            for (int i = from; i < to; i++) {
                final Segment segment = table.segmentAt(positions[i]);
                final UnsafeBuffer mapped = segment.buffer();
                word += mapped == null ? 0 : mapped.getLong((int)(positions[i] - segment.basePosition()));
            }
        } catch (final InternalError ex) {
            word = 0;
        }
        touched = word;
    }

    /** As {@link #heads}, and then the lines where the lengths of the records say that they go on. */
    public void whole(final long[] positions, final int from, final int to) {
        heads(positions, from, to);
        long word = 0;
        try {
            for (int i = from; i < to; i++) {
                final Segment segment = table.segmentAt(positions[i]);
                final UnsafeBuffer mapped = segment.buffer();
                final int start = (int)(positions[i] - segment.basePosition());
                final int end = mapped == null ? 0 :
                    Math.min(segment.length(), start + Math.min(LENGTH_MAX, RecordDescriptor.length(mapped, start)));
                for (int at = start + CACHE_LINE_LENGTH; at < end; at += CACHE_LINE_LENGTH) {
                    word += mapped.getByte(at);
                }
            }
        } catch (final InternalError ex) {
            word = 0;
        }
        touched = word;
    }
}
