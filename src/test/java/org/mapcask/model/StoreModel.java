package org.mapcask.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskStats;
import org.mapcask.format.RecordDescriptor;

/** What a store should hold: a map on the heap, with the lengths that its records have in the log. One thread. */
final class StoreModel {
    private final Map<ByteBuffer, byte[]> values = new HashMap<>();
    private long liveBytes;
    private long logBytes;
    private long records;

    byte[] get(final byte[] key) {
        return values.get(ByteBuffer.wrap(key));
    }

    int size() {
        return values.size();
    }

    boolean put(final byte[] key, final byte[] value) {
        final byte[] before = values.put(ByteBuffer.wrap(key), value);
        liveBytes += recordLength(key, value.length) - (before == null ? 0 : recordLength(key, before.length));
        logBytes += recordLength(key, value.length);
        records++;
        return true;
    }

    boolean putIfAbsent(final byte[] key, final byte[] value) {
        return get(key) == null && put(key, value);
    }

    boolean replace(final byte[] key, final byte[] value) {
        return get(key) != null && put(key, value);
    }

    boolean compareAndSet(final byte[] key, final byte[] expected, final byte[] update) {
        return get(key) != null && Arrays.equals(get(key), expected) && put(key, update);
    }

    boolean delete(final byte[] key) {
        final byte[] before = values.remove(ByteBuffer.wrap(key));
        if (before == null) {
            return false;
        }
        liveBytes -= recordLength(key, before.length);
        logBytes += recordLength(key, 0);
        records++;
        return true;
    }

    /** Holds everything that a store tells about itself against this model. */
    void check(final Mapcask store) {
        assertEquals(values.size(), store.size(), "size");
        final Set<ByteBuffer> seen = new HashSet<>();
        store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
            final byte[] keyBytes = new byte[keyLength];
            key.getBytes(keyOffset, keyBytes);
            final byte[] valueBytes = new byte[valueLength];
            value.getBytes(valueOffset, valueBytes);
            assertTrue(seen.add(ByteBuffer.wrap(keyBytes)), () -> "comes twice: key " + Arrays.toString(keyBytes));
            assertArrayEquals(get(keyBytes), valueBytes, () -> "value of key " + Arrays.toString(keyBytes));
        });
        assertEquals(values.keySet(), seen, "keys that forEach brought");
        final MapcaskStats stats = store.stats();
        assertEquals(values.size(), stats.keys(), "keys");
        assertEquals(liveBytes, stats.liveBytes(), "live bytes");
        assertEquals(logBytes, stats.logBytes(), "bytes of the log");
        assertEquals(logBytes - liveBytes, stats.deadBytes(), "dead bytes");
        assertEquals(records, stats.lastSequence(), "records");
        assertTrue(stats.durableSequence() <= stats.lastSequence(), () -> stats.toString());
    }

    private static int recordLength(final byte[] key, final int valueLength) {
        return RecordDescriptor.alignedLength(RecordDescriptor.length(0, key.length, valueLength));
    }
}
