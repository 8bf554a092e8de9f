package org.mapcask.checkpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HintDescriptor;
import org.mapcask.format.HintDescriptor.Block;
import org.mapcask.io.StoreFile;
import org.mapcask.keydir.KeydirParts;

/** Reads the blocks of a hint file, which it owns, up to the first whose head is not sound. One thread at a time. */
public final class HintReader implements AutoCloseable {
    /** Takes what hints tell of records. */
    public interface Visitor {
        /**
         * A record.
         *
         * @param offset   in the segment.
         * @param length   with padding.
         * @param gone     whether it is a deletion.
         * @param expires  whether it expires.
         * @param expiry   when, or {@link org.mapcask.format.RecordDescriptor#EXPIRY_NEVER}.
         */
        void onRecord(
            int offset, int length, long sequence, long hash, boolean gone, boolean expires, long expiry);
    }

    private final StoreFile file;
    private final long salt;
    private ByteBuffer bytes = ByteBuffer.allocateDirect(HintDescriptor.HEAD_LENGTH_MAX);
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    HintReader(final StoreFile file, final long salt) {
        this.file = file;
        this.salt = salt;
    }

    /** The blocks, in the order of the log. */
    public List<HintBlock> blocks() {
        final List<HintBlock> blocks = new ArrayList<>();
        final long length = file.length();
        HintBlock block = block(0);
        while (block != null && block.fileOffset() + block.length() <= length) {
            blocks.add(block);
            block = block(block.fileOffset() + block.length());
        }
        return blocks;
    }

    private HintBlock block(final long fileOffset) {
        final int count = file.read(fileOffset, bytes.clear().limit(HintDescriptor.HEAD_LENGTH_MAX));
        bytes.clear();
        final Block header = HintDescriptor.block(buffer, bytes, count, salt);
        return header == null ? null : HintBlock.of(header, buffer, fileOffset);
    }

    /** Where the hints end: behind the last block of which everything is sound. */
    public HintEnd soundEnd() {
        HintEnd end = HintEnd.NONE;
        for (final HintBlock block : blocks()) {
            if (!load(block, 0, (1 << block.partBits()) - 1)) {
                break;
            }
            end = new HintEnd(block.to(), block.lastSequence(), block.fileOffset() + block.length());
        }
        return end;
    }

    /**
     * Hands out what a block tells of the records of a part of the keydir, for each key in the order of the log.
     *
     * @param part     number of the part.
     * @param partBits of that number; 0 for the one part that is all.
     * @return false if its entries are not sound; then nothing was handed out.
     */
    public boolean forEach(final HintBlock block, final int part, final int partBits, final Visitor visitor) {
        final int bits = block.partBits();
        final int first = bits >= partBits ? part << bits - partBits : part >>> partBits - bits;
        final int last = bits >= partBits ? (part + 1 << bits - partBits) - 1 : first;
        if (!load(block, first, last)) {
            return false;
        }
        final int end = block.end(last) - block.begin(first);
        for (int at = 0; at < end;) {
            final long hash = HintDescriptor.entryHash(buffer, at);
            final long word = HintDescriptor.entryWord(buffer, at);
            if (bits >= partBits || KeydirParts.part(hash, partBits) == part) {
                visitor.onRecord(block.from() + HintDescriptor.offset(word), HintDescriptor.length(word),
                    block.firstSequence() + HintDescriptor.sequence(word), hash, HintDescriptor.isGone(word),
                    HintDescriptor.expires(word), HintDescriptor.entryExpiry(buffer, at, word));
            }
            at += HintDescriptor.entryLength(HintDescriptor.expires(word));
        }
        return true;
    }

    /** Reads the entries of some parts that follow each other to the beginning of the memory. */
    private boolean load(final HintBlock block, final int first, final int last) {
        final int begin = block.begin(first);
        final int length = block.end(last) - begin;
        if (length > bytes.capacity()) {
            bytes = ByteBuffer.allocateDirect(Integer.highestOneBit(length) << 1);
            buffer.wrap(bytes);
        }
        final int count = length == 0 ? 0 : file.read(block.fileOffset() + begin, bytes.clear().limit(length));
        bytes.clear();
        if (count < length) {
            return false;
        }
        for (int part = first; part <= last; part++) {
            if (HintDescriptor.checksum(bytes, block.begin(part) - begin, block.end(part) - begin, salt) !=
                block.checksum(part)) {
                return false;
            }
        }
        return true;
    }

    /** Closes the file. */
    @Override
    public void close() {
        file.close();
    }
}
