package org.mapcask.lab.host;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.mapcask.lab.results.Json;

/**
 * What a reader has to know about the machine before believing a number. Read from {@code /proc}, {@code /sys} and
 * the JVM; what cannot be read says so. Holds no host name, user name or absolute path of the run.
 *
 * <p>Made before the first measurement, completed after the last one. Used by one thread.
 */
public final class Environment {
    private static final String UNKNOWN = "not readable";
    private static final int CLOCK_READS = 200_000;
    /** Place of the stolen time in the first line of {@code /proc/stat}, which begins with its name. */
    private static final int STEAL_FIELD = 8;
    private static final long COMMAND_TIMEOUT_S = 20;
    private static final List<String> QUEUE_FACTS =
        List.of("scheduler", "read_ahead_kb", "write_cache", "rotational", "nr_requests", "fua");
    private static final List<String> MEMORY_FACTS = List.of("dirty_ratio", "dirty_background_ratio", "dirty_bytes",
        "dirty_background_bytes", "dirty_expire_centisecs", "dirty_writeback_centisecs", "swappiness", "max_map_count");
    private static final HostFiles FILES = HostFiles.ofThisHost();

    private final Map<String, Map<String, String>> groups = new LinkedHashMap<>();
    private final long[] cpuTimeBefore;

    private Environment() {
        cpuTimeBefore = cpuTime();
    }

    /**
     * Reads the environment.
     *
     * @param dataDirectory where the stores will be.
     * @return what was found.
     */
    public static Environment capture(final Path dataDirectory) {
        final Environment environment = new Environment();
        environment.machine();
        environment.storage(dataDirectory);
        environment.memory();
        environment.jvm(dataDirectory);
        environment.source();
        environment.put("noise", "load before", read("/proc/loadavg"));
        return environment;
    }

    /** Adds what the host did meanwhile: load and stolen time. */
    public void complete() {
        put("noise", "load after", read("/proc/loadavg"));
        final long[] after = cpuTime();
        long total = 0;
        for (int i = 0; i < Math.min(after.length, cpuTimeBefore.length); i++) {
            total += after[i] - cpuTimeBefore[i];
        }
        final boolean known = total > 0 && after.length >= STEAL_FIELD && cpuTimeBefore.length >= STEAL_FIELD;
        put("noise", "cpu time stolen by the host", known
            ? String.format(
                Locale.ROOT, "%.2f %%", 100.0 * (after[STEAL_FIELD - 1] - cpuTimeBefore[STEAL_FIELD - 1]) / total)
            : UNKNOWN);
    }

    /**
     * Adds what an idle thread saw of the host while something was measured.
     *
     * @param hiccups how late it woke, as text.
     */
    public void hiccups(final String hiccups) {
        put("noise", "an idle thread woke late by", hiccups);
    }

    /** One fact, or the text for an unreadable one. */
    public String get(final String group, final String name) {
        return groups.getOrDefault(group, Map.of()).getOrDefault(name, UNKNOWN);
    }

    /** All facts, for {@link Json}. */
    public Map<String, Map<String, String>> toMap() {
        return groups;
    }

    /** All facts as text, one a line. */
    public String toText() {
        final StringBuilder out = new StringBuilder();
        groups.forEach((group, facts) -> {
            out.append(group).append('\n');
            facts.forEach((name, value) -> out.append("  ").append(name).append(": ").append(value).append('\n'));
        });
        return out.toString();
    }

    /** One line for a table: cores, processor, kernel, JDK. */
    public String headline() {
        return get("machine", "cores seen by the JVM") + " × " + get("machine", "processor") + ", Linux "
            + get("machine", "kernel") + ", " + get("storage", "file system") + ", JDK " + get("jvm", "version");
    }

