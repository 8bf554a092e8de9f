package org.mapcask.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import org.mapcask.lab.results.DataDirectory;

/**
 * Whether an adapter does what it should, before anything is measured with it: put, get, a key that is not there,
 * overwrite, delete, scan, flush, and the same after the store was opened again, in each mode that it has. Used by one
 * thread.
 */
final class PeerCheck {
    private static final int KEYS = 1000;
    /** Where each write waits for the device. */
    private static final int KEYS_DURABLE = 100;
    private static final int VALUE_LENGTH = 100;
    private static final int DELETED_EVERY = 10;

    private final Peer peer;
    private final PeerFactory factory;
    private final Path directory;
    private final PeerSlot slot;
    private PeerKeys keys;
    private long wrong;

    PeerCheck(final Peer peer, final PeerFactory factory, final Path directory) {
        this.peer = peer;
        this.factory = factory;
        this.directory = directory;
        slot = new PeerSlot(VALUE_LENGTH, factory.wantsDirectMemory());
    }

    /** Checks; how many answers were wrong. */
    long run() throws Exception {
        for (final PeerSetup.Mode mode : PeerSetup.Mode.values()) {
            if (mode == PeerSetup.Mode.FAST || peer.persistent) {
                run(mode);
            }
        }
        return wrong;
    }

    private void run(final PeerSetup.Mode mode) throws Exception {
        final Path store = fresh(mode);
        keys = new PeerKeys(mode == PeerSetup.Mode.FAST ? KEYS : KEYS_DURABLE, VALUE_LENGTH);
        final PeerSetup setup = new PeerSetup(keys.count(), VALUE_LENGTH, mode, false);
        try (PeerStore opened = factory.open(store, setup)) {
            try (PeerStore.Session session = opened.newSession()) {
                changes(session);
                look(session);
            }
            scan(opened);
            opened.settle();
            try (PeerStore.Session session = opened.newSession()) {
                look(session);
            }
        }
        if (peer.persistent) {
            try (PeerStore opened = factory.open(store, setup)) {
                try (PeerStore.Session session = opened.newSession()) {
                    look(session);
                }
                scan(opened);
            }
        }
    }

    private Path fresh(final PeerSetup.Mode mode) throws IOException {
        return DataDirectory.fresh(directory, mode.name());
    }

    private static boolean isDeleted(final int index) {
        return index % DELETED_EVERY == DELETED_EVERY - 1;
    }

    private void changes(final PeerStore.Session session) throws Exception {
        for (int index = 0; index < keys.count(); index++) {
            expect(get(session, index) == -1);
            put(session, index, keys.nextVersion(index));
        }
        for (int index = 0; index < keys.count(); index += 2) {
            put(session, index, keys.nextVersion(index));
        }
        for (int index = 0; index < keys.count(); index++) {
            if (isDeleted(index)) {
                keys.key(index, slot);
                session.delete(slot);
            }
        }
    }

    private void put(final PeerStore.Session session, final int index, final long version) throws Exception {
        keys.key(index, slot);
        keys.value(index, version, slot);
        session.put(slot);
    }

    private int get(final PeerStore.Session session, final int index) throws Exception {
        slot.clear();
        keys.key(index, slot);
        return session.get(slot);
    }

    private void look(final PeerStore.Session session) throws Exception {
        for (int index = 0; index < keys.count(); index++) {
            final int length = get(session, index);
            expect(isDeleted(index) ? length == -1
                : length >= 0 && keys.isRight(index, slot.answer(), 0, length));
        }
    }

    private void scan(final PeerStore store) throws Exception {
        // The keys that are deleted are the ones that a scan must miss.
        final long deleted = keys.count() / DELETED_EVERY;
        expect(PeerScan.of(store, keys).wrong() == deleted);
    }

    private void expect(final boolean holds) {
        wrong += holds ? 0 : 1;
    }
}
