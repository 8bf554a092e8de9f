package org.mapcask.lab.doctor;

import org.mapcask.MapcaskOptions;
import org.mapcask.lab.host.HostFiles;

/** Memory of the host: huge pages, when dirty pages are written, swap, the number of mappings. */
final class MemoryChecks {
    private static final String VM = "/proc/sys/vm/";
    private static final String MEMINFO = "/proc/meminfo";
    private static final String THP = "/sys/kernel/mm/transparent_hugepage/";
    private static final long DIRTY_LEAST = 256L << 20;
    private static final long DIRTY_MOST = 8L << 30;
    private static final long AVAILABLE_LEAST = 1L << 30;
    private static final long SWAPPINESS_MAX = 10;
    private static final long MAPPINGS_USUAL = 65_530;
    /** Mappings that a JVM has by itself: libraries, code, stacks, heap. */
    private static final long MAPPINGS_OF_JVM = 2_000;
    private static final int PERCENT = 100;
    /** Value of overcommit_memory at which the kernel grants no more than it could give at once. */
    private static final long NO_OVERCOMMIT = 2;

    private final HostFiles files;
    private final JvmFacts jvm;
    private final Findings findings;

    MemoryChecks(final Host host, final Findings findings) {
        files = host.files();
        jvm = host.jvm();
        this.findings = findings;
    }

    void run() {
        findings.begin("memory");
        pageSize();
        available();
        hugePages();
        dirty();
        periodicWriteback();
        swap();
        mappings();
        overcommit();
    }

    private void pageSize() {
        findings.judge(jvm.pageSize() == 4096, Verdict.WARN, "page size", Units.bytes(jvm.pageSize()), "4 KiB",
            "a sync of a mapping writes whole pages, so larger ones write more for each record; all measurements are of"
                + " 4 KiB", "boot a kernel with 4 KiB pages");
    }

    private void available() {
        final String why = "the keydir is outside the heap, and mapped segments are read at memory speed only while the"
            + " page cache has room for them";
        final long bytes = files.kilobytes(MEMINFO, "MemAvailable");
        final String threshold = Units.bytes(AVAILABLE_LEAST) + ", and the data if reads are to be fast";
        if (bytes < 0) {
            findings.skip("available", files.reason(MEMINFO), threshold, why);
        } else {
            findings.judge(bytes >= AVAILABLE_LEAST, Verdict.WARN, "available", Units.bytes(bytes), threshold, why,
                "give the host more memory, or other processes less");
        }
    }

    private void hugePages() {
        final String enabled = files.chosen(THP + "enabled");
        final String why = "the keydir asks for huge pages by madvise: fewer misses of the TLB in each get";
        if (enabled == null) {
            findings.skip("huge pages", files.reason(THP + "enabled"), "madvise or always", why);
        } else {
            findings.judge(!enabled.equals("never"), Verdict.WARN, "huge pages", enabled, "madvise or always", why,
                "echo madvise > " + THP + "enabled");
        }
        final String defrag = files.chosen(THP + "defrag");
        final String stalls = "with always any thread that touches new memory may have to make room for a huge page"
            + " first, which takes milliseconds";
        if (defrag == null) {
            findings.skip("huge pages, defrag", files.reason(THP + "defrag"), "not always", stalls);
        } else {
            findings.judge(!defrag.equals("always"), Verdict.WARN, "huge pages, defrag", defrag, "not always", stalls,
                "echo defer+madvise > " + THP + "defrag");
        }
    }

    /** What the kernel lets gather, in bytes; by ratio it is of the memory that is available. */
    private long dirtyLimit(final String prefix) {
        final long bytes = files.number(VM + prefix + "_bytes");
        if (bytes > 0) {
            return bytes;
        }
        final long ratio = files.number(VM + prefix + "_ratio");
        final long available = files.kilobytes(MEMINFO, "MemAvailable");
        return ratio < 0 || available < 0 ? -1 : available / PERCENT * ratio;
    }

