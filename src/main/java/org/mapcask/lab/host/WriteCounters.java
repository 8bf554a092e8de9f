package org.mapcask.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What was written at one moment, by everybody to the device and by this process. A number that the kernel does not
 * tell is -1.
 *
 * @param deviceBytes   bytes that the device, or the partition, wrote.
 * @param deviceWrites  write requests that it completed.
 * @param deviceFlushes requests to empty its write cache; those of the whole device.
 * @param processBytes  bytes that this process made the kernel write, counted when they became dirty.
 */
public record WriteCounters(long deviceBytes, long deviceWrites, long deviceFlushes, long processBytes) {
    /**
     * Reads the counters.
     *
     * @param directory that is written to.
     */
    public static WriteCounters now(final Path directory) {
        final long process = ProcessCounters.now().writeBytes();
        try {
            final Optional<Path> found = BlockDeviceStats.deviceOf(directory);
            if (found.isEmpty()) {
                return new WriteCounters(-1, -1, -1, process);
            }
            final Path device = found.get();
            final BlockDeviceStats stats = BlockDeviceStats.read(device);
            // Flushes are counted for the disk only, which is one level above its partitions.
            final BlockDeviceStats whole = Files.exists(device.resolve("partition"))
                ? BlockDeviceStats.read(device.getParent()) : stats;
            return new WriteCounters(stats.bytesWritten(), stats.writes(), whole.flushes(), process);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came between an earlier reading and this one. */
    public WriteCounters minus(final WriteCounters earlier) {
        return new WriteCounters(difference(deviceBytes, earlier.deviceBytes),
            difference(deviceWrites, earlier.deviceWrites), difference(deviceFlushes, earlier.deviceFlushes),
            difference(processBytes, earlier.processBytes));
    }

    private static long difference(final long later, final long earlier) {
        return later < 0 || earlier < 0 ? -1 : later - earlier;
    }
}
