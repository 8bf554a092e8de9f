package org.mapcask.lab.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mapcask.lab.host.HostFiles;

/** Kernel and processors: release, clock, governor, what a hypervisor takes. */
final class CpuChecks {
    private static final String CPUS = "/sys/devices/system/cpu";
    private static final String CLOCK = "/sys/devices/system/clocksource/clocksource0/";
    /** Clocks that are read without a system call. */
    private static final Set<String> FAST_CLOCKS =
        Set.of("tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "riscv_clocksource");
    /** Place of the stolen time among the numbers of the first line of /proc/stat. */
    private static final int STEAL = 7;
    private static final double STEAL_MAX_PERCENT = 1.0;
    private static final int MAJOR = 1000;
    /** From here on a failed write-back is told to whoever syncs next: 4.13. */
    private static final int ERRORS_TOLD = 4 * MAJOR + 13;
    /** From here on page faults can be taken ahead: 5.14. */
    private static final int POPULATE = 5 * MAJOR + 14;

    private final HostFiles files;
    private final JvmFacts jvm;
    private final Findings findings;

    CpuChecks(final Host host, final Findings findings) {
        files = host.files();
        jvm = host.jvm();
        this.findings = findings;
    }

    void run() {
        findings.begin("kernel and processors");
        kernel();
        processors();
        governor();
        clock();
        stolen();
        numa();
    }

    private void kernel() {
        final String release = files.read("/proc/sys/kernel/osrelease");
        final String threshold = "5.14 or later";
        final Matcher numbers = Pattern.compile("(\\d{1,4})\\.(\\d{1,3}).*").matcher(release == null ? "" : release);
        if (!numbers.matches()) {
            findings.skip("kernel", files.reason("/proc/sys/kernel/osrelease"), threshold,
                "prefault needs 5.14, and errors of write-back are told from 4.13 on");
            return;
        }
        final int version = Integer.parseInt(numbers.group(1)) * MAJOR + Integer.parseInt(numbers.group(2));
        if (version < ERRORS_TOLD) {
            findings.fail("kernel", release, threshold,
                "before 4.13 an error of write-back may be lost before the sync that should tell it", "update it");
        } else {
            findings.judge(version >= POPULATE, Verdict.WARN, "kernel", release, threshold,
                "before 5.14 there is no MADV_POPULATE_WRITE: prefault is off, and the writer takes its page faults",
                "update it");
        }
    }

    private void processors() {
        findings.judge(jvm.processors() > 1, Verdict.WARN, "processors", jvm.processors() + " seen by the JVM",
            "2 or more", "page faults ahead, write-back behind, syncs and merges run in threads beside the callers'",
            "give the process another processor");
    }

    private void governor() {
        final String threshold = "performance";
        final String why = "a processor that clocks down while it waits for the disk is slow when the write returns";
        final Set<String> seen = new TreeSet<>();
        for (final String cpu : files.names(CPUS)) {
            final String governor =
                cpu.matches("cpu\\d+") ? files.read(CPUS + "/" + cpu + "/cpufreq/scaling_governor") : null;
            if (governor != null) {
                seen.add(governor);
            }
        }
        if (seen.isEmpty()) {
            findings.skip("governor", "no cpufreq here, as in most virtual machines", threshold, why);
        } else {
            findings.judge(seen.equals(Set.of("performance")), Verdict.WARN, "governor", String.join(", ", seen),
                threshold, why, "cpupower frequency-set -g performance");
        }
    }

    private void clock() {
        final String threshold = "one that is read without a system call, such as tsc or kvm-clock";
        final String why = "the store reads the clock for expiry, intervals and waits, and benchmarks read it twice for"
            + " each operation";
        final String source = files.read(CLOCK + "current_clocksource");
        if (source == null) {
            findings.skip("clock source", files.reason(CLOCK + "current_clocksource"), threshold, why);
            return;
        }
        final String available = files.read(CLOCK + "available_clocksource");
        final List<String> better = available == null ? List.of()
            : List.of(available.split(" ")).stream().filter(FAST_CLOCKS::contains).toList();
        findings.judge(FAST_CLOCKS.contains(source), Verdict.WARN, "clock source", source, threshold, why,
            better.isEmpty() ? "there is no better one here; see the kernel log for why tsc was given up"
                : "echo " + better.get(0) + " > " + CLOCK + "current_clocksource");
    }

    private void stolen() {
        final String threshold = "at most " + STEAL_MAX_PERCENT + " % since boot";
        final String why = "time that the hypervisor gave to others while threads here were ready to run: it shows as"
            + " pauses of milliseconds that no option of the store removes";
        final String text = files.read("/proc/stat");
        final String[] fields = (text == null ? "" : text).split("\n")[0].split(" +");
        double total = 0;
        for (int i = 1; i < fields.length && i <= STEAL + 1; i++) {
            total += fields[i].matches("\\d{1,18}") ? Double.parseDouble(fields[i]) : 0;
        }
        if (fields.length <= STEAL + 1 || total == 0) {
            findings.skip("stolen time", files.reason("/proc/stat"), threshold, why);
            return;
        }
        final double percent = 100 * Double.parseDouble(fields[STEAL + 1]) / total;
        findings.judge(percent <= STEAL_MAX_PERCENT, Verdict.WARN, "stolen time",
            String.format(Locale.ROOT, "%.2f %%", percent), threshold, why,
            "use a host that is not shared, or dedicated processors");
    }

    private void numa() {
        final String why = "memory of another node is further away; and pages that the kernel moves between nodes are"
            + " unmapped for it, so accesses fault";
        final long nodes = files.names("/sys/devices/system/node").stream()
            .filter(name -> name.matches("node\\d+")).count();
        final long balancing = files.number("/proc/sys/kernel/numa_balancing");
        if (nodes <= 1) {
            findings.pass("memory nodes", nodes == 1 ? "1" : "none told", "1, or a process bound to one", why);
        } else {
            findings.judge(balancing == 0, Verdict.WARN, "memory nodes", nodes + ", balancing "
                    + (balancing < 0 ? "not to be seen" : balancing == 0 ? "off" : "on"),
                "1, or a process bound to one", why,
                "numactl --cpunodebind=0 --membind=0 java …, or sysctl -w kernel.numa_balancing=0");
        }
    }
}
