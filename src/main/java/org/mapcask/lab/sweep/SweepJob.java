package org.mapcask.lab.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.mapcask.lab.run.Job;
import org.mapcask.lab.workload.SyntheticRecords;

/**
 * What a sweep measures. Immutable; {@link SweepJobFile} reads it from a file.
 *
 * @param workloads what is done, each with all that it needs but the knobs.
 * @param knobs     what is turned.
 * @param mode      which settings are measured.
 * @param repeats   number of rounds.
 * @param seed      of the order, and of the random numbers of each round.
 * @param jvm       knobs of the JVM that the job fixes, by name.
 * @param text      the job as lines {@code name=value} in alphabetical order.
 */
public record SweepJob(
    List<Job> workloads, List<Knob> knobs, Mode mode, int repeats, long seed, Map<String, String> jvm, String text) {
    /** Most measurements of a sweep. */
    public static final int CELLS_MAX = 1000;

    /** Time of starting a JVM and of closing a store, about. */
    private static final double START_S = 1.5;
    /** Records that are loaded or read back in a second, about. */
    private static final double LOADED_PER_S = 400_000;

    /** Which settings are measured. */
    public enum Mode {
        /** Every combination of the values. */
        GRID("grid"),
        /** The baseline, and each other value of each knob with all others at their baseline. */
        ONE_AT_A_TIME("one-at-a-time");

        private final String label;

        Mode(final String label) {
            this.label = label;
        }

        /** As in a job file. */
        public String label() {
            return label;
        }
    }

    /** Copies. */
    public SweepJob {
        workloads = List.copyOf(workloads);
        knobs = List.copyOf(knobs);
        jvm = Collections.unmodifiableMap(new TreeMap<>(jvm));
    }

    /** Every knob at its baseline. */
    public Setting baseline() {
        final Map<String, String> values = new LinkedHashMap<>();
        knobs.forEach(knob -> values.put(knob.name(), knob.baseline()));
        return new Setting(values);
    }

    /** The settings that are measured; the first is the baseline. */
    public List<Setting> settings() {
        List<Setting> settings = new ArrayList<>(List.of(baseline()));
        for (final Knob knob : knobs) {
            final List<Setting> more = new ArrayList<>();
            for (final Setting setting : mode == Mode.GRID ? settings : List.of(baseline())) {
                knob.values().stream().skip(1).forEach(value -> more.add(setting.with(knob, value)));
            }
            settings = new ArrayList<>(settings);
            settings.addAll(more);
        }
        return settings;
    }

    /** How many settings there are, without making them. */
    public static long settingCount(final List<Knob> knobs, final Mode mode) {
        long count = 1;
        for (final Knob knob : knobs) {
            count = mode == Mode.GRID ? saturated(count, knob.values().size()) : count + knob.values().size() - 1;
        }
        return count;
    }

    private static long saturated(final long count, final int factor) {
        return count > Long.MAX_VALUE / factor ? Long.MAX_VALUE : count * factor;
    }

    /** All measurements, round by round, each round in an order of its own that follows from the seed. */
    public List<Cell> order() {
        final int settings = settings().size();
        final List<Cell> order = new ArrayList<>();
        for (int round = 1; round <= repeats; round++) {
            final List<Cell> cells = new ArrayList<>();
            for (int setting = 0; setting < settings; setting++) {
                for (final Job job : workloads) {
                    cells.add(new Cell(round, setting, job.kind()));
                }
            }
            Collections.shuffle(cells, new Random(SyntheticRecords.mix(seed + round)));
            order.addAll(cells);
        }
        return order;
    }

    /** What one cell does. The random numbers are the same for all settings of a round. */
    public Job job(final Cell cell) {
        return job(workload(cell.workload()), settings().get(cell.setting())).withSeed(seed + cell.round());
    }

    /** The workload with a setting. A default is not set, so that it fits itself to the options that it depends on. */
    Job job(final Job workload, final Setting setting) {
        final Map<String, String> options = new TreeMap<>(workload.options());
        knobs.stream().filter(knob -> !knob.isOfJvm() && !setting.get(knob).equals(knob.baseline()))
            .forEach(knob -> options.put(knob.name(), setting.get(knob)));
        return workload.withOptions(options);
    }

    /** The workload of a kind; there is one at the most. */
    public Job workload(final Job.Kind kind) {
        return workloads.stream().filter(job -> job.kind() == kind).findFirst().orElseThrow();
    }

    /** Flags of the JVM that measures a setting. */
    public List<String> flags(final Setting setting) {
        final Map<String, String> values = new TreeMap<>(Knob.OF_JVM);
        values.putAll(jvm);
        knobs.stream().filter(Knob::isOfJvm).forEach(knob -> values.put(knob.name(), setting.get(knob)));
        final List<String> flags = new ArrayList<>();
        values.forEach((name, value) -> flags.add(Knob.flag(name, value)));
        return flags;
    }

    /** About how many seconds one round takes for one setting. */
    static double secondsPerSetting(final List<Job> workloads) {
        double seconds = 0;
        for (final Job job : workloads) {
            final long records = job.words() ? 150_000 : job.keys();
            seconds += START_S + (job.durationNs() + job.warmUpNs()) / (double) TimeUnit.SECONDS.toNanos(1)
                + records / LOADED_PER_S * (job.kind().fills() ? 1 : 2);
        }
        return seconds;
    }

    /** About how many seconds all of it takes; some workloads take less, a slow disk more. */
    public double estimatedSeconds() {
        return secondsPerSetting(workloads) * settingCount(knobs, mode) * repeats;
    }

    /** About the same for one measurement. */
    public double estimatedSecondsPerCell() {
        return secondsPerSetting(workloads) / workloads.size();
    }

    /** Comparisons with the baseline that one metric of one workload gives. */
    public int comparisons() {
        return knobs.stream().mapToInt(knob -> knob.values().size() - 1).sum();
    }

    /** Pairs of measurements behind each comparison of a value of a knob. */
    public int pairs(final Knob knob) {
        final long settings = mode == Mode.GRID ? settingCount(knobs, mode) / knob.values().size() : 1;
        return Math.toIntExact(settings * repeats);
    }
}
