package org.mapcask.checkpoint;

import org.mapcask.segment.SegmentFileNames;

/** The only place that makes or reads names of checkpoints, files of pages and hint files. Static and stateless. */
public final class CheckpointFileNames {
    /** Ending of a checkpoint. */
    public static final String CHECKPOINT_SUFFIX = ".checkpoint";
    /** Ending of a file of pages. */
    public static final String PAGES_SUFFIX = ".pages";

    /** Ending of a hint file. */
    public static final String HINT_SUFFIX = ".hint";

    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final int NUMBER_LENGTH = 16;
    private static final int RADIX = 16;

    private CheckpointFileNames() {
    }

    /** Name of a checkpoint. */
    public static String checkpoint(final long number) {
        return SegmentFileNames.digits(number) + CHECKPOINT_SUFFIX;
    }

    /** Name of a checkpoint while it is being written. */
    public static String temporary(final long number) {
        return checkpoint(number) + TEMPORARY_SUFFIX;
    }

    /** Name of a file of pages. */
    public static String pages(final long number) {
        return SegmentFileNames.digits(number) + PAGES_SUFFIX;
    }

    /** Name of the hint file of a segment. */
    public static String hint(final long segmentId) {
        return SegmentFileNames.digits(segmentId) + HINT_SUFFIX;
    }

    /** Whether a name is that of a hint file. */
    public static boolean isHint(final String name) {
        return SegmentFileNames.isDigitsAnd(HINT_SUFFIX, name);
    }

    /** Whether a name is that of a checkpoint. */
    public static boolean isCheckpoint(final String name) {
        return SegmentFileNames.isDigitsAnd(CHECKPOINT_SUFFIX, name);
    }

    /** Whether a name is that of a file of pages. */
    public static boolean isPages(final String name) {
        return SegmentFileNames.isDigitsAnd(PAGES_SUFFIX, name);
    }

    /** Whether a name is that of a checkpoint that was being written. */
    public static boolean isTemporary(final String name) {
        return SegmentFileNames.isDigitsAnd(CHECKPOINT_SUFFIX + TEMPORARY_SUFFIX, name);
    }

    /** Whether a name is that of a checkpoint, whole or not, or of a file of pages. */
    public static boolean isNumbered(final String name) {
        return isCheckpoint(name) || isPages(name) || isTemporary(name);
    }

    /** Whether a name is one of these. */
    public static boolean isKnown(final String name) {
        return isNumbered(name) || isHint(name);
    }

    /** Number of a checkpoint or of a file of pages, or id of the segment of a hint file. */
    public static long number(final String name) {
        return Long.parseUnsignedLong(name.substring(0, NUMBER_LENGTH), RADIX);
    }
}
