package org.mapcask.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What spoils a comparison, and what is only a result of it. */
class PeersRunTest {
    private static PeerOutput output(final long wrong, final int lost) {
        final PeerOutput output = new PeerOutput();
        output.wrong(wrong);
        output.put(PeerFigure.LOST, lost);
        output.put(PeerFigure.KILLED_WRITES, 20);
        return output;
    }

    @Test
    void shouldTakeALostWriteForAFaultOfMapcaskAndForAResultOfAnyoneElse() {
        assertEquals(Optional.of("lost 3 of 20 acknowledged writes"), PeersRun.fault(Peer.MAPCASK, output(0, 3)));
        assertEquals(Optional.empty(), PeersRun.fault(Peer.CHRONICLE, output(0, 3)));
        assertEquals(Optional.empty(), PeersRun.fault(Peer.MAPCASK, output(0, 0)));
        assertEquals(Optional.empty(), PeersRun.fault(Peer.MAPCASK, new PeerOutput()), "of a step without a kill");
    }

    @Test
    void shouldTakeAWrongAnswerForAFaultWhoeverGaveIt() {
        assertEquals(Optional.of("2 answers were wrong or missing"), PeersRun.fault(Peer.CHRONICLE, output(2, 0)));
        assertEquals(Optional.of("1 answers were wrong or missing"), PeersRun.fault(Peer.MAPCASK, output(1, 0)));
    }

    @Test
    void shouldTellWhatAStoreThrewFromWhatWasThrownAroundIt() throws Exception {
        final PeerStore heap = Peer.HEAP.factory().open(null, new PeerSetup(8, 100, PeerSetup.Mode.FAST, false));
        Throwable thrown = null;
        try (PeerStore.Session session = heap.newSession()) {
            session.put(null);
        } catch (final NullPointerException e) {
            thrown = new IllegalStateException("a step failed", new IllegalStateException(e.toString(), e));
        }

        assertTrue(PeerFailure.isOfStore(thrown, Peer.HEAP.adapter()));
        assertFalse(PeerFailure.isOfStore(thrown, Peer.CHRONICLE.adapter()));
        assertFalse(PeerFailure.isOfStore(new IOException("no space for the results"), Peer.HEAP.adapter()));
    }

    @Test
    void shouldTakeASignalForTheStoresOwnEnd() {
        assertTrue(PeerFailure.isOfStore(PeerFailure.EXIT_STORE));
        assertTrue(PeerFailure.isOfStore(128 + 11));
        assertFalse(PeerFailure.isOfStore(1));
    }
}
