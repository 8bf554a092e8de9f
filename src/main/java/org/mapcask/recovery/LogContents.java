package org.mapcask.recovery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mapcask.segment.CoveredRanges;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.wal.WalContents;

/** What {@link LogReplay} collects while it reads a log. Filled by one thread, then read. */
final class LogContents {
    /** A segment that was taken into use, or that a merge made, and where its sound records end. */
    static final class Used {
        final SegmentHeader header;
        final Segment segment;
        int endOffset;
        long firstSequence;
        long lastSequence;
        /** Only of a merged one. */
        boolean damaged;

        Used(final SegmentHeader header, final Segment segment) {
            this.header = header;
            this.segment = segment;
        }
    }

    final List<Damage> damages = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    /** In the order of their sequences. */
    final List<Used> used = new ArrayList<>();
    /** Merged segments that count. */
    final List<Used> merged = new ArrayList<>();
    /** Sequences that merges took out of the log. */
    final CoveredRanges covered = new CoveredRanges();
    /** Names of segments that merges replaced: a group is removed durably before the next. */
    final List<List<String>> replaced = new ArrayList<>();
    /** Names of outputs of merges that are undone, those that carry a commit: they go durably before the others. */
    final List<String> undoneCarriers = new ArrayList<>();
    /** The others. */
    final List<String> undone = new ArrayList<>();
    /** Names of outputs of merges that do not count. */
    final List<String> unfinished = new ArrayList<>();
    /** Prepared, never taken into use. */
    final List<SegmentHeader> spares = new ArrayList<>();
    /** Names of all files in the directory. */
    List<String> names = List.of();
    final PhaseClock clock = new PhaseClock();
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
    /** From where on the log was replayed; null where checkpoints are not in use. */
    CheckpointStart start;
    /** Null while no segment is there. */
    StoreIdentity identity;
    long highestId;
    long records;
    long recordBytes;
    /** Records of which hints told, so that they were not read. */
    long hintedRecords;
    long fileBytes;
    int segmentFiles;
    long lastSequence;
    /** Some header, or frame of the write-ahead log, says that every record up to here is durable in the segments. */
    long durableSequence;
    /** Names of segments whose header cannot be read. */
    final Set<String> unreadable = new HashSet<>();
    /** What the header of a merged segment tells of its merge cannot be read. */
    boolean headerBroken;
    /** Index in {@link #used} from which on segments lie behind a cut and go with what was cut off. */
    int dropFrom = Integer.MAX_VALUE;
    /** Index in {@link #used} of the segment whose tail is torn, or -1. */
    int tornIndex = -1;
    int tornOffset;
    long tornBytes;
    String tornDetail;

    /**
     * Whether a gap in the sequences may be the records of a segment whose header is lost, not writes that never were.
     */
    boolean isHeaderLost() {
        return headerBroken || !unreadable.isEmpty();
    }

    /** How many segments of the log in use stay. */
    int kept() {
        return Math.min(dropFrom, used.size());
    }

    /** Whether the keydir is that of a checkpoint, and not made from the log. */
    boolean isFromCheckpoint() {
        return start != null && start.isUsed();
    }

    /**
     * Whether the seal of a segment is durable for sure, since the checkpoint that is used knew it and the file did not
     * change since. Could a sync have failed, and left the page of such a header in the page cache alone? A checkpoint
     * takes note of what is sealed, and is written only after a wait for all seals that are under way by then; if the
     * sync of one failed, in whatever thread, the store is latched, and no checkpoint is written any more. A seal that
     * it took over from a process before it was made durable when it was opened, or else was known, and so on back to
     * the one that wrote it. And who writes to the header later, as recovery may, gives the file another stamp.
     */
    boolean isSealDurable(final Used sealed) {
        return isFromCheckpoint() && start.known(sealed.header) != null;
    }

    /** A table without the segments that do not stay; the same one if all do. */
    SegmentTable keptOf(final SegmentTable table) {
        if (kept() == used.size()) {
            return table;
        }
        final SegmentTable kept = new SegmentTable();
        merged.forEach(output -> kept.add(output.segment));
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
