package org.mapcask.lab.doctor;

import java.util.List;
import java.util.Set;
import org.mapcask.lab.host.BlockDevice;
import org.mapcask.lab.host.HostFiles;
import org.mapcask.lab.host.MountPoint;

/** The disk under the file system: its cache, its scheduler, how far it reads ahead. */
final class DeviceChecks {
    private static final String DEVICE = "device";
    private static final String WRITE_CACHE = "write cache";
    /** Read-ahead from which on one cold read by a mapping reads far more than its page. */
    private static final long READ_AHEAD_MAX_KB = 512;

    private final HostFiles files;
    private final MountPoint mount;
    private final BlockDevice device;
    private final Findings findings;

    DeviceChecks(final Host host, final MountPoint mount, final Findings findings) {
        files = host.files();
        this.mount = mount;
        device = BlockDevice.of(files, mount);
        this.findings = findings;
    }

    void run() {
        findings.begin(DEVICE);
        if (device == null) {
            findings.skip(DEVICE, mount == null ? Findings.UNSEEN : "no disk is to be seen under " + mount.type()
                + " on " + mount.point(), "a local disk", "its flush is the price of a durable write");
            return;
        }
        kind();
        writeCache();
        scheduler();
        readAhead();
        loop();
    }

    private void kind() {
        final List<String> parts = device.parts();
        final String value = device.name() + (parts.isEmpty() ? "" : ", put together of " + String.join(", ", parts));
        final long rotational = files.number(device.queue("rotational"));
        final String why = "a disk that turns needs milliseconds for a flush and for each cold read; a virtual disk may"
            + " say that it turns and not do so, which probe shows";
        if (rotational < 0) {
            findings.skip(DEVICE, value + ", kind not to be seen", "solid state", why);
        } else {
            findings.judge(rotational == 0, Verdict.WARN, DEVICE,
                value + (rotational == 0 ? ", solid state" : ", says that it turns"), "solid state", why,
                "put the store on a solid state disk; if it is one: echo 0 > " + device.queue("rotational"));
        }
    }

    private void writeCache() {
        final String threshold = "as the device has it";
        final String cache = files.read(device.queue("write_cache"));
        final String ofDisk = device.cacheOfDisk();
        if (cache == null) {
            findings.skip(WRITE_CACHE, files.reason(device.queue("write_cache")), threshold,
                "a volatile cache has to be flushed before anything is durable");
        } else if (cache.equals("write through") && "write back".equals(ofDisk)) {
            findings.fail(WRITE_CACHE, "the kernel takes it for write through, the disk says write back", threshold,
                "the kernel sends no flushes, and a power cut takes what was acknowledged",
                "echo 'write back' > " + device.queue("write_cache"));
        } else if (cache.equals("write through")) {
            findings.pass(WRITE_CACHE, cache, threshold,
                "the device says that it has no volatile cache, so no flush is sent; whether that is true of a virtual"
                    + " disk cannot be seen from inside");
        } else {
            final boolean forced = files.number(device.queue("fua")) == 1;
            findings.pass(WRITE_CACHE, cache + (forced ? ", single writes can pass it (FUA)" : ", no FUA"), threshold,
                "a volatile cache: each durable write ends with a flush, which is a large part of its time");
        }
    }

    private void scheduler() {
        final String threshold = "none, mq-deadline or kyber";
        final String why = "bfq and cfq share the disk fairly and pay for it with the latency of a sync";
        final String chosen = files.chosen(device.queue("scheduler"));
        if (chosen == null) {
            findings.skip("scheduler", files.reason(device.queue("scheduler")), threshold, why);
        } else {
            findings.judge(Set.of("none", "noop", "mq-deadline", "deadline", "kyber").contains(chosen), Verdict.WARN,
                "scheduler", chosen, threshold, why, "echo none > " + device.queue("scheduler"));
        }
    }

    private void readAhead() {
        final String threshold = "at most " + READ_AHEAD_MAX_KB + " KiB";
        final String why = "a read fault of a mapping reads so much around its page, which costs time where data is"
            + " cold; of no account while data fits into memory, or with sealedRead=pread";
        final long kilobytes = files.number(device.queue("read_ahead_kb"));
        if (kilobytes < 0) {
            findings.skip("read-ahead", files.reason(device.queue("read_ahead_kb")), threshold, why);
        } else {
            findings.judge(kilobytes <= READ_AHEAD_MAX_KB, Verdict.WARN, "read-ahead", kilobytes + " KiB", threshold,
                why, "echo 128 > " + device.queue("read_ahead_kb") + ", or open with sealedRead=pread");
        }
    }

    private void loop() {
        final String direct = files.read("/sys/block/" + device.name() + "/loop/dio");
        if (direct != null) {
            findings.judge(direct.equals("1"), Verdict.WARN, "loop device",
                direct.equals("1") ? "direct" : "through the page cache", "direct",
                "otherwise each page is cached twice, and a flush writes the file below",
                "losetup --direct-io=on /dev/" + device.name());
        }
    }
}
