package org.mapcask.bench.peers;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.RecordConsumer;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * RocksDB through its own JNI and direct byte buffers. Tuned for data that fits into memory and for point lookups, as
 * its wiki and {@code optimizeForPointLookup} have it: a block cache that holds everything, blocks of 4 KiB with a hash
 * index, Bloom filters of 10 bits, write buffers of 128 MiB, no compression, as the values have nothing to compress.
 * Without durability there is no write-ahead log, with which a kill loses what was not flushed; where a kill must lose
 * nothing there is one, and where a power cut must, each put syncs it.
 */
final class RocksPeer implements PeerFactory {
    private static final long WRITE_BUFFER = 128L << 20;
    private static final int WRITE_BUFFERS = 4;
    private static final long CACHE_BASE = 256L << 20;
    private static final long CACHE_FACTOR = 3;
    private static final int BLOOM_BITS = 10;
    private static final int BACKGROUND_JOBS = 2;
    private static final long BLOCK_LENGTH = 4096;
    private static final double HASH_UTILIZATION = 0.75;

    @Override
    public boolean wantsDirectMemory() {
        return true;
    }

    @Override
    public PeerStore open(final Path directory, final PeerSetup setup) throws RocksDBException {
        RocksDB.loadLibrary();
        return new Store(directory, setup);
    }

    private static final class Store implements PeerStore {
        private final Cache cache;
        private final BloomFilter filter = new BloomFilter(BLOOM_BITS);
        private final Options options;
        private final WriteOptions writeOptions;
        private final ReadOptions readOptions = new ReadOptions();
        private final RocksDB db;
        private final int valueLength;

        Store(final Path directory, final PeerSetup setup) throws RocksDBException {
            valueLength = setup.valueLength();
            cache = new LRUCache(CACHE_BASE + CACHE_FACTOR * setup.liveBytes());
            final BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_LENGTH)
                .setFilterPolicy(filter)
                .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                .setDataBlockHashTableUtilRatio(HASH_UTILIZATION);
            options = new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(table)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferSize(WRITE_BUFFER)
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setMaxBackgroundJobs(BACKGROUND_JOBS);
            writeOptions = new WriteOptions()
                .setDisableWAL(setup.mode() == PeerSetup.Mode.FAST)
                .setSync(setup.mode() == PeerSetup.Mode.DURABLE);
            db = RocksDB.open(options, directory.toString());
        }

        @Override
        public Session newSession() {
            return new Session() {
                @Override
                public void put(final PeerSlot slot) throws RocksDBException {
                    slot.keyBytes.clear();
                    slot.valueBytes.clear();
                    db.put(writeOptions, slot.keyBytes, slot.valueBytes);
                }

                @Override
                public int get(final PeerSlot slot) throws RocksDBException {
                    slot.keyBytes.clear();
                    slot.valueBytes.clear();
                    return db.get(readOptions, slot.keyBytes, slot.valueBytes);
                }

                @Override
                public void delete(final PeerSlot slot) throws RocksDBException {
                    slot.keyBytes.clear();
                    db.delete(writeOptions, slot.keyBytes);
                }
            };
        }

        @Override
        public void scan(final RecordConsumer consumer) throws RocksDBException {
            final ByteBuffer keyBytes = ByteBuffer.allocateDirect(PeerSlot.KEY_LENGTH);
            final ByteBuffer valueBytes = ByteBuffer.allocateDirect(valueLength);
            final UnsafeBuffer key = new UnsafeBuffer(keyBytes);
            final UnsafeBuffer value = new UnsafeBuffer(valueBytes);
            try (RocksIterator iterator = db.newIterator(readOptions)) {
                for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                    keyBytes.clear();
                    valueBytes.clear();
                    final int keyLength = iterator.key(keyBytes);
                    final int length = iterator.value(valueBytes);
                    consumer.accept(key, 0, keyLength, value, 0, length);
                }
                iterator.status();
            }
        }

        @Override
        public void settle() throws RocksDBException {
            try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
                db.flush(flush);
            }
            db.compactRange();
            if (!writeOptions.disableWAL()) {
                db.syncWal();
            }
        }

        @Override
        public void close() {
            db.close();
            readOptions.close();
            writeOptions.close();
            options.close();
            filter.close();
            cache.close();
        }
    }
}
