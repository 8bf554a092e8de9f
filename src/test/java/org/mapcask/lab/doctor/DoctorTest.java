package org.mapcask.lab.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.lab.results.DataDirectory;

/** The checks on hosts that were made up, each of which differs from a good one in one thing. */
class DoctorTest {
    @TempDir
    private Path root;

    private FakeHost host;

    @BeforeEach
    void makeHost() throws IOException {
        host = new FakeHost(root);
    }

    /** Verdicts other than PASS, by name. */
    private static Map<String, Verdict> remarks(final DoctorReport report) {
        final Map<String, Verdict> remarks = new TreeMap<>();
        report.findings().stream().filter(finding -> finding.verdict() != Verdict.PASS)
            .forEach(finding -> remarks.put(finding.name(), finding.verdict()));
        return remarks;
    }

    private Finding finding(final String name) {
        return host.examined().findings().stream().filter(one -> one.name().equals(name)).findFirst()
            .orElseThrow(() -> new AssertionError("no check named " + name));
    }

    /** Exactly these remarks, in the form NAME, VERDICT. */
    private void assertRemarks(final Object... expected) {
        final Map<String, Verdict> map = new TreeMap<>();
        for (int i = 0; i < expected.length; i += 2) {
            map.put((String) expected[i], (Verdict) expected[i + 1]);
        }
        assertEquals(map, remarks(host.examined()));
    }

    @Test
    void shouldPassAGoodHostInEveryCheck() {
        final DoctorReport report = host.examined();

        assertRemarks();
        assertTrue(report.passed());
        assertEquals(report.findings().size(), report.count(Verdict.PASS));
        assertEquals(report.findings().size(), report.findings().stream().map(Finding::name).distinct().count());
        assertTrue(report.text(true).contains("why: "), report.text(true));
        assertFalse(report.toString().contains("why: "), report.toString());
    }

