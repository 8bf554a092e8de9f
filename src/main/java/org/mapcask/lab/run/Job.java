package org.mapcask.lab.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.mapcask.MapcaskOptions;
import org.mapcask.errors.ErrorText;

/**
 * What to measure once. Immutable.
 *
 * @param kind        the workload.
 * @param words       true for WordNet's words and entries, false for synthetic records.
 * @param keys        number of synthetic keys; WordNet has its own number.
 * @param keyLength   bytes of a synthetic key.
 * @param valueLength bytes of a synthetic value.
 * @param threads     threads that are measured.
 * @param rate        operations a second of an open loop, or 0 for a closed one.
 * @param writeRate   puts a second beside the measurement, for workloads that have such a writer.
 * @param durationNs  time of the measurement.
 * @param warmUpNs    time of what goes before it, unrecorded; 0 for none.
 * @param seed        begin of all random numbers.
 * @param options     of the store, by name, over their defaults.
 */
public record Job(
    Kind kind, boolean words, long keys, int keyLength, int valueLength, int threads, double rate, double writeRate,
    long durationNs, long warmUpNs, long seed, Map<String, String> options) {
    private static final String OPTION_PREFIX = "option.";
    private static final int MILLION = 1_000_000;
    private static final int THREADS_MAX = 1000;
    private static final int KEY_LENGTH_MAX = 1 << 16;
    private static final double NS_PER_SECOND = 1e9;

    /** A workload, by its name in LevelDB's benchmark. */
    public enum Kind {
        /** Puts new keys in the order of their index. */
        FILLSEQ("puts new keys, in order"),
        /** Puts new keys in an order that looks random. */
        FILLRANDOM("puts new keys, in random order"),
        /** Puts new keys, each durable before the next. */
        FILLSYNC("puts new keys, each durable when its put returns"),
        /** Gets, each key equally likely. */
        READRANDOM("gets, each key equally likely"),
        /** Gets, by the popularity of the key. */
        READHOT("gets, as often as a word is used; synthetic keys by Zipf's law"),
        /** Puts over keys that are there. */
        OVERWRITE("puts over keys that are there, each equally likely"),
        /** Gets while another thread puts. */
        READWHILEWRITING("gets while another thread writes over the same keys"),
        /** Gets while another thread puts and merges run. */
        READWHILEMERGING("gets while another thread writes over the same keys and merges run"),
        /** Iterates over all records. */
        SCAN("iterates over all records; one operation is one whole scan"),
        /** Opens the store. */
        OPEN("opens a store that is there; closing is not timed");

        private final String meaning;

        Kind(final String meaning) {
            this.meaning = meaning;
        }

        /** The name on a command line. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What one operation does. */
        public String meaning() {
            return meaning;
        }

        /** Whether it begins with an empty store. */
        public boolean fills() {
            return this == FILLSEQ || this == FILLRANDOM || this == FILLSYNC;
        }

        /** Whether somebody writes beside what is measured. */
        public boolean isDisturbed() {
            return this == READWHILEWRITING || this == READWHILEMERGING;
        }

        /** Whether one operation takes so long that it makes no sense at a rate. */
        public boolean isWhole() {
            return this == SCAN || this == OPEN;
        }

        /**
         * The workload of a name.
         *
         * @throws IllegalArgumentException that tells all names.
         */
        public static Kind of(final String label) {
            for (final Kind kind : values()) {
                if (kind.label().equals(label)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(ErrorText.what("there is no such workload").where("WORKLOAD")
                .expected("one of " + Arrays.stream(values()).map(Kind::label).collect(Collectors.joining(", ")))
                .found(label).todo("name one of these"));
        }
    }

    /**
     * Checks everything but the options of the store, which {@link #storeOptions()} checks.
     *
     * @throws IllegalArgumentException for a number out of range, or that makes no sense for the workload.
     */
    public Job {
        options = Map.copyOf(options);
        check(threads >= 1 && threads <= THREADS_MAX, "--threads", "1 to " + THREADS_MAX, threads);
        check(rate >= 0 && Double.isFinite(rate), "--rate", "operations a second, or 0 for full speed", rate);
        check(writeRate >= 0 && Double.isFinite(writeRate), "--write-rate", "puts a second, 0 or more", writeRate);
        check(keys >= 1, "--keys", "1 or more", keys);
        check(keyLength >= 1 && keyLength <= KEY_LENGTH_MAX, "--key-length", "1 to " + KEY_LENGTH_MAX, keyLength);
        check(keyLength >= Long.BYTES || keys <= 1L << Byte.SIZE * keyLength, "--key-length",
            "a length that " + keys + " keys can differ in", keyLength);
        check(valueLength >= 0, "--value-length", "0 or more", valueLength);
        check(durationNs > 0, "--duration", "more than 0 seconds", durationNs / NS_PER_SECOND);
        check(warmUpNs >= 0, "--warm-up", "0 seconds or more", warmUpNs / NS_PER_SECOND);
        check(!kind.isWhole() || rate == 0, "--rate",
            "none with " + kind.label() + ", which has no open loop and is measured by a command of its own", rate);
        check(!kind.isWhole() || threads == 1, "--threads", "1: " + kind.label() + " has one thread", threads);
        check(!kind.isDisturbed() || writeRate > 0, "--write-rate",
            "more than 0: " + kind.label() + " has a thread that puts", writeRate);
    }

    private static void check(
        final boolean holds, final String option, final String expected, final Object found) {
        if (!holds) {
            throw new IllegalArgumentException(ErrorText.what("the value of an option is not allowed").where(option)
                .expected(expected).found(found).todo("correct it, or leave it out to get the default"));
        }
    }

    /** A job with a million keys of 16 bytes, values of 100, one thread in a closed loop, 10 s after 3 s. */
    public static Job of(final Kind kind) {
        return new Job(kind, false, MILLION, 16, 100, 1, 0, kind.isDisturbed() ? 50_000 : 0,
            TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(3), 20_241, Map.of());
    }

    /** The same with other records. */
    public Job withRecords(
        final boolean newWords, final long newKeys, final int newKeyLength, final int newValueLength) {
        return new Job(kind, newWords, newKeys, newKeyLength, newValueLength, threads, rate, writeRate, durationNs,
            warmUpNs, seed, options);
    }

    /** The same with other threads and rates. */
    public Job withLoad(final int newThreads, final double newRate, final double newWriteRate) {
        return new Job(kind, words, keys, keyLength, valueLength, newThreads, newRate, newWriteRate, durationNs,
            warmUpNs, seed, options);
    }

    /** The same with other times. */
    public Job withTimes(final long newDurationNs, final long newWarmUpNs) {
        return new Job(kind, words, keys, keyLength, valueLength, threads, rate, writeRate, newDurationNs,
            newWarmUpNs, seed, options);
    }

    /** The same with other random numbers. */
    public Job withSeed(final long newSeed) {
        return new Job(kind, words, keys, keyLength, valueLength, threads, rate, writeRate, durationNs, warmUpNs,
            newSeed, options);
    }

    /** The same with other options of the store. */
    public Job withOptions(final Map<String, String> newOptions) {
        return new Job(kind, words, keys, keyLength, valueLength, threads, rate, writeRate, durationNs, warmUpNs, seed,
            newOptions);
    }

    /**
     * The options that the store is opened with.
     *
     * @throws org.mapcask.errors.InvalidOptionsException for a name or a value that is none.
     */
    public MapcaskOptions storeOptions() {
        final MapcaskOptions.Builder builder = MapcaskOptions.builder();
        if (kind == Kind.FILLSYNC) {
            builder.syncEveryWrite(true);
        }
        options.forEach(builder::override);
        return builder.build();
    }

    /** Name of a measurement: {@code readrandom-open}, with {@code -words} and {@code -t8} where that applies. */
    public String tag() {
        return kind.label() + (words ? "-words" : "") + (threads > 1 ? "-t" + threads : "")
            + (kind.isWhole() ? "" : rate > 0 ? "-open" : "-closed");
    }

    /** The job by name, as {@link #parse} takes it. */
    public Properties toProperties() {
        final Properties out = new Properties();
        out.setProperty("workload", kind.label());
        out.setProperty("words", Boolean.toString(words));
        out.setProperty("keys", Long.toString(keys));
        out.setProperty("keyLength", Integer.toString(keyLength));
        out.setProperty("valueLength", Integer.toString(valueLength));
        out.setProperty("threads", Integer.toString(threads));
        out.setProperty("rate", Double.toString(rate));
        out.setProperty("writeRate", Double.toString(writeRate));
        out.setProperty("durationMs", Long.toString(TimeUnit.NANOSECONDS.toMillis(durationNs)));
        out.setProperty("warmUpMs", Long.toString(TimeUnit.NANOSECONDS.toMillis(warmUpNs)));
        out.setProperty("seed", Long.toString(seed));
        options.forEach((name, value) -> out.setProperty(OPTION_PREFIX + name, value));
        return out;
    }

    /**
     * A job from properties; what is not there is as {@link #of} has it.
     *
     * @throws IllegalArgumentException for a name that is none, or a value out of range.
     */
    public static Job parse(final Properties properties) {
        final Map<String, String> rest = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> rest.put(name, properties.getProperty(name)));
        final Map<String, String> options = new TreeMap<>();
        rest.keySet().removeIf(name -> {
            if (name.startsWith(OPTION_PREFIX)) {
                options.put(name.substring(OPTION_PREFIX.length()), rest.get(name));
                return true;
            }
            return false;
        });
        final Job base = of(Kind.of(taken(rest, "workload", "")));
        final Job job = new Job(base.kind, Boolean.parseBoolean(taken(rest, "words", "false")),
            Long.parseLong(taken(rest, "keys", Long.toString(base.keys))),
            Integer.parseInt(taken(rest, "keyLength", Integer.toString(base.keyLength))),
            Integer.parseInt(taken(rest, "valueLength", Integer.toString(base.valueLength))),
            Integer.parseInt(taken(rest, "threads", "1")), Double.parseDouble(taken(rest, "rate", "0")),
            Double.parseDouble(taken(rest, "writeRate", Double.toString(base.writeRate))),
            TimeUnit.MILLISECONDS.toNanos(Long.parseLong(taken(rest, "durationMs", "10000"))),
            TimeUnit.MILLISECONDS.toNanos(Long.parseLong(taken(rest, "warmUpMs", "3000"))),
            Long.parseLong(taken(rest, "seed", Long.toString(base.seed))), options);
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("unknown names in a job: " + rest.keySet());
        }
        return job;
    }

    private static String taken(final Map<String, String> rest, final String name, final String otherwise) {
        final String value = rest.remove(name);
        return value == null ? otherwise : value.strip();
    }
}
