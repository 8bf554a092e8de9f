package org.mapcask.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.mapcask.lab.chart.TimeChart;
import org.mapcask.lab.results.DataDirectory;
import org.mapcask.lab.results.RunReport;
import org.mapcask.lab.results.SummaryTable;

/**
 * A key directory larger than its memory: the same store with a tenth of the memory that its directory takes, in a
 * memory cgroup, and with all of it; then how long it takes to open. {@code bench/beyond-memory.sh} builds and calls
 * this. Each phase is a JVM of its own ({@link BeyondMemoryChild}).
 *
 * <p>Exit status: 0, 1 if an answer was wrong or something broke, 2 for a wrong command line.
 */
public final class BeyondMemoryBench {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;
    /** Bytes of directory a key that the tenth is taken of. */
    private static final double BYTES_PER_KEY = 14.6;
    private static final int FULL_BYTES_PER_KEY = 32;
    private static final long HEAP = 128L << 20;
    /** For what a JVM needs beside heap and keydir, and for the page cache of what is written and read just now. */
    private static final long BESIDE = 192L << 20;
    private static final int KILLS = 2;
    private static final double MILLION = 1e6;

    private final long keys;
    private final long gets;
    private final Path data;
    private final Path cgroup;
    private final RunReport report;
    private final PrintStream talk;
    private final List<String[]> rows = new ArrayList<>();
    private final Map<String, Object> figures = new LinkedHashMap<>();

