package org.mapcask.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a block device has done since it came up, from its {@code stat} file in {@code /sys}. The file is one line of
 * numbers, as the kernel's {@code Documentation/block/stat} tells; a number is counted when its request is completed:
 *
 * <pre>
 *  1 read I/Os      2 read merges      3 read sectors      4 read ticks
 *  5 write I/Os     6 write merges     7 write sectors     8 write ticks
 *  9 in flight     10 io ticks        11 time in queue
 * 12 discard I/Os  13 discard merges  14 discard sectors  15 discard ticks     since Linux 4.18
 * 16 flush I/Os    17 flush ticks                                              since Linux 5.5
 * </pre>
 *
 * <p>I/Os are requests, after those next to each other were merged into one (merges counts these); ticks are
 * milliseconds. Sectors have 512 bytes whatever the device says of itself. A flush is a request to empty the write
 * cache of the device: it is counted for whole devices only, not for partitions, and a device that says it has no
 * volatile write cache gets none. Whoever else uses the device is counted as well.
 *
 * @param writes         requests that wrote.
 * @param writesMerged   further writes that went along with these.
 * @param sectorsWritten in units of {@link #SECTOR_LENGTH}.
 * @param reads          requests that read.
 * @param sectorsRead    in the same units.
 * @param flushes        requests to empty the write cache; -1 where the kernel does not count them.
 */
public record BlockDeviceStats(
    long writes, long writesMerged, long sectorsWritten, long reads, long sectorsRead, long flushes) {
    /** Bytes in a sector. */
    public static final int SECTOR_LENGTH = 512;

    private static final int READS = 0;
    private static final int SECTORS_READ = 2;
    private static final int WRITES = 4;
    private static final int WRITES_MERGED = 5;
    private static final int SECTORS_WRITTEN = 6;
    private static final int FLUSHES = 15;

    /**
     * The directory in {@code /sys} of the device, or the partition, that holds a path.
     *
     * @param path an existing file or directory.
     * @return nothing if no one device holds it, as with tmpfs, overlay or btrfs, or if {@code /sys} cannot be read.
     * @throws IOException if the path cannot be looked up.
     */
    public static Optional<Path> deviceOf(final Path path) throws IOException {
        final long number = ((Number)Files.getAttribute(path, "unix:dev")).longValue();
        final Path device = Path.of("/sys/dev/block", major(number) + ":" + minor(number));
        return Files.isReadable(device.resolve("stat")) ? Optional.of(device.toRealPath()) : Optional.empty();
    }

    /** Reads the numbers of a device that {@link #deviceOf} found. */
    public static BlockDeviceStats read(final Path device) throws IOException {
        final String line = ProcFile.read(device.resolve("stat").toString());
        if (line == null) {
            throw new IOException("not readable: " + device.resolve("stat"));
        }
        return parse(line);
    }

    /** The numbers in the line of such a file. */
    public static BlockDeviceStats parse(final String line) {
        final String[] fields = line.strip().split("\\s+");
        return new BlockDeviceStats(field(fields, WRITES), field(fields, WRITES_MERGED), field(fields, SECTORS_WRITTEN),
            field(fields, READS), field(fields, SECTORS_READ), fields.length > FLUSHES ? field(fields, FLUSHES) : -1);
    }

    /** Bytes written. */
    public long bytesWritten() {
        return sectorsWritten * SECTOR_LENGTH;
    }

    /** What came between an earlier reading and this one; flushes that are not counted stay -1. */
    public BlockDeviceStats minus(final BlockDeviceStats earlier) {
        return new BlockDeviceStats(writes - earlier.writes, writesMerged - earlier.writesMerged,
            sectorsWritten - earlier.sectorsWritten, reads - earlier.reads, sectorsRead - earlier.sectorsRead,
            flushes < 0 || earlier.flushes < 0 ? -1 : flushes - earlier.flushes);
    }

    /** As the C library packs the number of a device: 12 bits, and 20 more at the top. */
    public static long major(final long number) {
        return number >>> 8 & 0xfff | number >>> 32 & ~0xfffL;
    }

    /** The other half of it. */
    public static long minor(final long number) {
        return number & 0xff | number >>> 12 & 0xffffff00L;
    }

    private static long field(final String[] fields, final int index) {
        return Long.parseLong(fields[index]);
    }
}
