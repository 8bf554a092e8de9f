package org.mapcask.lab.sweep;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mapcask.MapcaskOptions;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.InvalidOptionsException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.lab.run.Job;
import org.mapcask.lab.run.PropertyText;
import org.mapcask.lab.workload.SyntheticSet;

/**
 * Reads the job file of a sweep: a properties file in UTF-8, lists with commas. All faults are told together.
 *
 * <pre>
 *   workloads   = fillrandom, readrandom       names as of bench
 *   words       = false                        WordNet in place of synthetic records
 *   keys        = 100000     keyLength = 16    valueLength = 100    synthetic records
 *   threads     = 1          rate = 0          writeRate = 50000    a rate of 0 is a closed loop
 *   duration    = 2          warmUp = 1        seconds
 *   repeats     = 7          seed = 20241      mode = grid | one-at-a-time
 *   option.NAME = VALUE                        an option of the store that all settings have
 *   jvm.NAME    = VALUE                        the same for native, heap and gc
 *   knob.NAME   = VALUE, VALUE, …              what is turned: an option of the store, native, heap or gc
 * </pre>
 */
public final class SweepJobFile {
    /** Longest sweep that is taken without being asked twice. */
    public static final double HOURS_MAX = 12;

    private static final String KNOB = "knob.";
    private static final String OPTION = "option.";
    private static final String JVM = "jvm.";
    private static final double SECONDS_PER_HOUR = 3600;

    private final String where;
    private final Map<String, String> rest = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    private SweepJobFile(final String where, final Properties properties) {
        this.where = where;
        properties.stringPropertyNames().forEach(name -> rest.put(name, properties.getProperty(name).strip()));
    }