    private BeyondMemoryBench(
        final long keys, final long gets, final Path data, final Path cgroup, final RunReport report,
        final PrintStream talk) {
        this.keys = keys;
        this.gets = gets;
        this.data = data;
        this.cgroup = cgroup;
        this.report = report;
        this.talk = talk;
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments see {@code bench/beyond-memory.sh --help}.
     */
    public static void main(final String[] arguments) {
        try {
            final CommandLine line = CommandLine.parse(List.of(arguments),
                Set.of("--keys", "--gets", "--dir", "--results", "--label", "--command", "--cgroup"), Set.of("--json"),
                Set.of());
            final Path data = line.path("--dir", Path.of("target", "beyond-memory"));
            final RunReport report = RunReport.begin(line.path("--results", Path.of("results")),
                line.text("--label", "beyond-memory"), data, line.text("--command", "bench/beyond-memory.sh"));
            final BeyondMemoryBench bench = new BeyondMemoryBench(
                line.number("--keys", 50_000_000, 1_000_000, 1L << 40), line.number("--gets", 100_000, 1000, 1L << 40),
                data, line.has("--cgroup") ? line.path("--cgroup", null) : null, report, System.err);
            System.exit(bench.run(line.has("--json")) ? 0 : EXIT_FAILED);
        } catch (final IllegalArgumentException e) {
            System.err.println("beyond-memory: " + e.getMessage());
            System.exit(EXIT_USAGE);
        } catch (final IOException e) {
            System.err.println("beyond-memory: " + e);
            System.exit(EXIT_FAILED);
        }
    }

    private boolean run(final boolean json) throws IOException {
        try {
            small();
            full();
        } catch (final IOException | RuntimeException e) {
            report.fail(e);
        }
        final String table = SummaryTable.markdown(new String[] {"question", "a tenth", "all", "goal"}, rows);
        return report.finish(figures, "A store of " + SummaryTable.count(keys) + " keys of 16 B with values of 100 B: "
            + "what does it do with a tenth of the memory that its key directory takes, and how fast does it open?",
            table + "\n" + notes(), table, json, System.out);
    }

    private String notes() {
        return "* A tenth: `keydirMemory` is " + SummaryTable.count(budget()) + " bytes, the heap "
            + SummaryTable.count(HEAP)
            + (cgroup == null ? "; no memory cgroup could be made, so the page cache was free"
                : ", all in a memory cgroup of " + SummaryTable.count(limit()) + " bytes, page cache included")
            + ".\n* All: the directory is in memory, and so may be the files, in the page cache.\n"
            + "* Pieces of arithmetic: some microseconds each on 32 KiB, between the puts, by the thread that puts. "
            + "What they take beyond that the machine takes, from any work; as much is not the keydir's. "
            + "So it is with what two threads that only load from memory do less than twice what one does.\n"
            + "* Page reads a get are counted by the store. Sealed segments are read by `pread`.\n"
            + "* Opens are in a JVM that has opened a small store often before, from its checkpoint, from its log, and "
            + "as kills leave it, then rested for 3 s, and whose heap was touched at its start; the first get is in "
            + "the time. The log alone is that of the load: one record a key.\n"
            + "* After kill -9: a process writes over keys at the rate that is told until it is killed.\n\n"
            + "![bytes a key](bytes-per-key.svg)\n";
    }

    private long budget() {
        return Math.max(8L << 20, (long)(keys * BYTES_PER_KEY / 10));
    }

    private long limit() {
        return HEAP + budget() + BESIDE;
    }

    private void small() throws IOException {
        final Path store = DataDirectory.fresh(data, "tenth");
        final Map<String, String> load = child("tenth-load", "load", store, budget(), 0, true);
        final Map<String, String> get = child("tenth-get", "get", store, budget(), gets, true);
        figures.put("tenth", Map.of("load", load, "get", get));
        tenth("put of new keys, all of them, /s", load, "rate", 0);
        tenth("the longest put, ms", load, "max.ns", -6);
        tenth("keydir memory, MB (`keydirMemory` " + Math.round(budget() / MILLION) + ")", get,
            "keydir.residentBytes", -6);
        for (final String threads : List.of("t1", "t2")) {
            tenth("gets at random, " + threads.substring(1) + " thread(s), /s", get, threads + ".rate", 0);
            tenth("keydir pages read a get", get, threads + ".page.reads.per.get", 0);
            tenth("p50, µs", get, threads + ".p50.ns", -3);
            tenth("p99, µs", get, threads + ".p99.ns", -3);
        }
        DataDirectory.remove(store);
    }

    private void full() throws IOException {
        final Path store = DataDirectory.fresh(data, "all");
        final long memory = keys * FULL_BYTES_PER_KEY;
        final Map<String, String> load = child("all-load", "load", store, memory, 0, false);
        final Map<String, String> get = child("all-get", "get", store, memory, gets * 10, false);
        final Map<String, String> clean = child("all-open", "open", store, memory, 1, false);
        figures.put("all", Map.of("load", load, "get", get, "open", clean));
        all("put of new keys, all of them, /s", load, "rate", 0, "");
        all("the longest put, ms", load, "max.ns", -6, "");
        all("puts of more than 2 ms, in a second", load, "over.2ms.a.second", 0, "");
        all("the longest work on the keydir for which a put waited, ms", load, "keydir.longestPauseMs", 0, "");
        all("the most processor time of such work, ms", load, "keydir.longestBusyMs", 0, "");
        all("pieces of such work of more than 2 ms, in a second of it", load, "pieces.over.2ms.a.second", 0,
            "as the next");
        all("the same of pieces of arithmetic by the same thread", load, "idle.over.2ms.a.second", 0, "");
        all("the longest of those, ms", load, "idle.max.ns", -6, "");
        all("keydir bytes a key, worst from 1 M on", load, "worst.bytes.per.key", 0, "<= 24");
        for (final String threads : List.of("t1", "t2")) {
            all("gets at random, " + threads.substring(1) + " thread(s), /s", get, threads + ".rate", 0, "");
            all("p50, µs", get, threads + ".p50.ns", -3, "");
            all("p99, µs", get, threads + ".p99.ns", -3, "");
        }
        all("two threads over one, gets through mappings, in turns, median", get, "gets.gain", 0, ">= 1.8");
        all("the same of threads that only load from memory, in the same turns", get, "loads.gain", 0, "");
        all("close, s", load, "close.seconds", 0, "");
        all("open after a clean close, ms, median", clean, "open.ms", 0, "<= 10");
        all("the longest of " + BeyondMemoryChild.OPENS + ", ms", clean, "open.ms.most", 0, "");
        final Map<String, String> rebuild = child("all-rebuild", "rebuild", store, memory, 0, false);
        figures.put("rebuild", rebuild);
        all("open from the log alone, s a million keys", rebuild, "rebuild.seconds.per.million", 0, "<= 0.5");
        final List<Object> kills = new ArrayList<>();
        for (final long rate : new long[] {0, 50_000}) {
            kills.add(kill(store, memory, rate));
        }
        figures.put("kills", kills);
        curve(report.folder().path().resolve("all-load").resolve("bytes-per-key.csv"));
        DataDirectory.remove(store);
    }

    /** A rate of 0 is full speed. */
    private Map<String, Object> kill(final Path store, final long memory, final long rate) throws IOException {
        final List<Double> times = new ArrayList<>();
        final List<Double> read = new ArrayList<>();
        final List<Double> replayed = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            final Process writer = start("write", store, Path.of("."), memory, rate, false);
            try {
                TimeUnit.SECONDS.sleep(15 + 2 * i);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } finally {
                writer.destroyForcibly();
            }
            await(writer);
            read.add(Double.valueOf(child("read-killed", "read", store, memory, 0, false).get("open.ms")));
            final Map<String, String> open = child("open-killed", "open", store, memory, 0, false);
            times.add(Double.valueOf(open.get("open.ms")));
            replayed.add(Double.valueOf(open.get("replayed.bytes")) / MILLION);
        }
        final String speed = rate == 0 ? "full speed" : SummaryTable.count(rate) + " puts/s";
        rows.add(new String[] {"open after kill -9, " + speed + ", ms each (MB of log replayed)", "",
            times.stream().map(BeyondMemoryBench::text).toList() + " ("
                + replayed.stream().map(BeyondMemoryBench::text).toList() + ")", "<= 100"});
        rows.add(new String[] {"the same, opened only to be read, ms each", "",
            read.stream().map(BeyondMemoryBench::text).toList().toString(), "<= 100"});
        return Map.of("rate", rate, "openMs", times, "openReadOnlyMs", read, "replayedMegabytes", replayed);
    }

