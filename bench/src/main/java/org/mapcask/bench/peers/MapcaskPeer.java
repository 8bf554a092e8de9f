package org.mapcask.bench.peers;

import java.nio.file.Path;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.RecordConsumer;

/**
 * The store itself. Where no write has to be durable it is told so, as all the others are; checksums are verified by
 * each get, and merges run in the background. All else is at its default.
 */
final class MapcaskPeer implements PeerFactory {
    @Override
    public boolean wantsDirectMemory() {
        return false;
    }

    @Override
    public PeerStore open(final Path directory, final PeerSetup setup) {
        final MapcaskOptions.Builder options = MapcaskOptions.builder();
        if (setup.mode() == PeerSetup.Mode.DURABLE) {
            options.override("syncEveryWrite", "true");
        } else {
            options.override("syncBytes", "0").override("syncIntervalMs", "0");
        }
        return new Store(Mapcask.open(directory, options.build()));
    }

    private record Store(Mapcask mapcask) implements PeerStore {
        @Override
        public Session newSession() {
            return new Session() {
                @Override
                public void put(final PeerSlot slot) {
                    mapcask.put(slot.key, 0, PeerSlot.KEY_LENGTH, slot.value, 0, slot.value.capacity());
                }

                @Override
                public int get(final PeerSlot slot) {
                    return mapcask.get(slot.key, 0, PeerSlot.KEY_LENGTH, slot.value, 0, slot.value.capacity());
                }

                @Override
                public void delete(final PeerSlot slot) {
                    mapcask.delete(slot.key, 0, PeerSlot.KEY_LENGTH);
                }
            };
        }

        @Override
        public void scan(final RecordConsumer consumer) {
            mapcask.forEach(consumer);
        }

        @Override
        public void settle() {
            mapcask.compact();
            mapcask.sync();
        }

        @Override
        public double indexBytesPerKey() {
            return mapcask.stats().bytesPerKey();
        }

        @Override
        public void close() {
            mapcask.close();
        }
    }
}
