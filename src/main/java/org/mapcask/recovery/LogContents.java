package org.mapcask.recovery;

import java.util.ArrayList;
import java.util.List;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.wal.WalContents;

/** What {@link LogReplay} collects while it reads a log. Filled by one thread, then read. */
final class LogContents {
    /** A segment that was taken into use, and where its sound records end. */
    static final class Used {
        final SegmentHeader header;
        final Segment segment;
        int endOffset;
        long firstSequence;
        long lastSequence;

        Used(final SegmentHeader header, final Segment segment) {
            this.header = header;
            this.segment = segment;
        }
    }

    final List<Damage> damages = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    /** In the order of their sequences. */
    final List<Used> used = new ArrayList<>();
    /** Prepared, never taken into use. */
    final List<SegmentHeader> spares = new ArrayList<>();
    /** Temporary files. */
    List<String> temporaries = List.of();
    /** Names of the files of the write-ahead log. */
    List<String> walFiles = List.of();
    /** What they hold; null when that does not matter, since the store was closed cleanly, or has none. */
    WalContents wal;
    /** Whether a whole ring of them is there. */
    boolean walComplete;
    /** Records that are nowhere but in there. */
    long walRecords;
    /** Knows the keydir, and the records of a batch whose end is still to come; null while no segment is there. */
    KeydirLoader loader;
    /** Null while no segment is there. */
    StoreIdentity identity;
    long highestId;
    long records;
    long recordBytes;
    long fileBytes;
    int segmentFiles;
    long lastSequence;
    /** Some header, or frame of the write-ahead log, says that every record up to here is durable in the segments. */
    long durableSequence;
    /** The header of a segment cannot be read: a gap in the sequences is its records, not a write that never was. */
    boolean headerLost;
    /** Index in {@link #used} from which on segments lie behind a cut and go with what was cut off. */
    int dropFrom = Integer.MAX_VALUE;
    /** Index in {@link #used} of the segment whose tail is torn, or -1. */
    int tornIndex = -1;
    int tornOffset;
    long tornBytes;
    String tornDetail;

    /** How many segments in use stay. */
    int kept() {
        return Math.min(dropFrom, used.size());
    }

    /** A table without the segments that do not stay; the same one if all do. */
    SegmentTable keptOf(final SegmentTable table) {
        if (kept() == used.size()) {
            return table;
        }
        final SegmentTable kept = new SegmentTable();
        for (int i = 0; i < kept(); i++) {
            kept.add(used.get(i).segment);
        }
        return kept;
    }

    boolean isEmpty() {
        return segmentFiles == 0;
    }

    boolean isClean() {
        return isEmpty() || !used.isEmpty() && used.get(used.size() - 1).header.isClean();
    }

    /** Whether the newest watermark of the log says that commits are in the write-ahead log. */
    boolean isWalInUse() {
        return !used.isEmpty() && last().header.watermark() != null && last().header.watermark().wal();
    }

    Used last() {
        return used.get(used.size() - 1);
    }
}
