package org.mapcask.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HintDescriptor;
import org.mapcask.format.HintDescriptor.Block;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.keydir.KeydirParts;

/**
 * Appends blocks to hint files, one file after the other, from {@link HintFiles#begin} to {@link #close()}. Records
 * come in the order of the log. What cannot be hinted is left out: there a block ends, and the next begins behind it. A
 * reused object; one thread.
 */
public final class HintWriter implements AutoCloseable {
    private final long[] hashes = new long[HintDescriptor.RECORDS_MAX];
    private final long[] shapes = new long[HintDescriptor.RECORDS_MAX];
    private final long[] sequences = new long[HintDescriptor.RECORDS_MAX];
    private final int[] offsets = new int[HintDescriptor.RECORDS_MAX];
    /** Made for the first record that expires. */
    private long[] expiries = new long[0];
    private final int[] ends = new int[(1 << HintDescriptor.PART_BITS_MAX) + 1];
    private ByteBuffer bytes = ByteBuffer.allocateDirect(HintDescriptor.HEAD_LENGTH_MAX);
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private StoreFile file;
    private long salt;
    private HintEnd end;

    private int from;
    private int to;
    private long firstSequence;
    private int records;
    private int entries;
    /** Of the batch that has no last record yet: where it begins; -1 without one. */
    private int batchOffset = -1;
    private int batchRecords;
    private int batchEntries;

    /** Goes on behind this end of a file, which is this one's now. */
    void begin(final StoreFile newFile, final long newSalt, final HintEnd newEnd) {
        file = newFile;
        salt = newSalt;
        end = newEnd;
        clear();
    }

    private void clear() {
        records = 0;
        entries = 0;
        batchOffset = -1;
    }

    /**
     * Adds a durable record.
     *
     * @param offset of the record in the segment: behind the one before it, or further on.
     * @param expiry in milliseconds since 1970; counts only if the shape has the flag for it.
     */
    public void add(final int offset, final long shape, final long sequence, final long hash, final long expiry) {
        final int flags = RecordDescriptor.flags(shape);
        final int place = flags & RecordDescriptor.BATCH_MASK;
        final int length = RecordDescriptor.alignedLength(RecordDescriptor.length(shape));
        final boolean goesOn = place == RecordDescriptor.BATCH_INSIDE || place == RecordDescriptor.BATCH_LAST;
        if (records > 0 && (offset != to || sequence != firstSequence + records)) {
            write();
        }
        if (goesOn && batchOffset < 0 || length > HintDescriptor.RECORD_LENGTH_MAX) {
            write();
            return;
        }
        if (!goesOn) {
            endBatch(false);
        }
        if (!hasRoom(offset)) {
            writeUpToBatch();
        }
        if (!hasRoom(offset)) {
            clear(); // one batch is longer than a block
            return;
        }
        if (records == 0) {
            from = offset;
            firstSequence = sequence;
        }
        if (place == RecordDescriptor.BATCH_FIRST) {
            batchOffset = offset;
            batchRecords = records;
            batchEntries = entries;
        }
        addEntry(offset, shape, sequence, hash, expiry);
        to = offset + length;
        records++;
        if (place == RecordDescriptor.BATCH_LAST) {
            endBatch(true);
        }
    }

    private boolean hasRoom(final int offset) {
        return records < HintDescriptor.RECORDS_MAX && (records == 0 || offset - from < HintDescriptor.SPAN_MAX);
    }

    /** Records of a batch without its last one are there, and do not count. */
    private void endBatch(final boolean isWhole) {
        if (batchOffset >= 0 && !isWhole) {
            entries = batchEntries;
        }
        batchOffset = -1;
    }

    private void addEntry(
        final int offset, final long shape, final long sequence, final long hash, final long expiry) {
        if (expires(shape)) {
            if (expiries.length == 0) {
                expiries = new long[HintDescriptor.RECORDS_MAX];
            }
            expiries[entries] = expiry;
        }
        hashes[entries] = hash;
        shapes[entries] = shape;
        sequences[entries] = sequence;
        offsets[entries] = offset;
        entries++;
    }

