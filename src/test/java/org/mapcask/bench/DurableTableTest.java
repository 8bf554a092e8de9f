package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.mapcask.lab.host.ProcessCounters;
import org.mapcask.lab.host.WriteCounters;
import org.mapcask.lab.results.Statistics;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;

class DurableTableTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void shouldJudgeTheLogByTheBareLoopOfTheSameRounds() {
        final Rounds bare = new Rounds("bare", "write loop", 1);
        final Rounds log = new Rounds("wal", "put", 1);
        // The host slows down by ten times for one round of three; the ratio of that round is like the others.
        for (final long median : List.of(100_000L, 1_000_000L, 100_000L)) {
            bare.add(round("bare-t1", 1, median, 1000), new WriteCounters(4_096_000, 1000, 1000, -1));
            log.add(round("wal-t1", 1, median * 11 / 10, 1000), new WriteCounters(8_192_000, 2000, 1000, -1));
        }
        final DurableTable.Verdict verdict = DurableTable.verdicts(List.of(bare, log)).get(0);
        assertEquals(1.1, verdict.value(), 0.01);
        assertTrue(verdict.met());
        assertFalse(new DurableTable.Verdict("worse", 1.2, 1.15, true).met());
        assertTrue(DurableTable.verdictTable(List.of(verdict)).contains("<= 1.15: met"));
    }

    @Test
    void shouldCompareRatesByThreadsWithTheGoals() {
        final Rounds one = new Rounds("wal", "put", 1);
        final Rounds eight = new Rounds("wal", "put", 8);
        final Rounds other = new Rounds("force", "put", 8);
        one.add(round("wal-t1", 1, 100_000, 10_000), new WriteCounters(0, 0, 0, 0));
        eight.add(round("wal-t8", 8, 200_000, 40_000), new WriteCounters(0, 0, 0, 0));
        other.add(round("force-t8", 8, 200_000, 40_000), new WriteCounters(0, 0, 0, 0));
        final List<DurableTable.Verdict> verdicts = DurableTable.verdicts(List.of(one, eight, other));
        assertEquals(1, verdicts.size(), "force has no measurement with one thread");
        assertEquals(4, verdicts.get(0).value(), 0.01);
        assertEquals(5, verdicts.get(0).goal());
        assertFalse(verdicts.get(0).met());
        assertTrue(DurableTable.verdictTable(verdicts).contains(">= 5.00: MISSED"));
    }

    @Test
    void shouldCompareTheLogWithSyncsOfTheSegmentsByTheSameThreads() {
        final Rounds log = new Rounds("wal", "put", 8);
        final Rounds segments = new Rounds("msync", "put", 8);
        log.add(round("wal-t8", 8, 100, 30_000), new WriteCounters(0, 0, 0, 0));
        segments.add(round("msync-t8", 8, 100, 40_000), new WriteCounters(0, 0, 0, 0));
        final List<DurableTable.Verdict> verdicts = DurableTable.verdicts(List.of(log, segments));
        assertEquals(List.of("wal: puts a second to those of msync, threads: 8"),
            verdicts.stream().map(DurableTable.Verdict::question).toList());
        assertEquals(0.75, verdicts.get(0).value(), 0.001);
    }

    @Test
    void shouldTellHowLateASleeperWokeWhileOneThreadWrote() {
        final Rounds one = new Rounds("wal", "put", 1);
        final Measurement round = round("wal-t1", 1, 100, 10);
        final Histogram hiccup = IntervalRecorder.newHistogram();
        hiccup.recordValue(5000);
        one.add(new Measurement("wal-t1", round.loop(), 1, 0, 10, 0, SECOND, 0, round.response(), round.service(),
            List.of(hiccup), 0, round.used()), new WriteCounters(0, 0, 0, 0));
        final String text = DurableTable.quietness(List.of(one));
        assertTrue(text.contains("5.00 µs (p99)"), text);
        assertEquals("", DurableTable.quietness(List.of()));
    }

    @Test
    void shouldTakeTheMedianOfWhatEachRoundWroteAnOperation() {
        final Rounds rounds = new Rounds("raw-128-zeroed-msync", "msync", 1);
        rounds.add(round("a", 1, 100, 10), new WriteCounters(40_960, 20, 10, -1));
        rounds.add(round("a", 1, 100, 10), new WriteCounters(99_999_999, 9_999, 11, -1));
        rounds.add(round("a", 1, 100, 20), new WriteCounters(81_920, 40, 20, -1));
        assertEquals(4096, rounds.perOperation(WriteCounters::deviceBytes));
        assertEquals(2, rounds.perOperation(WriteCounters::deviceWrites));
        assertEquals(1, rounds.perOperation(WriteCounters::deviceFlushes));
        assertTrue(Double.isNaN(rounds.perOperation(WriteCounters::processBytes)), "the kernel does not tell");
        assertEquals(40, rounds.merged().operations());
        assertEquals(40, rounds.total().getTotalCount());
        assertEquals(3, rounds.count());

        final String table = DurableTable.markdown(List.of(rounds));
        assertTrue(table.contains(" 4.00 |") && table.contains(" ? |"), table);
        final String matrix = DurableTable.matrix(List.of(rounds), 128);
        assertTrue(matrix.contains("100 ns, 4.00 KiB, 1.00") && matrix.contains("sparse"), matrix);
    }

    @Test
    void shouldFindTheMiddleOfAnyNumberOfValues() {
        assertEquals(2, Statistics.median(new double[] {9, 1, 2}));
        assertEquals(1.5, Statistics.median(new double[] {2, 1}));
        assertTrue(Double.isNaN(Statistics.median(new double[0])));
    }

    @Test
    void shouldSubtractCountersAndKeepWhatIsNotKnown() {
        final WriteCounters difference =
            new WriteCounters(10, 9, -1, 7).minus(new WriteCounters(4, 3, -1, -1));
        assertEquals(new WriteCounters(6, 6, -1, -1), difference);
    }

    private static Measurement round(final String tag, final int threads, final long medianNs, final long operations) {
        final Histogram histogram = IntervalRecorder.newHistogram();
        histogram.recordValueWithCount(medianNs, operations);
        final List<Histogram> histograms = List.of(histogram);
        return new Measurement(tag, Measurement.Loop.CLOSED, threads, 0, operations, 0, SECOND, 0, histograms,
            histograms, List.of(), 0, new ProcessCounters(0, 0, 0, 0));
    }
}
