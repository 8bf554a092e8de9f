package org.mapcask.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;

class PeersTableTest {
    private static final int ROUNDS = 3;
    private static final int SHORT = 100;

    private final PeerFigures figures = new PeerFigures(ROUNDS);

    private void rates(final Peer peer, final PeerFigure figure, final double... values) {
        for (int round = 0; round < values.length; round++) {
            figures.add(new PeerFigures.Cell(peer, SHORT, figure), round, values[round]);
        }
    }

    private void median(final Peer peer, final PeerFigure figure, final long ns) {
        final Histogram histogram = IntervalRecorder.newHistogram();
        histogram.recordValue(ns);
        final PeerOutput output = new PeerOutput();
        output.put(figure, PeerRates.latency(figure.id, List.of(histogram), List.of()));
        figures.add(peer, SHORT, 0, output);
    }

    @Test
    void shouldTakeRatiosRoundByRound() {
        // The second round was slow for both: the ratio of the medians would be 4, that of each round is 2.
        rates(Peer.MAPCASK, PeerFigure.GET, 2000, 20, 2000);
        rates(Peer.CHRONICLE, PeerFigure.GET, 1000, 10, 500);

        assertEquals(2, figures.ratio(Peer.MAPCASK, Peer.CHRONICLE, SHORT, PeerFigure.GET));
        assertEquals(2000, figures.value(Peer.MAPCASK, SHORT, PeerFigure.GET));
    }

    @Test
    void shouldLeaveRoundsOutInWhichOneFailed() {
        rates(Peer.MAPCASK, PeerFigure.GET, 3000, 1000);
        rates(Peer.LMDB, PeerFigure.GET, Double.NaN, 1000, 5);

        assertEquals(1, figures.ratio(Peer.MAPCASK, Peer.LMDB, SHORT, PeerFigure.GET));
        assertTrue(Double.isNaN(figures.ratio(Peer.MAPCASK, Peer.XODUS, SHORT, PeerFigure.GET)));
    }

    @Test
    void shouldJudgeGoalsAtTheirBounds() {
        rates(Peer.MAPCASK, PeerFigure.GET, 1800);
        rates(Peer.CHRONICLE, PeerFigure.GET, 1000);
        rates(Peer.MAPCASK, PeerFigure.DURABLE_8, 500);
        rates(Peer.ROCKSDB, PeerFigure.DURABLE_8, 101);
        rates(Peer.LMDB, PeerFigure.DURABLE_8, 10);
        rates(Peer.BARE, PeerFigure.DURABLE_8, 1000);
        rates(Peer.MAPCASK, PeerFigure.OPEN_KILLED, 100.5);
        median(Peer.MAPCASK, PeerFigure.DURABLE, 1150);
        median(Peer.BARE, PeerFigure.DURABLE, 1000);

        assertEquals("met", verdict(PeerFigure.GET));
        // The floor is no peer, and the best one counts.
        assertEquals("NOT MET", verdict(PeerFigure.DURABLE_8));
        assertEquals("NOT MET", verdict(PeerFigure.OPEN_KILLED));
        assertEquals("met", verdict(PeerFigure.DURABLE));
        assertEquals("not measured", verdict(PeerFigure.SCAN));
    }

    private String verdict(final PeerFigure figure) {
        final PeerGoal goal = PeerGoal.ALL.stream()
            .filter(one -> one.figure() == figure && one.valueLength() == SHORT).findFirst().orElseThrow();
        return goal.verdict(goal.measured(figures));
    }

    @Test
    void shouldShowWhatIsKnownAndADashForTheRest() {
        rates(Peer.MAPCASK, PeerFigure.GET, 2_500_000);
        rates(Peer.CHRONICLE, PeerFigure.GET, 1_250_000);
        median(Peer.MAPCASK, PeerFigure.GET, 312);
        rates(Peer.MAPCASK, PeerFigure.DISK_LOADED, 1.25);
        final List<Peer> peers = List.of(Peer.MAPCASK, Peer.CHRONICLE, Peer.LMDB);

        final String rates = row(PeersTable.rates(figures, peers, SHORT), PeerFigure.GET.title);
        assertEquals("2,500 / 312 ns|1,250|–", rates);
        assertEquals("2.00|–|≥ 1.8× Chronicle Map|2.00|met",
            row(PeersTable.ratios(figures, peers, SHORT), PeerFigure.GET.title));
        assertEquals("1.25×|–|–", row(PeersTable.others(figures, peers, SHORT), PeerFigure.DISK_LOADED.title));
        assertTrue(!PeersTable.others(figures, peers, SHORT).contains(PeerFigure.LOST.title), "a row of dashes");
    }

