package org.mapcask.lab.doctor;

import java.util.Locale;
import org.mapcask.lab.host.HostFiles;

/** What the control group of this process, or the container that it is in, allows. */
final class CgroupChecks {
    private static final String MEMORY = "memory limit";
    private static final String CPU = "processor quota";
    private static final long BESIDE_HEAP = 1L << 30;

    private final Cgroup cgroup;
    private final JvmFacts jvm;
    private final HostFiles files;
    private final Findings findings;

    CgroupChecks(final Host host, final Findings findings) {
        files = host.files();
        cgroup = new Cgroup(files);
        jvm = host.jvm();
        this.findings = findings;
    }

    void run() {
        findings.begin("control group");
        final String memoryThreshold = "none, or the heap and " + Units.bytes(BESIDE_HEAP) + " beside it";
        final String memoryWhy = "the page cache of the segments counts against the limit, and so does the keydir: with"
            + " too little, mapped reads go to the disk, and past it the process is killed";
        final String cpuThreshold = "none";
        final String cpuWhy = "when the quota of a period is used up all threads stand still until the next one, for up"
            + " to 100 ms, whoever used it: garbage collector and background threads count";
        if (!cgroup.seen()) {
            final String reason = files.reason("/proc/self/cgroup");
            findings.skip(MEMORY, reason, memoryThreshold, memoryWhy);
            findings.skip(CPU, reason, cpuThreshold, cpuWhy);
            return;
        }
        memory(memoryThreshold, memoryWhy);
        memoryHigh();
        processors(cpuThreshold, cpuWhy);
    }

    private void memory(final String threshold, final String why) {
        final long limit = cgroup.memoryLimit();
        if (cgroup.directories("memory").isEmpty()) {
            findings.skip(MEMORY, "the group of this process is not to be seen", threshold, why);
        } else if (limit == Long.MAX_VALUE) {
            findings.pass(MEMORY, "none", threshold, why);
        } else {
            findings.judge(limit >= jvm.heapMax() + BESIDE_HEAP, limit < jvm.heapMax() ? Verdict.FAIL : Verdict.WARN,
                MEMORY, Units.bytes(limit) + ", of it the heap may take " + Units.bytes(jvm.heapMax()), threshold, why,
                "raise memory.max of the group (docker run -m, MemoryMax= of systemd), or lower -Xmx");
        }
    }

    private void memoryHigh() {
        final long high = cgroup.memoryHigh();
        final String why = "above it each allocation of the group is slowed down on purpose, also the page cache's";
        findings.judge(high == Long.MAX_VALUE, Verdict.WARN, "memory.high",
            high == Long.MAX_VALUE ? "none" : Units.bytes(high), "none", why,
            "set memory.max alone (MemoryHigh=infinity of systemd)");
    }

    private void processors(final String threshold, final String why) {
        final double processors = cgroup.processors();
        final long throttled = cgroup.timesThrottled();
        if (cgroup.directories("cpu").isEmpty()) {
            findings.skip(CPU, "the group of this process is not to be seen", threshold, why);
        } else if (Double.isInfinite(processors)) {
            findings.pass(CPU, "none", threshold, why);
        } else {
            findings.warn(CPU, String.format(Locale.ROOT, "%.2f processors", processors)
                    + (throttled < 0 ? "" : ", reached " + throttled + " times"), threshold, why,
                "give it whole processors in place of a quota (cpuset: docker run --cpuset-cpus, AllowedCPUs=)");
        }
    }
}
