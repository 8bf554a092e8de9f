package org.mapcask.bench.peers;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.mapcask.RecordConsumer;

/**
 * Chronicle Map in a file. Arrays of a constant size, which its tutorial recommends over averages, read into the
 * caller's own ({@code getUsing}); sized for exactly the keys, since "you should not put additional margin over the
 * actual target number of entries"; puts and removes do not read the old value. Entries have checksums, as persisted
 * maps do by default. After a kill it is opened by {@code recoverPersistedTo}, as the tutorial demands.
 *
 * <p>It has no durability of its own: where asked for, the harness syncs the file after each put.
 */
final class ChroniclePeer implements PeerFactory {
    @Override
    public boolean wantsDirectMemory() {
        return false;
    }

    @Override
    public PeerStore open(final Path directory, final PeerSetup setup) throws IOException {
        final File file = directory.resolve("chronicle.map").toFile();
        final ChronicleMapBuilder<byte[], byte[]> builder = ChronicleMapBuilder.of(byte[].class, byte[].class)
            .name("peer")
            .entries(setup.keys())
            .constantKeySizeBySample(new byte[PeerSlot.KEY_LENGTH])
            .constantValueSizeBySample(new byte[setup.valueLength()])
            .putReturnsNull(true)
            .removeReturnsNull(true);
        final ChronicleMap<byte[], byte[]> map = setup.afterKill()
            ? builder.recoverPersistedTo(file, true) : builder.createPersistedTo(file);
        return new Store(map, FileChannel.open(file.toPath(), StandardOpenOption.WRITE), setup);
    }

    private record Store(ChronicleMap<byte[], byte[]> map, FileChannel channel, PeerSetup setup) implements PeerStore {
        @Override
        public Session newSession() {
            final boolean syncs = setup.mode() == PeerSetup.Mode.DURABLE;
            return new Session() {
                @Override
                public void put(final PeerSlot slot) throws IOException {
                    map.put(slot.keyArray, slot.valueArray);
                    if (syncs) {
                        channel.force(false);
                    }
                }

                @Override
                public int get(final PeerSlot slot) {
                    final byte[] value = map.getUsing(slot.keyArray, slot.valueArray);
                    if (value == null) {
                        return -1;
                    }
                    if (value != slot.valueArray) {
                        slot.answer(value);
                    }
                    return value.length;
                }

                @Override
                public void delete(final PeerSlot slot) {
                    map.remove(slot.keyArray);
                }
            };
        }

        @Override
        public void scan(final RecordConsumer consumer) {
            final byte[] keyArray = new byte[PeerSlot.KEY_LENGTH];
            final byte[] valueArray = new byte[setup.valueLength()];
            final ArrayRecords records = new ArrayRecords(consumer);
            map.forEachEntry(
                entry -> records.accept(entry.key().getUsing(keyArray), entry.value().getUsing(valueArray)));
        }

        @Override
        public void settle() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            map.close();
            channel.close();
        }
    }
}
