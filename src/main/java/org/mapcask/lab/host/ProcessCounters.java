package org.mapcask.lab.host;

/**
 * Page faults and device traffic of this process, from {@code /proc/self}. A value that the kernel does not show is -1.
 *
 * @param minorFaults page faults that needed no device.
 * @param majorFaults page faults that waited for a device.
 * @param readBytes   bytes that the process made the kernel read from a device.
 * @param writeBytes  bytes that the process caused to be written to a device, by the time it dirtied them.
 */
public record ProcessCounters(long minorFaults, long majorFaults, long readBytes, long writeBytes) {
    /** Field numbers in {@code /proc/self/stat}, counted from the state field that follows the process name. */
    private static final int MINOR_FAULTS_INDEX = 7;
    private static final int MAJOR_FAULTS_INDEX = 9;

    /** Reads the counters of this process. */
    public static ProcessCounters now() {
        long minor = -1;
        long major = -1;
        final String stat = read("/proc/self/stat");
        if (!stat.isEmpty()) {
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            minor = Long.parseLong(fields[MINOR_FAULTS_INDEX]);
            major = Long.parseLong(fields[MAJOR_FAULTS_INDEX]);
        }
        final String io = read("/proc/self/io");
        return new ProcessCounters(minor, major, number(io, "read_bytes:"), number(io, "\nwrite_bytes:"));
    }

    /**
     * The difference to an earlier reading.
     *
     * @param earlier counters read before these.
     * @return what came between; -1 stays -1.
     */
    public ProcessCounters minus(final ProcessCounters earlier) {
        return new ProcessCounters(
            difference(minorFaults, earlier.minorFaults), difference(majorFaults, earlier.majorFaults),
            difference(readBytes, earlier.readBytes), difference(writeBytes, earlier.writeBytes));
    }

    /**
     * The sum of two readings.
     *
     * @param other what came at another time.
     * @return both together; -1 stays -1.
     */
    public ProcessCounters plus(final ProcessCounters other) {
        return new ProcessCounters(
            sum(minorFaults, other.minorFaults), sum(majorFaults, other.majorFaults),
            sum(readBytes, other.readBytes), sum(writeBytes, other.writeBytes));
    }

    /**
     * Resident memory of this process that no file backs, in bytes.
     *
     * @return the sum from {@code /proc/self/smaps_rollup}, or -1 if the kernel does not show it.
     */
    public static long anonymousBytes() {
        return rolledUp("\nAnonymous:");
    }

    /**
     * Memory of files that this process has mapped by huge pages, in bytes.
     *
     * @return the sum from {@code /proc/self/smaps_rollup}, or -1 if the kernel does not show it.
     */
    public static long filePmdBytes() {
        return rolledUp("\nFilePmdMapped:");
    }

    private static long rolledUp(final String name) {
        final long kibibytes = number(read("/proc/self/smaps_rollup"), name);
        return kibibytes < 0 ? -1 : kibibytes * 1024;
    }

    private static long sum(final long one, final long other) {
        return one < 0 || other < 0 ? -1 : one + other;
    }

    private static long difference(final long later, final long earlier) {
        return later < 0 || earlier < 0 ? -1 : later - earlier;
    }

    private static long number(final String text, final String name) {
        final int at = text.indexOf(name);
        if (at < 0) {
            return -1;
        }
        final String rest = text.substring(at + name.length()).stripLeading();
        int end = 0;
        while (end < rest.length() && Character.isDigit(rest.charAt(end))) {
            end++;
        }
        return end == 0 ? -1 : Long.parseLong(rest.substring(0, end));
    }

    private static String read(final String path) {
        final String text = ProcFile.read(path);
        return text == null ? "" : text;
    }
}