    @Test
    void shouldSaySkipForEachFileThatCannotBeSeenAndNeverPassOrFail() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            for (final Path entry : entries.toList()) {
                DataDirectory.remove(entry);
            }
        }
        final DoctorReport report = host.examined();

        assertTrue(report.passed());
        final List<String> passed = report.findings().stream().filter(one -> one.verdict() == Verdict.PASS)
            .map(Finding::name).toList();
        // What the JVM and the directory tell without files.
        assertEquals(List.of("directory", "room", "page size", "processors", "memory nodes", "system", "--add-opens",
            "native calls", "--enable-native-access", "PerfDisableSharedMem", "garbage collector", "bounds checks",
            "debugging"), passed);
        assertEquals(report.findings().size() - passed.size(), report.count(Verdict.SKIP));
        report.findings().stream().filter(one -> one.verdict() == Verdict.SKIP)
            .forEach(one -> assertFalse(one.value().isEmpty(), one.toString()));
    }

    @Test
    void shouldTellThresholdReasonAndFixWithEachWarningAndFailure() throws IOException {
        host.vm("swappiness", "60").vm("max_map_count", "1000").queue("read_ahead_kb", "4096");
        host.file("/proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2");

        assertRemarks("swap", Verdict.WARN, "vm.max_map_count", Verdict.FAIL, "read-ahead", Verdict.WARN);
        final DoctorReport report = host.examined();
        assertFalse(report.passed());
        report.findings().forEach(one -> {
            assertFalse(one.threshold().isEmpty() || one.why().isEmpty(), one.toString());
            assertEquals(one.verdict() == Verdict.WARN || one.verdict() == Verdict.FAIL, !one.fix().isEmpty(),
                one.toString());
        });
        assertTrue(report.toString().contains("fix: sysctl -w vm.max_map_count=262144"), report.toString());
        assertEquals(1L, report.asMap().get("fail"));
    }

    @Test
    void shouldRefuseNetworkFileSystemsAndDoubtThoseOfContainersAndMemory() throws IOException {
        for (final String type : List.of("nfs4", "cifs", "9p", "fuse.sshfs")) {
            host.mounted("0:44", type, "server:/export", "rw");
            assertRemarks("file system", Verdict.FAIL, "device", Verdict.SKIP);
        }
        for (final String type : List.of("overlay", "tmpfs", "zfs")) {
            host.mounted("0:44", type, "none", "rw");
            assertRemarks("file system", Verdict.WARN, "device", Verdict.SKIP);
        }
    }

    @Test
    void shouldFailWithoutWriteBarriersWhereverTheyAreTurnedOff() throws IOException {
        host.mounted("8:17", "ext4", "/dev/sdb1", "rw,nobarrier");
        assertRemarks("write barriers", Verdict.FAIL);
        host.mounted("8:17", "ext4", "/dev/sdb1", "rw").file("/proc/fs/ext4/sdb1/options", "rw\nnobarrier");
        assertRemarks("write barriers", Verdict.FAIL);
        host.mounted("8:17", "xfs", "/dev/sdb1", "rw,nobarrier");
        assertRemarks("write barriers", Verdict.FAIL);
    }

    @Test
    void shouldNameEachMountOptionThatCostsTime() throws IOException {
        host.mounted("8:17", "ext4", "/dev/sdb1", "rw,discard,data=journal");
        assertRemarks("mount options", Verdict.WARN);
        assertEquals(List.of("data=journal", "discard"), host.examined().findings().stream()
            .filter(one -> one.name().equals("mount options")).map(Finding::value).sorted().toList());
    }

    @Test
    void shouldWantCopyOnWriteOffOnBtrfs() throws IOException {
        host.mounted("0:40", "btrfs", "/dev/sdb", "rw");
        assertRemarks("copy-on-write", Verdict.FAIL);
        assertTrue(finding("copy-on-write").fix().startsWith("chattr +C /data/store"));
        assertEquals("sdb, solid state", finding("device").value(), "found by the name of the source");

        host.in(FakeHost.directory(Path.of("/data/store"), 100L << 30, 0x0080_0000L, true));
        assertRemarks();
        host.in(FakeHost.directory(Path.of("/data/store"), 100L << 30, -1, true));
        assertRemarks("copy-on-write", Verdict.SKIP);
        host.mounted("0:40", "btrfs", "/dev/sdb", "rw,nodatacow");
        assertRemarks();
    }

    @Test
    void shouldSeeWhetherExt4HasAJournalAndFastCommits() throws IOException {
        DataDirectory.remove(host.path("/proc/fs/jbd2/sdb1-8"));
        assertRemarks("journal", Verdict.WARN);
        // The journal of a neighbour whose name begins with the same letters is not ours.
        host.file("/proc/fs/jbd2/sdb12-8/info", "").file("/proc/fs/ext4/sdb1/fc_info", "fc stats:\n0 commits");
        assertRemarks("journal", Verdict.WARN, "fast commit", Verdict.SKIP);
        assertEquals("in use, 12 commits", new FakeHost(Files.createDirectory(root.resolve("other"))).examined()
            .findings().stream().filter(one -> one.name().equals("fast commit")).findFirst().orElseThrow().value());
    }

    @Test
    void shouldTakeTheMountThatHoldsTheDirectoryWithItsEscapedName() throws IOException {
        host.file("/proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
            + "2 1 0:50 / /da rw - nfs4 server:/x rw\n"
            + "3 1 8:17 / /data\\040and\\040more rw,noatime shared:2 master:3 - xfs /dev/sdb1 rw,attr2\n"
            + "not a line of this file");
        host.in(FakeHost.directory(Path.of("/data and more/store"), 100L << 30, 0, true));
        assertRemarks();
        assertEquals("xfs on /data and more", finding("file system").value());
        assertEquals("rw,noatime,attr2", finding("mount options").value());
    }

    @Test
    void shouldJudgeTheDirectoryAndTheRoomOnIt() {
        host.in(FakeHost.directory(Path.of("/data/store"), 250L << 20, 0, false));
        assertRemarks("directory", Verdict.FAIL, "room", Verdict.WARN);
        host.in(FakeHost.directory(Path.of("/data/store"), 100L << 20, 0, true));
        assertRemarks("room", Verdict.FAIL);
        host.in(FakeHost.directory(Path.of("/data/store"), -1, 0, true));
        assertRemarks("room", Verdict.SKIP);
    }

    @Test
    void shouldJudgeTheDisk() throws IOException {
        host.queue("rotational", "1").queue("scheduler", "none mq-deadline [bfq]").queue("read_ahead_kb", "8192");
        assertRemarks("device", Verdict.WARN, "scheduler", Verdict.WARN, "read-ahead", Verdict.WARN);
        host.file("/sys/devices/pci/sdb/loop/dio", "0");
        assertEquals(Verdict.WARN, finding("loop device").verdict());
    }

    @Test
    void shouldFailWhereTheKernelWasToldThatThereIsNoCacheToFlush() throws IOException {
        host.queue("write_cache", "write through");
        assertRemarks("write cache", Verdict.FAIL);
        host.file("/sys/devices/pci/sdb/device/scsi_disk/0:0:0:0/cache_type", "write through");
        assertRemarks();
    }

    @Test
    void shouldJudgeMemoryByBytesOrByRatioOfWhatIsAvailable() throws IOException {
        host.vm("dirty_bytes", "1048576").vm("dirty_background_ratio", "50").vm("dirty_writeback_centisecs", "0");
        assertRemarks("vm.dirty_ratio", Verdict.WARN, "vm.dirty_background_ratio", Verdict.WARN,
            "vm.dirty_writeback_centisecs", Verdict.WARN);
        host.vm("dirty_bytes", "0").vm("dirty_background_bytes", "1000000").vm("dirty_writeback_centisecs", "500")
            .vm("overcommit_memory", "2").vm("max_map_count", "10000")
            .file("/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]")
            .file("/sys/kernel/mm/transparent_hugepage/defrag", "[always] madvise never");
        assertRemarks("vm.overcommit_memory", Verdict.WARN, "vm.max_map_count", Verdict.WARN, "huge pages",
            Verdict.WARN, "huge pages, defrag", Verdict.WARN);
    }

    @Test
    void shouldJudgeTheLimitsOfTheProcess() throws IOException {
        host.limits("1024", "1048576", "9000000000");
        assertRemarks("open files", Verdict.WARN, "file size", Verdict.FAIL, "address space", Verdict.WARN);
        assertEquals("1024, enough for 64 GiB in segments of 64 MiB", finding("open files").value());
        host.limits("100", "unlimited", "unlimited");
        assertRemarks("open files", Verdict.FAIL);
    }

    @Test
    void shouldTakeTheLowestLimitOfTheGroupAndThoseAroundIt() throws IOException {
        host.file("/sys/fs/cgroup/service/one/memory.max", Long.toString(8L << 30))
            .file("/sys/fs/cgroup/service/memory.max", Long.toString(2L << 30))
            .file("/sys/fs/cgroup/service/one/memory.high", Long.toString(6L << 30))
            .file("/sys/fs/cgroup/service/one/cpu.max", "150000 100000")
            .file("/sys/fs/cgroup/service/one/cpu.stat", "usage_usec 5\nnr_throttled 17");
        assertRemarks("memory limit", Verdict.FAIL, "memory.high", Verdict.WARN, "processor quota", Verdict.WARN);
        assertEquals("1.50 processors, reached 17 times", finding("processor quota").value());
        assertEquals("2 GiB, of it the heap may take 4 GiB", finding("memory limit").value());
        host.file("/sys/fs/cgroup/service/memory.max", Long.toString(9L << 29))
            .file("/sys/fs/cgroup/service/one/memory.high", "max")
            .file("/sys/fs/cgroup/service/one/cpu.max", "max 100000");
        assertRemarks("memory limit", Verdict.WARN);
    }

    @Test
    void shouldReadControlGroupsOfVersionOne() throws IOException {
        host.file("/proc/self/cgroup", "5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/")
            .file("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712")
            .file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
        // Inside a container the path of the group is that of the host, and only the root of the tree is there.
        assertRemarks();
        host.file("/sys/fs/cgroup/memory/memory.limit_in_bytes", Long.toString(3L << 30))
            .file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000")
            .file("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
        assertRemarks("memory limit", Verdict.FAIL, "processor quota", Verdict.WARN);
        assertEquals("0.50 processors", finding("processor quota").value());
        DataDirectory.remove(host.path("/sys/fs/cgroup/memory"));
        host.file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
        assertRemarks("memory limit", Verdict.SKIP);
    }

    @Test
    void shouldJudgeKernelClockGovernorAndStolenTime() throws IOException {
        host.file("/proc/sys/kernel/osrelease", "5.10.0-8")
            .file("/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave")
            .file("/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet")
            .file("/proc/stat", "cpu  100 0 100 9000 0 0 0 800 0 0");
        assertRemarks("kernel", Verdict.WARN, "governor", Verdict.WARN, "clock source", Verdict.WARN,
            "stolen time", Verdict.WARN);
        assertEquals("8.00 %", finding("stolen time").value());
        assertTrue(finding("clock source").fix().startsWith("echo tsc > "), finding("clock source").fix());
        host.file("/proc/sys/kernel/osrelease", "4.12.14");
        assertEquals(Verdict.FAIL, finding("kernel").verdict());
        host.file("/proc/sys/kernel/osrelease", "5.14.0");
        assertEquals(Verdict.PASS, finding("kernel").verdict());
    }

    @Test
    void shouldWarnOfBalancingBetweenMemoryNodes() throws IOException {
        Files.createDirectories(host.path("/sys/devices/system/node/node1"));
        assertRemarks("memory nodes", Verdict.WARN);
        host.file("/proc/sys/kernel/numa_balancing", "0");
        assertRemarks();
    }

    @Test
    void shouldJudgeTheFlagsOfTheJvm() throws IOException {
        host.with(FakeHost.jvm(17, false, "java: JNA cannot load", true, 60L << 30, 1, true,
            List.of("-agentlib:jdwp=transport=dt_socket")));
        assertRemarks("--add-opens", Verdict.FAIL, "native calls", Verdict.WARN, "PerfDisableSharedMem", Verdict.WARN,
            "heap", Verdict.WARN, "processors", Verdict.WARN, "bounds checks", Verdict.WARN, "debugging",
            Verdict.WARN);
        host.with(FakeHost.jvm(17, true, "jna", true, 4L << 30, 8, false, List.of()))
            .file("/proc/self/mountinfo", "1 0 8:17 / / rw - ext4 /dev/sdb1 rw\n2 1 0:30 / /tmp rw - tmpfs tmpfs rw");
        assertRemarks();
    }

    @Test
    void shouldChangeNothingOnThisHostAndTellOfItAsAnyUser() throws IOException {
        final Path directory = Files.createDirectory(root.resolve("store"));
        final DoctorReport report = Doctor.examine(directory.resolve("not/yet/there"));

        assertEquals(directory.toRealPath(), report.directory());
        assertEquals(directory.resolve("not/yet/there"), report.missing());
        assertTrue(report.toString().startsWith("looked at " + directory.toRealPath() + ", the nearest that is there: "
            + directory.resolve("not/yet/there") + " is not\n"), report.toString());
        assertEquals(directory.resolve("not/yet/there").toString(), report.asMap().get("missing"));
        assertEquals(null, Doctor.examine(directory).missing());
        try (Stream<Path> entries = Files.list(directory)) {
            assertEquals(0, entries.count());
        }
        assertTrue(report.findings().size() > 30, report.toString());
        assertEquals(Runtime.version().toString(), report.findings().stream()
            .filter(one -> one.name().equals("system")).findFirst().orElseThrow().value().split("Java ")[1]);
    }

    @Test
    void shouldFailWhereAFileIsAskedForOrSomethingBelowOne() throws IOException {
        final Path file = Files.writeString(root.resolve("passwd"), "x");
        for (final Path asked : List.of(file, file.resolve("store"))) {
            final Finding finding = Doctor.examine(asked).findings().stream()
                .filter(one -> one.name().equals("directory")).findFirst().orElseThrow();
            assertEquals(Verdict.FAIL, finding.verdict());
            assertEquals(file.toRealPath() + ", a file", finding.value());
        }
    }
}
