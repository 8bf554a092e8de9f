package org.mapcask.segment;

import java.nio.charset.StandardCharsets;

/** The only place that makes or reads the names of segment files. Static and stateless. */
public final class SegmentFileNames {
    /** Ending of a segment. */
    public static final String SUFFIX = ".seg";
    /** Ending of a file that is being prepared and has no meaning yet: a later open removes it. */
    public static final String TEMPORARY_SUFFIX = ".tmp";

    /** Name of the file that lies in the directory of a backup until the backup is whole. */
    public static final String UNFINISHED_BACKUP = "mapcask.unfinished-backup";

    private static final int ID_DIGITS = 16;

    private SegmentFileNames() {
    }

    /** Name of a segment by its id. */
    public static String of(final long segmentId) {
        return digits(segmentId) + SUFFIX;
    }

    /** Name of a segment while it is being prepared. */
    public static String temporary(final long segmentId) {
        return of(segmentId) + TEMPORARY_SUFFIX;
    }

    /** Whether a name is that of a segment. */
    public static boolean isSegment(final String name) {
        return isDigitsAnd(SUFFIX, name);
    }

    /** A number as names tell it: 16 hexadecimal digits. By hand, since an open makes and reads thousands of names. */
    public static String digits(final long number) {
        final byte[] digits = new byte[ID_DIGITS];
        for (int i = 0; i < ID_DIGITS; i++) {
            digits[i] = (byte)Character.forDigit((int)(number >>> (ID_DIGITS - 1 - i) * 4) & 0xF, 16);
        }
        return new String(digits, StandardCharsets.US_ASCII);
    }

    /** Whether a name is such a number and a suffix. */
    public static boolean isDigitsAnd(final String suffix, final String name) {
        return name.length() == ID_DIGITS + suffix.length() && name.endsWith(suffix) && isHex(name);
    }

    /** Whether a name is that of a segment in preparation. */
    public static boolean isTemporary(final String name) {
        return name.endsWith(TEMPORARY_SUFFIX) && isSegment(name.substring(0,
            name.length() - TEMPORARY_SUFFIX.length()));
    }

    /** Id of the segment of a name for which {@link #isSegment} holds. */
    public static long id(final String name) {
        return Long.parseUnsignedLong(name.substring(0, ID_DIGITS), 16);
    }

    private static boolean isHex(final String name) {
        for (int i = 0; i < ID_DIGITS; i++) {
            final char c = name.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
