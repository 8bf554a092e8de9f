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
        try (Keydir keydir = new Keydir(settings.memory())) {
            final LogContents contents = new LogReplay(settings, table, true).run(keydir);
            final boolean torn = contents.tornIndex >= 0;
            if (torn) {
                contents.notes.add("torn: " + contents.tornDetail);
            }
            if (!contents.isClean()) {
                contents.notes.add("the store was not closed properly");
            }
            return new VerifyReport(contents.segmentFiles, contents.records, keydir.size(), contents.fileBytes,
                torn ? contents.used.get(contents.tornIndex).segment.name() : null, contents.tornOffset,
                contents.damages, contents.notes,
                System.nanoTime() - startNs);
        } finally {
            table.segments().forEach(Segment::close);
        }
    }
}
