package org.mapcask.recovery;

import java.util.List;
import org.mapcask.checkpoint.HintBlock;
import org.mapcask.format.HeaderDescriptor.Seal;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.ScanStop;
import org.mapcask.segment.SegmentScanner;

/**
 * Scans segments behind a checkpoint, with what hint files tell in place of the records as far as that goes. Hints are
 * made of durable records alone, so what one tells is there, or was damaged since, which a later read of the record
 * finds, as it does of a record before the checkpoint. One thread.
 */
final class HintedScan {
    private final LogContents contents;
    private final ScanAhead ahead;
    /** Null where every record is read. */
    private final DeferredTail tail;

    /** Where the scan of a segment stands. */
    private static final class Place {
        private int offset;
        private long expected;
        private long records;

        Place(final int offset, final long expected) {
            this.offset = offset;
            this.expected = expected;
        }

        void passTo(final int newOffset, final long newExpected) {
            records += newExpected - expected;
            offset = newOffset;
            expected = newExpected;
        }
    }

    /**
     * A scan of several segments.
     *
     * @param tail  takes what hints tell; null where every record is read.
     * @param ahead reads the others.
     */
    HintedScan(final LogContents contents, final DeferredTail tail, final ScanAhead ahead) {
        this.contents = contents;
        this.tail = tail;
        this.ahead = ahead;
    }

    /**
     * From where on a segment is going to be read, if nothing is wrong.
     *
     * @return null if none of it is.
     */
    static ScanAhead.Plan plan(final DeferredTail tail, final Used used, final int from, final long expected) {
        int offset = from;
        long sequence = expected;
        for (final HintBlock block : tail == null ? List.<HintBlock>of() : tail.hints().blocks(used.segment)) {
            if (block.to() > offset && block.to() <= end(used)) {
                offset = block.to();
                sequence = block.lastSequence() + 1;
            }
        }
        return isSealedEnd(used, offset) && offset > from ? null : new ScanAhead.Plan(used, offset, sequence);
    }

    private static long end(final Used used) {
        final Seal seal = used.header.seal();
        return seal == null ? used.header.identity().length() : seal.endOffset();
    }

    private static boolean isSealedEnd(final Used used, final int offset) {
        return used.header.seal() != null && used.header.seal().endOffset() == offset;
    }

    /**
     * As {@link ScanAhead#scan}.
     *
     * @param visitor takes the records of which no hint tells.
     */
    SegmentScanner.Result scan(
        final Used used, final int from, final long expected, final RecordBatch.Visitor visitor) {
        if (tail == null) {
            return ahead.scan(used, from, expected, visitor);
        }
        final Place place = new Place(from, expected);
        for (final HintBlock block : tail.hints().blocks(used.segment)) {
            if (block.to() <= place.offset) {
                continue;
            }
            final SegmentScanner.Result gap = readUpTo(block, used, place, visitor);
            if (gap != null) {
                return gap;
            }
            if (block.to() > end(used) || block.firstSequence() > place.expected ||
                block.from() == place.offset && block.firstSequence() != place.expected ||
                block.lastSequence() < place.expected) {
                break;
            }
            take(used, block, place);
        }
        if (place.records > 0 && isSealedEnd(used, place.offset)) {
            return result(new SegmentScanner.Result(ScanStop.END, place.offset, 0, 0, ""), place);
        }
        return result(ahead.scan(used, place.offset, place.expected, visitor), place);
    }

    /** Reads what stands before a block; the result if it does not reach that. */
    private SegmentScanner.Result readUpTo(
        final HintBlock block, final Used used, final Place place, final RecordBatch.Visitor visitor) {
        if (block.from() <= place.offset) {
            return null;
        }
        final SegmentScanner.Result gap =
            ahead.scanHere(used, place.offset, block.from(), place.expected, visitor);
        if (gap.endOffset() != block.from()) {
            return result(gap, place);
        }
        place.passTo(block.from(), gap.records() == 0 ? place.expected : gap.lastSequence() + 1);
        return null;
    }

    /** A block begins before a record that begins a batch, or stands by itself. */
    private void take(final Used used, final HintBlock block, final Place place) {
        contents.loader.dropOpenBatch();
        tail.take(used, block, place.expected);
        final long records = block.lastSequence() + 1 - place.expected;
        contents.records += records;
        contents.recordBytes += block.to() - place.offset;
        contents.hintedRecords += records;
        place.passTo(block.to(), block.lastSequence() + 1);
    }

    private static SegmentScanner.Result result(final SegmentScanner.Result rest, final Place place) {
        return new SegmentScanner.Result(rest.stop(), rest.endOffset(),
            rest.records() > 0 ? rest.lastSequence() : place.records > 0 ? place.expected - 1 : 0,
            rest.records() + place.records, rest.detail());
    }
}
