package org.mapcask.segment;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreFile;

/**
 * Walks through the records of a segment by reading its file (never a mapping, so a bad sector is an error and not a
 * signal), checks every one, and says why it stopped. A reused object; one thread at a time. Holds a buffer outside of
 * the heap: as long as the longest piece that it has read, at most 256 KiB.
 */
public final class SegmentScanner {
    /** Takes the records of a scan, in the order of the log. The buffer is valid during the call. */
    public interface RecordVisitor {
        /**
         * A sound record.
         *
         * @param offset       of the record in the segment.
         * @param length       of the record without padding.
         * @param shape        see {@link RecordDescriptor#shape(int, int, int, int)}.
         * @param sequence     of the record.
         * @param buffer       holds the key, and the value only if it is short; see {@code keyOffset}.
         * @param keyOffset    of the key in the buffer.
         */
        void onRecord(int offset, int length, long shape, long sequence, UnsafeBuffer buffer, int keyOffset);
    }

    /** Where and why a scan stopped. */
    public record Result(ScanStop stop, int endOffset, long lastSequence, long records, String detail) {
    }

    /** Expected sequence of a segment whose records are in no order: a merged one. */
    public static final long ANY_ORDER = -1;

    private static final int BUFFER_LENGTH = 1 << 18;
    /** What is read first; each further piece is longer, since many a scan ends soon. */
    private static final int FIRST_LENGTH = 1 << 14;
    private static final int GROWTH_SHIFT = 2;

    private ByteBuffer bytes = ByteBuffer.allocateDirect(HeaderDescriptor.PAGE_LENGTH);
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private final RecordChecksum checksum = new RecordChecksum();
    private StoreFile file;
    private int fileLength;
    private long salt;
    private int bufferStart;
    private int bufferEnd;
    private int window;

    /**
     * Scans from an offset on.
     *
     * @param from             offset of the first record.
     * @param expectedSequence that the first record must have; 0 takes any, {@link #ANY_ORDER} also for all others.
     * @param visitor          takes the sound records.
     * @return the stop; {@link ScanStop#TORN} for any unsound bytes, since only the caller knows what was durable.
     */
    public Result scan(
        final StoreFile file, final SegmentHeader header, final int from, final long expectedSequence,
        final RecordVisitor visitor) {
        return scan(file, header, from, Integer.MAX_VALUE, expectedSequence, visitor);
    }

    /**
     * As above.
     *
     * @param limit no record is visited that begins here or further on.
     */
    public Result scan(
        final StoreFile file, final SegmentHeader header, final int from, final int limit,
        final long expectedSequence, final RecordVisitor visitor) {
        use(file, (int)header.identity().length());
        this.salt = header.identity().salt();
        return scan(from, limit, expectedSequence, visitor);
    }

    /**
     * Scans durable records of a segment of the log that is in use.
     *
     * @param from    offset of the first record.
     * @param limit   no record is visited that begins here or further on.
     * @param end     of the durable records, behind which nothing is looked at.
     * @param visitor takes the records.
     * @return the stop; behind the last record that was visited, unless one of them is damaged.
     */
    public Result scan(
        final Segment segment, final int from, final int limit, final int end, final RecordVisitor visitor) {
        use(segment.file(), end);
        this.salt = segment.salt();
        return scan(from, limit, 0, visitor);
    }

    private Result scan(
        final int from, final int limit, final long expectedSequence, final RecordVisitor visitor) {
        int offset = from;
        long sequence = expectedSequence - 1;
        boolean anySequence = expectedSequence == 0 || expectedSequence == ANY_ORDER;
        long records = 0;
        while (true) {
            final String fault = offset >= limit ? "" : fault(offset, sequence + 1, anySequence);
            if (fault != null) {
                return new Result(
                    fault.isEmpty() ? ScanStop.END : ScanStop.TORN, offset, records == 0 ? 0 : sequence, records,
                    fault);
            }
            final int at = offset - bufferStart;
            final int length = RecordDescriptor.length(buffer, at);
            final long shape = RecordDescriptor.shape(buffer, at);
            sequence = RecordDescriptor.sequence(buffer, at);
            anySequence = expectedSequence == ANY_ORDER;
            visitor.onRecord(offset, length, shape, sequence, buffer,
                at + RecordDescriptor.bodyOffset(RecordDescriptor.flags(shape)));
            records++;
            offset += RecordDescriptor.alignedLength(length);
        }
    }

    /**
     * Offset of the first sound record, whatever its sequence, from one offset up to another, or -1: for going on
     * behind damage.
     */
    public int resync(final StoreFile file, final SegmentHeader header, final int from, final int to) {
        use(file, (int)header.identity().length());
        this.salt = header.identity().salt();
        for (int offset = from; offset < to && offset + RecordDescriptor.HEADER_LENGTH < fileLength;
            offset += RecordDescriptor.ALIGNMENT) {
            if (fault(offset, 0, true) == null) {
                return offset;
            }
        }
        return -1;
    }

