package org.mapcask.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
    private static final List<Object> SMALL = List.of("--keys", 2000, "--duration", "0.2", "--warm-up", "0.05",
        "--option", "segmentLength=256k", "--option", "prefaultWindow=64k");

    @TempDir
    Path directory;

    @Test
    void shouldMeasureWriteAFolderAndDrawIt() throws IOException {
        final Cli cli = bench("fillrandom", "readrandom", "--label", "tried").ends(0);

        assertTrue(cli.out().contains("| fillrandom-closed"), cli.out());
        final Path run = onlyRun();
        assertTrue(run.getFileName().toString().endsWith("-tried"), run::toString);
        for (final String file : List.of("README.md", "summary.json", "environment.txt", "fillrandom-closed.hlog",
            "readrandom-closed.hgrm", "readrandom-closed.space.csv", "latency-closed.svg")) {
            assertTrue(Files.size(run.resolve(file)) > 0, file);
        }
        final String command = Files.readString(run.resolve("command.txt"));
        assertTrue(command.contains("bench fillrandom readrandom"), command);
        assertFalse(command.contains(directory.toString()), command);
        assertFalse(Files.readString(run.resolve("README.md")).contains(directory.toString()));

        Cli.run("report", run, "--svg", directory.resolve("svg")).ends(0);
        assertTrue(Files.readString(run.resolve("report.html")).contains("fillrandom-closed"));
        assertTrue(Files.exists(directory.resolve("svg/readrandom-closed-heat.svg")));
    }

    @Test
    void shouldMarkTheFolderOfARunThatMissedItsRate() throws IOException {
        final Cli cli = bench("readrandom", "--rate", 1_000_000_000, "--json").ends(1);

        JsonCheck.object(cli.out());
        assertTrue(cli.err().contains("missed its rate"), cli.err());
        assertTrue(onlyRun().toString().endsWith(".FAIL"));
    }

    @Test
    void shouldTakeOptionsFromAFileAndStrongerOnesFromTheCommandLine() throws IOException {
        final Path file = directory.resolve("tuned.properties");
        Files.writeString(file, "# evidence\nmergeRate=7m\nreadVerify=false\n");
        bench("readrandom", "--options", file, "--option", "readVerify=true").ends(0);

        final String command = Files.readString(onlyRun().resolve("command.txt"));
        assertTrue(command.contains("--options tuned.properties --option readVerify=true"), command);
        final String readme = Files.readString(onlyRun().resolve("README.md"));
        assertTrue(readme.contains("mergeRate=7m") && readme.contains("readVerify=true"), readme);
        Files.writeString(file, "segmentLenght=1m\n");
        assertTrue(bench("readrandom", "--options", file).ends(2).err().contains("segmentLenght"));
        bench("readrandom", "--options", directory.resolve("none")).ends(4);
    }

    @Test
    void shouldRefuseWhatItCannotMeasure() {
        assertTrue(bench("readbackwards").ends(2).err().contains("readwhilemerging"), "all names are told");
        bench("readrandom", "--threads", 0).ends(2);
        bench("readrandom", "--option", "wall=true").ends(2);
        bench("readrandom", "--label", "a/b").ends(2);
        Cli.run("bench").ends(2);
        Cli.run("report").ends(2);
        Cli.run("report", directory.resolve("nowhere")).ends(2);
        assertFalse(Files.exists(directory.resolve("results")));
    }

    @Test
    void shouldRefuseARateWhereThereIsNoOpenLoop() {
        for (final String workload : List.of("scan", "open")) {
            final String err = bench("fillrandom", workload, "--rate", 10).ends(2).err();
            assertTrue(err.contains("where: --rate; expected: none with " + workload), err);
        }
        assertFalse(Files.exists(directory.resolve("results")), "nothing is measured");
    }

    @Test
    void shouldNameTheOptionAndWhatToDoOfEachValueThatIsNotAllowed() throws IOException {
        final Object[][] wrong = {{"--keys", 0}, {"--rate", -5}, {"--write-rate", "NaN"}, {"--threads", 1001},
            {"--key-length", 0}, {"--value-length", -1}, {"--duration", 0}, {"--warm-up", -1}, {"--repeats", 0},
            {"--label", "a b"}};
        for (final Object[] option : wrong) {
            final String err = Cli.run("bench", "readwhilewriting", option[0], option[1], "--results",
                directory.resolve("results"), "--dir", directory.resolve("data")).ends(2).err();
            assertTrue(err.contains("where: " + option[0] + "; expected: ") && err.contains("; what to do: "), err);
        }
        assertTrue(bench("foo").ends(2).err().contains("expected: one of fillseq, fillrandom,"), "all names");
        final String far = bench("readrandom", "--option", "foo=1").ends(2).err();
        assertFalse(far.contains("nearest"), far);
        final Path file = Files.writeString(directory.resolve("x.properties"), "a=1\n\nwal=\\u12\n");
        final String escape = bench("readrandom", "--options", file).ends(2).err();
        assertTrue(escape.contains("x.properties, line 3: wal=\\u12"), escape);
        assertFalse(Files.exists(directory.resolve("results")));
    }

    @Test
    void shouldSayWhichDirectoryCannotBeUsedBeforeAnythingIsMeasured() throws IOException {
        final Path file = Files.writeString(directory.resolve("file"), "x");
        for (final String option : List.of("--dir", "--results")) {
            final String other = option.equals("--dir") ? "--results" : "--dir";
            final String err = Cli.run("bench", "readrandom", option, file, other, directory.resolve("other"))
                .ends(4).err();
            assertTrue(err.contains("where: " + file) && err.contains("what to do: remove or rename"), err);
        }
        final String probe = Cli.run("probe", directory, "--results", file).ends(4).err();
        assertTrue(probe.contains("the probe failed; where: " + file), probe);
        assertTrue(Cli.run("probe", directory, "--label", "a/b").ends(2).err().contains("where: --label"));
        final AccessDeniedException denied = new AccessDeniedException("/no/entry");
        assertEquals("the probe failed; where: /no/entry; expected: a path that this user may use so; found: EACCES"
            + " (13, permission denied); what to do: give the user of this process the rights on that path",
            FileErrors.of("the probe", directory, "", denied).getMessage());
        assertTrue(FileErrors.of("the run", directory, "go on", new IOException("odd")).getMessage()
            .endsWith("choose another directory; then go on"));
    }

    private Cli bench(final Object... arguments) {
        return Cli.run(Stream.of(Stream.of("bench"), Stream.of(arguments), SMALL.stream(),
            Stream.of("--dir", directory.resolve("data"), "--results", directory.resolve("results")))
            .flatMap(stream -> stream).toArray());
    }

    private Path onlyRun() throws IOException {
        try (Stream<Path> runs = Files.list(directory.resolve("results"))) {
            final List<Path> found = runs.toList();
            assertEquals(1, found.size(), found::toString);
            return found.get(0);
        }
    }
}
