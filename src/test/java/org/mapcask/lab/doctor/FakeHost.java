package org.mapcask.lab.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mapcask.lab.host.HostFiles;

/**
 * A host made of files below a directory. As made it passes every check: ext4 with a journal on a partition of a solid
 * state disk, 64 GiB of memory, Linux 6.1. Tests change one thing at a time.
 */
final class FakeHost {
    private static final String ROOT_MOUNT = "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n";
    private static final String DATA_MOUNT = "2 1 8:17 / /data rw,relatime shared:2 - ext4 /dev/sdb1 rw\n";

    private final Path root;
    private Host.Directory directory = directory(Path.of("/data/store"), 100L << 30, 0, true);
    private JvmFacts jvm = jvm(17, true, "jna", false, 4L << 30, 8, false, List.of());

    FakeHost(final Path root) throws IOException {
        this.root = root;
        file("/proc/self/mountinfo", ROOT_MOUNT + DATA_MOUNT);
        file("/proc/fs/ext4/sdb1/options", "rw\nbarrier\ncommit=5");
        file("/proc/fs/ext4/sdb1/fc_info", "fc stats:\n12 commits\n0 ineligible");
        file("/proc/fs/jbd2/sdb1-8/info", "");
        disk();
        file("/proc/meminfo", "MemTotal:       65536000 kB\nMemAvailable:   32768000 kB");
        file("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
        file("/sys/kernel/mm/transparent_hugepage/defrag", "always defer defer+madvise [madvise] never");
        vm("dirty_bytes", "0");
        vm("dirty_ratio", "20");
        vm("dirty_background_bytes", "0");
        vm("dirty_background_ratio", "10");
        vm("dirty_writeback_centisecs", "500");
        vm("swappiness", "60");
        vm("max_map_count", "65530");
        vm("overcommit_memory", "0");
        file("/proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority");
        limits("1048576", "unlimited", "unlimited");
        file("/proc/self/cgroup", "0::/service/one");
        file("/sys/fs/cgroup/service/memory.max", "max");
        file("/sys/fs/cgroup/service/one/memory.max", "max");
        file("/sys/fs/cgroup/service/one/cpu.max", "max 100000");
        file("/proc/sys/kernel/osrelease", "6.1.0-13-amd64");
        file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance");
        file("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
        file("/sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet acpi_pm ");
        file("/proc/stat", "cpu  100 0 100 9800 0 0 0 10 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1");
        Files.createDirectories(path("/sys/devices/system/node/node0"));
    }

    /** As the kernel lays it out: /sys/dev/block and /sys/block link to the devices, a partition is in its disk. */
    private void disk() throws IOException {
        final String disk = "/sys/devices/pci/sdb";
        file(disk + "/queue/rotational", "0");
        file(disk + "/queue/write_cache", "write back");
        file(disk + "/queue/fua", "0");
        file(disk + "/queue/scheduler", "[none] mq-deadline kyber bfq");
        file(disk + "/queue/read_ahead_kb", "128");
        file(disk + "/device/scsi_disk/0:0:0:0/cache_type", "write back");
        file(disk + "/sdb1/uevent", "MAJOR=8\nMINOR=17\nDEVNAME=sdb1\nDEVTYPE=partition");
        link("/sys/block/sdb", disk);
        link("/sys/class/block/sdb", disk);
        link("/sys/dev/block/8:17", disk + "/sdb1");
    }

    Path path(final String file) {
        return root.resolve(file.substring(1));
    }

    FakeHost file(final String file, final String text) throws IOException {
        Files.createDirectories(path(file).getParent());
        Files.writeString(path(file), text + "\n");
        return this;
    }

    FakeHost vm(final String name, final String value) throws IOException {
        return file("/proc/sys/vm/" + name, value);
    }

    FakeHost queue(final String name, final String value) throws IOException {
        return file("/sys/devices/pci/sdb/queue/" + name, value);
    }

    FakeHost link(final String link, final String target) throws IOException {
        Files.createDirectories(path(link).getParent());
        Files.createSymbolicLink(path(link), path(target));
        return this;
    }

    /** Mounts another file system on /data. */
    FakeHost mounted(final String device, final String type, final String source, final String options)
        throws IOException {
        return file("/proc/self/mountinfo",
            ROOT_MOUNT + "2 1 " + device + " / /data rw - " + type + " " + source + " " + options);
    }

    FakeHost limits(final String openFiles, final String fileSize, final String addressSpace) throws IOException {
        return file("/proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units\n"
            + String.format("Max file size             %-20s unlimited            bytes%n", fileSize)
            + String.format("Max open files            %-20s 1048576              files%n", openFiles)
            + String.format("Max locked memory         %-20s 8388608              bytes%n", "8388608")
            + String.format("Max address space         %-20s unlimited            bytes%n", addressSpace));
    }

    /** A directory that is there. */
    static Host.Directory directory(
        final Path path, final long usable, final long attributes, final boolean writable) {
        return new Host.Directory(path, null, false, usable, attributes, writable);
    }

    FakeHost in(final Host.Directory other) {
        directory = other;
        return this;
    }

    FakeHost with(final JvmFacts other) {
        jvm = other;
        return this;
    }

    static JvmFacts jvm(
        final int feature, final boolean open, final String nativeMode, final boolean shared, final long heapMax,
        final int processors, final boolean unchecked, final List<String> arguments) {
        return new JvmFacts(feature, feature + ".0.1", "Linux", "amd64", arguments, open, true, nativeMode, 4096,
            shared, heapMax, processors, List.of("G1"), unchecked);
    }

    DoctorReport examined() {
        return Doctor.examine(new Host(new HostFiles(root), directory, jvm));
    }
}
