package org.mapcask.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mapcask.RecordConsumer;

class PeerCheckTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"MAPCASK", "HEAP", "BARE"})
    void shouldPassTheAdaptersThatNeedNoOtherStore(final Peer peer) throws Exception {
        assertEquals(0, new PeerCheck(peer, peer.factory(), directory).run());
    }

    @Test
    void shouldNoticeAStoreThatForgetsDeletesOrMixesValuesUp() throws Exception {
        assertTrue(wrongWith(new Twisted() {
            @Override
            public void delete(final PeerSlot slot) {
                // Forgotten.
            }
        }) > 0);
        assertTrue(wrongWith(new Twisted() {
            @Override
            public int get(final PeerSlot slot) throws Exception {
                final int length = super.get(slot);
                slot.value.putByte(50, (byte) (slot.value.getByte(50) ^ 1));
                return length;
            }
        }) > 0);
    }

    private long wrongWith(final Twisted twisted) throws Exception {
        return new PeerCheck(Peer.HEAP, twisted, directory).run();
    }

    /** A heap map whose sessions do something else. */
    private abstract static class Twisted implements PeerFactory, PeerStore.Session {
        private PeerStore.Session session;

        @Override
        public boolean wantsDirectMemory() {
            return false;
        }

        @Override
        public PeerStore open(final Path path, final PeerSetup setup) throws Exception {
            final PeerStore store = new HeapPeer().open(path, setup);
            session = store.newSession();
            return new PeerStore() {
                @Override
                public Session newSession() {
                    return Twisted.this;
                }

                @Override
                public void scan(final RecordConsumer consumer) throws Exception {
                    store.scan(consumer);
                }

                @Override
                public void settle() throws Exception {
                    store.settle();
                }

                @Override
                public void close() throws IOException {
                    store.close();
                }
            };
        }

        @Override
        public void put(final PeerSlot slot) throws Exception {
            session.put(slot);
        }

        @Override
        public int get(final PeerSlot slot) throws Exception {
            return session.get(slot);
        }

        @Override
        public void delete(final PeerSlot slot) throws Exception {
            session.delete(slot);
        }
    }
}
