package org.mapcask.checkpoint;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HintDescriptor;
import org.mapcask.format.HintDescriptor.Block;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreFile;

/** Reads the blocks of a hint file, which it owns, up to the first that is not sound. One thread. */
public final class HintReader implements AutoCloseable {
    /** Takes what the hints tell of records, in the order of the log. */
    public interface Visitor {
        /** A record; {@code expiry} counts only if the shape has the flag for it. */
        void onRecord(int offset, long shape, long sequence, long hash, long expiry);
    }

    private final StoreFile file;
    private final long salt;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(HintDescriptor.BLOCK_LENGTH_MAX);
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private Block block;
    private HintEnd end = HintEnd.NONE;

    HintReader(final StoreFile file, final long salt) {
        this.file = file;
        this.salt = salt;
    }

    /** Goes to the next block. False if there is none, or none that is sound. */
    public boolean next() {
        block = null;
        final int count = file.read(end.fileLength(), bytes.clear());
        bytes.clear();
        final Block found = count < HintDescriptor.HEADER_LENGTH ? null : HintDescriptor.block(buffer);
        if (found == null || !found.isPlausible() || found.length() > count ||
            !HintDescriptor.isSound(buffer, bytes, found.length(), salt)) {
            return false;
        }
        block = found;
        end = new HintEnd(
            found.to(), found.firstSequence() + found.records() - 1, end.fileLength() + found.length());
        return true;
    }

    /** What the block tells before its entries. */
    public Block block() {
        return block;
    }

    /** Where the hints end that were read. */
    public HintEnd end() {
        return end;
    }

    /**
     * Hands out the records of the block from an offset on.
     *
     * @return how many; none if no record of the block begins there, or it has another sequence.
     */
    public int forEach(final int offset, final long expectedSequence, final Visitor visitor) {
        int at = HintDescriptor.HEADER_LENGTH;
        int recordOffset = block.from();
        int handedOut = 0;
        for (int i = 0; i < block.records(); i++) {
            final long shape = HintDescriptor.word(buffer, at + HintDescriptor.ENTRY_SHAPE_OFFSET);
            final int entryLength = HintDescriptor.entryLength(shape);
            final long sequence = block.firstSequence() + i;
            if (recordOffset == offset && sequence != expectedSequence) {
                return 0;
            }
            if (recordOffset == offset || handedOut > 0) {
                visitor.onRecord(recordOffset, shape, sequence, HintDescriptor.word(buffer, at),
                    entryLength == HintDescriptor.ENTRY_EXPIRY_OFFSET ? RecordDescriptor.EXPIRY_NEVER :
                        HintDescriptor.word(buffer, at + HintDescriptor.ENTRY_EXPIRY_OFFSET));
                handedOut++;
            }
            recordOffset += RecordDescriptor.alignedLength(RecordDescriptor.length(shape));
            at += entryLength;
        }
        return handedOut;
    }

    /** Closes the file. */
    @Override
    public void close() {
        file.close();
    }
}
