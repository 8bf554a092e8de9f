package org.mapcask.bench.peers;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.mapcask.RecordConsumer;

/**
 * One pass over all records of a store: how fast, and whether each key came once with a value that is its own. A value
 * is judged by a glance at three words, so that the judge does not cost more than the store; its version must be one
 * that the key may have. Used by one thread.
 */
final class PeerScan implements RecordConsumer {
    private final PeerKeys keys;
    private final boolean[] seen;
    private long records;
    private long wrong;
    private long elapsedNs;

    private PeerScan(final PeerKeys keys) {
        this.keys = keys;
        seen = new boolean[keys.count()];
    }

    /** Scans a store. */
    static PeerScan of(final PeerStore store, final PeerKeys keys) throws Exception {
        final PeerScan scan = new PeerScan(keys);
        final long begin = System.nanoTime();
        store.scan(scan);
        scan.elapsedNs = System.nanoTime() - begin;
        return scan;
    }

    @Override
    public void accept(
        final DirectBuffer key, final int keyOffset, final int keyLength, final DirectBuffer value,
        final int valueOffset, final int valueLength) {
        records++;
        final long index = keyLength == PeerSlot.KEY_LENGTH
            ? key.getLong(keyOffset + Long.BYTES, ByteOrder.LITTLE_ENDIAN) : -1;
        if (index < 0 || index >= seen.length || seen[(int) index] || valueLength != keys.valueLength()
            || !keys.isPossible((int) index, VersionedValue.glance(index, value, valueOffset, valueLength))) {
            wrong++;
        } else {
            seen[(int) index] = true;
        }
    }

    /** Records a second. */
    double rate() {
        return records * 1e9 / elapsedNs;
    }

    /** Records that are wrong, and keys that are missing. */
    long wrong() {
        long missing = 0;
        for (final boolean one : seen) {
            missing += one ? 0 : 1;
        }
        return wrong + missing;
    }
}
