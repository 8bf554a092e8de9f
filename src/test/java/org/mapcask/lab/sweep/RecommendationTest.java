package org.mapcask.lab.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.SealedRead;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.lab.host.HostFingerprint;
import org.mapcask.lab.run.Job;
import org.mapcask.lab.run.JobResult;

class RecommendationTest {
    private static final String TWO = "workloads=fillrandom,readrandom\nrepeats=9\nmode=one-at-a-time\n"
        + "option.segmentLength=1m\n";

    @TempDir
    Path top;

    @Test
    void shouldAvoidThePlantedBadSettingAndTakeThePlantedGoodOne() throws Exception {
        final String text =
            TWO + "knob.segmentFill=auto,zero\nknob.sealedRead=mapped,pread\nknob.prefaultWindow=1m,0\n";
        final BiFunction<Job, List<String>, Double> cost = (job, flags) ->
            (is(job, "segmentFill", "zero") ? 1.7 : 1) * (is(job, "sealedRead", "pread") ? 0.8 : 1);

        final Recommendation latency = recommend(text, cost, Goal.LATENCY);

        assertEquals(Map.of("segmentLength", "1m", "sealedRead", "pread"), latency.options());
        final Recommendation.Choice fill = choice(latency, "segmentFill");
        assertFalse(fill.isChange());
        assertEquals("worse in p99 of fillrandom-closed", fill.reasons().get("zero").get(0));
        assertEquals("no significant difference", choice(latency, "prefaultWindow").reasons().get("0").get(0));
        assertEquals(latency.options(), recommend(text, cost, Goal.THROUGHPUT).options());
        assertEquals(Map.of("segmentLength", "1m"), recommend(text, cost, Goal.FOOTPRINT).options());
    }

    @Test
    void shouldWriteAFileThatAStoreTakesWithTheEvidenceAndTheHost() throws Exception {
        final Recommendation recommendation = recommend(TWO + "knob.sealedRead=mapped,pread\nknob.native=auto,java\n",
            (job, flags) -> (is(job, "sealedRead", "pread") ? 0.8 : 1)
                * (flags.contains("-Dmapcask.native=java") ? 0.7 : 1), Goal.LATENCY);
        final HostFingerprint host = HostFingerprint.of(top);
        final Path file = top.resolve("tuned.properties");
        Files.writeString(file, TunedFile.render(recommendation, "20260101-sweep-x", host));
        final String text = Files.readString(file);

        final MapcaskOptions options = MapcaskOptions.builder().file(file).build();
        assertEquals(SealedRead.PREAD, options.sealedRead());
        assertEquals(1 << 20, options.segmentLength());
        try (Mapcask store = Mapcask.open(top.resolve("opened"), options)) {
            store.put("hello", "world");
            assertEquals("world", store.get("hello"));
        }
        assertTrue(text.matches("(?s).*# sealedRead: pread in place of mapped, run 20260101-sweep-x: "
            + "fillrandom-closed p99 -\\d+\\.\\d % \\[-[\\d.]+, -[\\d.]+\\], .* in place of .*, n=9.*"), text);
        assertTrue(text.contains("# No option of a store: start java with -Dmapcask.native=java\n"), text);
        assertTrue(text.contains("# The changes were not measured together.\n"), text);
        assertEquals(host.facts(), TunedFile.host(file).facts());
        assertEquals(List.of(), TunedFile.host(file).differences(HostFingerprint.of(top)));

        Files.writeString(file, text.replaceFirst("(?m)^# host.processor: .*$", "# host.processor: abacus"));
        final List<String> differences = TunedFile.host(file).differences(host);
        assertEquals(1, differences.size());
        assertTrue(differences.get(0).startsWith("processor was 'abacus' and is "), differences::toString);
        Files.writeString(file, "wal=true\n");
        assertThrows(InvalidArgumentException.class, () -> TunedFile.host(file));
    }

    @Test
    void shouldNotBuySpeedWithLessDurabilityUnlessTold() throws Exception {
        final String text = "workloads=fillrandom\nrepeats=9\nknob.syncBytes=1m,0,64k\nknob.readVerify=true,false\n";
        final SweepResult result = measured(text, (job, flags) -> is(job, "syncBytes", "0") ? 0.5
            : is(job, "syncBytes", "64KiB") ? 0.9 : 1.0);

        final Recommendation safe = new Recommendation(result, Goal.THROUGHPUT, 0.02, false);
        assertEquals(Map.of("syncBytes", "64KiB"), safe.options(), "earlier syncs promise no less");
        assertTrue(choice(safe, "syncBytes").reasons().get("0").get(0).contains("--allow-weaker"));
        assertEquals("0", new Recommendation(result, Goal.THROUGHPUT, 0.02, true).options().get("syncBytes"));
        assertEquals(1, safe.together().size(), "a grid has measured all changes together");
    }

