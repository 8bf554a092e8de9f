package org.mapcask.recovery;

import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.ScanStop;
import org.mapcask.segment.SegmentScanner;

/**
 * Reads merged segments, before the log: every record of one that its seal tells of is durable, so whatever is not
 * sound is damage. One thread.
 */
final class MergedReplay {
    private final LogContents contents;
    private final SegmentScanner scanner;
    private final ScanAhead ahead;
    private final boolean strict;

    MergedReplay(
        final LogContents contents, final SegmentScanner scanner, final ScanAhead ahead, final boolean strict) {
        this.contents = contents;
        this.scanner = scanner;
        this.ahead = ahead;
        this.strict = strict;
    }

    /** Reads one, and goes on behind damage. */
    void replay(final Used merged) {
        int from = HeaderDescriptor.PAGE_LENGTH;
        while (from >= 0) {
            final SegmentScanner.Result result = ahead.scan(merged, from, SegmentScanner.ANY_ORDER,
                (offset, shape, sequence, hash, buffer, keyOffset) -> {
                    final int length = RecordDescriptor.length(shape);
                    contents.records++;
                    contents.recordBytes += RecordDescriptor.alignedLength(length);
                    contents.loader.acceptMerged(merged.segment.basePosition() + offset, length, shape, sequence, hash,
                        buffer, keyOffset, RecordDescriptor.keyLength(shape));
                });
            merged.endOffset = result.endOffset();
            from = isDamage(merged, result) ? behindDamage(merged, result) : -1;
        }
        merged.segment.endRelease(merged.endOffset);
        if (strict) {
            checkUnused(merged);
        }
    }

    private static boolean isDamage(final Used merged, final SegmentScanner.Result result) {
        return result.stop() != ScanStop.END ||
            merged.header.seal() != null && result.endOffset() != merged.header.seal().endOffset();
    }

    /** Tells of it, and gives the offset of the next sound record, or -1. */
    private int behindDamage(final Used merged, final SegmentScanner.Result result) {
        final HeaderDescriptor.Seal seal = merged.header.seal();
        final boolean beyond = seal != null && result.endOffset() >= seal.endOffset();
        contents.damages.add(new Damage(merged.segment.name(), result.endOffset(),
            beyond ? Damage.Kind.UNUSED_SPACE : Damage.Kind.RECORD, 0, 0,
            beyond ? "something is written behind the end of a merged segment" :
                (result.stop() == ScanStop.END ? "nothing is written where a merged record was" : result.detail()) +
                    (seal == null ? "" : ", among merged sequences from " + seal.firstSequence() + " to " +
                        seal.lastSequence())));
        merged.damaged = true;
        return beyond ? -1 : scanner.resync(merged.segment.file(), merged.header,
            result.endOffset() + RecordDescriptor.ALIGNMENT, (int)merged.header.identity().length());
    }

    private void checkUnused(final Used merged) {
        final int length = (int)Math.min(merged.header.identity().length(), merged.header.fileLength());
        final int inUse = merged.damaged || merged.endOffset >= length ? -1 :
            scanner.firstByteInUse(merged.segment.file(), length, merged.endOffset);
        if (inUse >= 0) {
            contents.damages.add(new Damage(merged.segment.name(), inUse, Damage.Kind.UNUSED_SPACE, 0, 0,
                "bytes behind the last record are not zero"));
        }
    }
}
