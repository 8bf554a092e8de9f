package org.mapcask;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The options about the key directory, concluded.
 *
 * @param memory               bytes.
 * @param checkpointBytes      of log; 0 is never.
 * @param checkpointIntervalMs milliseconds; 0 is never.
 * @param hintBytes            of log; 0 is never.
 */
record KeydirSettings(long memory, long checkpointBytes, long checkpointIntervalMs, long hintBytes) {
    /** Less than this is refused. */
    static final long MEMORY_MIN = 8 << 20;
    private static final int AUTOMATIC_DIVISOR = 4;

    /** With the memory that 0 stands for. */
    static KeydirSettings of(
        final long memory, final long checkpointBytes, final long checkpointIntervalMs, final long hintBytes) {
        return new KeydirSettings(memory != 0 ? memory : Math.max(MEMORY_MIN, machineMemory() / AUTOMATIC_DIVISOR),
            checkpointBytes, checkpointIntervalMs, hintBytes);
    }

    /** Bytes of memory of the machine, or of the container that the process is in. */
    static long machineMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system ?
            system.getTotalMemorySize() : Long.MAX_VALUE;
    }
}
