package org.mapcask.bench.peers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.mapcask.RecordConsumer;
import org.mapcask.bench.BareLog;
import org.mapcask.lab.probe.DirectFile;
import org.mapcask.nativeaccess.FileHandle;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.nativeaccess.OpenFlag;

/**
 * The floor: a mapped log without lock, index or recovery. The place of each record is looked up in an array, by the
 * number that stands in its key. One thread writes; it cannot be opened again. Where writes have to be durable, each is
 * a bare {@code O_DIRECT|O_DSYNC} write of whole blocks, by each thread onto a file of its own that was written before.
 */
final class BareLogPeer implements PeerFactory {
    private static final int SEGMENT_LENGTH = 64 << 20;
    private static final int DIRECT_LENGTH = 16 << 20;

    @Override
    public boolean wantsDirectMemory() {
        return false;
    }

    @Override
    public PeerStore open(final Path directory, final PeerSetup setup) {
        return setup.mode() == PeerSetup.Mode.DURABLE ? new DirectStore(directory) : new LogStore(directory, setup);
    }

    private static final class LogStore implements PeerStore {
        /** The records that are loaded, and as many again that are written over. */
        private static final int WRITES_A_KEY = 2;

        private final BareLog log;
        private final long[] positions;

        LogStore(final Path directory, final PeerSetup setup) {
            final long recordLength = BareLog.recordLength(PeerSlot.KEY_LENGTH, setup.valueLength());
            final long perSegment = SEGMENT_LENGTH / recordLength;
            log = new BareLog(directory, SEGMENT_LENGTH,
                ((long) setup.keys() * WRITES_A_KEY / perSegment + 1) * SEGMENT_LENGTH);
            positions = new long[setup.keys()];
            Arrays.fill(positions, -1);
        }

        @Override
        public Session newSession() {
            final BareLog.Reader reader = log.newReader();
            return new Session() {
                @Override
                public void put(final PeerSlot slot) {
                    positions[number(slot)] =
                        log.append(slot.key, PeerSlot.KEY_LENGTH, slot.value, slot.value.capacity());
                }

                @Override
                public int get(final PeerSlot slot) {
                    final long position = positions[number(slot)];
                    final int length = position < 0 ? -1 : reader.read(position);
                    if (length >= 0) {
                        slot.value.putBytes(0, reader.copy(), reader.valueOffset(), length);
                    }
                    return length;
                }

                @Override
                public void delete(final PeerSlot slot) {
                    positions[number(slot)] = -1;
                }
            };
        }

        private static int number(final PeerSlot slot) {
            return (int) slot.key.getLong(Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void scan(final RecordConsumer consumer) {
            final BareLog.Reader reader = log.newReader();
            final long[] order = Arrays.stream(positions).filter(position -> position >= 0).sorted().toArray();
            for (final long position : order) {
                final int length = reader.read(position);
                if (length < 0) {
                    throw new IllegalStateException("the checksum of the record at " + position + " does not match");
                }
                consumer.accept(reader.copy(), reader.valueOffset() - PeerSlot.KEY_LENGTH, PeerSlot.KEY_LENGTH,
                    reader.copy(), reader.valueOffset(), length);
            }
        }

        @Override
        public void settle() {
            // It has no dead space that it could give back, and nobody asked for durability.
        }

        @Override
        public void close() {
            log.close();
        }
    }

    /** Writes blocks, and reads nothing: what it wrote is not compared. */
    private static final class DirectStore implements PeerStore {
        private final Path directory;
        private final AtomicInteger files = new AtomicInteger();

        DirectStore(final Path directory) {
            this.directory = directory;
        }

        @Override
        public Session newSession() {
            final Path path = directory.resolve("direct-" + files.incrementAndGet());
            try (FileHandle handle = NativeAccess.get().open(path, OpenFlag.WRITE, OpenFlag.CREATE_NEW)) {
                handle.writeZeros(0, DIRECT_LENGTH);
                handle.sync();
                handle.dropCached(0, DIRECT_LENGTH);
            }
            return new DirectSession(DirectFile.open(path));
        }

        @Override
        public void scan(final RecordConsumer consumer) {
            throw new UnsupportedOperationException("blocks are only written");
        }

        @Override
        public void settle() {
            // Every write is durable when it returns.
        }

        @Override
        public void close() {
            // Sessions close their files.
        }
    }

    private static final class DirectSession implements PeerStore.Session {
        private final DirectFile file;
        private ByteBuffer blocks = DirectFile.newBlock();
        private long offset;

        DirectSession(final DirectFile file) {
            this.file = file;
        }

        @Override
        public void put(final PeerSlot slot) {
            final int needed = PeerSlot.KEY_LENGTH + slot.value.capacity();
            if (needed > blocks.capacity()) {
                final int length = (needed + DirectFile.BLOCK_LENGTH - 1) / DirectFile.BLOCK_LENGTH
                    * DirectFile.BLOCK_LENGTH;
                blocks = ByteBuffer.allocateDirect(length + DirectFile.BLOCK_LENGTH)
                    .alignedSlice(DirectFile.BLOCK_LENGTH).slice(0, length);
            }
            slot.key.getBytes(0, blocks, 0, PeerSlot.KEY_LENGTH);
            slot.value.getBytes(0, blocks, PeerSlot.KEY_LENGTH, slot.value.capacity());
            if (offset + blocks.capacity() > DIRECT_LENGTH) {
                offset = 0;
            }
            file.write(offset, blocks);
            offset += blocks.capacity();
        }

        @Override
        public int get(final PeerSlot slot) {
            throw new UnsupportedOperationException("blocks are only written");
        }

        @Override
        public void delete(final PeerSlot slot) {
            throw new UnsupportedOperationException("blocks are only written");
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
