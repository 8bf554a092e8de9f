package org.mapcask.lab.doctor;

import java.util.Locale;

/** Writes amounts for people. Stateless. */
final class Units {
    private static final String[] NAMES = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final int STEP = 1024;

    private Units() {
    }

    /** Bytes with the suffix that leaves one to four digits before the point. */
    static String bytes(final long bytes) {
        double number = bytes;
        int unit = 0;
        while (number >= STEP && unit < NAMES.length - 1) {
            number /= STEP;
            unit++;
        }
        final boolean whole = number == Math.rint(number) || number >= 100;
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", number, NAMES[unit]);
    }
}
