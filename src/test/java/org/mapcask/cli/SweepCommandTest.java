package org.mapcask.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.MapcaskOptions;
import org.mapcask.support.ChildJvm;
import picocli.CommandLine;

class SweepCommandTest {
    /** Status of a process that SIGTERM ended. */
    private static final int TERMINATED = 128 + 15;
    private static final String TINY = "workloads=fillrandom\nkeys=20000\nduration=0.2\nwarmUp=0.1\njvm.heap=128m\n";

    @TempDir
    Path top;

    @Test
    void shouldSweepInJvmsOfTheirOwnAndRecommendNothingFromTwoPairs() throws IOException {
        final String job = TINY + "repeats=2\nknob.writebackStep=8m,0\n";
        final Cli cli = sweep(job, "--json", "--goal", "latency").ends(ExitStatus.DONE);

        JsonCheck.object(cli.out());
        assertTrue(cli.out().contains("too few pairs"), cli.out());
        assertTrue(cli.err().contains("2 settings × 1 workload × 2 rounds = 4 measurements"), cli.err());
        assertTrue(cli.err().contains("recommend needs repeats=6"), cli.err());
        final Path run = run();
        try (Stream<Path> cells = Files.list(run.resolve("cells"))) {
            assertEquals(8, cells.count());
        }

        final Path tuned = run.resolve("tuned.properties");
        assertTrue(Files.readString(tuned).startsWith("# Options of a Mapcask store for the goal latency"));
        final Cli recommended = Cli.run("recommend", run, "--goal", "throughput", "--dir", top).ends(ExitStatus.DONE);
        assertTrue(recommended.out().startsWith("# Options of a Mapcask store for the goal throughput"));
        assertEquals(Files.readString(tuned).strip(), recommended.out().strip());
        assertEquals(MapcaskOptions.defaults(), MapcaskOptions.builder().file(tuned).build());
        Cli.run("recommend", "--check", tuned, "--dir", top).ends(ExitStatus.DONE);
        final String elsewhere = Files.readString(tuned).replaceFirst("(?m)^# host.kernel: .*$", "# host.kernel: 0.1");
        Files.writeString(tuned, elsewhere);
        assertTrue(Cli.run("recommend", "--check", tuned, "--dir", top).ends(ExitStatus.NOT_FOUND).out()
            .startsWith("kernel was '0.1' and is "));
        JsonCheck.object(Cli.run("recommend", run, "--goal", "latency", "--dir", top, "--json").ends(0).out());
    }

    @Test
    @Tag("slow")
    void shouldFindSmallSegmentsBadAndRecommendTheDefault() throws IOException {
        final Cli cli = sweep(TINY + "repeats=7\nknob.segmentLength=64m,16k\n").ends(ExitStatus.DONE);
        assertTrue(cli.out().contains("| segmentLength=16KiB | 64MiB | 7 | **worse** "), cli.out());

        final Cli recommended = Cli.run("recommend", run(), "--goal", "throughput", "--dir", top).ends(ExitStatus.DONE);

        assertTrue(recommended.out().contains("# segmentLength stays at 64MiB"), recommended.out());
        assertTrue(recommended.out().contains("worse in rate/s of fillrandom-closed"), recommended.out());
    }

    @Test
    void shouldRefuseWithStatusTwoBeforeAnythingIsMeasured() throws IOException {
        assertTrue(sweep("workloads=fillrandum\nknob.wall=true\n").ends(ExitStatus.USAGE).err().contains("2 faults"));
        final String one = TINY + "knob.wal=true,false\n";
        assertTrue(sweep(one, "--goal", "durability").ends(ExitStatus.USAGE).err().contains("expected: fillsync"));
        sweep(one, "--goal", "speed").ends(ExitStatus.USAGE);
        sweep(one, "--max-hours", "0").ends(ExitStatus.USAGE);
        Cli.run("recommend", top, "--goal", "latency").ends(ExitStatus.USAGE);
        Cli.run("recommend").ends(ExitStatus.USAGE);
        Cli.run("recommend", "--check", top.resolve("none")).ends(ExitStatus.STORE_ERROR);
        Cli.run("sweep", top.resolve("none")).ends(ExitStatus.STORE_ERROR);
        assertTrue(Files.notExists(top.resolve("results")));
    }

