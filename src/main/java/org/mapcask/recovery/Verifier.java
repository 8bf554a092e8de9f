package org.mapcask.recovery;

import org.mapcask.keydir.Keydir;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentTable;

/**
 * Reads every byte of a store and holds it against the format; changes nothing. The caller holds the store lock.
 * Static and stateless.
 */
public final class Verifier {
    private Verifier() {
    }

    /** Checks a store. */
    public static VerifyReport verify(final RecoverySettings settings) {
        final long startNs = System.nanoTime();
        final SegmentTable table = new SegmentTable();
        SegmentTable kept = table;
        try (Keydir keydir = new Keydir(settings.memory())) {
            final LogContents contents = new LogReplay(settings, table, true).run(keydir);
            final boolean torn = contents.tornIndex >= 0;
            if (torn) {
                contents.notes.add("torn: " + contents.tornDetail);
            }
            kept = contents.keptOf(table);
            if (contents.loader != null) {
                WalReplay.inMemory(settings, contents, kept).run(null);
            }
            if (contents.identity != null) {
                CheckpointCheck.run(settings, contents);
            }
            if (contents.walRecords > 0) {
                contents.notes.add(contents.walRecords
                    + " records are in the write-ahead log alone; the next open brings them into the segments");
            }
            if (!contents.isClean()) {
                contents.notes.add("the store was not closed properly");
            }
            return new VerifyReport(
                contents.segmentFiles, contents.records, contents.walRecords, keydir.size(), contents.fileBytes,
                torn ? contents.used.get(contents.tornIndex).segment.name() : null, contents.tornOffset,
                contents.damages, contents.notes,
                System.nanoTime() - startNs);
        } finally {
            table.segments().forEach(Segment::close);
            kept.segments().forEach(Segment::close);
        }
    }
}
