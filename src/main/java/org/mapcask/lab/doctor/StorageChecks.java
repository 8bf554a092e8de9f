package org.mapcask.lab.doctor;

import java.util.Map;
import java.util.Set;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.host.HostFiles;
import org.mapcask.lab.host.MountPoint;
import org.mapcask.nativeaccess.NativeAccess;

/** The file system of the directory: its kind, its options, its journal, and the room on it. */
final class StorageChecks {
    private static final String FILE_SYSTEM = "file system";
    private static final String MOUNT_OPTIONS = "mount options";
    private static final String JOURNAL = "journal";
    private static final String DEVICE_NAME = "DEVNAME=";
    private static final String SUPPORTED = "ext4, xfs, or btrfs with copy-on-write off";
    private static final Set<String> NETWORK = Set.of("nfs", "nfs3", "nfs4", "cifs", "smb3", "smbfs", "ceph", "afs",
        "9p", "virtiofs", "lustre", "gfs2", "ocfs2", "glusterfs", "fuse.glusterfs", "fuse.sshfs", "fuse.s3fs");
    /** Options that cost time, and why. */
    private static final Map<String, String> SLOW_OPTIONS = Map.of(
        "sync", "each write waits for the device, also those that need not be durable",
        "dirsync", "each change of a name waits for the device",
        "strictatime", "each read changes the file's inode",
        "discard", "the device is told of each removed segment at once, and others wait meanwhile; fstrim does it in"
            + " the background",
        "data=journal", "all data is written twice, and O_DIRECT goes through the page cache");
    private static final Set<String> NO_BARRIERS = Set.of("nobarrier", "barrier=0");

    private final HostFiles files;
    private final Host.Directory directory;
    private final MountPoint mount;
    private final Findings findings;

    StorageChecks(final Host host, final MountPoint mount, final Findings findings) {
        files = host.files();
        directory = host.directory();
        this.mount = mount;
        this.findings = findings;
    }

    void run() {
        findings.begin("storage");
        if (mount == null) {
            findings.skip(FILE_SYSTEM, files.reason("/proc/self/mountinfo"), SUPPORTED,
                "what a sync promises depends on it");
        } else {
            fileSystem();
            barriers();
            slowOptions();
            copyOnWrite();
            journal();
            fastCommit();
        }
        writable();
        room();
    }

    private void fileSystem() {
        final String type = mount.type();
        final String value = type + " on " + mount.point();
        if (NETWORK.contains(type)) {
            findings.fail(FILE_SYSTEM, value, SUPPORTED,
                "mappings, locks and syncs of a network or shared file system do not keep what the store promises",
                "move the store to a local disk");
        } else if (type.equals("overlay") || type.equals("aufs")) {
            findings.warn(FILE_SYSTEM, value, SUPPORTED,
                "the layer of a container: it goes with the container, its first write to a file copies it, and the"
                    + " disk below cannot be seen",
                "mount a volume and put the store there");
        } else if (type.equals("tmpfs") || type.equals("ramfs")) {
            findings.warn(FILE_SYSTEM, value, SUPPORTED, "memory: nothing outlives a reboot, whatever is synced",
                "move the store to a disk, unless it is for a test");
        } else {
            findings.judge(Set.of("ext4", "xfs", "btrfs").contains(type), Verdict.WARN, FILE_SYSTEM, value, SUPPORTED,
                "the store was tested on these only", "move the store to one of these");
        }
    }

    private void barriers() {
        final String options = files.read(ext4("options"));
        final boolean off = NO_BARRIERS.stream().anyMatch(mount.options()::contains)
            || options != null && options.lines().anyMatch(NO_BARRIERS::contains);
        findings.judge(!off, Verdict.FAIL, "write barriers", off ? "off" : "on", "on",
            "without them a sync leaves data in the cache of the device, and a power cut takes what was acknowledged",
            "mount -o remount,barrier=1 " + mount.point() + ", and the same in /etc/fstab");
    }

    private void slowOptions() {
        boolean found = false;
        for (final Map.Entry<String, String> option : SLOW_OPTIONS.entrySet()) {
            if (mount.has(option.getKey())) {
                found = true;
                findings.warn(MOUNT_OPTIONS, option.getKey(), "none that costs time", option.getValue(),
                    remedy(option.getKey()));
            }
        }
        if (!found) {
            findings.pass(MOUNT_OPTIONS, String.join(",", mount.options()), "none that costs time",
                "sync, dirsync, strictatime, discard and data=journal make calls wait that need not");
        }
    }

