package org.mapcask.bench.peers;

import java.util.ArrayList;
import java.util.List;
import org.mapcask.lab.rig.Operation;
import org.mapcask.lab.rig.Workload;

/**
 * Puts of new keys that are durable when they return, each thread on a range of its own, and the check that all of
 * them are there afterwards. Ranges go on where an earlier measurement ended.
 */
final class PeerDurablePuts implements AutoCloseable {
    private final PeerFactory factory;
    private final PeerKeys keys;
    private final int first;
    private final int each;
    private final List<Put> puts = new ArrayList<>();

    PeerDurablePuts(final PeerFactory factory, final PeerKeys keys, final int first, final int each) {
        this.factory = factory;
        this.keys = keys;
        this.first = first;
        this.each = each;
    }

    /** Puts into a store. */
    Workload into(final PeerStore store) {
        return (thread, threads) -> {
            while (puts.size() <= thread) {
                puts.add(new Put(first + puts.size() * each));
            }
            final Put put = puts.get(thread);
            put.begin(store);
            return put;
        };
    }

    /** Puts that are not found as they were made. */
    long wrong(final PeerStore store) throws Exception {
        long wrong = 0;
        final PeerSlot slot = new PeerSlot(keys.valueLength(), factory.wantsDirectMemory());
        try (PeerStore.Session session = store.newSession()) {
            for (final Put put : puts) {
                for (int index = put.begin; index < put.next; index++) {
                    slot.clear();
                    keys.key(index, slot);
                    final int length = session.get(slot);
                    wrong += length >= 0 && keys.isRight(index, slot.answer(), 0, length) ? 0 : 1;
                }
            }
        }
        return wrong;
    }

    @Override
    public void close() {
        for (final Put put : puts) {
            if (put.session != null) {
                put.session.close();
                put.session = null;
            }
        }
    }

    private final class Put implements Operation {
        private final PeerSlot slot = new PeerSlot(keys.valueLength(), factory.wantsDirectMemory());
        private final int begin;
        private int next;
        private PeerStore.Session session;

        Put(final int begin) {
            this.begin = begin;
            next = begin;
        }

        private void begin(final PeerStore store) {
            try {
                session = session == null ? store.newSession() : session;
            } catch (final Exception e) {
                throw new IllegalStateException("no session: " + e, e);
            }
        }

        @Override
        public void prepare() {
            keys.key(next, slot);
            keys.value(next, 0, slot);
        }

        @Override
        public void perform() {
            try {
                session.put(slot);
            } catch (final Exception e) {
                throw new IllegalStateException(e.toString(), e);
            }
        }

        @Override
        public boolean verify() {
            next++;
            return true;
        }
    }
}
