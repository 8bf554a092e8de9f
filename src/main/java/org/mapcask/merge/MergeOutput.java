package org.mapcask.merge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ErrorText;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.segment.Segment;

/**
 * A segment that a merge fills: records with their own sequences, by large writes to the file, never through its
 * mapping, whose page faults would hold up the whole JVM. One thread.
 */
final class MergeOutput {
    /** A write of a whole huge page brings one into the page cache (native note 13). */
    private static final int BLOCK_LENGTH = NativeAccess.HUGE_PAGE_LENGTH;
    /** Longer records are copied piece by piece. */
    private static final int RECORD_LENGTH_MAX = 1 << 20;
    private static final int BUFFER_LENGTH = BLOCK_LENGTH + RECORD_LENGTH_MAX;
    private static final int WRITEBACK_LENGTH = 8 << 20;

    private final Segment segment;
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private final RecordChecksum checksum = new RecordChecksum();
    private final RecordChecksum sourceChecksum = new RecordChecksum();
    private int bufferStart = HeaderDescriptor.PAGE_LENGTH;
    private int end = HeaderDescriptor.PAGE_LENGTH;
    private int writebackStart;
    private long lowest;
    private long highest;

    /** An output over an empty segment, with the buffer of the output before it or null. */
    MergeOutput(final Segment segment, final MergeOutput before) {
        this.segment = segment;
        if (before != null) {
            before.flush();
        }
        bytes = before == null ? ByteBuffer.allocateDirect(BUFFER_LENGTH) : before.bytes;
        buffer = new UnsafeBuffer(bytes);
    }

    Segment segment() {
        return segment;
    }

    /** Bytes of records in it. */
    int used() {
        return end - HeaderDescriptor.PAGE_LENGTH;
    }

    boolean hasRoomFor(final int alignedLength) {
        return alignedLength <= segment.length() - end;
    }

    /**
     * Copies a record that was found sound.
     *
     * @param source holds its start, and all of it if it is not longer than a buffer of a scanner.
     * @param whole  whether it holds all of it.
     * @param input  where the record is, for one that is not there as a whole.
     * @return its position.
     */
    long append(
        final UnsafeBuffer source, final int start, final boolean whole, final Segment input, final int inputOffset) {
        final int length = RecordDescriptor.length(source, start);
        final int aligned = RecordDescriptor.alignedLength(length);
        final long sequence = RecordDescriptor.sequence(source, start);
        final long oldShape = RecordDescriptor.shape(source, start);
        final long shape = withoutBatch(oldShape);
        if (whole && aligned <= RECORD_LENGTH_MAX) {
            makeRoom(aligned);
            final int at = end - bufferStart;
            buffer.setMemory(at + aligned - RecordDescriptor.ALIGNMENT, RecordDescriptor.ALIGNMENT, (byte)0);
            buffer.putBytes(at, source, start, length);
            sumUp(at, length, sequence, shape);
        } else {
            flush();
            copyLong(input, inputOffset, RecordDescriptor.checksum(source, start), length, sequence, oldShape, shape);
            bufferStart += aligned;
        }
        return written(sequence, shape, aligned);
    }

    /** Length of a deletion, padding included. */
    static int deletionLength(final int keyLength) {
        return RecordDescriptor.alignedLength(RecordDescriptor.length(0, keyLength, 0));
    }

