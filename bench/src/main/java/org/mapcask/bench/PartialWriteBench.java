package org.mapcask.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.results.Statistics;
import org.mapcask.recovery.RecoveryReport;

/**
 * What is found after a process was killed while it wrote a value of 100 MB, or 100 MB of records: opens the store
 * again and compares it with what had been acknowledged, for each policy. {@code bench/partial-write.sh} builds and
 * calls this.
 *
 * <p>Exit status: 0, 1 if an acknowledged write is lost, a wrong value is shown or something broke, 2 for a wrong
 * command line.
 */
public final class PartialWriteBench {
    private static final int KILLED = 128 + 9;
    private static final int MEGABYTE = 1_000_000;
    private static final long MEGABYTES_MAX = 1000;
    private static final long DEFAULT_SEED = 20_262;
    /** Records are given this long at most; a point beyond it is not reached. */
    private static final long RECORDS_NS_MAX = TimeUnit.SECONDS.toNanos(6);
    private static final long LOOK_NS = TimeUnit.MICROSECONDS.toNanos(100);
    /** Kill points lie up to here in the time that the long value takes, so that some come after its end. */
    private static final double VALUE_TIME_SHARE = 1.15;
    private static final String QUESTION = "A process is killed (SIGKILL) at random points while it writes a value "
        + "of 100 MB, or 100 MB of records. What does the store show when it is opened again?";
    private static final String NOTES = """

        * *Acknowledged*: the call had returned before the kill, as written down outside of the store. *Lost*: of these,
          not there. *Wrong*: a value that is neither the new one as a whole nor the one before; a half-written value
          would count here. *In flight, whole*: found although its call had not returned, which is allowed.
        * Every other round the key of the long value has an older, short value; then that must show, or the new one.
        * A killed process loses nothing that reached the page cache, so no policy may lose an acknowledged write here.
          What a crash of the kernel or a power cut may take differs by policy, and is tested by states, not by kills.

        """;

    private final Settings settings;
    private final RunReport report;
    private final PrintStream talk;
    private final SplittableRandom random;
    private final List<Row> rows = new ArrayList<>();
    private final StringBuilder recoveries = new StringBuilder();
    private final UnsafeBuffer scratch;

    /** What the command line says. */
    record Settings(
        int rounds, List<String> policies, List<String> parts, int valueLength, long records, long seed,
        RunOptions run) {
        static Settings parse(final List<String> arguments) {
            final CommandLine line = RunOptions.parse(arguments,
                Set.of("--rounds", "--policies", "--parts", "--value-mb", "--records-mb", "--seed"), Set.of(),
                Set.of());
            final List<String> parts = List.of("value", "records");
            return new Settings((int) line.number("--rounds", 5, 1, 100_000),
                line.words("--policies", PartialWriteLoad.POLICIES, PartialWriteLoad.POLICIES),
                line.words("--parts", parts, parts),
                (int) line.number("--value-mb", 100, 1, MEGABYTES_MAX) * MEGABYTE,
                line.number("--records-mb", 100, 1, MEGABYTES_MAX) * MEGABYTE / PartialWriteLoad.SHORT_LENGTH,
                line.number("--seed", DEFAULT_SEED, Long.MIN_VALUE, Long.MAX_VALUE),
                RunOptions.of(line, "partial-write"));
        }
    }

    private PartialWriteBench(final Settings settings, final RunReport report, final PrintStream talk) {
        this.settings = settings;
        this.report = report;
        this.talk = talk;
        random = new SplittableRandom(settings.seed);
        scratch = new UnsafeBuffer(
            ByteBuffer.allocateDirect(Math.max(settings.valueLength, PartialWriteLoad.SHORT_LENGTH)));
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code bench/partial-write.sh --help}.
     */
    public static void main(final String[] arguments) {
        Launcher.launch("partial-write", arguments, Settings::parse,
            settings -> new PartialWriteBench(settings, settings.run.begin(), System.err).run(System.out));
    }

    private boolean run(final PrintStream out) throws IOException {
        talk.println("seed " + settings.seed);
        report.attempt(() -> {
            for (final String part : settings.parts) {
                for (final String policy : settings.policies) {
                    kill(PartialWriteLoad.Part.valueOf(part.toUpperCase(Locale.ROOT)), policy);
                }
            }
        });
        for (final Row row : rows) {
            if (!row.outcome.isRight()) {
                report.folder().fail(row.name() + ": " + row.outcome.lost() + " acknowledged writes lost, "
                    + row.outcome.wrong() + " wrong values shown");
            }
        }
        report.folder().write("recoveries.txt", recoveries.toString());
        final Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seed", settings.seed);
        figures.put("rounds", settings.rounds);
        figures.put("rows", rows.stream().map(Row::json).toList());
        final String table = PartialWriteTable.markdown(rows);
        return report.finish(figures, QUESTION, "Seed " + settings.seed + ".\n\n" + table + NOTES
            + "`recoveries.txt` has what each opening said.\n", table, settings.run.json(), out);
    }

    private void kill(final PartialWriteLoad.Part part, final String policy) throws IOException, InterruptedException {
        final Row row = new Row(part, policy);
        rows.add(row);
        long valueNs = 0;
        if (part == PartialWriteLoad.Part.VALUE) {
            // How long it takes when nobody kills it, so that the points spread over that time.
            valueNs = round(load(part, policy, false), row, 0, 0, false);
        }
        for (int i = 0; i < settings.rounds; i++) {
            final double point = random.nextDouble();
            talk.printf(Locale.ROOT, "%s, kill %d of %d%n", row.name(), i + 1, settings.rounds);
            round(load(part, policy, i % 2 == 1), row, point, valueNs, true);
        }
    }

