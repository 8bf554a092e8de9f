package org.mapcask.bench.peers;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mapcask.lab.host.ProcFile;

/** Resident memory of this process that no file backs, without the Java heap. Stateless. */
final class AnonymousMemory {
    private static final Pattern MAPPING =
        Pattern.compile("(?m)^([0-9a-f]+)-([0-9a-f]+) (\\S+) \\S+ \\S+ \\S+ *(.*)$");
    private static final Pattern ANONYMOUS = Pattern.compile("(?m)^Anonymous: *(\\d+) kB$");
    private static final long KIBIBYTE = 1024;

    private AnonymousMemory() {
    }

    /** What is outside of the heap now, in bytes; -1 where the kernel does not tell. */
    static long outsideOfHeap() {
        final String smaps = ProcFile.read("/proc/self/smaps");
        return smaps == null ? -1 : outsideOfHeap(smaps, Runtime.getRuntime().maxMemory());
    }

    /**
     * Adds the anonymous memory of all mappings up, but for those that lie in the first range without a file which is
     * as long as the heap.
     *
     * @param smaps      the text of {@code /proc/PID/smaps}.
     * @param heapLength bytes of the heap, all of it committed when the JVM started.
     * @return bytes.
     */
    static long outsideOfHeap(final String smaps, final long heapLength) {
        final Matcher mapping = MAPPING.matcher(smaps);
        final Matcher anonymous = ANONYMOUS.matcher(smaps);
        long sum = 0;
        boolean heapSeen = false;
        while (mapping.find()) {
            final long length =
                Long.parseUnsignedLong(mapping.group(2), 16) - Long.parseUnsignedLong(mapping.group(1), 16);
            final boolean isHeap = !heapSeen && length >= heapLength && mapping.group(4).isEmpty()
                && mapping.group(3).startsWith("rw");
            if (isHeap) {
                heapSeen = true;
            } else if (anonymous.find(mapping.end())) {
                sum += Long.parseLong(anonymous.group(1)) * KIBIBYTE;
            }
        }
        return sum;
    }
}
