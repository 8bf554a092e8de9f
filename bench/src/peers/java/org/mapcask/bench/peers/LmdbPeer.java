package org.mapcask.bench.peers;

import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.DirectBufferProxy;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;
import org.mapcask.RecordConsumer;

/**
 * LMDB through lmdbjava and its Agrona buffers, which copy nothing on the way in. Without durability the file is
 * written through the mapping and not synced ({@code MDB_WRITEMAP}, "faster and uses fewer mallocs", and
 * {@code MDB_NOSYNC}, lmdb.h). A put is a transaction; a get renews the thread's reset transaction ({@code
 * mdb_txn_renew}), so that it sees the newest version, and copies the value out before it resets it, since the memory
 * belongs to the transaction. Where each put has to be durable: LMDB's defaults, which sync each commit.
 */
final class LmdbPeer implements PeerFactory {
    private static final long MAP_FACTOR = 6;
    private static final long MAP_BASE = 1L << 30;
    private static final int READERS_MAX = 64;

    @Override
    public boolean wantsDirectMemory() {
        return true;
    }

    @Override
    public PeerStore open(final Path directory, final PeerSetup setup) {
        final Env.Builder<DirectBuffer> builder = Env.create(DirectBufferProxy.PROXY_DB)
            .setMapSize(MAP_BASE + MAP_FACTOR * setup.liveBytes())
            .setMaxReaders(READERS_MAX)
            .setMaxDbs(1);
        final Env<DirectBuffer> env = setup.mode() == PeerSetup.Mode.DURABLE
            ? builder.open(directory.toFile(), EnvFlags.MDB_NOTLS)
            : builder.open(directory.toFile(), EnvFlags.MDB_NOTLS, EnvFlags.MDB_WRITEMAP, EnvFlags.MDB_NOSYNC);
        return new Store(env, env.openDbi("peer", DbiFlags.MDB_CREATE));
    }

    private record Store(Env<DirectBuffer> env, Dbi<DirectBuffer> dbi) implements PeerStore {
        @Override
        public Session newSession() {
            return new LmdbSession(env, dbi);
        }

        @Override
        public void scan(final RecordConsumer consumer) {
            try (Txn<DirectBuffer> txn = env.txnRead(); Cursor<DirectBuffer> cursor = dbi.openCursor(txn)) {
                for (boolean more = cursor.first(); more; more = cursor.next()) {
                    final DirectBuffer key = cursor.key();
                    final DirectBuffer value = cursor.val();
                    consumer.accept(key, 0, key.capacity(), value, 0, value.capacity());
                }
            }
        }

        @Override
        public void settle() {
            env.sync(true);
        }

        @Override
        public void close() {
            env.close();
        }
    }

    private static final class LmdbSession implements PeerStore.Session {
        private final Env<DirectBuffer> env;
        private final Dbi<DirectBuffer> dbi;
        private Txn<DirectBuffer> reading;

        LmdbSession(final Env<DirectBuffer> env, final Dbi<DirectBuffer> dbi) {
            this.env = env;
            this.dbi = dbi;
        }

        @Override
        public void put(final PeerSlot slot) {
            try (Txn<DirectBuffer> txn = env.txnWrite()) {
                dbi.put(txn, slot.key, slot.value);
                txn.commit();
            }
        }

        @Override
        public int get(final PeerSlot slot) {
            if (reading == null) {
                reading = env.txnRead();
            } else {
                reading.renew();
            }
            final DirectBuffer value = dbi.get(reading, slot.key);
            int length = -1;
            if (value != null) {
                length = value.capacity();
                slot.value.putBytes(0, value, 0, length);
            }
            reading.reset();
            return length;
        }

        @Override
        public void delete(final PeerSlot slot) {
            try (Txn<DirectBuffer> txn = env.txnWrite()) {
                dbi.delete(txn, slot.key);
                txn.commit();
            }
        }

        @Override
        public void close() {
            if (reading != null) {
                reading.close();
            }
        }
    }
}
