package org.mapcask.bench.peers;

import java.nio.file.Path;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.mapcask.RecordConsumer;

/**
 * The storage engine of H2, used as a map. Keys and values have the type for byte arrays in place of the one that
 * guesses types; the page cache holds everything (mvstore.html: {@code cacheSize}, in MB). What is not committed is
 * written by its background thread, each second or when the auto-commit buffer is full. A put keeps the arrays, so it
 * is given new ones; a get answers with the map's own array, from which the value is copied.
 *
 * <p>Where a kill must lose nothing, each put commits, which writes; where a power cut must, it also syncs.
 */
final class MvStorePeer implements PeerFactory {
    private static final int CACHE_BASE_MB = 64;
    private static final long CACHE_FACTOR = 2;
    private static final int COMPACT_MS = 30_000;

    @Override
    public boolean wantsDirectMemory() {
        return false;
    }

    @Override
    public PeerStore open(final Path directory, final PeerSetup setup) {
        final MVStore store = new MVStore.Builder()
            .fileName(directory.resolve("peer.mv").toString())
            .cacheSize(CACHE_BASE_MB + (int) (CACHE_FACTOR * setup.liveBytes() >> 20))
            .open();
        final MVMap<byte[], byte[]> map = store.openMap("peer", new MVMap.Builder<byte[], byte[]>()
            .keyType(ByteArrayDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
        return new Store(store, map, setup.mode());
    }

    private record Store(MVStore store, MVMap<byte[], byte[]> map, PeerSetup.Mode mode) implements PeerStore {
        @Override
        public Session newSession() {
            return new Session() {
                @Override
                public void put(final PeerSlot slot) {
                    map.put(slot.keyArray.clone(), slot.valueArray.clone());
                    commit();
                }

                @Override
                public int get(final PeerSlot slot) {
                    final byte[] value = map.get(slot.keyArray);
                    if (value == null) {
                        return -1;
                    }
                    slot.value.putBytes(0, value);
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
            if (mode != PeerSetup.Mode.FAST) {
                store.commit();
            }
            if (mode == PeerSetup.Mode.DURABLE) {
                store.sync();
            }
        }

        @Override
        public void scan(final RecordConsumer consumer) {
            final ArrayRecords records = new ArrayRecords(consumer);
            final Cursor<byte[], byte[]> cursor = map.cursor(null);
            while (cursor.hasNext()) {
                records.accept(cursor.next(), cursor.getValue());
            }
        }

        @Override
        public void settle() {
            final int retention = store.getRetentionTime();
            store.commit();
            // Chunks that nobody needs may be written over at once; by default only after 45 s.
            store.setRetentionTime(0);
            store.compactFile(COMPACT_MS);
            store.setRetentionTime(retention);
            store.sync();
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
