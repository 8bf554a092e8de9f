package org.mapcask.lab.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.lab.run.Job;
import org.mapcask.lab.run.JobResult;

class SweepRunTest {
    private static final SweepJob JOB = job("repeats=6\nknob.segmentFill=auto,allocate\n");

    @TempDir
    Path top;

    @Test
    void shouldFindThePlantedBadSettingThroughNoiseAndDrift() throws Exception {
        final ModelRunner runner = new ModelRunner(SweepRunTest::allocateIsSlow);
        final SweepRun run = open(JOB, runner);

        assertTrue(run.run(null));

        assertEquals(12, runner.measured().size());
        final String table = run.tables().table();
        assertTrue(table.matches("(?s).*segmentFill=allocate \\| auto \\| 6 \\| \\*\\*worse\\*\\* -\\d.*"), table);
        final SweepResult result = SweepResult.read(run.report().path());
        final Comparison rate = compare(result, "allocate", SweepMetric.RATE);
        final Comparison most = compare(result, "allocate", SweepMetric.MAX);
        assertEquals(Comparison.Verdict.WORSE, rate.verdict());
        assertFalse(rate.ratio().excludes(1 / 1.8), "cost 1.8: " + rate.text());
        assertEquals(Comparison.Verdict.NONE, most.verdict(), most.text());
        assertEquals(Comparison.Verdict.NONE, compare(result, "allocate", SweepMetric.FLUSHES).verdict());
        assertEquals(0, compare(result, "allocate", SweepMetric.DEVICE_BYTES).ratio().n(), "was not measured");
    }

    @Test
    void shouldWriteAFolderThatAnotherCanCheck() throws Exception {
        final SweepRun run = open(JOB, new ModelRunner(SweepRunTest::allocateIsSlow));
        run.run(null);
        final Path folder = run.report().path();

        for (final String name : List.of("README.md", "summary.json", "effects.csv", "effects-fillsync.svg",
            "sweep.properties", "host.properties", "environment.txt", "command.txt")) {
            assertTrue(Files.size(folder.resolve(name)) > 0, name);
        }
        try (Stream<Path> cells = Files.list(folder.resolve("cells"))) {
            assertEquals(24, cells.count(), "figures and log of each cell");
        }
        try (Stream<Path> left = Files.list(top.resolve("data"))) {
            assertEquals(0, left.count());
        }
        assertEquals(1 + 7, Files.readAllLines(folder.resolve("effects.csv")).size(), "a line for each metric");
        assertTrue(Files.readString(folder.resolve("README.md")).contains("seed 20241"));
    }

    @Test
    void shouldGoOnWhereItWasInterruptedAndMeasureNoCellTwice() throws Exception {
        final ModelRunner first = new ModelRunner(SweepRunTest::allocateIsSlow).stoppingAfter(5);
        final SweepRun interrupted = open(JOB, first);
        assertThrows(InterruptedException.class, () -> interrupted.run(null));
        final List<String> progress = new ArrayList<>();

        final ModelRunner second = new ModelRunner(SweepRunTest::allocateIsSlow);
        final SweepRun resumed = open(JOB, second);
        assertEquals(5, resumed.resumed());
        assertEquals(interrupted.folder(), resumed.folder());
        assertTrue(resumed.plan().contains("5 are done and stay"), resumed.plan());
        assertTrue(resumed.run((phase, done, total) -> progress.add(phase + ' ' + done + '/' + total)));

        final List<String> all = new ArrayList<>(first.measured());
        all.addAll(second.measured());
        assertEquals(JOB.order().stream().map(Cell::id).toList(), all);
        assertTrue(progress.get(0).matches("measuring, about .* left 5/12"), progress::toString);
        assertEquals("measuring, about 0 s left 12/12", progress.get(progress.size() - 1));

        final SweepRun whole = open(JOB, new ModelRunner(SweepRunTest::allocateIsSlow));
        assertNotEquals(resumed.folder(), whole.folder(), "what is over is not begun again");
        whole.run(null);
        assertEquals(whole.tables().table(), resumed.tables().table(), "the interruption is not seen in the result");
    }

