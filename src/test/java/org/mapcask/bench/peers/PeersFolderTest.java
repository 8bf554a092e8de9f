package org.mapcask.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.lab.rig.IntervalRecorder;
import org.mapcask.lab.rig.Measurement;

/** A comparison that was interrupted finds what it had, and nothing that is half or of another one. */
class PeersFolderTest {
    private static final Map<String, String> FACTS = Map.of("keys", "400", "revision", "abc");
    private static final String CELL = "r01-mapcask-100B";

    @TempDir
    Path results;

    @Test
    void shouldFindItsFolderAgainUntilTheRunIsOverOrSomethingElseIsMeasured() throws IOException {
        final Path first = open(FACTS).path();
        assertEquals(first, open(FACTS).path());
        assertNotEquals(first, open(Map.of("keys", "400", "revision", "abd")).path());

        Files.writeString(first.resolve("summary.json"), "{}");

        assertNotEquals(first, open(FACTS).path(), "what is over is not begun again");
    }

    @Test
    void shouldReadBackWhatAStoreGave() throws IOException {
        final PeersFolder.Cell cell = new PeersFolder.Cell();
        cell.outputs().put(PeerSteps.Step.WORK, output(PeerFigure.GET, 1234.5));
        cell.outputs().put(PeerSteps.Step.DURABLE, output(PeerFigure.DURABLE, 7));
        cell.failures().add("one, two = three");
        cell.faults().addAll(List.of("a", "b"));
        open(FACTS).write(CELL, cell);

        final PeersFolder.Cell read = open(FACTS).read(CELL).orElseThrow();

        assertEquals(List.of(PeerSteps.Step.WORK, PeerSteps.Step.DURABLE), List.copyOf(read.outputs().keySet()));
        assertEquals(Map.of(PeerFigure.GET, 1234.5), read.outputs().get(PeerSteps.Step.WORK).figures());
        final Histogram latency =
            read.outputs().get(PeerSteps.Step.WORK).latencies().get(PeerFigure.GET).serviceTotal();
        assertEquals(3, latency.getTotalCount());
        assertEquals(List.of("one, two = three"), read.failures());
        assertEquals(List.of("a", "b"), read.faults());
    }

    @Test
    void shouldReadTheLatenciesOfAllRoundsThatHaveThem() throws IOException {
        final PeersFolder folder = open(FACTS);
        for (final int round : new int[] {0, 2}) {
            final PeersFolder.Cell cell = new PeersFolder.Cell();
            cell.outputs().put(PeerSteps.Step.WORK, output(PeerFigure.GET, round));
            cell.outputs().put(PeerSteps.Step.DURABLE, output(PeerFigure.DURABLE, round));
            folder.write(PeersFolder.id(Peer.MAPCASK, 100, round), cell);
        }

        final Measurement both = Measurement.merged("x", folder.latencies(place(100, PeerFigure.DURABLE), 3));

        assertEquals(6, both.serviceTotal().getTotalCount());
        assertEquals(2, both.service().size(), "an interval each");
        assertEquals(List.of(), folder.latencies(place(100, PeerFigure.LOAD), 3));
        assertEquals(List.of(), folder.latencies(place(4096, PeerFigure.GET), 3));
    }

    private static PeerFigures.Cell place(final int valueLength, final PeerFigure figure) {
        return new PeerFigures.Cell(Peer.MAPCASK, valueLength, figure);
    }

    @Test
    void shouldTakeACellWithoutItsMarkForNoneAndLeaveNoCellsOfARunThatIsOver() throws IOException {
        final PeersFolder folder = open(FACTS);
        assertTrue(folder.read(CELL).isEmpty());
        folder.write(CELL, new PeersFolder.Cell());
        assertTrue(folder.read(CELL).isPresent());

        Files.delete(folder.path().resolve("cells").resolve(CELL).resolve("done.properties"));
        assertTrue(folder.read(CELL).isEmpty());

        folder.finish();
        assertFalse(Files.exists(folder.path().resolve("cells")));
    }

    private PeersFolder open(final Map<String, String> facts) throws IOException {
        return PeersFolder.open(results, "peers", facts);
    }

    private static PeerOutput output(final PeerFigure figure, final double value) {
        final Histogram single = IntervalRecorder.newHistogram();
        for (final long ns : new long[] {100, 200, 300}) {
            single.recordValue(ns);
        }
        single.setStartTimeStamp(1_700_000_000_000L);
        single.setEndTimeStamp(1_700_000_001_000L);
        final PeerOutput output = new PeerOutput();
        output.put(figure, value);
        output.put(figure, PeerRates.latency(figure.id, List.of(single), List.of()));
        return output;
    }
}
