package org.mapcask.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk as {@code /sys} describes it; of a partition, the disk that it is on. Immutable.
 *
 * @param files of the host.
 * @param name  such as {@code nvme0n1}.
 */
public record BlockDevice(HostFiles files, String name) {
    /** The disk under a mount; null where there is none to be seen. */
    public static BlockDevice of(final HostFiles files, final MountPoint mount) {
        if (mount == null) {
            return null;
        }
        final BlockDevice byNumber = find(files, "/sys/dev/block/" + mount.device());
        // btrfs and the like have a number of their own; the source names one of their disks.
        final boolean named = byNumber == null && mount.source().startsWith("/dev/");
        return named ? find(files, "/sys/class/block/" + Path.of(mount.source()).getFileName()) : byNumber;
    }

    private static BlockDevice find(final HostFiles files, final String entry) {
        try {
            final Path device = files.path(entry).toRealPath();
            if (Files.isDirectory(device.resolve("queue"))) {
                return new BlockDevice(files, device.getFileName().toString());
            }
            // A partition has no queue; its disk is the directory around it.
            final Path disk = device.getParent();
            return Files.isDirectory(disk.resolve("queue"))
                ? new BlockDevice(files, disk.getFileName().toString()) : null;
        } catch (final IOException e) {
            return null;
        }
    }

    /** Path of a file of the request queue. */
    public String queue(final String file) {
        return "/sys/block/" + name + "/queue/" + file;
    }

    /** Disks or partitions that it is put together of: dm, md. */
    public List<String> parts() {
        return files.names("/sys/block/" + name + "/slaves");
    }

    /** What a SCSI or SATA disk itself says about its cache; null where it says nothing. */
    public String cacheOfDisk() {
        final List<String> disks = files.names("/sys/block/" + name + "/device/scsi_disk");
        return disks.isEmpty() ? null
            : files.read("/sys/block/" + name + "/device/scsi_disk/" + disks.get(0) + "/cache_type");
    }
}
