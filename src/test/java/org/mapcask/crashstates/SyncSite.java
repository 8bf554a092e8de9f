package org.mapcask.crashstates;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The places in the code that make something durable, told apart by what is synced and by who asks. The enumeration
 * fails at a sync from a place that is not listed here, so that no new one goes without its own mutant.
 */
enum SyncSite {
    /** The same as the two that follow, by recovery, for the records of the write-ahead log. */
    REPLAY_CREATE_FILE(Kind.FILE, true, "SegmentFactory.create", "WalReplay.append"),
    REPLAY_CREATE_DIRECTORY(Kind.DIRECTORY, true, "SegmentFactory.create", "WalReplay.append"),
    /** A new segment's length and header, before it gets its name. */
    CREATE_FILE(Kind.FILE, "SegmentFactory.create"),
    /** The name of a new segment. */
    CREATE_DIRECTORY(Kind.DIRECTORY, "SegmentFactory.create"),
    /** The removal of a segment that was prepared and not needed. */
    DISCARD_DIRECTORY(Kind.DIRECTORY, "SegmentFactory.discard"),
    /** The records of a segment before its seal. */
    SEAL_DATA(Kind.FILE, "LogSync.seal"),
    /** The seal. */
    SEAL_HEADER(Kind.MAPPING, "LogSync.seal"),
    /** The records of the active segment, when the store is closed. */
    CLOSE_DATA(Kind.MAPPING, "LogSync.syncAndMarkClean", "LogSync.syncTo"),
    /** The mark of a clean close. */
    CLOSE_MARK(Kind.MAPPING, "LogSync.syncAndMarkClean"),
    /** What says that commits are in the write-ahead log, before the first of them. */
    WAL_MARK(Kind.MAPPING, true, "LogSync.markWal"),
    /** The records of the active segment, before a frame is written over those that hold them, or one behind them. */
    WAL_WAIT(Kind.MAPPING, true, "GroupCommit.awaitSegments", "LogSync.syncTo"),
    /** The records that the write-ahead log does not take. */
    WAL_PASSED(Kind.MAPPING, true, "RingCommits.commit", "LogSync.syncTo"),
    /** The header of a new file of the ring. */
    RING_HEADER(Kind.DURABLE_WRITE, true, "RingMaker.create", "RingMaker.writeHeader"),
    /** The zeros of a new file of the ring, and its length. */
    RING_ZEROS(Kind.DURABLE_WRITE, true, "RingMaker.create"),
    /** The header of a file that a process may have written and not made durable. */
    RING_CONFIRM_HEADER(Kind.DURABLE_WRITE, true, "RingMaker.takeOver", "RingMaker.writeHeader"),
    /** The names of the ring. */
    RING_DIRECTORY(Kind.DIRECTORY, true, "RingMaker.make"),
    /** A frame. */
    FRAME(Kind.DURABLE_WRITE, true, "WalRing.write"),
    /** The mark of a clean close, taken back before the first write of a store without a write-ahead log. */
    FIRST_MARK(Kind.MAPPING, "WriteLock.begin", "LogSync.confirmUse"),
    /** The records of the active segment, to which a checkpoint leads. */
    CHECKPOINT_LOG(Kind.MAPPING, "Checkpoints.run", "LogSync.syncTo"),
    /** That the segment is in use where the log goes on behind a checkpoint. */
    CHECKPOINT_USE(Kind.MAPPING, "Checkpoints.run", "LogSync.confirmUse"),
    /** The pages to which a checkpoint leads. */
    CHECKPOINT_PAGES(Kind.FILE, "PageFile.sync"),
    /** A checkpoint, before it gets its name. */
    CHECKPOINT_FILE(Kind.FILE, "CheckpointStore.write"),
    /** The name of a checkpoint that a killed process may have made, before the same. */
    CHECKPOINT_CONFIRM(Kind.DIRECTORY, "CheckpointStart.prepare"),
    /** The name of a checkpoint, before the pages of the one before are written over. */
    CHECKPOINT_DIRECTORY(Kind.DIRECTORY, "CheckpointStore.write"),
    /** The records of the active segment, by a call of sync. */
    SYNC_RANGE(Kind.MAPPING, "LogSync.syncTo"),
    /** The records of recovery's segments, from the write-ahead log or left unsynced by a killed process. */
    HANDOVER_DATA(Kind.MAPPING, true, "WalHandover.sync"),
    /** That no write-ahead log is in use, in empty segments which may come last one day. */
    HANDOVER_OTHERS(Kind.MAPPING, true, "WalHandover.withdrawOtherMarks"),
    /** That they are durable. */
    HANDOVER_MARK(Kind.MAPPING, true, "WalHandover.mark"),
    /** That no write-ahead log is in use, before the segment goes that said so. */
    STALE_MARK(Kind.MAPPING, true, "WalHandover.withdrawStaleMark"),
    /** The removal of the write-ahead log. */
    HANDOVER_DIRECTORY(Kind.DIRECTORY, true, "WalHandover.run"),
    /** The records of the output of a merge, before its seal. */
    MERGE_DATA(Kind.FILE, "MergeOutput.finish"),
    /** The seal of an output, before the commit. */
    MERGE_SEAL(Kind.MAPPING, "MergeOutput.seal"),
    /** The stamps of the outputs that do not carry the commit, before it may go in a later merge. */
    MERGE_STAMP(Kind.FILE, "MergeRun.install"),
    /** The commit of a merge, before its inputs go. */
    MERGE_COMMIT(Kind.FILE, "MergeRun.commit"),
    /** That the newest segment is in use, before those go that say what it says. */
    MERGE_USE(Kind.MAPPING, "LogSync.confirmUse"),
    /** What recovery makes sure of in merged segments, before it removes what they replaced. */
    MERGE_CONFIRM(Kind.FILE, "MergeCleaning.run"),
    /** The removals of what a merge left or replaced, by recovery; {@code MergeRecoveryTest} looks for it. */
    MERGE_CLEAN_DIRECTORY(Kind.DIRECTORY, "MergeCleaning.run"),
    /** The removals of recovery. */
    RECOVERY_DIRECTORY(Kind.DIRECTORY, "Recovery.clearAway"),
    /** The zeros over a torn tail. */
    RECOVERY_ZEROS(Kind.FILE, "Recovery.zeroTail"),
    /** The mark of a clean close, taken back before files of the write-ahead log change. */
    RECOVERY_MARK(Kind.MAPPING, true, "Recovery.withdrawClean"),
    /** The same, when a killed recovery may have taken it back. */
    RECOVERY_CONFIRM_MARK(Kind.MAPPING, "Recovery.confirmMark"),
    /** Zeros that a killed recovery may have written. */
    RECOVERY_CONFIRM_TAIL(Kind.MAPPING, "Recovery.confirmTail"),
    /** Seals that a killed process may have stored. */
    RECOVERY_CONFIRM_SEAL(Kind.FILE, "Recovery.confirmSeals");

