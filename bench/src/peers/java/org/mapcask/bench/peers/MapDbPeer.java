package org.mapcask.bench.peers;

import java.nio.file.Path;
import java.util.Map;
import org.mapcask.RecordConsumer;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;

/**
 * MapDB's hash map in a mapped file. The file grows by 64 MiB and its pages are not touched beforehand
 * ({@code fileMmapEnable}, {@code fileMmapPreclearDisable}, {@code allocateIncrement}: its book's chapter on
 * performance); the directory is laid out for more keys than there are, since above its size keys collide (chapter on
 * {@code HTreeMap}, "layout"). Without transactions a store that is not closed is lost; where a kill or a power cut
 * must lose nothing, transactions are on and each put commits, and a power cut needs the file sync, on by default.
 */
final class MapDbPeer implements PeerFactory {
    private static final long INCREMENT = 64L << 20;
    private static final int SEGMENTS = 8;
    private static final int NODE_SIZE = 32;
    private static final int LEVELS = 4;

    @Override
    public boolean wantsDirectMemory() {
        return false;
    }

    @Override
    public PeerStore open(final Path directory, final PeerSetup setup) {
        final boolean transactions = setup.mode() != PeerSetup.Mode.FAST;
        DBMaker.Maker maker = DBMaker.fileDB(directory.resolve("peer.mapdb").toFile())
            .fileMmapEnable()
            .fileMmapPreclearDisable();
        if (transactions) {
            maker = maker.transactionEnable();
        } else {
            maker = maker.allocateIncrement(INCREMENT);
        }
        if (setup.mode() == PeerSetup.Mode.KILL) {
            maker = maker.fileSyncDisable();
        }
        final DB db = maker.make();
        final HTreeMap<byte[], byte[]> map = db.hashMap("peer")
            .keySerializer(Serializer.BYTE_ARRAY)
            .valueSerializer(Serializer.BYTE_ARRAY)
            .layout(SEGMENTS, NODE_SIZE, LEVELS)
            .createOrOpen();
        return new Store(db, map, transactions);
    }

    private record Store(DB db, HTreeMap<byte[], byte[]> map, boolean commits) implements PeerStore {
        @Override
        public Session newSession() {
            return new Session() {
                @Override
                public void put(final PeerSlot slot) {
                    map.put(slot.keyArray, slot.valueArray);
                    commit();
                }

                @Override
                public int get(final PeerSlot slot) {
                    final byte[] value = map.get(slot.keyArray);
                    if (value == null) {
                        return -1;
                    }
                    slot.answer(value);
                    return value.length;
                }

                @Override
                public void delete(final PeerSlot slot) {
                    map.remove(slot.keyArray);
                    commit();
                }
            };
        }

        private void commit() {
            if (commits) {
                db.commit();
            }
        }

        @Override
        public void scan(final RecordConsumer consumer) {
            final ArrayRecords records = new ArrayRecords(consumer);
            for (final Map.Entry<byte[], byte[]> entry : map.getEntries()) {
                records.accept(entry.getKey(), entry.getValue());
            }
        }

        @Override
        public void settle() {
            db.commit();
        }

        @Override
        public void close() {
            db.close();
        }
    }
}
