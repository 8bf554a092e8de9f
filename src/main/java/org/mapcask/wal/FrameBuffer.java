package org.mapcask.wal;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.WalChecksum;
import org.mapcask.format.WalDescriptor;
import org.mapcask.io.DurableFile;

/**
 * A frame of the write-ahead log in aligned memory outside of the heap, first gathered and then written. One thread at
 * a time. Owns its memory until {@link #free}; allocates nothing after construction.
 */
final class FrameBuffer {
    private final ByteBuffer memory;
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private final WalChecksum checksum = new WalChecksum();

    private int payloadLength;
    private int recordCount;
    private long firstSequence;
    private long lastSequence;
    private long requiredSequence;

    /** An empty one for frames of up to this length, a multiple of {@link DurableFile#ALIGNMENT}. */
    FrameBuffer(final int frameLengthMax) {
        memory = ByteBuffer.allocateDirect(frameLengthMax + DurableFile.ALIGNMENT);
        final int start = memory.alignmentOffset(0, DurableFile.ALIGNMENT);
        final int skipped = start == 0 ? 0 : DurableFile.ALIGNMENT - start;
        bytes = memory.slice(skipped, frameLengthMax);
        buffer = new UnsafeBuffer(bytes);
    }

    /** Whether records of this length together still fit. */
    boolean hasRoom(final int alignedLength) {
        return alignedLength <= bytes.capacity() - WalDescriptor.HEADER_LENGTH - payloadLength;
    }

    /** Adds a record, for which there must be room; segments must be durable up to {@code required} before it. */
    void add(
        final DirectBuffer record, final int offset, final int alignedLength, final long sequence,
        final long required) {
        record.getBytes(offset, buffer, WalDescriptor.HEADER_LENGTH + payloadLength, alignedLength);
        if (recordCount == 0) {
            firstSequence = sequence;
        }
        payloadLength += alignedLength;
        recordCount++;
        lastSequence = sequence;
        requiredSequence = required;
    }

    long lastSequence() {
        return lastSequence;
    }

    /** The segments must be durable up to here before the frame is written. */
    long requiredSequence() {
        return requiredSequence;
    }

    int recordCount() {
        return recordCount;
    }

    /** Length of the frame, padding included. */
    int frameLength() {
        return WalDescriptor.frameLength(payloadLength);
    }

    /** Completes the frame for its place, and returns its bytes; they stay those of this object. */
    ByteBuffer complete(final long segmentsDurable, final long salt, final long fileOffset) {
        final int end = WalDescriptor.HEADER_LENGTH + payloadLength;
        final int frameLength = frameLength();
        WalDescriptor.putHeader(
            buffer, 0, payloadLength, recordCount, firstSequence, lastSequence, segmentsDurable);
        buffer.setMemory(end, frameLength - end, (byte)0);
        WalDescriptor.putChecksum(buffer, 0, checksum.of(bytes, 0, payloadLength, salt, fileOffset));
        return bytes.clear().limit(frameLength);
    }

    /** Empties it for the next frame. */
    void clear() {
        payloadLength = 0;
        recordCount = 0;
        firstSequence = 0;
        lastSequence = 0;
        requiredSequence = 0;
    }

    /** Gives the memory back; nothing may be called after it. */
    void free() {
        buffer.wrap(0L, 0);
        BufferUtil.free(memory);
    }
}
