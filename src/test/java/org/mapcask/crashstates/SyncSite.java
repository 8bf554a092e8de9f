package org.mapcask.crashstates;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The places in the code that make something durable, told apart by what is synced and by who asks. The enumeration
 * fails at a sync from a place that is not listed here, so that no new one goes without its own mutant.
 */
enum SyncSite {
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
    CLOSE_DATA(Kind.MAPPING, "LogSync.syncAndMarkClean", "LogSync.syncRange"),
    /** The records of the active segment, by a call of sync. */
    SYNC_RANGE(Kind.MAPPING, "LogSync.syncRange"),
    /** The mark of a clean close. */
    CLOSE_MARK(Kind.MAPPING, "LogSync.syncAndMarkClean"),
    /** The records of the output of a merge, before its seal. */
    MERGE_DATA(Kind.FILE, "MergeOutput.finish"),
    /** The seal of an output, before the commit. */
    MERGE_SEAL(Kind.MAPPING, "MergeOutput.seal"),
    /** The stamps of the outputs that do not carry the commit, before it may go in a later merge. */
    MERGE_STAMP(Kind.FILE, "MergeRun.install"),
    /** The commit of a merge, before its inputs go. */
    MERGE_COMMIT(Kind.FILE, "MergeRun.commit"),
    /** The removal of the inputs, before the commit that names them may go in a later merge. */
    RETIRE_DIRECTORY(Kind.DIRECTORY, "SegmentFactory.remove"),
    /** What recovery makes sure of in merged segments, before it removes what they replaced. */
    MERGE_CONFIRM(Kind.FILE, "MergeCleaning.run"),
    /** The removals of what a merge left or replaced, by recovery. */
    MERGE_CLEAN_DIRECTORY(Kind.DIRECTORY, "MergeCleaning.run"),
    /** The removals of recovery. */
    RECOVERY_DIRECTORY(Kind.DIRECTORY, "Recovery.clearAway"),
    /** The zeros over a torn tail. */
    RECOVERY_ZEROS(Kind.FILE, "Recovery.zeroTail"),
    /** The mark of a clean close, taken back. */
    RECOVERY_MARK(Kind.MAPPING, "Recovery.withdrawClean"),
    /** A header sector whose writing was cut short, written anew. */
    RECOVERY_MEND(Kind.FILE, "Recovery.mendHeader"),
    /** The same, when a killed recovery may have taken it back. */
    RECOVERY_CONFIRM_MARK(Kind.MAPPING, "Recovery.confirmMark"),
    /** Zeros that a killed recovery may have written. */
    RECOVERY_CONFIRM_TAIL(Kind.MAPPING, "Recovery.confirmTail"),
    /** A seal that a killed process may have stored. */
    RECOVERY_CONFIRM_SEAL(Kind.FILE, "Recovery.confirmSeal");

    /** What is synced. */
    enum Kind {
        FILE, MAPPING, DIRECTORY
    }

    private static final StackWalker WALKER = StackWalker.getInstance();

    private final Kind kind;
    private final Set<String> frames;

    SyncSite(final Kind kind, final String... frames) {
        this.kind = kind;
        this.frames = Set.of(frames);
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
