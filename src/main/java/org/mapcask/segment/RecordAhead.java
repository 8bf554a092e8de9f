package org.mapcask.segment;

import java.nio.ByteBuffer;
import org.mapcask.errors.MapcaskException;

/**
 * Has records read from the device before somebody looks at them: a device serves many reads in the time of one, and
 * who looks at one record after the other waits for each. A hint: what cannot be read is left for {@link RecordReader}
 * to find. Inside a reading context, so that no segment vanishes under it.
 */
public final class RecordAhead {
    /** As much of a record as has its head and most keys; it mostly lies in one page. */
    private static final int HEAD_LENGTH = 128;

    private final SegmentTable table;
    private final RecordTouch touch;
    private final ByteBuffer firstByte = ByteBuffer.allocateDirect(1);

    /** For records of these segments. */
    public RecordAhead(final SegmentTable table) {
        this.table = table;
        touch = new RecordTouch(table);
    }

    /** Has the kernel begin to read the head of the record at a position, and does not wait. Any thread. */
    public void ask(final long position) {
        ask(position, HEAD_LENGTH);
    }

    /** The same of so many bytes of the record, or, if it is shorter, what stands behind it. */
    public void ask(final long position, final int length) {
        final Segment segment = table.segmentAt(position);
        if (segment.isSealed()) {
            try {
                segment.file().readAhead(position - segment.basePosition(), length);
            } catch (final MapcaskException ex) {
                // whoever looks at the record finds out
            }
        }
    }

    /** Has the first of these records read, all at once, and waits for them. One thread at a time. */
    public void bring(final long[] positions, final int count) {
        for (int i = 0; i < count; i++) {
            ask(positions[i]);
        }
        touch.heads(positions, 0, count);
        for (int i = 0; i < count; i++) {
            final Segment segment = table.segmentAt(positions[i]);
            if (segment.buffer() == null) {
                try {
                    segment.file().read(positions[i] - segment.basePosition(), firstByte.clear());
                } catch (final MapcaskException ex) {
                    // as above
                }
            }
        }
    }
}
