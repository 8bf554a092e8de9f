package org.mapcask.bench.peers;

import java.nio.file.Path;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.EnvironmentImpl;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.RecordConsumer;

/**
 * An environment of Xodus with one store without duplicates. Each put is an exclusive transaction, which never has to
 * be replayed; each get a read-only one, so that it sees the newest version. The log cache has half of the heap and
 * files are of 64 MiB; its garbage collector runs in the background, as by default. Commits are written, and synced
 * where they have to be durable ({@code exodus.log.durableWrite}).
 */
final class XodusPeer implements PeerFactory {
    private static final int FILE_KIB = 64 << 10;
    private static final int CACHE_PERCENT = 50;

    @Override
    public boolean wantsDirectMemory() {
        return false;
    }

    @Override
    public PeerStore open(final Path directory, final PeerSetup setup) {
        final EnvironmentConfig config = new EnvironmentConfig()
            .setLogDurableWrite(setup.mode() == PeerSetup.Mode.DURABLE)
            .setLogFileSize(FILE_KIB)
            .setLogCacheShared(false)
            .setMemoryUsagePercentage(CACHE_PERCENT)
            .setManagementEnabled(false);
        final Environment environment = Environments.newInstance(directory.toFile(), config);
        final Store store = environment.computeInTransaction(
            transaction -> environment.openStore("peer", StoreConfig.WITHOUT_DUPLICATES, transaction));
        return new XodusStore(environment, store);
    }

    private record XodusStore(Environment environment, Store store) implements PeerStore {
        @Override
        public Session newSession() {
            return new Session() {
                @Override
                public void put(final PeerSlot slot) {
                    final ByteIterable key = new ArrayByteIterable(slot.keyArray.clone());
                    final ByteIterable value = new ArrayByteIterable(slot.valueArray.clone());
                    final Transaction transaction = environment.beginExclusiveTransaction();
                    try {
                        store.put(transaction, key, value);
                    } finally {
                        finish(transaction);
                    }
                }

                @Override
                public int get(final PeerSlot slot) {
                    final Transaction transaction = environment.beginReadonlyTransaction();
                    try {
                        final ByteIterable value = store.get(transaction, new ArrayByteIterable(slot.keyArray));
                        if (value == null) {
                            return -1;
                        }
                        slot.value.putBytes(0, value.getBytesUnsafe(), 0, value.getLength());
                        return value.getLength();
                    } finally {
                        transaction.abort();
                    }
                }

                @Override
                public void delete(final PeerSlot slot) {
                    final Transaction transaction = environment.beginExclusiveTransaction();
                    try {
                        store.delete(transaction, new ArrayByteIterable(slot.keyArray.clone()));
                    } finally {
                        finish(transaction);
                    }
                }
            };
        }

        private static void finish(final Transaction transaction) {
            if (!transaction.commit()) {
                transaction.abort();
                throw new IllegalStateException("an exclusive transaction was not committed");
            }
        }

        @Override
        public void scan(final RecordConsumer consumer) {
            final UnsafeBuffer key = new UnsafeBuffer(0, 0);
            final UnsafeBuffer value = new UnsafeBuffer(0, 0);
            final Transaction transaction = environment.beginReadonlyTransaction();
            try (Cursor cursor = store.openCursor(transaction)) {
                while (cursor.getNext()) {
                    final ByteIterable keyBytes = cursor.getKey();
                    final ByteIterable valueBytes = cursor.getValue();
                    key.wrap(keyBytes.getBytesUnsafe(), 0, keyBytes.getLength());
                    value.wrap(valueBytes.getBytesUnsafe(), 0, valueBytes.getLength());
                    consumer.accept(key, 0, key.capacity(), value, 0, value.capacity());
                }
            } finally {
                transaction.abort();
            }
        }

        @Override
        public void settle() {
            environment.gc();
            ((EnvironmentImpl) environment).flushAndSync();
        }

        @Override
        public void close() {
            environment.close();
        }
    }
}