    private String remedy(final String option) {
        return switch (option) {
            case "discard" -> "systemctl enable --now fstrim.timer; mount -o remount,nodiscard " + mount.point();
            case "strictatime" -> "mount -o remount,relatime " + mount.point();
            case "data=journal" -> "tune2fs -o ^journal_data " + mount.source() + ", and mount it anew";
            default -> "mount -o remount,async " + mount.point() + ", and the same in /etc/fstab";
        };
    }

    private void copyOnWrite() {
        if (!mount.type().equals("btrfs")) {
            return;
        }
        final String name = "copy-on-write";
        final String why = "each write to a block takes another one, so room that was reserved is no longer reserved,"
            + " and a full disk shows at a store into a mapping, which Java cannot survive in good order";
        if (mount.has("nodatacow") || (directory.attributes() & NativeAccess.NO_COPY_ON_WRITE) != 0
            && directory.attributes() != -1) {
            findings.pass(name, "off", "off", why);
        } else if (directory.attributes() == -1) {
            findings.skip(name, "the attributes of the directory are not to be seen", "off", why);
        } else {
            findings.fail(name, "on", "off", why, "chattr +C " + directory.path() + ", while it is empty");
        }
    }

    private void journal() {
        if (!mount.type().equals("ext4")) {
            return;
        }
        final String why = "without it a crash needs a check of the file system, and names and lengths of files that"
            + " were synced may be lost in it";
        final String device = device();
        final boolean seen = files.exists(ext4("options"));
        final boolean journaled = files.names("/proc/fs/jbd2").stream()
            .anyMatch(name -> name.equals(device) || name.startsWith(device + "-"));
        if (seen) {
            findings.judge(journaled, Verdict.WARN, JOURNAL, journaled ? "there" : "none", "there", why,
                "tune2fs -O has_journal " + mount.source() + ", while it is not mounted");
        } else {
            findings.skip(JOURNAL, files.reason(ext4("options")), "there", why);
        }
    }

    private void fastCommit() {
        if (!mount.type().equals("ext4")) {
            return;
        }
        final String name = "fast commit";
        final String why = "shortens the commit that a sync needs after a change of the file's blocks; files that were"
            + " written over before, as the write-ahead log is, need no commit";
        final String first = files.read(ext4("fc_info"));
        final String commits = first == null ? null
            : first.lines().filter(line -> line.matches("\\d+ commits")).findFirst().orElse(null);
        if (commits == null) {
            findings.skip(name, files.reason(ext4("fc_info")), "either", why);
        } else if (commits.equals("0 commits")) {
            findings.skip(name, "none was made yet; whether the file system has it, only root sees: dumpe2fs -h "
                + mount.source(), "either", why);
        } else {
            findings.pass(name, "in use, " + commits, "either", why);
        }
    }

    private void writable() {
        if (directory.isFile()) {
            findings.fail("directory", directory.path() + ", a file", "a directory, or a name that is free",
                "a store is a directory of files", directory.missing() == null
                    ? "name a directory, or one that is not there yet: a store makes its own"
                    : "name another directory: none can be made below a file");
            return;
        }
        findings.judge(directory.writable(), Verdict.FAIL, "directory", directory.path()
                + (directory.writable() ? ", writable" : ", not writable"), "writable",
            "a store that is not opened for reading only makes files there",
            "give the user of the process the rights on it: chown or chmod");
    }

    private void room() {
        final MapcaskOptions options = MapcaskOptions.defaults();
        final long least = 2L * options.segmentLength() + options.walLength();
        final long good = least + options.merging().runBytes();
        final String threshold = Units.bytes(good) + " and the data";
        final String why = "a store has an active segment and a spare one, may have a write-ahead log, and a merge"
            + " needs room for what it moves";
        if (directory.usable() < 0) {
            findings.skip("room", Findings.UNSEEN, threshold, why);
        } else {
            findings.judge(directory.usable() >= good, directory.usable() < least ? Verdict.FAIL : Verdict.WARN, "room",
                Units.bytes(directory.usable()) + " free for this user", threshold, why,
                "free room, or set smaller segmentLength, walLength and mergeRunBytes");
        }
    }

    private String ext4(final String file) {
        return "/proc/fs/ext4/" + device() + "/" + file;
    }

    /** Name of the device as ext4 lists it: the kernel's, which /sys tells by number. */
    private String device() {
        final String event = files.read("/sys/dev/block/" + mount.device() + "/uevent");
        return (event == null ? "" : event).lines().filter(line -> line.startsWith(DEVICE_NAME))
            .map(line -> line.substring(DEVICE_NAME.length())).findFirst()
            .orElse(mount.source().substring(mount.source().lastIndexOf('/') + 1));
    }
}
