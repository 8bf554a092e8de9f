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
     * Whether the header of a sealed segment is durable for sure: one of which all is in the checkpoint that is used.
     * Could a sync have failed, and left its page in the page cache alone? A checkpoint is written only after every
     * segment before the one where the log goes on was sealed; if the sync of a seal failed, in whatever thread, the
     * store is latched, and no checkpoint is written any more. A seal that the process took over from one before it was
     * made durable by its recovery, or was before a checkpoint already, and so on back to the process that wrote it.
     * Nobody writes to the header later: but for recovery, to the last one that stays, and over an odd sector. And if a
     * sync fails when the same bytes are written again, they are on the disk all the same.
     */
    boolean isHeaderDurable(final int usedIndex) {
        return isFromCheckpoint() && start.passes(usedIndex) && usedIndex < kept() - 1 &&
            used.get(usedIndex).header.oddities().isEmpty();
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