    private PartialWriteLoad load(final PartialWriteLoad.Part part, final String policy, final boolean hasOld) {
        return new PartialWriteLoad(part, policy, settings.valueLength, settings.records, hasOld);
    }

    /** Starts a writer in a new store, kills it, and looks; returns the time from the begin of writing to its end. */
    private long round(
        final PartialWriteLoad load, final Row row, final double point, final long valueNs, final boolean early)
        throws IOException, InterruptedException {
        final Path directory = DataDirectory.fresh(settings.run.data(), "store").toAbsolutePath();
        Files.deleteIfExists(PartialWriteLoad.progressOf(directory));
        try (WriterProgress progress = new WriterProgress(PartialWriteLoad.progressOf(directory), load.writers())) {
            final Process child = start(directory, load);
            long tookNs = 0;
            try (BufferedReader says = child.inputReader(StandardCharsets.UTF_8)) {
                expect(PartialWriteMain.BEGIN, says.readLine());
                final long beginNs = System.nanoTime();
                if (!early) {
                    expect(PartialWriteMain.END, says.readLine());
                    tookNs = System.nanoTime() - beginNs;
                } else if (load.part() == PartialWriteLoad.Part.VALUE) {
                    LockSupport.parkNanos((long) (point * VALUE_TIME_SHARE * valueNs));
                } else {
                    waitForRecords(progress, (long) (point * settings.records),
                        beginNs + (long) (point * RECORDS_NS_MAX));
                }
            } finally {
                child.destroyForcibly();
                final int status = child.waitFor();
                if (status != KILLED) {
                    report.folder().fail(row.name() + ": the writer ended by itself with status " + status);
                }
            }
            if (early) {
                look(directory, load, progress, row);
            }
            return tookNs;
        } finally {
            DataDirectory.remove(directory);
        }
    }

    private static void waitForRecords(final WriterProgress progress, final long records, final long untilNs) {
        while (progress.acknowledged() < records && System.nanoTime() < untilNs) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private void look(
        final Path directory, final PartialWriteLoad load, final WriterProgress progress, final Row row) {
        final long beginNs = System.nanoTime();
        try (Mapcask store = Mapcask.open(directory, load.options())) {
            final long openNs = System.nanoTime() - beginNs;
            final RecoveryReport recovery = store.recoveryReport();
            recoveries.append(row.name()).append(": ").append(recovery).append('\n');
            row.add(PartialWriteCheck.look(store, load, progress, scratch), openNs, recovery);
        }
    }

    private static void expect(final String expected, final String found) {
        if (!expected.equals(found)) {
            throw new IllegalStateException("the writer says '" + found + "' instead of '" + expected + "'");
        }
    }

    /** A JVM with the flags of this one, but for its heap. */
    private static Process start(final Path directory, final PartialWriteLoad load) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-Xm") && !flag.contains("AlwaysPreTouch")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx64m", "-XX:MaxDirectMemorySize=" + (load.valueLength() + (256L << 20)),
            "-cp", System.getProperty("java.class.path"), PartialWriteMain.class.getName(), directory.toString()));
        command.addAll(load.arguments());
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** What was found over the rounds of a part and policy. */
    static final class Row {
        private final PartialWriteLoad.Part part;
        private final String policy;
        private final List<Double> openNs = new ArrayList<>();
        private final Map<String, Integer> said = new LinkedHashMap<>();
        private PartialWriteCheck.Outcome outcome = new PartialWriteCheck.Outcome(0, 0, 0, 0, 0);

        Row(final PartialWriteLoad.Part part, final String policy) {
            this.part = part;
            this.policy = policy;
        }

        void add(final PartialWriteCheck.Outcome found, final long tookNs, final RecoveryReport recovery) {
            outcome = outcome.plus(found);
            openNs.add((double) tookNs);
            PartialWriteTable.said(recovery).forEach(text -> said.merge(text, 1, Integer::sum));
        }

        PartialWriteLoad.Part part() {
            return part;
        }

        String policy() {
            return policy;
        }

        PartialWriteCheck.Outcome outcome() {
            return outcome;
        }

        /** What the recovery reports said, and how many of them. */
        Map<String, Integer> said() {
            return said;
        }

        int kills() {
            return openNs.size();
        }

        double openMedianNs() {
            return Statistics.median(openNs.stream().mapToDouble(Double::doubleValue).toArray());
        }

        double openMaxNs() {
            return openNs.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
        }

        String name() {
            return part.name().toLowerCase(Locale.ROOT) + ", " + policy;
        }

        private Map<String, Object> json() {
            final Map<String, Object> out = new LinkedHashMap<>();
            out.put("part", part.name().toLowerCase(Locale.ROOT));
            out.put("policy", policy);
            out.put("kills", kills());
            out.put("begun", outcome.begun());
            out.put("acknowledged", outcome.acknowledged());
            out.put("found", outcome.found());
            out.put("lost", outcome.lost());
            out.put("wrong", outcome.wrong());
            out.put("openMedianNs", openMedianNs());
            out.put("openMaxNs", openMaxNs());
            out.put("recoveryReports", said);
            return out;
        }
    }
}
