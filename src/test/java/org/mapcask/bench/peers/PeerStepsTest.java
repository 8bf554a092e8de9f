package org.mapcask.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.bench.WriterProgress;

class PeerStepsTest {
    private static final int KEYS = 4000;
    private static final int VALUE_LENGTH = 100;

    @TempDir
    Path directory;

    @Test
    void shouldMeasureEverythingThatAStoreCanDoAndKeepItThroughFiles() throws Exception {
        final PeerOutput work = run(Peer.MAPCASK, PeerSteps.Step.WORK);

        assertEquals(0, work.wrong());
        assertEquals(EnumSet.of(PeerFigure.LOAD, PeerFigure.GET, PeerFigure.GET_2, PeerFigure.GET_ZIPFIAN,
            PeerFigure.OVERWRITE, PeerFigure.MIXED, PeerFigure.SCAN, PeerFigure.SETTLE_LOADED,
            PeerFigure.SETTLE_OVERWRITTEN, PeerFigure.DISK_LOADED, PeerFigure.DISK_OVERWRITTEN, PeerFigure.INDEX),
            Set.copyOf(work.figures().keySet()));
        // One call in five is timed by itself.
        assertEquals(KEYS / 5, work.latencies().get(PeerFigure.LOAD).operations());
        assertEquals(KEYS / 5, work.latencies().get(PeerFigure.OVERWRITE).operations());
        // On a host that is busy a short measurement may end before its first block, and has no rate then.
        work.figures().forEach((figure, value) -> assertTrue(value > 0 || value.isNaN(), figure + " " + value));

        final Path files = Files.createDirectories(directory.resolve("output"));
        work.write(files);
        final PeerOutput read = PeerOutput.read(files);
        assertEquals(work.figures(), read.figures());
        assertEquals(work.latencies().keySet(), read.latencies().keySet());
        assertEquals(work.latencies().get(PeerFigure.GET).serviceTotal(),
            read.latencies().get(PeerFigure.GET).serviceTotal());

        final PeerOutput open = run(Peer.MAPCASK, PeerSteps.Step.OPEN);
        assertEquals(0, open.wrong());
        assertTrue(open.figures().keySet().containsAll(Set.of(PeerFigure.OPEN_FIRST, PeerFigure.OPEN_WARM)));
    }

    @Test
    void shouldLeaveOutWhatAStoreCannotDo() throws Exception {
        final PeerOutput work = run(Peer.BARE, PeerSteps.Step.WORK);

        assertEquals(0, work.wrong());
        assertTrue(work.figures().containsKey(PeerFigure.OVERWRITE));
        assertTrue(!work.figures().containsKey(PeerFigure.MIXED), "one thread writes a bare log");
    }

    @Test
    void shouldFindEveryDurablePutAgain() throws Exception {
        final PeerOutput durable = run(Peer.MAPCASK, PeerSteps.Step.DURABLE);

        assertEquals(0, durable.wrong());
        assertTrue(durable.latencies().get(PeerFigure.DURABLE).operations() > 0);
        assertTrue(durable.latencies().get(PeerFigure.DURABLE_8).operations() > 0);
    }

    @Test
    void shouldCallKeysWrongThatAreNotThere() throws Exception {
        final PeerOutput open = run(Peer.MAPCASK, PeerSteps.Step.OPEN);

        // The store is empty: each key is missing when it is looked up, and again in the scan.
        assertTrue(open.wrong() >= 2 * KEYS, "wrong " + open.wrong());
    }

    @Test
    void shouldCountWhatIsOldOrNotThereAfterAKillAsLostAndOtherValuesAsWrong() throws Exception {
        final int killed = 1000;
        try (WriterProgress progress = new WriterProgress(
            Files.createDirectories(directory.resolve("scratch")).resolve(PeerProcess.PROGRESS), 1)) {
            progress.acknowledge(0, killed);
        }
        final PeerKeys keys = new PeerKeys(KEYS, VALUE_LENGTH);
        final PeerSlot slot = new PeerSlot(VALUE_LENGTH, true);
        try (PeerStore store = Peer.MAPCASK.factory().open(Files.createDirectories(directory.resolve("mapcask")),
            new PeerSetup(KEYS, VALUE_LENGTH, PeerSetup.Mode.KILL, false));
            PeerStore.Session session = store.newSession()) {
            for (int index = 0; index < KEYS; index++) {
                // Of the keys that were overwritten before the kill one is gone, one old and one not its own.
                keys.key(index, slot);
                keys.value(index == 12 ? 13 : index,
                    index < killed && index != 11 ? PeerSteps.KILL_VERSION + index : 1, slot);
                // Of the others many are gone; so is the one that is read first.
                if (index != 10 && (index < killed || index >= KEYS / 2 + 1)) {
                    session.put(slot);
                }
            }
        }

        final PeerOutput open = run(Peer.MAPCASK, PeerSteps.Step.KILL_OPEN);

        assertEquals(1, open.wrong());
        final long lookedFor = open.figures().get(PeerFigure.KILLED_WRITES).longValue();
        final long lost = open.figures().get(PeerFigure.LOST).longValue();
        assertTrue(lookedFor > killed && lookedFor <= KEYS, "looked for " + lookedFor);
        // A third of the older ones is gone.
        assertEquals((lookedFor - killed) / 3.0 + 3, lost, (lookedFor - killed) / 10.0);
    }

    private PeerOutput run(final Peer peer, final PeerSteps.Step step) throws Exception {
        final PeerSteps.Settings settings = new PeerSteps.Settings(
            Files.createDirectories(directory.resolve(peer.id)), Files.createDirectories(directory.resolve("scratch")),
            KEYS, VALUE_LENGTH, TimeUnit.MILLISECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(100),
            TimeUnit.MILLISECONDS.toNanos(20), 1);
        return new PeerSteps(peer, settings).run(step);
    }
}