    private void tenth(final String question, final Map<String, String> from, final String name, final int exponent) {
        rows.add(new String[] {question, value(from, name, exponent), "",
            name.endsWith("page.reads.per.get") ? "<= 1.05" : ""});
    }

    private void all(final String question, final Map<String, String> from, final String name, final int exponent,
        final String goal) {
        final String shown = value(from, name, exponent);
        for (final String[] row : rows) {
            if (row[0].equals(question) && row[2].isEmpty()) {
                row[2] = shown;
                return;
            }
        }
        rows.add(new String[] {question, "", shown, goal});
    }

    private static String value(final Map<String, String> from, final String name, final int exponent) {
        return text(Double.parseDouble(from.get(name)) * Math.pow(10, exponent));
    }

    private static String text(final double value) {
        return value >= 1000 ? SummaryTable.count(Math.round(value)) :
            String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    private void curve(final Path csv) throws IOException {
        final List<Double> millions = new ArrayList<>();
        final List<Double> bytes = new ArrayList<>();
        for (final String line : Files.readAllLines(csv).subList(1, (int)Files.lines(csv).count())) {
            final String[] fields = line.split(",");
            millions.add(Double.parseDouble(fields[0]) / MILLION);
            bytes.add(Double.parseDouble(fields[2]));
        }
        report.folder().write("bytes-per-key.svg", TimeChart.linear("Memory of the key directory a key",
            "bytes, while one store grows; pages, table and everything that belongs to them",
            value -> String.format(Locale.ROOT, "%.0f B", value)).across("million keys")
            .line("resident", millions, bytes, 0).render());
    }

    private Map<String, String> child(
        final String name, final String phase, final Path store, final long memory, final long number,
        final boolean limited) throws IOException {
        talk.println(name + " ...");
        final Path folder = Files.createDirectories(report.folder().path().resolve(name));
        final Process process = start(phase, store, folder, memory, number, limited);
        final Map<String, String> told = new LinkedHashMap<>();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final int at = line.indexOf('=');
                if (at > 0) {
                    told.put(line.substring(0, at), line.substring(at + 1));
                }
            }
        }
        if (await(process) != 0) {
            throw new IllegalStateException("phase " + name + " ended with status " + process.exitValue());
        }
        told.forEach((key, value) -> talk.println("  " + key + " " + value));
        return told;
    }

    private static int await(final Process process) {
        try {
            return process.waitFor();
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Process start(final String phase, final Path store, final Path folder, final long memory, final long number,
        final boolean limited) throws IOException {
        final List<String> command = new ArrayList<>();
        if (limited && cgroup != null) {
            command.addAll(List.of("bash", "-c", "echo $$ > \"$0\"/cgroup.procs && exec \"$@\"", cgroup.toString()));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        final long heap = limited ? HEAP : HEAP * 8;
        command.addAll(List.of("@bench/jvm.options", "-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch", "-cp",
            System.getProperty("java.class.path"), BeyondMemoryChild.class.getName(), phase, store.toString(),
            folder.toString(), Long.toString(keys), Long.toString(memory), Long.toString(number)));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