    private static String row(final String table, final String title) {
        final String line = table.lines().filter(one -> one.startsWith("| " + title)).findFirst().orElseThrow();
        final String[] cells = line.split("\\|");
        return String.join("|", Arrays.stream(cells).skip(2).map(String::trim).toList());
    }

    @Test
    void shouldAddUpWhatWasLostInAllRoundsAndSayOfHowMany() {
        rates(Peer.CHRONICLE, PeerFigure.LOST, 0, 3, 0);
        rates(Peer.CHRONICLE, PeerFigure.KILLED_WRITES, 1000, 2000, 1500);
        rates(Peer.LMDB, PeerFigure.LOST, 0, Double.NaN, 0);
        rates(Peer.LMDB, PeerFigure.KILLED_WRITES, 7, Double.NaN, 9);
        final List<Peer> peers = List.of(Peer.CHRONICLE, Peer.LMDB, Peer.MAPCASK);

        final String others = PeersTable.others(figures, peers, SHORT);

        assertEquals("3 of 4,500|0 of 16|–", row(others, PeerFigure.LOST.title));
        assertTrue(!others.contains(PeerFigure.KILLED_WRITES.title), "said once");
    }

    @Test
    void shouldKeepTheSumOfAllLatenciesAndTheMedianOfEachRound() {
        latency(Peer.MAPCASK, 0, 100);
        latency(Peer.MAPCASK, 2, 300);
        latency(Peer.BARE, 1, 1);
        latency(Peer.BARE, 2, 100);

        assertEquals(2, figures.latency(Peer.MAPCASK, SHORT, PeerFigure.DURABLE).getTotalCount());
        assertEquals(4, figures.hiccups(SHORT, PeerFigure.DURABLE).getTotalCount());
        assertEquals(0, figures.hiccups(SHORT, PeerFigure.GET).getTotalCount());
        // Only the third round has both.
        assertEquals(3, figures.latencyRatio(Peer.MAPCASK, Peer.BARE, SHORT, PeerFigure.DURABLE));
    }

    private void latency(final Peer peer, final int round, final long ns) {
        final Histogram one = IntervalRecorder.newHistogram();
        one.recordValue(ns);
        final PeerOutput output = new PeerOutput();
        output.put(PeerFigure.DURABLE, PeerRates.latency(PeerFigure.DURABLE.id, List.of(one), List.of(one)));
        figures.add(peer, SHORT, round, output);
    }

    @Test
    void shouldTakeARateFromBlocksOfCalls() {
        final Histogram blocks = IntervalRecorder.newHistogram();
        blocks.recordValueWithCount(64_000, 10);
        final Measurement measurement = PeerRates.latency("blocks", List.of(blocks), List.of());

        // 64 calls in 64 µs by each of two threads.
        assertEquals(2e6, PeerRates.rate(measurement, 64, 2), 2e3);
        assertTrue(Double.isNaN(PeerRates.rate(PeerRates.latency("none", List.of(), List.of()), 64, 2)));
    }

    @Test
    void shouldTellMemoryOutsideOfTheHeapFromTheRest() {
        final String smaps = """
            740000000-800000000 rw-p 00000000 00:00 0
            Rss:             1000000 kB
            Anonymous:       1000000 kB
            7f0000000000-7f0000100000 rw-p 00000000 00:00 0                          [stack]
            Rss:                 100 kB
            Anonymous:            40 kB
            7f1000000000-7f1100000000 r--s 00000000 fe:00 123    /data/some file
            Rss:               90000 kB
            Anonymous:             2 kB
            """;
        assertEquals(42 * 1024, AnonymousMemory.outsideOfHeap(smaps, 0xC0000000L));
        assertEquals(1_000_042L * 1024, AnonymousMemory.outsideOfHeap(smaps, 0x1000000000L));
    }

    @Test
    void shouldReadOptionsAndRefuseWhatContradicts() {
        final PeersOptions quick = PeersOptions.parse(List.of("--quick", "--engines", "lmdb,mapcask"));
        assertEquals(List.of(Peer.LMDB, Peer.MAPCASK), quick.peers());
        assertEquals(1, quick.rounds());
        assertEquals(4000, quick.keys(4096));
        assertEquals(2_000_000, PeersOptions.parse(List.of("--full")).keys(100));
        assertEquals(1200, PeersOptions.parse(List.of("--keys", "1500")).keys(100));
        for (final int valueLength : PeersOptions.VALUE_LENGTHS) {
            assertEquals(0, quick.keys(valueLength) % PeerWorkload.turnLength(valueLength));
        }
        assertThrows(IllegalArgumentException.class, () -> PeersOptions.parse(List.of("--quick", "--full")));
        assertThrows(IllegalArgumentException.class, () -> PeersOptions.parse(List.of("--engines", "oracle")));
    }
}