    @Test
    void shouldBeginAnewForAnotherJobAndRefuseAnotherHostOrAHalfResult() throws Exception {
        final SweepRun begun = open(JOB, new ModelRunner(SweepRunTest::allocateIsSlow).stoppingAfter(3));
        assertThrows(InterruptedException.class, () -> begun.run(null));

        final SweepJob other = job("repeats=7\nknob.segmentFill=auto,allocate\n");
        assertNotEquals(begun.folder(), open(other, new ModelRunner((job, flags) -> 1.0)).folder());
        assertTrue(assertThrows(InvalidArgumentException.class, () -> SweepResult.read(begun.folder())).getMessage()
            .contains("expected: 12 measurements; found: 3"));
        assertTrue(assertThrows(InvalidArgumentException.class, () -> SweepResult.read(top)).getMessage()
            .contains("no results of a sweep"));

        final Path host = begun.folder().resolve("host.properties");
        Files.writeString(host, Files.readString(host).replaceFirst("(?m)^kernel=.*$", "kernel=0.0.1"));
        final String message = assertThrows(InvalidArgumentException.class,
            () -> open(JOB, new ModelRunner((job, flags) -> 1.0))).getMessage();
        assertTrue(message.contains("kernel was '0.0.1'"), message);
    }

    @Test
    void shouldLetOnlyOneProcessRunASweep() throws Exception {
        final SweepRun outer = open(JOB, (job, tag, data, output, flags, timeout) -> {
            final SweepRun inner = open(JOB, new ModelRunner((any, none) -> 1.0));
            final String message = assertThrows(InvalidArgumentException.class, () -> inner.run(null)).getMessage();
            throw new InterruptedException(message);
        });
        final String message = assertThrows(InterruptedException.class, () -> outer.run(null)).getMessage();
        assertTrue(message.contains("running already"), message);
    }

    @Test
    void shouldFailTheRunForAWrongAnswerButKeepAMissedRateAsAResult() throws Exception {
        final SweepRun missed = open(JOB, answering("allocate", "x missed its rate: 5/s asked, 4/s achieved"));
        assertTrue(missed.run(null));
        final SweepResult result = SweepResult.read(missed.report().path());
        assertEquals(6, result.missedRates(JOB.settings().get(1), Job.Kind.FILLSYNC));
        assertEquals(6, compare(result, "allocate", SweepMetric.P99).ratio().n());

        final SweepRun wrong = open(JOB, answering("allocate", "3 wrong answers in x"));
        assertFalse(wrong.run(null));
        assertTrue(wrong.report().path().toString().endsWith(".FAIL"));
        assertTrue(assertThrows(InvalidArgumentException.class, () -> SweepResult.read(wrong.report().path()))
            .getMessage().contains("3 wrong answers"));
    }

    @Test
    void shouldStopWhenNothingWorksAndMeasureTheDeadCellsAgainLater() throws Exception {
        final SweepRun dead = open(JOB, (job, tag, data, output, flags, timeout) ->
            new JobResult(Map.of(), List.of("the JVM ended with status 1"), List.of()));
        final String message = assertThrows(StoreIoException.class, () -> dead.run(null)).getMessage();
        assertTrue(message.contains("the JVM ended with status 1"), message);

        final ModelRunner runner = new ModelRunner((job, flags) -> 1.0);
        final SweepRun again = open(JOB, runner);
        assertEquals(dead.folder(), again.folder());
        assertTrue(again.run(null));
        assertEquals(12, runner.measured().size());
    }

    private static CellRunner answering(final String fill, final String failure) {
        final ModelRunner model = new ModelRunner((job, flags) -> 1.0);
        return (job, tag, data, output, flags, timeout) -> {
            final JobResult result = model.run(job, tag, data, output, flags, timeout);
            return fill.equals(job.options().get("segmentFill"))
                ? new JobResult(result.metrics(), List.of(failure), List.of()) : result;
        };
    }

    private static double allocateIsSlow(final Job job, final List<String> flags) {
        return "allocate".equals(job.options().get("segmentFill")) ? 1.8 : 1;
    }

    private static Comparison compare(final SweepResult result, final String value, final SweepMetric metric) {
        return result.compare(JOB.knobs().get(0), value, Job.Kind.FILLSYNC, metric, SweepResult.LEVEL);
    }

    private static SweepJob job(final String lines) {
        return SweepJobFile.parse("workloads=fillsync\noption.wal=false\n" + lines, "job", 12);
    }

    private SweepRun open(final SweepJob job, final CellRunner runner) throws IOException {
        return SweepRun.open(job, Files.createDirectories(top.resolve("data")), top.resolve("results"), "sweep-test",
            "mapcask sweep test", runner);
    }
}
