package org.mapcask.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.lab.results.Json;
import org.mapcask.lab.run.Bench;
import org.mapcask.lab.run.Job;
import org.mapcask.lab.run.PropertyText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench WORKLOAD…}: measures, and writes a results folder. */
@Command(name = "bench", description = "Measure latency and throughput, and write a results folder with histograms.",
    footerHeading = "%nWorkloads:%n",
    footer = {
        "  fillseq, fillrandom  put new keys, in order or not",
        "  fillsync             put new keys, each durable when its put returns",
        "  readrandom           get, each key equally likely",
        "  readhot              get, as a word is used; synthetic keys by Zipf's law",
        "  overwrite            put over keys that are there",
        "  readwhilewriting     get while another thread puts at --write-rate",
        "  readwhilemerging     the same, and merges run",
        "  scan                 iterate over all records; one operation is a whole scan",
        "  open                 open a store that is there",
        "",
        "With --rate the loop is open: latency counts from the intended start, and a rate that is missed fails the "
            + "run. Without it operations follow each other at full speed. A wrong answer fails the run; the folder's "
            + "name then ends in .FAIL."})
final class BenchCommand implements Callable<Integer> {
    private static final int REPEATS_MAX = 1000;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "WORKLOAD", description = "What to measure, in this order.")
    private List<String> workloads = new ArrayList<>();

    @Option(names = "--rate", paramLabel = "N",
        description = "Operations a second of all threads, an open loop; 0 (default) is at full speed.")
    private double rate;

    @Option(names = "--write-rate", paramLabel = "N", defaultValue = "50000",
        description = "Puts a second beside the readwhile… workloads (default: ${DEFAULT-VALUE}).")
    private double writeRate;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1",
        description = "Threads that are measured (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--words", description = "WordNet's words and entries in place of synthetic records.")
    private boolean words;

    @Option(names = "--keys", paramLabel = "N", defaultValue = "1000000",
        description = "Synthetic keys (default: ${DEFAULT-VALUE}).")
    private long keys;

    @Option(names = "--key-length", paramLabel = "BYTES", defaultValue = "16",
        description = "Of a synthetic key (default: ${DEFAULT-VALUE}).")
    private int keyLength;

    @Option(names = "--value-length", paramLabel = "BYTES", defaultValue = "100",
        description = "Of a synthetic value (default: ${DEFAULT-VALUE}).")
    private int valueLength;

    @Option(names = "--duration", paramLabel = "SECONDS", defaultValue = "10",
        description = "Time of each measurement (default: ${DEFAULT-VALUE}).")
    private double duration;

    @Option(names = "--warm-up", paramLabel = "SECONDS", defaultValue = "3",
        description = "Time before each, unrecorded (default: ${DEFAULT-VALUE}).")
    private double warmUp;

    @Option(names = "--repeats", paramLabel = "N", defaultValue = "1",
        description = "How often all of it is measured, each time on fresh stores (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "20241",
        description = "Begin of the random numbers (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--options", paramLabel = "FILE",
        description = "Properties file with options of the store, such as tuned.properties.")
    private Path optionsFile;

    @Option(names = "--option", paramLabel = "NAME=VALUE",
        description = "An option of the store, repeatable; stronger than the file. See mapcask --help.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Mixin
    private ResultOptions.WithData output;

    BenchCommand(final Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        final List<Job> jobs = jobs();
        final String label = output.label("bench");
        try {
            output.requireDirectories();
            final Bench bench = new Bench(
                jobs, repeats, output.data, output.results, label, command());
            final boolean passed;
            try (ProgressLine progress = terminal.progress()) {
                passed = bench.run(progress);
            }
            terminal.line(output.json ? Json.compact(bench.report().summary()) : bench.table().stripTrailing());
            bench.report().folder().failures().forEach(failure -> terminal.say("FAILED: " + failure));
            terminal.say("written to " + bench.report().path());
            return passed ? ExitStatus.DONE : ExitStatus.NOT_FOUND;
        } catch (final IOException e) {
            throw FileErrors.of("the run", output.results, "", e);
        }
    }

    private List<Job> jobs() {
        try {
            if (repeats < 1 || repeats > REPEATS_MAX) {
                throw new IllegalArgumentException(ErrorText.what("the value of an option is not allowed")
                    .where("--repeats").expected("1 to " + REPEATS_MAX).found(repeats)
                    .todo("correct it, or leave it out to get the default"));
            }
            final Map<String, String> all = new LinkedHashMap<>(fromFile());
            all.putAll(options);
            final List<Job> jobs = new ArrayList<>();
            for (final String workload : workloads) {
                final Job.Kind kind = Job.Kind.of(workload);
                final Job job = Job.of(kind).withRecords(words, keys, keyLength, valueLength)
                    .withLoad(kind.isWhole() ? 1 : threads, rate, kind.isDisturbed() ? writeRate : 0)
                    .withTimes(nanoseconds(duration), nanoseconds(warmUp)).withSeed(seed).withOptions(all);
                job.storeOptions();
                jobs.add(job);
            }
            return jobs;
        } catch (final IllegalArgumentException e) {
            throw new InvalidArgumentException(e.getMessage(), e);
        }
    }

    private Map<String, String> fromFile() {
        final Map<String, String> out = new LinkedHashMap<>();
        if (optionsFile != null) {
            final Properties properties;
            try {
                properties = PropertyText.parse(
                    Files.readString(optionsFile), "file of options", optionsFile.toString());
            } catch (final IOException e) {
                throw new StoreIoException(ErrorText.what("the file of options cannot be read").where(optionsFile)
                    .expected("a properties file").found(e).todo("check the name after --options"), e);
            }
            properties.stringPropertyNames().forEach(name -> out.put(name, properties.getProperty(name)));
        }
        return out;
    }

    private static long nanoseconds(final double seconds) {
        return Math.round(seconds * TimeUnit.SECONDS.toNanos(1));
    }

    /** What was typed, for the results; they name no directory of this machine. */
    private String command() {
        final List<String> words = new ArrayList<>();
        String before = "";
        for (final String argument : spec.commandLine().getParseResult().originalArgs()) {
            final int equals = argument.indexOf('=');
            final String name = equals > 0 ? argument.substring(0, equals) : before;
            final String value = argument.substring(equals + 1);
            final String shown = name.equals("--dir") || name.equals("--results") ? "DIR"
                : name.equals("--options") ? Path.of(value).getFileName().toString() : value;
            words.add(Invocation.quoted(equals > 0 ? name + '=' + shown : shown));
            before = argument;
        }
        return Invocation.of(String.join(" ", words));
    }
}
