package org.mapcask.wal;

import java.util.Locale;

/** Names of the files of the write-ahead log: {@code <ring>-<index>.wal}, both in hexadecimal. Stateless. */
public final class WalFileNames {
    /** Ending of each of them. */
    public static final String SUFFIX = ".wal";

    private static final String PATTERN = "[0-9a-f]{8}-[0-9a-f]{2}\\.wal";

    private WalFileNames() {
    }

    /** Name of a file by the number of its ring and its index in it. */
    public static String of(final long ring, final int index) {
        return String.format(Locale.ROOT, "%08x-%02x", ring, index) + SUFFIX;
    }

    /** Whether a name is that of a file of the write-ahead log. */
    public static boolean isWal(final String name) {
        return name.matches(PATTERN);
    }
}
