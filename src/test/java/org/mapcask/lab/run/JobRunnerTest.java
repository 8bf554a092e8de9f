package org.mapcask.lab.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mapcask.errors.InvalidOptionsException;

class JobRunnerTest {
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(300);

    @TempDir
    Path data;

    @ParameterizedTest
    @EnumSource(Job.Kind.class)
    void shouldMeasureEveryWorkloadAndFindEveryAnswerRight(final Job.Kind kind) throws IOException {
        final Outcome outcome = JobRunner.run(small(kind), "tried", data, null);

        assertEquals(List.of(), outcome.failures());
        assertTrue(outcome.measurement().operations() > 0);
        assertEquals(outcome.measurement().operations(), outcome.measurement().responseTotal().getTotalCount());
        assertTrue(outcome.result().metric("rate") > 0, outcome.figures()::toString);
        assertTrue(outcome.result().metric("p99") > 0, outcome.figures()::toString);
        assertEquals(kind == Job.Kind.OPEN, outcome.space() == null);
        assertEmpty();
    }

    @Test
    void shouldMeasureWordNetByWordFrequencyWithSeveralThreads() throws IOException {
        final Job job = small(Job.Kind.READHOT).withRecords(true, 1, 1, 1).withLoad(2, 0, 0);

        final Outcome outcome = JobRunner.run(job, job.tag(), data, null);

        assertEquals("readhot-words-t2-closed", job.tag());
        assertEquals(List.of(), outcome.failures());
        assertTrue(outcome.measurement().operations() > 0);
        assertEmpty();
    }

    @Test
    void shouldSayThatARateWasMissed() throws IOException {
        final Job job = small(Job.Kind.READRANDOM).withLoad(1, 1e9, 0).withTimes(SHORT_NS / 10, 0);

        final Outcome outcome = JobRunner.run(job, "fast", data, null);

        assertEquals(1, outcome.failures().size());
        assertTrue(outcome.failures().get(0).startsWith("fast missed its rate: 1,000,000,000/s asked"),
            outcome.failures().get(0));
    }

    @Test
    void shouldMeasureInAJvmOfItsOwnAndGetTheSameKindOfResult() throws Exception {
        final Path output = data.resolve("out");
        final Job job = small(Job.Kind.OVERWRITE).withOptions(Map.of("segmentLength", "1m", "syncBytes", "64k"));

        final JobResult result = ChildJob.run(job, "child", data, output, List.of("-Xmx256m"), 60);

        assertEquals(List.of(), result.failures());
        assertTrue(result.metric("operations") > 0 && result.metric("liveBytes") > 0, result.metrics()::toString);
        assertTrue(Files.size(output.resolve("child.hlog")) > 0);
    }

    @Test
    void shouldTellWhatAJvmDiedOf() throws Exception {
        final Job job = small(Job.Kind.OVERWRITE).withOptions(Map.of("noSuchOption", "1"));

        final JobResult result = ChildJob.run(job, "child", data, data.resolve("out"), List.of(), 60);

        assertFalse(result.passed());
        assertTrue(result.failures().get(0).contains("noSuchOption"), result.failures()::toString);
    }

    @Test
    void shouldGiveAJobBackFromItsProperties() {
        final Job job = Job.of(Job.Kind.READWHILEMERGING).withRecords(false, 7, 9, 11).withLoad(3, 1000, 500)
            .withTimes(SHORT_NS, 0).withSeed(5).withOptions(Map.of("mergeRate", "1m"));

        assertEquals(job, Job.parse(job.toProperties()));
        final Properties wrong = job.toProperties();
        wrong.setProperty("key", "7");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Job.parse(wrong)).getMessage().contains("[key]"));
    }

    @Test
    void shouldRefuseJobsThatMakeNoSense() {
        assertThrows(IllegalArgumentException.class, () -> Job.of(Job.Kind.OPEN).withLoad(1, 100, 0));
        assertThrows(IllegalArgumentException.class, () -> Job.of(Job.Kind.READRANDOM).withLoad(0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> Job.of(Job.Kind.READWHILEWRITING).withLoad(1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> Job.Kind.of("readreverse"));
        assertThrows(InvalidOptionsException.class,
            () -> Job.of(Job.Kind.SCAN).withOptions(Map.of("wall", "1")).storeOptions());
    }

    private static Job small(final Job.Kind kind) {
        return Job.of(kind).withRecords(false, 5000, 12, 60).withTimes(SHORT_NS, SHORT_NS / 10)
            .withOptions(Map.of("segmentLength", "256k", "prefaultWindow", "64k", "walLength", "256k"));
    }

    private void assertEmpty() throws IOException {
        try (Stream<Path> left = Files.list(data)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
