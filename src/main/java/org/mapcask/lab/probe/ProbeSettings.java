package org.mapcask.lab.probe;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * How a probe is made. Immutable.
 *
 * @param directory  on the file system that is probed; the files are in a directory of their own below it.
 * @param cellNs     time of one cell.
 * @param fileLength of the mapped file of the parts TOUCH, FOLIO and FILE, in bytes.
 * @param coldLength of the file that cold reads go to, in bytes.
 */
public record ProbeSettings(Path directory, long cellNs, int fileLength, int coldLength) {
    /** Seconds of a cell unless told otherwise. */
    public static final double SECONDS_DEFAULT = 0.25;

    private static final int SEGMENT_LENGTH = 64 << 20;
    private static final int COLD_LENGTH = 512 << 20;

    /** Settings for a directory, with this many seconds a cell and files of the length of a segment. */
    public static ProbeSettings of(final Path directory, final double seconds) {
        return new ProbeSettings(
            directory, (long) (seconds * TimeUnit.SECONDS.toNanos(1)), SEGMENT_LENGTH, COLD_LENGTH);
    }

    /** Bytes that the probe needs at a time, at most. */
    long room() {
        return 2L * Math.max(coldLength, fileLength);
    }
}
