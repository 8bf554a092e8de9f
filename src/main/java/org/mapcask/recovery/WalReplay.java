package org.mapcask.recovery;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.MemoryFiles;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentTable;
import org.mapcask.wal.WalContents.Frame;

/**
 * Appends the records that are in the write-ahead log alone to the segments, as the engine would: same sequences, same
 * place in a batch; only the checksum is another one, since it holds the place. Into the active segment while there is
 * room, then into new ones; those that are full stay unsealed. Nothing is durable after it. If it is cut off, the next
 * recovery finds a torn tail or a shorter log, and does it again. One thread, one use.
 */
final class WalReplay {
    private static final int MEMORY_SEGMENT_LENGTH = SegmentTable.UNIT_LENGTH;
    /** New segments are as long as those before them, but not as long as one that was made for a single long value. */
    private static final int SEGMENT_LENGTH_MAX = 64 << 20;

    private final SegmentTable table;
    private final SegmentFactory factory;
    private final KeydirLoader loader;
    private final LogContents contents;
    private final int segmentLength;
    private final RecordChecksum checksum = new RecordChecksum();
    private byte[] image = new byte[0];
    private Segment target;
    private int made;

    /** One that appends to memory over the log, so that all of it can be read while nothing changes on disk. */
    static WalReplay inMemory(
        final RecoverySettings settings, final LogContents contents, final SegmentTable table) {
        final SegmentFactory factory = new SegmentFactory(new MemoryFiles(NativeAccess.get()), settings.directory(),
            contents.identity, table, contents.highestId + 1);
        return new WalReplay(contents, table, factory, MEMORY_SEGMENT_LENGTH);
    }

    /** One that appends to the segments on disk. */
    static WalReplay onDisk(final LogContents contents, final SegmentTable table, final SegmentFactory factory) {
        final long usual = contents.kept() > 0 ? contents.used.get(contents.kept() - 1).segment.length() :
            contents.spares.isEmpty() ? SegmentTable.UNIT_LENGTH : contents.spares.get(0).identity().length();
        return new WalReplay(contents, table, factory, (int)Math.min(SEGMENT_LENGTH_MAX, usual));
    }

    /**
     * A replay.
     *
     * @param table         of the log, to which segments are added.
     * @param segmentLength of a new segment, if the record is not longer.
     */
    private WalReplay(
        final LogContents contents, final SegmentTable table, final SegmentFactory factory,
        final int segmentLength) {
        this.contents = contents;
        this.table = table;
        this.factory = factory;
        this.loader = contents.loader.in(table);
        this.segmentLength = segmentLength;
    }

    /**
     * Does it, and counts the records in the contents.
     *
     * @param active the segment that is appended to first, or null for a new one.
     * @return the segment that is appended to last, or {@code active} if nothing was.
     */
    Segment run(final Segment active) {
        target = active;
        if (contents.walRecords > 0) {
            contents.wal.forEachRecord(contents.lastSequence, this::append);
        }
        if (loader.openBatchRecords() > 0) {
            contents.notes.add(
                "a batch of which only " + loader.openBatchRecords() + " records were written does not count");
        }
        return target;
    }

    /** How many segments were added. */
    int made() {
        return made;
    }

    private void append(
        final DirectBuffer buffer, final int offset, final int length, final long shape, final long sequence,
        final Frame frame) {
        if (sequence > contents.lastSequence + 1) {
            loader.dropOpenBatch();
        }
        final int aligned = RecordDescriptor.alignedLength(length);
        if (target == null || aligned > target.limit() - target.endAcquire()) {
            target = factory.create(Math.max(segmentLength, SegmentFactory.lengthFor(length)));
            use(sequence);
            table.add(target);
            made++;
        } else if (target.endAcquire() == HeaderDescriptor.PAGE_LENGTH) {
            use(sequence);
        }
        final int end = target.endAcquire();
        put(buffer, offset, length, shape, sequence, end);
        target.endRelease(end + aligned);
        final int keyOffset = offset + RecordDescriptor.bodyOffset(RecordDescriptor.flags(shape));
        final int keyLength = RecordDescriptor.keyLength(shape);
        loader.accept(target.basePosition() + end, length, shape, sequence,
            loader.hash(buffer, keyOffset, keyLength), buffer, keyOffset, keyLength);
        contents.lastSequence = sequence;
        contents.records++;
        contents.recordBytes += aligned;
    }

    /** Before the first record the header tells its sequence. */
    private void use(final long firstSequence) {
        target.firstSequence(firstSequence);
        target.writeWatermark(HeaderDescriptor.PAGE_LENGTH, 0, false);
    }

    private void put(
        final DirectBuffer buffer, final int offset, final int length, final long shape, final long sequence,
        final int end) {
        final int body = RecordDescriptor.HEADER_LENGTH;
        final int count = length - body;
        if (image.length < count) {
            image = new byte[count];
        }
        buffer.getBytes(offset + body, image, 0, count);
        checksum.reset();
        checksum.update(image, 0, count);
        final UnsafeBuffer to = target.buffer();
        to.putBytes(end + body, image, 0, count);
        RecordDescriptor.putHeader(
            to, end, checksum.finish(sequence, shape, target.salt(), end, length), sequence, shape);
        RecordDescriptor.publishLength(to, end, length);
    }
}