    private void dirty() {
        final String fix = "sysctl -w vm.dirty_background_bytes=" + DIRTY_LEAST + " vm.dirty_bytes=" + (1L << 30);
        final long background = dirtyLimit("dirty_background");
        final String small = "from half way to vm.dirty_ratio on the kernel makes the writer itself wait; with less"
            + " room than a few segments that happens all the time";
        final long hard = dirtyLimit("dirty");
        if (hard < 0) {
            findings.skip("vm.dirty_ratio", files.reason(VM + "dirty_ratio"),
                "at least " + Units.bytes(DIRTY_LEAST), small);
        } else {
            findings.judge(hard >= DIRTY_LEAST, Verdict.WARN, "vm.dirty_ratio",
                Units.bytes(hard) + " of dirty pages", "at least " + Units.bytes(DIRTY_LEAST), small, fix);
        }
        final String large = "without syncBytes and writebackStep, or beside other programs that write, so much is"
            + " written at a time, and whatever syncs meanwhile waits behind it";
        final String name = "vm.dirty_background_ratio";
        if (background < 0) {
            findings.skip(name, files.reason(VM + "dirty_background_ratio"), "at most " + Units.bytes(DIRTY_MOST),
                large);
        } else {
            findings.judge(background <= DIRTY_MOST, Verdict.WARN, name, Units.bytes(background) + " of dirty pages",
                "at most " + Units.bytes(DIRTY_MOST), large, fix);
        }
    }

    private void periodicWriteback() {
        final String name = "vm.dirty_writeback_centisecs";
        final String why = "at 0 the kernel writes nothing by itself until much has gathered; what was not synced then"
            + " stays in memory for as long as it likes";
        final long interval = files.number(VM + "dirty_writeback_centisecs");
        if (interval < 0) {
            findings.skip(name, files.reason(VM + "dirty_writeback_centisecs"), "more than 0", why);
        } else {
            findings.judge(interval > 0, Verdict.WARN, name, Long.toString(interval), "more than 0", why,
                "sysctl -w vm.dirty_writeback_centisecs=500");
        }
    }

    private void swap() {
        final String swaps = files.read("/proc/swaps");
        final long swappiness = files.number(VM + "swappiness");
        final String threshold = "no swap, or vm.swappiness at most " + SWAPPINESS_MAX;
        final String why = "a keydir that was swapped out turns each get into reads of the disk, and a collection of a"
            + " swapped heap into minutes";
        if (swaps == null) {
            findings.skip("swap", files.reason("/proc/swaps"), threshold, why);
            return;
        }
        final long areas = swaps.lines().count() - 1;
        final boolean good = areas <= 0 || swappiness >= 0 && swappiness <= SWAPPINESS_MAX;
        findings.judge(good, Verdict.WARN, "swap",
            areas <= 0 ? "none" : areas + " in use, vm.swappiness " + (swappiness < 0 ? "not to be seen" : swappiness),
            threshold, why, "swapoff -a, or sysctl -w vm.swappiness=1");
    }

    private void mappings() {
        final long mapped = MapcaskOptions.defaults().mappedSegmentsMax();
        final long least = mapped + MAPPINGS_OF_JVM;
        final String threshold = "at least " + MAPPINGS_USUAL;
        final String why = "each mapped segment is one mapping (mappedSegmentsMax, " + mapped + " by default), and a"
            + " JVM needs some by itself; past the limit a mapping fails";
        final long limit = files.number(VM + "max_map_count");
        if (limit < 0) {
            findings.skip("vm.max_map_count", files.reason(VM + "max_map_count"), threshold, why);
        } else {
            findings.judge(limit >= MAPPINGS_USUAL, limit < least ? Verdict.FAIL : Verdict.WARN, "vm.max_map_count",
                Long.toString(limit), threshold, why, "sysctl -w vm.max_map_count=262144");
        }
    }

    private void overcommit() {
        final String why = "at 2 memory has to be granted before it is used, so that a large heap or the growth of a"
            + " keydir may be refused although memory is free";
        final long mode = files.number(VM + "overcommit_memory");
        if (mode < 0) {
            findings.skip("vm.overcommit_memory", files.reason(VM + "overcommit_memory"), "0 or 1", why);
        } else {
            findings.judge(mode != NO_OVERCOMMIT, Verdict.WARN, "vm.overcommit_memory",
                Long.toString(mode), "0 or 1", why, "sysctl -w vm.overcommit_memory=0");
        }
    }
}