    /** Writes a deletion, for which there is room. */
    void appendDeletion(final long sequence, final UnsafeBuffer key, final int keyOffset, final int keyLength) {
        final long shape = RecordDescriptor.shape(RecordDescriptor.TYPE_DELETE, 0, keyLength, 0);
        final int length = RecordDescriptor.length(0, keyLength, 0);
        final int aligned = deletionLength(keyLength);
        makeRoom(aligned);
        final int at = end - bufferStart;
        buffer.setMemory(at + aligned - RecordDescriptor.ALIGNMENT, RecordDescriptor.ALIGNMENT, (byte)0);
        buffer.putInt(at + RecordDescriptor.LENGTH_OFFSET, length, ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(at + RecordDescriptor.HEADER_LENGTH, key, keyOffset, keyLength);
        sumUp(at, length, sequence, shape);
        written(sequence, shape, aligned);
    }

    private void sumUp(final int at, final int length, final long sequence, final long shape) {
        checksum.reset();
        bytes.clear().position(at + RecordDescriptor.HEADER_LENGTH).limit(at + length);
        checksum.update(bytes);
        RecordDescriptor.putHeader(
            buffer, at, checksum.finish(sequence, shape, segment.salt(), end, length), sequence, shape);
    }

    private long written(final long sequence, final long shape, final int aligned) {
        if (RecordDescriptor.type(shape) == RecordDescriptor.TYPE_DELETE) {
            segment.addTombstoneBytes(aligned);
        }
        lowest = lowest == 0 ? sequence : Math.min(lowest, sequence);
        highest = Math.max(highest, sequence);
        final long position = segment.basePosition() + end;
        end += aligned;
        return position;
    }

    private static long withoutBatch(final long shape) {
        return RecordDescriptor.shape(RecordDescriptor.type(shape),
            RecordDescriptor.flags(shape) & ~RecordDescriptor.BATCH_MASK, RecordDescriptor.keyLength(shape),
            RecordDescriptor.valueLength(shape));
    }

    /** Piece by piece, the header last; what is read is checked once more, since it is not what was checked before. */
    private void copyLong(
        final Segment input, final int inputOffset, final int storedChecksum, final int length, final long sequence,
        final long oldShape, final long shape) {
        checksum.reset();
        sourceChecksum.reset();
        for (int at = RecordDescriptor.HEADER_LENGTH; at < length; at += BLOCK_LENGTH) {
            final int piece = Math.min(BLOCK_LENGTH, length - at);
            final int padded = BitUtil.align(piece, RecordDescriptor.ALIGNMENT);
            buffer.setMemory(padded - RecordDescriptor.ALIGNMENT, RecordDescriptor.ALIGNMENT, (byte)0);
            bytes.clear().limit(piece);
            if (input.file().read(inputOffset + (long)at, bytes) < piece) {
                throw corrupt(input, inputOffset);
            }
            bytes.flip();
            checksum.update(bytes);
            bytes.rewind();
            sourceChecksum.update(bytes);
            bytes.clear().limit(padded);
            segment.file().write(end + (long)at, bytes);
        }
        if (sourceChecksum.finish(sequence, oldShape, input.salt(), inputOffset, length) != storedChecksum) {
            throw corrupt(input, inputOffset);
        }
        buffer.putInt(RecordDescriptor.LENGTH_OFFSET, length, ByteOrder.LITTLE_ENDIAN);
        RecordDescriptor.putHeader(
            buffer, 0, checksum.finish(sequence, shape, segment.salt(), end, length), sequence, shape);
        bytes.clear().limit(RecordDescriptor.HEADER_LENGTH);
        segment.file().write(end, bytes);
    }

    private static CorruptionException corrupt(final Segment input, final int offset) {
        return new CorruptionException(input.name(), offset, ErrorText.what("record fails its checksum")
            .where(input.file().path(), offset).expected("the bytes that were read a moment before")
            .found("other bytes").todo("run `verify` on the store"));
    }

    /** Writes whole blocks of the file, if the buffer has no room; what is behind the last of them stays in it. */
    private void makeRoom(final int aligned) {
        if (end - bufferStart + aligned > BUFFER_LENGTH) {
            final int used = end - bufferStart;
            final int written = (end & -BLOCK_LENGTH) - bufferStart;
            write(written);
            buffer.putBytes(0, buffer, written, used - written);
        }
    }

    private void flush() {
        if (end > bufferStart) {
            write(end - bufferStart);
        }
    }

    private void write(final int length) {
        bytes.clear().limit(length);
        segment.file().write(bufferStart, bytes);
        bufferStart += length;
        if (bufferStart - writebackStart >= WRITEBACK_LENGTH) {
            segment.file().startWriteback(writebackStart, bufferStart - (long)writebackStart);
            writebackStart = bufferStart;
        }
    }

    /** Makes the records durable. */
    void finish() {
        flush();
        segment.endRelease(end);
        final StoreFile file = segment.file();
        file.sync();
    }

    /** Seals it, durably, and gives back what it did not need; after {@link #finish()}. */
    void seal() {
        segment.writeSeal(end, lowest, highest);
        segment.mapping().sync(0, HeaderDescriptor.PAGE_LENGTH);
        segment.giveRoomBack();
    }
}
