package org.mapcask.nativeaccess;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the kernel tells about the memory of this process, so that a test can look at the effect of a call. */
public final class ProcessMemory {
    private ProcessMemory() {
    }

    /** Value in KiB of a field of /proc/self/smaps, summed over all mappings that begin in a range of addresses. */
    public static long kib(final String field, final long address, final long length) {
        long sum = 0;
        for (final String line : linesOf(address, length)) {
            if (line.startsWith(field + ":")) {
                sum += Long.parseLong(line.replaceAll("\\D+", ""));
            }
        }
        return sum;
    }

    /** Dirty memory in KiB of the mappings that begin in a range of addresses. */
    public static long dirtyKib(final long address, final long length) {
        return kib("Shared_Dirty", address, length) + kib("Private_Dirty", address, length);
    }

    /** True when a mapping that begins in a range of addresses carries a flag of the line VmFlags. */
    public static boolean hasFlag(final String flag, final long address, final long length) {
        return linesOf(address, length).stream()
            .anyMatch(line -> line.startsWith("VmFlags:") && List.of(line.split("\\s+")).contains(flag));
    }

    /** True when an address is mapped and these eight bytes, in the order of the machine, lie there. */
    public static boolean holds(final long bytes, final long address) {
        final byte[] found = new byte[Long.BYTES];
        try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
            memory.seek(address);
            memory.readFully(found);
        } catch (final IOException e) {
            return false;
        }
        return ByteBuffer.wrap(found).order(ByteOrder.nativeOrder()).getLong() == bytes;
    }

    private static List<String> linesOf(final long address, final long length) {
        final List<String> lines = new ArrayList<>();
        boolean inside = false;
        try {
            for (final String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
                if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                    final long start = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
                    inside = address <= start && start < address + length;
                } else if (inside) {
                    lines.add(line);
                }
            }
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return lines;
    }
}