    @Test
    void shouldStayAtTheDefaultWhenNothingMattersOrTooLittleWasMeasured() throws Exception {
        final String knobs = "knob.writebackStep=8m,0\nknob.sealedRead=mapped,pread\n";
        assertEquals(
            Map.of("segmentLength", "1m"), recommend(TWO + knobs, (job, flags) -> 1.0, Goal.LATENCY).options());

        final Recommendation few = recommend(TWO.replace("repeats=9", "repeats=5") + knobs,
            (job, flags) -> is(job, "sealedRead", "pread") ? 0.1 : 1, Goal.LATENCY);
        final String reason = choice(few, "sealedRead").reasons().get("pread").get(0);
        assertFalse(choice(few, "sealedRead").isChange());
        assertEquals("too few pairs to tell: 8 are needed, repeats=8", reason);

        final SweepResult small = measured(TWO + knobs, (job, flags) -> is(job, "sealedRead", "pread") ? 0.9 : 1);
        assertEquals("better by less than 30.0 %",
            choice(new Recommendation(small, Goal.LATENCY, 0.3, false), "sealedRead").reasons().get("pread").get(0));
    }

    @Test
    void shouldNotTakeAValueThatMissesTheRateMoreOftenThanTheDefault() throws Exception {
        final SweepJob job = SweepJobFile.parse(TWO + "rate=1000\nknob.sealedRead=mapped,pread\n", "job", 12);
        final Map<Cell, JobResult> cells = measured(job, (one, flags) -> is(one, "sealedRead", "pread") ? 0.5 : 1);
        final SweepResult held = new SweepResult(job, cells);
        cells.replaceAll((cell, result) -> cell.setting() == 1 && cell.round() <= 2
            ? new JobResult(result.metrics(), List.of("x missed its rate: 1,000/s asked, 9/s achieved"), List.of())
            : result);
        final SweepResult missed = new SweepResult(job, cells);

        assertTrue(choice(new Recommendation(held, Goal.LATENCY, 0, false), "sealedRead").isChange());
        final Recommendation.Choice choice = choice(new Recommendation(missed, Goal.LATENCY, 0, false), "sealedRead");
        assertEquals("mapped", choice.value());
        assertEquals("missed the rate of fillrandom-open in 2 of 9 rounds", choice.reasons().get("pread").get(0));
        assertThrows(InvalidArgumentException.class, () -> new Recommendation(held, Goal.THROUGHPUT, 0, false));
    }

    @Test
    void shouldSeldomTakeAnythingFromNoiseAlone() throws Exception {
        int changes = 0;
        for (int seed = 1; seed <= 40; seed++) {
            final String text = TWO + "seed=" + seed + "\nknob.sealedRead=mapped,pread\nknob.syncMethod=msync,force\n"
                + "knob.writebackStep=8m,0,4m\nknob.prefaultWindow=1m,0\n";
            final Recommendation one = new Recommendation(measured(text, (job, flags) -> 1.0), Goal.LATENCY, 0, true);
            changes += one.options().size() > 1 ? 1 : 0;
        }
        assertTrue(changes <= 6, changes + " of 40 sweeps recommended a change for nothing; 2 are expected");
    }

    @Test
    void shouldJudgeDurablePutsForDurabilityOnlyAndSetWhatTheyRestOn() throws Exception {
        final String text = "workloads=fillsync\noption.wal=false\nrepeats=7\nknob.syncMethod=msync,fdatasync\n";
        final BiFunction<Job, List<String>, Double> cost =
            (job, flags) -> is(job, "syncMethod", "fdatasync") ? 0.7 : 1;

        assertEquals(Map.of("wal", "false", "syncEveryWrite", "true", "syncMethod", "fdatasync"),
            recommend(text, cost, Goal.DURABILITY).options());
        final SweepResult result = measured(text, cost);
        final String message = assertThrows(InvalidArgumentException.class,
            () -> new Recommendation(result, Goal.LATENCY, 0, false)).getMessage();
        assertTrue(message.contains("another workload than fillsync"), message);
        assertEquals(List.of(), Goal.FOOTPRINT.judged(result.job()));
        assertThrows(InvalidArgumentException.class, () -> Goal.of("speed"));
    }

    private static boolean is(final Job job, final String option, final String value) {
        return value.equals(job.options().get(option));
    }

    private static Recommendation.Choice choice(final Recommendation recommendation, final String knob) {
        return recommendation.choices().stream().filter(one -> one.knob().name().equals(knob)).findFirst()
            .orElseThrow();
    }

    private Recommendation recommend(
        final String text, final BiFunction<Job, List<String>, Double> cost, final Goal goal) throws Exception {
        return new Recommendation(measured(text, cost), goal, 0.02, false);
    }

    private SweepResult measured(final String text, final BiFunction<Job, List<String>, Double> cost)
        throws IOException, InterruptedException {
        final SweepJob job = SweepJobFile.parse(text, "job", 12);
        return new SweepResult(job, measured(job, cost));
    }

    private Map<Cell, JobResult> measured(final SweepJob job, final BiFunction<Job, List<String>, Double> cost)
        throws IOException, InterruptedException {
        final ModelRunner runner = new ModelRunner(cost);
        final Map<Cell, JobResult> cells = new LinkedHashMap<>();
        for (final Cell cell : job.order()) {
            cells.put(cell, runner.run(
                job.job(cell), cell.id(), top, top, job.flags(job.settings().get(cell.setting())), 1));
        }
        return cells;
    }
}