    /** Sequence of the record at an offset that {@link #resync} gave. */
    public long sequenceAt(final StoreFile file, final int offset) {
        this.file = file;
        load(offset, RecordDescriptor.HEADER_LENGTH);
        return RecordDescriptor.sequence(buffer, 0);
    }

    /** Offset of the first byte from an offset on that is not zero, or -1. */
    public int firstByteInUse(final StoreFile file, final int length, final int from) {
        use(file, length);
        for (int start = from; start < length; start = bufferEnd) {
            load(start, Math.min(BUFFER_LENGTH, length - start));
            final int count = bufferEnd - start;
            int i = 0;
            while (i + Long.BYTES <= count && buffer.getLong(i) == 0) {
                i += Long.BYTES;
            }
            for (; i < count; i++) {
                if (buffer.getByte(i) != 0) {
                    return start + i;
                }
            }
        }
        return -1;
    }

    /** Null for a sound record, "" for the end, else what is wrong. Leaves the start of the record in the buffer. */
    private String fault(final int offset, final long expectedSequence, final boolean anySequence) {
        final int available = fileLength - offset;
        if (available <= RecordDescriptor.HEADER_LENGTH) {
            return available == 0 || isZero(offset, available) ? "" : "bytes behind the last record that fits";
        }
        need(offset, RecordDescriptor.HEADER_LENGTH);
        int at = offset - bufferStart;
        final int length = RecordDescriptor.length(buffer, at);
        if (length == 0) {
            return "";
        }
        final long shape = RecordDescriptor.shape(buffer, at);
        final long sequence = RecordDescriptor.sequence(buffer, at);
        if (!RecordDescriptor.isPlausible(length, shape, available)) {
            return "record header makes no sense: length " + length + ", shape 0x" + Long.toHexString(shape);
        }
        if (!anySequence && sequence != expectedSequence) {
            return "record has sequence " + sequence + " where " + expectedSequence + " follows";
        }
        final int aligned = RecordDescriptor.alignedLength(length);
        if (aligned > available) {
            return "record reaches beyond the segment";
        }
        final int stored = RecordDescriptor.checksum(buffer, at);
        if (aligned <= BUFFER_LENGTH) {
            need(offset, aligned);
            at = offset - bufferStart;
            checksum.reset();
            addToChecksum(at + RecordDescriptor.HEADER_LENGTH, length - RecordDescriptor.HEADER_LENGTH);
        } else {
            sumInPieces(offset, length);
        }
        if (checksum.finish(sequence, shape, salt, offset, length) != stored) {
            return "record fails its checksum";
        }
        if (!isZero(offset + length, aligned - length)) {
            return "padding behind the record is not zero";
        }
        if (aligned > BUFFER_LENGTH) {
            load(offset, BUFFER_LENGTH);
        }
        return null;
    }

    private void sumInPieces(final int offset, final int length) {
        checksum.reset();
        int from = offset + RecordDescriptor.HEADER_LENGTH;
        final int end = offset + length;
        while (from < end) {
            final int piece = Math.min(BUFFER_LENGTH, end - from);
            load(from, piece);
            addToChecksum(0, piece);
            from += piece;
        }
    }

    private void addToChecksum(final int from, final int count) {
        bytes.limit(from + count).position(from);
        checksum.update(bytes);
        bytes.clear();
    }

    private boolean isZero(final int offset, final int count) {
        if (count == 0) {
            return true;
        }
        need(offset, count);
        for (int i = 0; i < count; i++) {
            if (buffer.getByte(offset - bufferStart + i) != 0) {
                return false;
            }
        }
        return true;
    }

    private void use(final StoreFile newFile, final int length) {
        file = newFile;
        fileLength = length;
        bufferStart = 0;
        bufferEnd = 0;
        window = FIRST_LENGTH;
    }

    private void need(final int offset, final int count) {
        if (offset < bufferStart || offset + count > bufferEnd) {
            load(offset, Math.min(Math.max(window, count), fileLength - offset));
            window = Math.min(BUFFER_LENGTH, window << GROWTH_SHIFT);
        }
    }

    private void load(final int offset, final int count) {
        if (count > bytes.capacity()) {
            bytes = ByteBuffer.allocateDirect(Math.min(BUFFER_LENGTH, Math.max(count, 2 * bytes.capacity())));
            buffer.wrap(bytes);
        }
        bytes.clear().limit(count);
        final int read = file.read(offset, bytes);
        if (read < count) {
            buffer.setMemory(read, count - read, (byte)0);
        }
        bytes.clear();
        bufferStart = offset;
        bufferEnd = offset + count;
    }

    static {
        if (HeaderDescriptor.PAGE_LENGTH > BUFFER_LENGTH || RecordDescriptor.KEY_LENGTH_MAX >= BUFFER_LENGTH / 2) {
            throw new AssertionError("a key must fit into the buffer");
        }
    }
}