    /** What is synced. */
    enum Kind {
        FILE, MAPPING, DIRECTORY, DURABLE_WRITE
    }

    private static final StackWalker WALKER = StackWalker.getInstance();

    private final Kind kind;
    private final boolean wal;
    private final Set<String> frames;

    SyncSite(final Kind kind, final String... frames) {
        this(kind, false, frames);
    }

    SyncSite(final Kind kind, final boolean wal, final String... frames) {
        this.kind = kind;
        this.wal = wal;
        this.frames = Set.of(frames);
    }

    /** Whether only a store with a write-ahead log comes here. */
    boolean isOfWal() {
        return wal;
    }

    /** Whether an operation on files is one of a checkpoint, or of the pages of a keydir. */
    static boolean isOfCheckpoint(final String operation) {
        return operation.contains(".pages") || operation.contains(".checkpoint") || operation.contains(
            CHECKPOINT_DIRECTORY.name());
    }

    /** The site that the calling thread is at. */
    static SyncSite here(final Kind kind) {
        // The exploration of a state runs inside of the moment of another: the nearest callers only.
        final List<String> callers = WALKER.walk(frames -> frames
            .dropWhile(SyncSite::isOfThisPackage).takeWhile(frame -> !isOfThisPackage(frame))
            .map(frame -> simpleName(frame.getClassName()) + "." + method(frame.getMethodName()))
            .collect(Collectors.toList()));
        for (final SyncSite site : values()) {
            if (site.kind == kind && callers.containsAll(site.frames)) {
                return site;
            }
        }
        throw new AssertionError("sync of a " + kind + " at a place that is not in SyncSite: add it there, and to the" +
            " table of mutants; callers " + callers);
    }

    private static boolean isOfThisPackage(final StackWalker.StackFrame frame) {
        return frame.getClassName().startsWith(SyncSite.class.getPackageName());
    }

    private static String simpleName(final String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private static String method(final String name) {
        return name.startsWith("lambda$") ? name.split("\\$")[1] : name;
    }
}
