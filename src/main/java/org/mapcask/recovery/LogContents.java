package org.mapcask.recovery;

import java.util.ArrayList;
import java.util.List;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.StoreIdentity;

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
    /** Null while no segment is there. */
    StoreIdentity identity;
    long highestId;
    long records;
    long recordBytes;
    long fileBytes;
    int segmentFiles;
    long lastSequence;
    /** Some header says that every record up to here is durable. */
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

    boolean isEmpty() {
        return segmentFiles == 0;
    }

    boolean isClean() {
        return isEmpty() || !used.isEmpty() && used.get(used.size() - 1).header.isClean();
    }

    Used last() {
        return used.get(used.size() - 1);
    }
}
