package org.mapcask.checkpoint;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HintDescriptor;
import org.mapcask.format.HintDescriptor.Block;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreFile;

/** Appends blocks to a hint file, which it owns. Records come in the order of the log. One thread. */
public final class HintWriter implements AutoCloseable {
    private final StoreFile file;
    private final long salt;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(HintDescriptor.BLOCK_LENGTH_MAX);
    private final UnsafeBuffer block = new UnsafeBuffer(bytes);
    private HintEnd end;
    private int records;
    private int from;
    private int to;
    private long firstSequence;
    private int length;

    HintWriter(final StoreFile file, final long salt, final HintEnd end) {
        this.file = file;
        this.salt = salt;
        this.end = end;
    }

    /**
     * Adds a durable record.
     *
     * @param offset of the record in the segment: behind the one before it, or further on.
     * @param expiry in milliseconds since 1970; counts only if the shape has the flag for it.
     */
    public void add(final int offset, final long shape, final long sequence, final long hash, final long expiry) {
        if (records == HintDescriptor.RECORDS_MAX
            || records > 0 && (offset != to || sequence != firstSequence + records)) {
            write();
        }
        if (records == 0) {
            from = offset;
            firstSequence = sequence;
            length = HintDescriptor.HEADER_LENGTH;
        }
        HintDescriptor.putEntry(block, length, hash, shape, expiry);
        length += HintDescriptor.entryLength(shape);
        to = offset + RecordDescriptor.alignedLength(RecordDescriptor.length(shape));
        records++;
    }

    /** Writes what was added. */
    public void write() {
        if (records == 0) {
            return;
        }
        HintDescriptor.putBlock(block, bytes, new Block(records, from, to, firstSequence, length), salt);
        file.write(end.fileLength(), bytes.clear().limit(length));
        bytes.clear();
        end = new HintEnd(to, firstSequence + records - 1, end.fileLength() + length);
        records = 0;
    }

    /** Where the hints end that were written. */
    public HintEnd end() {
        return end;
    }

    /** Closes the file; what was not written is lost. */
    @Override
    public void close() {
        file.close();
    }
}
