package org.mapcask.wal;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of the files of the write-ahead log: {@code <ring>-<index>.wal}, both in hexadecimal. Stateless. */
public final class WalFileNames {
    /** Ending of each of them. */
    public static final String SUFFIX = ".wal";

    private static final Pattern PATTERN = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{2}\\.wal");

    private static final int RING_DIGITS = 8;
    private static final int RADIX = 16;

    private WalFileNames() {
    }

    /** Name of a file by the number of its ring and its index in it. */
    public static String of(final long ring, final int index) {
        return String.format(Locale.ROOT, "%08x-%02x", ring, index) + SUFFIX;
    }

    /** Whether a name is that of a file of the write-ahead log. */
    public static boolean isWal(final String name) {
        return PATTERN.matcher(name).matches();
    }

    /** Number of the ring that a name tells; the name must be that of such a file. */
    public static long ring(final String name) {
        return Long.parseLong(name.substring(0, RING_DIGITS), RADIX);
    }

    /** Index in its ring that a name tells; the name must be that of such a file. */
    public static int index(final String name) {
        return Integer.parseInt(name.substring(RING_DIGITS + 1, name.length() - SUFFIX.length()), RADIX);
    }
}