    private static boolean expires(final long shape) {
        return (RecordDescriptor.flags(shape) & RecordDescriptor.FLAG_EXPIRY) != 0;
    }

    /** Writes the records before the batch that is not over, which begins the next block; all if there is none. */
    private void writeUpToBatch() {
        if (batchOffset < 0) {
            write();
            return;
        }
        if (batchRecords == 0) {
            return;
        }
        final int moved = entries - batchEntries;
        final int movedRecords = records - batchRecords;
        final int end = to;
        cutBeforeBatch();
        writeBlock();
        move(hashes, moved);
        move(shapes, moved);
        move(sequences, moved);
        move(offsets, moved);
        if (expiries.length > 0) {
            move(expiries, moved);
        }
        from = batchOffset;
        firstSequence += batchRecords;
        to = end;
        records = movedRecords;
        entries = moved;
        batchRecords = 0;
        batchEntries = 0;
    }

    private void cutBeforeBatch() {
        records = batchRecords;
        entries = batchEntries;
        to = batchOffset;
    }

    private void move(final Object entriesOf, final int count) {
        System.arraycopy(entriesOf, batchEntries, entriesOf, 0, count);
    }

    /** Writes what was added, but for a batch that is not over: its records are to be added again. */
    public void write() {
        if (batchOffset >= 0) {
            cutBeforeBatch();
        }
        if (records > 0) {
            writeBlock();
        }
        clear();
    }

    private void writeBlock() {
        final int bits = HintDescriptor.partBits(entries);
        final Block empty = new Block(firstSequence, from, to, records, 0, bits);
        beginParts(empty);
        final int length = ends[empty.parts()];
        makeRoom(length);
        // Each end is where the next entry goes, from that of the part before on.
        for (int i = 0; i < entries; i++) {
            final int part = KeydirParts.part(hashes[i], bits);
            HintDescriptor.putEntry(buffer, ends[part], hashes[i], word(i), expires(shapes[i]) ? expiries[i] : 0);
            ends[part] += HintDescriptor.entryLength(expires(shapes[i]));
        }
        for (int i = 0; i < empty.parts(); i++) {
            HintDescriptor.putPart(
                buffer, bytes, i, i == 0 ? empty.entriesOffset() : ends[i - 1], ends[i], salt);
        }
        HintDescriptor.putBlock(buffer, bytes, new Block(firstSequence, from, to, records, length, bits), salt);
        file.write(end.fileLength(), bytes.clear().limit(length));
        bytes.clear();
        end = new HintEnd(to, empty.lastSequence(), end.fileLength() + length);
    }

    /** Finds where the entries of each part begin, and where the last one's end. */
    private void beginParts(final Block block) {
        Arrays.fill(ends, 0, block.parts() + 1, 0);
        for (int i = 0; i < entries; i++) {
            ends[KeydirParts.part(hashes[i], block.partBits()) + 1] +=
                HintDescriptor.entryLength(expires(shapes[i]));
        }
        ends[0] = block.entriesOffset();
        for (int i = 0; i < block.parts(); i++) {
            ends[i + 1] += ends[i];
        }
    }

    private long word(final int i) {
        return HintDescriptor.word(offsets[i] - from, (int)(sequences[i] - firstSequence),
            RecordDescriptor.alignedLength(RecordDescriptor.length(shapes[i])),
            RecordDescriptor.type(shapes[i]) == RecordDescriptor.TYPE_DELETE, expires(shapes[i]));
    }

    private void makeRoom(final int length) {
        if (length > bytes.capacity()) {
            bytes = ByteBuffer.allocateDirect(Integer.highestOneBit(length) << 1);
            buffer.wrap(bytes);
        }
    }

    /** Where the hints end that were written. */
    public HintEnd end() {
        return end;
    }

    /** Closes the file; what was not written is lost. */
    @Override
    public void close() {
        file.close();
        file = null;
    }
}
