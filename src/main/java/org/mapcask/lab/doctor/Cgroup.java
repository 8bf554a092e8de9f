package org.mapcask.lab.doctor;

import java.util.ArrayList;
import java.util.List;
import org.mapcask.lab.host.HostFiles;

/**
 * The control group of this process, of version 2 or, for a controller that is still bound to version 1, of that.
 * Limits of groups around it count as well, as far as they can be seen from inside a container. Immutable.
 */
final class Cgroup {
    private static final String ROOT = "/sys/fs/cgroup";
    /** From here on version 1 writes "no limit", as the largest number of pages. */
    private static final long UNLIMITED = 1L << 60;

    private final HostFiles files;

    Cgroup(final HostFiles files) {
        this.files = files;
    }

    /** Whether anything of the kind is to be seen. */
    boolean seen() {
        return files.read("/proc/self/cgroup") != null && files.exists(ROOT);
    }

    /** Directories of a controller, from the group of this process outwards; those that are not there are left out. */
    List<String> directories(final String controller) {
        final String text = files.read("/proc/self/cgroup");
        String base = ROOT;
        String path = "/";
        for (final String line : text == null ? new String[0] : text.split("\n")) {
            final String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",")).contains(controller)) {
                // Of version 1 the line names its controllers, and each has a tree of its own.
                base = ROOT + "/" + controller;
                path = parts[2];
                break;
            }
            if (parts.length == 3 && parts[1].isEmpty()) {
                path = parts[2];
            }
        }
        final List<String> found = new ArrayList<>();
        String group = path.equals("/") ? "" : path;
        while (true) {
            if (files.exists(base + group)) {
                found.add(base + group);
            }
            if (group.isEmpty()) {
                return found;
            }
            group = group.substring(0, Math.max(0, group.lastIndexOf('/')));
        }
    }

    /** The lowest limit of memory in bytes; {@link Long#MAX_VALUE} if there is none. */
    long memoryLimit() {
        return lowest("memory.max", "memory.limit_in_bytes");
    }

    /** Memory from which on the group is slowed down; {@link Long#MAX_VALUE} if there is none. */
    long memoryHigh() {
        return lowest("memory.high");
    }

    private long lowest(final String... names) {
        long lowest = Long.MAX_VALUE;
        for (final String directory : directories("memory")) {
            for (final String name : names) {
                final long limit = files.number(directory + "/" + name);
                if (limit >= 0 && limit < UNLIMITED) {
                    lowest = Math.min(lowest, limit);
                }
            }
        }
        return lowest;
    }

    /** The lowest quota in processors; infinite if there is none. */
    double processors() {
        double lowest = Double.POSITIVE_INFINITY;
        for (final String directory : directories("cpu")) {
            final String[] max = String.valueOf(files.read(directory + "/cpu.max")).split(" ");
            if (max.length == 2 && max[0].matches("\\d{1,15}") && max[1].matches("[1-9]\\d{0,14}")) {
                lowest = Math.min(lowest, Double.parseDouble(max[0]) / Double.parseDouble(max[1]));
            }
            final long quota = files.number(directory + "/cpu.cfs_quota_us");
            final long period = files.number(directory + "/cpu.cfs_period_us");
            if (quota > 0 && period > 0) {
                lowest = Math.min(lowest, (double) quota / period);
            }
        }
        return lowest;
    }

    /** How often the quota stopped the group; -1 if it cannot be seen. */
    long timesThrottled() {
        for (final String directory : directories("cpu")) {
            final String stat = files.read(directory + "/cpu.stat");
            for (final String line : stat == null ? new String[0] : stat.split("\n")) {
                if (line.matches("nr_throttled \\d{1,18}")) {
                    return Long.parseLong(line.substring(line.indexOf(' ') + 1));
                }
            }
        }
        return -1;
    }
}
