package org.mapcask.bench.peers;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.RecordConsumer;

/**
 * A map on the heap, which keeps nothing: the speed of the JDK, garbage collection included. It is made large enough
 * beforehand; a put makes the key object and the array that the map keeps, a get copies the value out.
 */
final class HeapPeer implements PeerFactory {
    @Override
    public boolean wantsDirectMemory() {
        return false;
    }

    @Override
    public PeerStore open(final Path directory, final PeerSetup setup) {
        return new Store(new ConcurrentHashMap<>(setup.keys()));
    }

    private record Key(long first, long second) {
        static Key of(final PeerSlot slot) {
            return new Key(slot.key.getLong(0, ByteOrder.LITTLE_ENDIAN),
                slot.key.getLong(Long.BYTES, ByteOrder.LITTLE_ENDIAN));
        }

        @Override
        public int hashCode() {
            return Long.hashCode(first);
        }

        @Override
        public boolean equals(final Object other) {
            return other instanceof final Key key && key.first == first && key.second == second;
        }
    }

    private record Store(ConcurrentHashMap<Key, byte[]> map) implements PeerStore {
        @Override
        public Session newSession() {
            return new Session() {
                @Override
                public void put(final PeerSlot slot) {
                    map.put(Key.of(slot), slot.valueArray.clone());
                }

                @Override
                public int get(final PeerSlot slot) {
                    final byte[] value = map.get(Key.of(slot));
                    if (value == null) {
                        return -1;
                    }
                    slot.value.putBytes(0, value);
                    return value.length;
                }

                @Override
                public void delete(final PeerSlot slot) {
                    map.remove(Key.of(slot));
                }
            };
        }

        @Override
        public void scan(final RecordConsumer consumer) {
            final UnsafeBuffer key = new UnsafeBuffer(new byte[PeerSlot.KEY_LENGTH]);
            final UnsafeBuffer value = new UnsafeBuffer(0, 0);
            for (final Map.Entry<Key, byte[]> entry : map.entrySet()) {
                key.putLong(0, entry.getKey().first, ByteOrder.LITTLE_ENDIAN);
                key.putLong(Long.BYTES, entry.getKey().second, ByteOrder.LITTLE_ENDIAN);
                value.wrap(entry.getValue());
                consumer.accept(key, 0, PeerSlot.KEY_LENGTH, value, 0, value.capacity());
            }
        }

        @Override
        public void settle() {
            // Nothing is kept.
        }

        @Override
        public void close() {
            map.clear();
        }
    }
}