    private void machine() {
        final String cpuinfo = read("/proc/cpuinfo");
        put("machine", "processor", field("/proc/cpuinfo", "model name"));
        put("machine", "virtual machine",
            cpuinfo.contains(" hypervisor") ? "yes (hypervisor flag is set)" : "no hypervisor flag");
        put("machine", "cores seen by the JVM", Integer.toString(Runtime.getRuntime().availableProcessors()));
        put("machine", "architecture", System.getProperty("os.arch"));
        put("machine", "kernel", System.getProperty("os.version"));
        put("machine", "governor", read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
        put("machine", "clock source", read("/sys/devices/system/clocksource/clocksource0/current_clocksource"));
        put("machine", "System.nanoTime", clockCost() + " ns a call");
    }

    private void storage(final Path dataDirectory) {
        final MountPoint mount = MountPoint.of(FILES, MountPoint.nearest(dataDirectory));
        put("storage", "file system", mount == null ? UNKNOWN : mount.type());
        put("storage", "mount options", mount == null ? UNKNOWN : String.join(",", mount.options()));
        final BlockDevice device = BlockDevice.of(FILES, mount);
        for (final String name : QUEUE_FACTS) {
            put("storage", "queue " + name, device == null ? UNKNOWN : read(device.queue(name)));
        }
    }

    private void memory() {
        put("memory", "total", field("/proc/meminfo", "MemTotal"));
        put("memory", "available", field("/proc/meminfo", "MemAvailable"));
        put("memory", "transparent huge pages", read("/sys/kernel/mm/transparent_hugepage/enabled"));
        for (final String name : MEMORY_FACTS) {
            put("memory", "vm." + name, read("/proc/sys/vm/" + name));
        }
        put("memory", "cgroup memory.max", read("/sys/fs/cgroup/memory.max"));
    }

    private void jvm(final Path dataDirectory) {
        put("jvm", "version", Runtime.version().toString());
        put("jvm", "vm", System.getProperty("java.vm.name"));
        final List<String> flags = new ArrayList<>();
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            flags.add(anonymous(flag, dataDirectory));
        }
        put("jvm", "flags", String.join(" ", flags));
        put("jvm", "collectors", String.join(", ", ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(java.lang.management.MemoryManagerMXBean::getName).toList()));
        put("jvm", "heap maximum", Runtime.getRuntime().maxMemory() / (1024 * 1024) + " MiB");
        put("jvm", "agrona bounds checks",
            Boolean.getBoolean("agrona.disable.bounds.checks") ? "off (agrona.disable.bounds.checks=true)" : "on");
        final Set<String> names = new TreeSet<>();
        System.getProperties().stringPropertyNames().stream()
            .filter(name -> name.startsWith("mapcask."))
            .forEach(names::add);
        names.forEach(name -> put("jvm", name, anonymous(System.getProperty(name), dataDirectory)));
    }

    private void source() {
        final String revision = command("git", "rev-parse", "--short=12", "HEAD");
        final String status = command("git", "status", "--porcelain", "--", ".", ":!results");
        put("source", "revision", revision == null || revision.isEmpty() ? "not a git checkout" : revision);
        put("source", "changes that are not committed", status == null ? UNKNOWN : status.isEmpty() ? "none" : "yes");
    }

    /** Replaces the data directory, the working directory and the home directory by names. */
    public static String anonymous(final String text, final Path dataDirectory) {
        return text.replace(dataDirectory.toAbsolutePath().normalize().toString(), "DATA_DIR")
            .replace(System.getProperty("user.dir"), ".")
            .replace(System.getProperty("user.home"), "~");
    }

    private static long clockCost() {
        long last = 0;
        final long begin = System.nanoTime();
        for (int i = 0; i < CLOCK_READS; i++) {
            last = System.nanoTime();
        }
        return (last - begin) / CLOCK_READS;
    }

    private static long[] cpuTime() {
        final String[] fields = read("/proc/stat").split("\n")[0].trim().split(" +");
        final long[] times = new long[Math.max(0, Math.min(fields.length - 1, STEAL_FIELD))];
        for (int i = 0; i < times.length; i++) {
            times[i] = fields[i + 1].matches("\\d+") ? Long.parseLong(fields[i + 1]) : 0;
        }
        return times;
    }

    private static String field(final String file, final String name) {
        final String value = FILES.field(file, name);
        return value == null ? UNKNOWN : value;
    }

    private static String read(final String file) {
        final String text = FILES.read(file);
        return text == null ? UNKNOWN : text;
    }

    private static String command(final String... words) {
        try {
            final Process process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(COMMAND_TIMEOUT_S, TimeUnit.SECONDS) && process.exitValue() == 0 ? output : null;
        } catch (final IOException e) {
            return null;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void put(final String group, final String name, final String value) {
        groups.computeIfAbsent(group, key -> new LinkedHashMap<>()).put(name, value.replace('\n', ' '));
    }
}
