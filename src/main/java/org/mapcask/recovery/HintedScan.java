package org.mapcask.recovery;

import java.util.List;
import java.util.Set;
import org.mapcask.checkpoint.HintFiles;
import org.mapcask.checkpoint.HintReader;
import org.mapcask.errors.MapcaskException;
import org.mapcask.recovery.LogContents.Used;
import org.mapcask.segment.SegmentScanner;

/**
 * Scans segments behind a checkpoint, with what hint files tell in place of the records as far as that goes. Hints are
 * made of durable records alone, so what one tells is there, or was damaged since, which a later read of the record
 * finds, as it does of a record before the checkpoint. One thread.
 */
final class HintedScan {
    /** None: every record is read. */
    static final HintedScan NONE = new HintedScan(null, Set.of());

    private final HintFiles files;
    private final Set<Long> segments;

    private HintedScan(final HintFiles files, final Set<Long> segments) {
        this.files = files;
        this.segments = segments;
    }

    /** With the hint files that are among the files of a store. */
    static HintedScan of(final RecoverySettings settings, final List<String> names) {
        return new HintedScan(new HintFiles(settings.files(), settings.directory()), HintFiles.segments(names));
    }

    /**
     * As {@link SegmentScanner#scan}.
     *
     * @param batches takes the records that hints tell of.
     * @param visitor takes the others.
     */
    SegmentScanner.Result scan(final SegmentScanner scanner, final Used used, final int from, final long expected,
        final HintReader.Visitor batches, final SegmentScanner.RecordVisitor visitor) {
        final Position position = new Position(from, expected);
        if (files != null && segments.contains(used.segment.id())) {
            readHints(used, position, batches);
        }
        final SegmentScanner.Result rest = scanner.scan(
            used.segment.file(), used.header, position.offset, position.expected, visitor);
        return position.records == 0 || rest.records() > 0 ? withRecords(rest, rest.lastSequence(), position.records) :
            withRecords(rest, position.expected - 1, position.records);
    }

    private static SegmentScanner.Result withRecords(
        final SegmentScanner.Result rest, final long lastSequence, final long more) {
        return new SegmentScanner.Result(
            rest.stop(), rest.endOffset(), lastSequence, rest.records() + more, rest.detail());
    }

    /** How far the hints reached. */
    private static final class Position {
        private int offset;
        private long expected;
        private long records;

        Position(final int offset, final long expected) {
            this.offset = offset;
            this.expected = expected;
        }
    }

    /** Stops where hints are missing, or cannot be read: the records are there. */
    private void readHints(final Used used, final Position position, final HintReader.Visitor batches) {
        final long end = used.header.seal() == null ? used.header.identity().length() : used.header.seal().endOffset();
        try (HintReader reader = files.reader(used.segment.id(), used.segment.salt())) {
            while (reader.next()) {
                if (reader.block().to() <= position.offset) {
                    continue;
                }
                if (reader.block().from() > position.offset || reader.block().to() > end) {
                    return;
                }
                final int count = reader.forEach(position.offset, position.expected, batches);
                if (count == 0) {
                    return;
                }
                position.records += count;
                position.offset = reader.block().to();
                position.expected += count;
            }
        } catch (final MapcaskException ignored) {
            // a hint is never needed
        }
    }
}
