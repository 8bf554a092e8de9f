package org.mapcask.lab.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.lab.knobs.Knobs;
import org.mapcask.lab.run.Job;

class SweepJobFileTest {
    private static final String SMALL = "workloads=fillrandom\nkeys=1000\nduration=0.1\nwarmUp=0\n";

    @Test
    void shouldExplainEveryKnobOfTheJvmWithItsDefault() {
        Knob.OF_JVM.forEach((name, value) ->
            assertEquals(value, Knobs.find(name).option().defaultValue(), name));
        assertEquals(Knob.OF_JVM.size(), Knobs.ofJvm().size());
    }

    @Test
    void shouldReadEveryLineOfTheFormat() {
        final SweepJob job = parse("workloads = fillrandom, readwhilewriting\nkeys=5000\nkeyLength=12\nvalueLength=50\n"
            + "threads=2\nrate=1000\nwriteRate=700\nduration=0.5\nwarmUp=0.25\nrepeats=3\nseed=9\nmode=one-at-a-time\n"
            + "option.wal=false\njvm.heap=256m\nknob.segmentLength=1m, 4m\nknob.native=auto, java\n");

        final Job expected = Job.of(Job.Kind.READWHILEWRITING).withRecords(false, 5000, 12, 50).withLoad(2, 1000, 700)
            .withTimes(500_000_000, 250_000_000).withSeed(9).withOptions(Map.of("wal", "false"));
        assertEquals(expected, job.workload(Job.Kind.READWHILEWRITING));
        assertEquals(List.of(new Knob("native", List.of("auto", "java")),
            new Knob("segmentLength", List.of("64MiB", "1MiB", "4MiB"))), job.knobs());
        assertEquals(3, job.repeats());
        assertEquals(4, job.settings().size());
        assertEquals(List.of("-XX:+UseG1GC", "-Xmx256m", "-Dmapcask.native=java"),
            job.flags(job.baseline().with(job.knobs().get(0), "java")));
        assertEquals(job, parse(job.text()), "its text is the same job");
    }

    @Test
    void shouldTakeTheDefaultAsBaselineAlsoWhenItIsNotListedOrDependsOnAFixedOption() {
        final SweepJob job =
            parse(SMALL + "option.segmentLength=1m\nknob.prefaultWindow=0\nknob.syncMethod=force,msync");

        assertEquals(List.of("1MiB", "0"), job.knobs().get(0).values());
        assertEquals(List.of("msync", "force"), job.knobs().get(1).values());

        final SweepJob together = parse(SMALL + "knob.segmentLength=1m\nknob.prefaultWindow=0\n");
        assertEquals(4, together.settings().size());
        final Job small = together.job(together.workloads().get(0), together.baseline()
            .with(together.knobs().get(1), "1MiB"));
        assertEquals(1 << 20, small.storeOptions().prefaultWindow(), "a default fits itself to the others");
    }

    @Test
    void shouldMeasureEverySettingOnceARoundInAnOrderThatFollowsFromTheSeed() {
        final String text = SMALL + "repeats=4\nknob.segmentLength=1m,2m\nknob.readVerify=true,false\n";
        final SweepJob job = parse(text);
        final List<Cell> order = job.order();

        assertEquals(3 * 2 * 4, order.size());
        final Set<List<Integer>> rounds = new HashSet<>();
        for (int round = 0; round < 4; round++) {
            final List<Cell> cells = order.subList(6 * round, 6 * round + 6);
            final int number = round + 1;
            assertTrue(cells.stream().allMatch(cell -> cell.round() == number));
            assertEquals(6, cells.stream().map(Cell::setting).distinct().count());
            rounds.add(cells.stream().map(Cell::setting).toList());
        }
        assertTrue(rounds.size() > 1, "rounds have orders of their own: " + rounds);
        assertEquals(order, parse(text).order());
        assertNotEquals(order, parse(text + "seed=1\n").order());
        assertEquals(6, job.settings().stream().distinct().count());
        assertEquals("[readVerify, segmentLength]", job.knobs().stream().map(Knob::name).toList().toString());
        assertEquals(12, job.pairs(job.knobs().get(0)), "grid: three settings with each value, four rounds");
        assertEquals(8, job.pairs(job.knobs().get(1)), "two settings with each of the three values");
        assertEquals(job.job(order.get(0)).seed(), job.job(order.get(1)).seed(), "same data in a round");
    }

