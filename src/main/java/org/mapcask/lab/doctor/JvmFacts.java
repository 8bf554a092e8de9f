package org.mapcask.lab.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryManagerMXBean;
import java.util.List;
import org.mapcask.nativeaccess.NativeAccess;

/**
 * What the checks ask about a JVM. Immutable.
 *
 * @param feature         release of Java, such as 17.
 * @param version         in full.
 * @param operatingSystem its name.
 * @param architecture    of the processor.
 * @param arguments       flags on the command line.
 * @param miscOpen        whether {@code jdk.internal.misc} is open, as Agrona needs it.
 * @param nativeEnabled   whether native code may be called without a warning.
 * @param nativeMode      as of {@link NativeAccess#mode()}.
 * @param pageSize        of memory, in bytes.
 * @param sharedMemory    whether a file with performance counters is kept mapped; null if unknown.
 * @param heapMax         bytes.
 * @param processors      that it sees.
 * @param collectors      of garbage, by name.
 * @param unchecked       whether Agrona's bounds checks are off.
 */
record JvmFacts(
    int feature, String version, String operatingSystem, String architecture, List<String> arguments, boolean miscOpen,
    boolean nativeEnabled, String nativeMode, int pageSize, Boolean sharedMemory, long heapMax, int processors,
    List<String> collectors, boolean unchecked) {
    /** The first release that warns about native code, and has the call that tells whether it is allowed. */
    private static final int NATIVE_WARNINGS = 24;

    static JvmFacts ofThisProcess(final NativeAccess nativeAccess) {
        final Module own = JvmFacts.class.getModule();
        return new JvmFacts(Runtime.version().feature(), Runtime.version().toString(), System.getProperty("os.name"),
            System.getProperty("os.arch"), ManagementFactory.getRuntimeMXBean().getInputArguments(),
            Object.class.getModule().isOpen("jdk.internal.misc", own), nativeEnabled(own), nativeAccess.mode(),
            nativeAccess.pageSize(), mapsCounters(), Runtime.getRuntime().maxMemory(),
            Runtime.getRuntime().availableProcessors(),
            ManagementFactory.getGarbageCollectorMXBeans().stream().map(MemoryManagerMXBean::getName).toList(),
            Boolean.getBoolean("agrona.disable.bounds.checks"));
    }

    /** Asked by name, since Java 17 has no such method, and no warning either. */
    private static boolean nativeEnabled(final Module module) {
        if (Runtime.version().feature() < NATIVE_WARNINGS) {
            return true;
        }
        try {
            return (Boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(module);
        } catch (final ReflectiveOperationException e) {
            return true;
        }
    }

    private static Boolean mapsCounters() {
        try {
            final HotSpotDiagnosticMXBean bean =
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            final boolean used = Boolean.parseBoolean(bean.getVMOption("UsePerfData").getValue());
            return used && !Boolean.parseBoolean(bean.getVMOption("PerfDisableSharedMem").getValue());
        } catch (final RuntimeException e) {
            // Another JVM than HotSpot: it has no such bean, or no such flag.
            return null;
        }
    }
}
