package org.mapcask.lab.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has to be the same for a measurement to hold on another day or another machine: processor, kernel, file system,
 * device, version of Java. Immutable.
 */
public final class HostFingerprint {
    private static final String UNKNOWN = "not readable";

    private final Map<String, String> facts;

    /** Facts by name, as they were written down. */
    public HostFingerprint(final Map<String, String> facts) {
        this.facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * Looks at this host.
     *
     * @param directory where stores are; it need not be there yet.
     */
    public static HostFingerprint of(final Path directory) {
        final Environment environment = Environment.capture(directory);
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", environment.get("machine", "processor"));
        facts.put("cores", environment.get("machine", "cores seen by the JVM"));
        facts.put("architecture", environment.get("machine", "architecture"));
        facts.put("kernel", environment.get("machine", "kernel"));
        facts.put("fileSystem", environment.get("storage", "file system"));
        facts.put("mountOptions", environment.get("storage", "mount options"));
        facts.put("device", device(directory));
        facts.put("java", Integer.toString(Runtime.version().feature()));
        return new HostFingerprint(facts);
    }

    /** By name, in a fixed order. */
    public Map<String, String> facts() {
        return facts;
    }

    /** In words, where another host differs; empty if it does not. */
    public List<String> differences(final HostFingerprint now) {
        final List<String> out = new ArrayList<>();
        facts.forEach((name, then) -> {
            final String value = now.facts.getOrDefault(name, UNKNOWN);
            if (!value.equals(then)) {
                out.add(name + " was '" + then + "' and is '" + value + "'");
            }
        });
        return out;
    }

    private static String device(final Path directory) {
        try {
            final Optional<Path> found = BlockDeviceStats.deviceOf(MountPoint.nearest(directory));
            if (found.isEmpty()) {
                return "none";
            }
            final Path device = found.get();
            final Path disk = device.resolve("partition").toFile().exists() ? device.getParent() : device;
            final String model = ProcFile.read(disk.resolve("device/model").toString());
            final String size = ProcFile.read(disk.resolve("size").toString());
            return disk.getFileName() + (model == null ? "" : ", " + model) + (size == null ? "" : ", " + size
                + " sectors");
        } catch (final IOException e) {
            return UNKNOWN;
        }
    }
}