    @Test
    void shouldTellAllFaultsTogetherWithWhatWhereExpectedFoundAndWhatToDo() {
        final String message = refused("workloads=fillrandom, readreverse\nkeys=1.5\nrepeats=1\nmode=random\n"
            + "workload=x\noption.wall=true\njvm.heap=lots\nknob.segmentFill=auto, zeros\nknob.syncMetod=msync\n"
            + "knob.native=auto, c\nknob.readOnly=true\n");

        assertTrue(message.startsWith("the job file has "), message);
        for (final String what : List.of("found: readreverse", "keys=1.5 is not allowed", "repeats=1 is not allowed",
            "mode=random", "unknown name workload", "wall", "jvm.heap=lots", "segmentFill=zeros", "syncMetod",
            "knob.native=c", "readOnly cannot be turned")) {
            assertTrue(message.contains(what), what + " is missing in: " + message);
        }
        for (final String fault : message.substring(message.indexOf(": ") + 2).split(" \\| ")) {
            assertTrue(fault.matches(".*; where: job; expected: .*; found: .*; what to do: .*"), fault);
        }
    }

    @Test
    void shouldRefuseWhatIsRightAloneButNotTogether() {
        assertTrue(
            refused(SMALL + "knob.segmentLength=1m\nknob.prefaultWindow=4m\n").contains("larger than segmentLength"));
        assertTrue(refused(SMALL + "option.wal=true\nknob.wal=true,false").contains("both fixed and turned"));
        assertTrue(refused("workloads=fillsync\nknob.syncEveryWrite=true,false").contains("with fillsync"));
        assertTrue(refused(SMALL + "knob.wal=true").contains("nothing to compare"));
        assertTrue(refused(SMALL).contains("nothing to turn"));
        assertTrue(refused("knob.wal=false").contains("nothing to measure"));
        assertTrue(refused("workloads=fillseq,fillseq\nknob.wal=false").contains("named twice"));
        assertTrue(refused(SMALL + "keyLength=1\nknob.wal=false").contains("records cannot be made"));
    }

    @Test
    void shouldRefuseAnAbsurdSizeWithAnEstimate() {
        final StringBuilder many = new StringBuilder(SMALL + "repeats=10\n");
        for (final String knob : List.of("syncBytes", "writebackStep", "walLength", "mergeRate", "syncIntervalMs",
            "mergeDeadBytes")) {
            many.append("knob.").append(knob).append("=64k,128k,256k,512k,1m,2m,4m\n".replace(
                "k", knob.equals("syncIntervalMs") ? "" : "k").replace("m", knob.equals("syncIntervalMs") ? "0" : "m"));
        }
        final String message = refused(many.toString());
        assertTrue(message.contains("too large") && message.contains("measurements, about"), message);
        assertTrue(parse(many + "mode=one-at-a-time\n").order().size() < SweepJob.CELLS_MAX);

        final String slow = "workloads=readrandom\nduration=3600\nrepeats=7\nknob.wal=true,false\n";
        assertTrue(refused(slow).contains("2 settings × 1 workload × 7 repeats = 14 measurements, about 14.0 hours"),
            refused(slow));
        assertEquals(14, SweepJobFile.parse(slow, "job", 20).order().size());
    }

    @Test
    void shouldSayThatThereIsNoFile() {
        final String message = assertThrows(StoreIoException.class,
            () -> SweepJobFile.read(Path.of("no-such-job.properties"), 1)).getMessage();
        assertTrue(message.contains("no-such-job.properties"), message);
    }

    @Test
    void shouldTakeTheExamplesOfBenchJobs() throws IOException {
        try (Stream<Path> jobs = Files.list(Path.of(System.getProperty("basedir", "")).resolve("bench/jobs"))) {
            final List<Path> files = jobs.toList();
            assertTrue(files.size() >= 2, files::toString);
            for (final Path file : files) {
                final SweepJob job = SweepJobFile.read(file, SweepJobFile.HOURS_MAX);
                for (final Knob knob : job.knobs()) {
                    final double level = Recommendation.level(job.comparisons() * job.workloads().size());
                    assertTrue(Recommendation.repeatsNeeded(job, knob, level) <= job.repeats(), file + " " + knob);
                }
            }
        }
    }

    private static SweepJob parse(final String text) {
        return SweepJobFile.parse(text, "job", SweepJobFile.HOURS_MAX);
    }

    private static String refused(final String text) {
        return assertThrows(InvalidArgumentException.class, () -> parse(text)).getMessage();
    }
}