    @Test
    void shouldNameTheLineOfABrokenEscape() throws IOException {
        final String err = sweep("# C:\\users\nworkloads=fillrandom\nknob.wal=true,\\u00g1\n")
            .ends(ExitStatus.USAGE).err();
        assertTrue(err.contains("tiny.properties, line 3: knob.wal=true,\\u00g1"), err);
    }

    @Test
    void shouldAskForWhatARecommendationNeedsOnePartAtATime() {
        final String noResults = Cli.run("recommend", "--goal", "latency").ends(ExitStatus.USAGE).err();
        assertTrue(noResults.contains("where: RESULTS") && !noResults.contains("null"), noResults);
        final String noGoal = Cli.run("recommend", top).ends(ExitStatus.USAGE).err();
        assertTrue(noGoal.contains("where: --goal; expected: one of latency, throughput"), noGoal);
        final String noSuchGoal = Cli.run("recommend", top, "--goal", "speed").ends(ExitStatus.USAGE).err();
        assertTrue(noSuchGoal.contains("goal is none"), "before the results are looked at: " + noSuchGoal);
    }

    @Test
    void shouldSayHowToGoOnWhenItIsToldToEnd() throws Exception {
        final Path file = Files.writeString(top.resolve("long.properties"),
            "workloads=fillrandom\nkeys=20000\nduration=30\njvm.heap=128m\nrepeats=2\nknob.wal=true,false\n");
        final String classPath = Stream.of(Main.class, CommandLine.class, DirectBuffer.class, Native.class,
            Histogram.class).map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
            .collect(Collectors.joining(File.pathSeparator));
        try (ChildJvm child = ChildJvm.start(List.of("sh", "-c", "exec \"$@\" 2>&1", "sh"), List.of("-cp", classPath),
            Main.class, "sweep", file.toString(), "--dir", top.resolve("data").toString(), "--results",
            top.resolve("results").toString())) {
            final String plan = child.nextLine();
            assertTrue(plan.startsWith("mapcask: 2 settings × 1 workload × 2 rounds"), plan);
            new ProcessBuilder("kill", "-TERM", Long.toString(child.pid())).start().waitFor();
            final StringBuilder rest = new StringBuilder();
            for (String line = child.nextLine(); line != null; line = child.nextLine()) {
                rest.append(line).append('\n');
            }
            assertEquals(TERMINATED, child.join());
            assertTrue(rest.toString().contains("start the same command again, and it goes on where it was"),
                rest.toString());
        }
    }

    @Test
    void shouldSayWhichDirectoryCannotBeUsed() throws IOException {
        final Path file = Files.writeString(top.resolve("file"), "x");
        final Path job = Files.writeString(top.resolve("tiny.properties"), TINY + "knob.wal=true,false\n");
        final String err = Cli.run("sweep", job, "--dir", file, "--results", top.resolve("results"))
            .ends(ExitStatus.STORE_ERROR).err();
        assertTrue(err.contains("where: " + file) && !err.contains("make room"), err);
        assertTrue(err.contains("then start the same command again"), err);
    }

    private Cli sweep(final String job, final Object... more) throws IOException {
        final Path file = Files.writeString(top.resolve("tiny.properties"), job);
        final Object[] args = Stream.concat(Stream.of("sweep", file, "--dir", top.resolve("data"), "--results",
            top.resolve("results")), Stream.of(more)).toArray();
        return Cli.run(args);
    }

    private Path run() throws IOException {
        try (Stream<Path> runs = Files.list(top.resolve("results"))) {
            return runs.findFirst().orElseThrow();
        }
    }
}