    /**
     * Reads a file.
     *
     * @param hoursMax longest time that the sweep may take, by estimate.
     * @throws InvalidArgumentException with every fault.
     * @throws StoreIoException         if the file cannot be read.
     */
    public static SweepJob read(final Path file, final double hoursMax) {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString(), hoursMax);
        } catch (final IOException e) {
            throw new StoreIoException(ErrorText.what("job file cannot be read").where(file)
                .expected("a properties file in UTF-8").found(e).todo("check that it is there and is readable"), e);
        }
    }

    /**
     * Reads a text.
     *
     * @param where    it came from, for errors.
     * @param hoursMax longest time that the sweep may take, by estimate.
     * @throws InvalidArgumentException with every fault.
     */
    public static SweepJob parse(final String text, final String where, final double hoursMax) {
        return new SweepJobFile(where, PropertyText.parse(text, "job file", where)).job(hoursMax);
    }

    private SweepJob job(final double hoursMax) {
        final String canonical = rest.entrySet().stream().map(entry -> entry.getKey() + '=' + entry.getValue() + '\n')
            .collect(Collectors.joining());
        final Map<String, String> options = taken(OPTION);
        final Map<String, String> jvm = taken(JVM);
        final Map<String, String> knobTexts = taken(KNOB);
        final SweepJob.Mode mode = mode();
        final int repeats = (int) whole("repeats", "7", 2, 200);
        final long seed = whole("seed", "20241", 0, 1e15);
        final List<Job> workloads = workloads(options, seed);
        jvm.forEach((name, value) -> checkJvm(JVM + name, name, value));
        final List<Knob> knobs = knobs(knobTexts, options, jvm);
        rest.forEach((name, value) -> fault("unknown name " + name, "a name of the format", name + '=' + value,
            "correct it or leave it out; options of a store are written option.NAME or knob.NAME"));
        if (knobs.isEmpty() && knobTexts.isEmpty()) {
            fault("nothing to turn", "a line knob.NAME=VALUE, VALUE", "none", "add one");
        }
        refuse();
        checkSize(workloads, knobs, mode, repeats, hoursMax);
        refuse();
        final SweepJob job = new SweepJob(workloads, knobs, mode, repeats, seed, jvm, canonical);
        checkSettings(job);
        refuse();
        return job;
    }

    private Map<String, String> taken(final String prefix) {
        final Map<String, String> out = new TreeMap<>();
        rest.entrySet().removeIf(entry -> {
            if (entry.getKey().startsWith(prefix)) {
                out.put(entry.getKey().substring(prefix.length()), entry.getValue());
                return true;
            }
            return false;
        });
        return out;
    }

    private String taken(final String name, final String otherwise) {
        final String value = rest.remove(name);
        return value == null ? otherwise : value;
    }

    private long whole(final String name, final String otherwise, final double min, final double max) {
        return (long) number(name, otherwise, min, max, true);
    }

    private double number(final String name, final String otherwise, final double min, final double max) {
        return number(name, otherwise, min, max, false);
    }

    private double number(
        final String name, final String otherwise, final double min, final double max, final boolean whole) {
        final String text = taken(name, otherwise);
        try {
            final double value = Double.parseDouble(text);
            if (value >= min && value <= max && (!whole || value == Math.rint(value))) {
                return value;
            }
        } catch (final NumberFormatException ignored) {
            // told below, like a value out of range
        }
        final String range = String.format(Locale.ROOT, "%,.12f", min).replaceAll("\\.?0+$", "") + " to "
            + String.format(Locale.ROOT, "%,.0f", max) + (whole ? ", a whole number" : "");
        fault(name + '=' + text + " is not allowed", range, text,
            "correct it, or leave it out to get " + otherwise);
        return Double.parseDouble(otherwise);
    }

    private SweepJob.Mode mode() {
        final String text = taken("mode", SweepJob.Mode.GRID.label());
        for (final SweepJob.Mode mode : SweepJob.Mode.values()) {
            if (mode.label().equals(text)) {
                return mode;
            }
        }
        fault("mode=" + text + " is not allowed", "grid or one-at-a-time", text, "correct it");
        return SweepJob.Mode.GRID;
    }

    private List<Job> workloads(final Map<String, String> options, final long seed) {
        final String words = taken("words", "false");
        if (!words.equals("true") && !words.equals("false")) {
            fault("words=" + words + " is not allowed", "true or false", words, "correct it");
        }
        final long keys = whole("keys", "100000", 1, 1e9);
        final int keyLength = (int) whole("keyLength", "16", 1, 65_536);
        final int valueLength = (int) whole("valueLength", "100", 0, 1 << 30);
        final int threads = (int) whole("threads", "1", 1, 1000);
        final double rate = number("rate", "0", 0, 1e9);
        final double writeRate = number("writeRate", "50000", 1, 1e9);
        final long duration = (long) (number("duration", "2", 0.05, 3600) * 1e9);
        final long warmUp = (long) (number("warmUp", "1", 0, 3600) * 1e9);
        checkRecords(keys, keyLength, valueLength);
        final List<Job> jobs = new ArrayList<>();
        for (final String name : list(taken("workloads", ""))) {
            try {
                final Job.Kind kind = Job.Kind.of(name);
                if (jobs.stream().anyMatch(job -> job.kind() == kind)) {
                    fault("workload named twice", "each once", name, "remove one");
                    continue;
                }
                final boolean whole = kind.isWhole();
                jobs.add(Job.of(kind).withRecords(words.equals("true"), keys, keyLength, valueLength)
                    .withLoad(whole ? 1 : threads, whole ? 0 : rate, kind.isDisturbed() ? writeRate : 0)
                    .withTimes(duration, warmUp).withSeed(seed).withOptions(options));
            } catch (final IllegalArgumentException e) {
                fault("workload is none", "one of " + Arrays.stream(Job.Kind.values()).map(Job.Kind::label)
                    .collect(Collectors.joining(", ")), name, "correct workloads=");
            }
        }
        if (jobs.isEmpty() && faults.isEmpty()) {
            fault("nothing to measure", "a line workloads=NAME, NAME", "none", "add one, for instance fillrandom");
        }
        return jobs;
    }

    private void checkRecords(final long keys, final int keyLength, final int valueLength) {
        try {
            new SyntheticSet(keys, keyLength, valueLength).count();
        } catch (final IllegalArgumentException e) {
            fault("records cannot be made", "keys that are long enough to be different", e.getMessage(),
                "make keyLength larger or keys smaller");
        }
    }

    private static List<String> list(final String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    private List<Knob> knobs(
        final Map<String, String> texts, final Map<String, String> options, final Map<String, String> jvm) {
        final MapcaskOptions built = built(options);
        final MapcaskOptions fixed = built == null ? MapcaskOptions.defaults() : built;
        final Map<String, String> beside = built == null ? Map.of() : options;
        final List<Knob> knobs = new ArrayList<>();
        texts.forEach((name, text) -> {
            if (options.containsKey(name) || jvm.containsKey(name)) {
                fault(name + " is both fixed and turned", "option. or jvm. or knob.", KNOB + name + '=' + text,
                    "remove one of the two lines");
            } else if (Knob.NOT_SWEPT.contains(name)) {
                fault(name + " cannot be turned", "an option that a measurement is possible with", KNOB + name,
                    "remove it");
            } else if (Knob.OF_JVM.containsKey(name)) {
                list(text).forEach(value -> checkJvm(KNOB + name, name, value));
                add(knobs, name, Knob.OF_JVM.get(name), list(text));
            } else {
                final List<String> values = new ArrayList<>();
                list(text).forEach(value -> {
                    final Map<String, String> together = new TreeMap<>(beside);
                    together.put(name, value);
                    final MapcaskOptions one = built(together);
                    if (one != null) {
                        values.add(one.toProperties().getProperty(name));
                    }
                });
                if (values.size() == list(text).size()) {
                    add(knobs, name, fixed.toProperties().getProperty(name), values);
                }
            }
        });
        return knobs;
    }

    /** The default comes first, whether it was named or not; the others follow in their order. */
    private void add(final List<Knob> knobs, final String name, final String byDefault, final List<String> values) {
        final Set<String> distinct = new LinkedHashSet<>(List.of(byDefault));
        distinct.addAll(values);
        if (distinct.size() < 2) {
            fault(KNOB + name + " has nothing to compare", "a value besides the default, " + byDefault,
                String.join(", ", values), "add another value");
        }
        knobs.add(new Knob(name, List.copyOf(distinct)));
    }

    /** Options of a store, or null after their faults were noted. */
    private MapcaskOptions built(final Map<String, String> options) {
        try {
            final MapcaskOptions.Builder builder = MapcaskOptions.builder();
            options.forEach(builder::override);
            return builder.build();
        } catch (final InvalidOptionsException e) {
            e.faults().stream().map(fault -> fault.replace("; where: an option given by name", "; where: " + where))
                .filter(fault -> !faults.contains(fault)).forEach(faults::add);
            return null;
        }
    }

    private void checkJvm(final String line, final String name, final String value) {
        final String allowed = Knob.allowed(name);
        if (allowed == null) {
            fault("unknown knob of the JVM " + name, "native, heap or gc", line, "correct it");
        } else if (!value.matches(allowed)) {
            fault(line + '=' + value + " is not allowed",
                name.equals(Knob.HEAP) ? "a size like 512m" : allowed.replace("|", " or "), value, "correct it");
        }
    }

    private void checkSize(
        final List<Job> workloads, final List<Knob> knobs, final SweepJob.Mode mode, final int repeats,
        final double hoursMax) {
        final double settings = SweepJob.settingCount(knobs, mode);
        final double cells = settings * workloads.size() * repeats;
        final double hours = SweepJob.secondsPerSetting(workloads) * settings * repeats / SECONDS_PER_HOUR;
        if (cells > SweepJob.CELLS_MAX || hours > hoursMax) {
            fault("the sweep is too large", String.format(Locale.ROOT, "at most %d measurements and %.1f hours",
                SweepJob.CELLS_MAX, hoursMax), String.format(Locale.ROOT,
                "%s × %s × %s = %s, about %,.1f hours", SweepReport.count(settings, "setting"),
                SweepReport.count(workloads.size(), "workload"), SweepReport.count(repeats, "repeat"),
                SweepReport.count(cells, "measurement"), hours), "take mode=one-at-a-time, fewer values, repeats or "
                + "seconds, or allow more with --max-hours");
        }
    }

    /** Values that are right alone may not go together. */
    private void checkSettings(final SweepJob job) {
        final boolean fillsync = job.workloads().stream().anyMatch(work -> work.kind() == Job.Kind.FILLSYNC);
        if (fillsync && job.knobs().stream().anyMatch(knob -> knob.name().equals("syncEveryWrite"))) {
            fault("knob.syncEveryWrite together with fillsync", "one of them", "both",
                "fillsync sets it: take fillrandom in its place, or remove the knob");
        }
        for (final Setting setting : job.settings()) {
            built(job.job(job.workloads().get(0), setting).options());
        }
    }

    private void fault(final String what, final String expected, final String found, final String todo) {
        faults.add(ErrorText.what(what).where(where).expected(expected).found(found).todo(todo));
    }

    private void refuse() {
        if (!faults.isEmpty()) {
            throw new InvalidArgumentException("the job file has " + faults.size()
                + (faults.size() == 1 ? " fault: " : " faults: ") + String.join(" | ", faults));
        }
    }
}
