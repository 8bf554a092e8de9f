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

/**
 * What a store should hold: a map on the heap, with the lengths that its records have in the log, and the time of its
 * own by which they expire. One thread.
 */
final class StoreModel {
    /** A value and when it expires. */
    private record Entry(byte[] value, long expiresAtMs) {
    }

    private final Map<ByteBuffer, Entry> entries = new HashMap<>();
    private long nowMs = 1_000_000;
    private long liveBytes;
    private long logBytes;
    private long records;

    /** The clock for the store. */
    long nowMs() {
        return nowMs;
    }

    /** Sets the clock forward, or, with a negative step, back. */
    void tick(final long stepMs) {
        nowMs += stepMs;
    }

    byte[] get(final byte[] key) {
        final Entry entry = entries.get(ByteBuffer.wrap(key));
        return entry == null || isExpired(entry) ? null : entry.value;
    }

    long expiresAt(final byte[] key) {
        return get(key) == null ? Mapcask.NOT_FOUND : entries.get(ByteBuffer.wrap(key)).expiresAtMs;
    }

    private boolean isExpired(final Entry entry) {
        return nowMs >= entry.expiresAtMs;
    }

    /** Number of keys, expired ones included. */
    int size() {
        return entries.size();
    }

    boolean put(final byte[] key, final byte[] value) {
        return put(key, value, Mapcask.NEVER);
    }

    boolean put(final byte[] key, final byte[] value, final long expiresAtMs) {
        final Entry entry = new Entry(value, expiresAtMs);
        final Entry before = entries.put(ByteBuffer.wrap(key), entry);
        liveBytes += recordLength(key, entry) - (before == null ? 0 : recordLength(key, before));
        logBytes += recordLength(key, entry);
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

    /** Whether the key was there; an expired one is removed as well. */
    boolean delete(final byte[] key) {
        final Entry before = entries.remove(ByteBuffer.wrap(key));
        if (before == null) {
            return false;
        }
        liveBytes -= recordLength(key, before);
        logBytes += recordLength(key, new Entry(new byte[0], Mapcask.NEVER));
        records++;
        return !isExpired(before);
    }

    /** Holds everything that a store tells about itself against this model. */
    void check(final Mapcask store) {
        assertEquals(entries.size(), store.size(), "size");
        final Set<ByteBuffer> seen = new HashSet<>();
        store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> {
            final byte[] keyBytes = new byte[keyLength];
            key.getBytes(keyOffset, keyBytes);
            final byte[] valueBytes = new byte[valueLength];
            value.getBytes(valueOffset, valueBytes);
            assertTrue(seen.add(ByteBuffer.wrap(keyBytes)), () -> "comes twice: key " + Arrays.toString(keyBytes));
            assertArrayEquals(get(keyBytes), valueBytes, () -> "value of key " + Arrays.toString(keyBytes));
        });
        final Set<ByteBuffer> present = new HashSet<>(entries.keySet());
        present.removeIf(key -> isExpired(entries.get(key)));
        assertEquals(present, seen, "keys that forEach brought");
        final MapcaskStats stats = store.stats();
        assertEquals(entries.size(), stats.keys(), "keys");
        assertEquals(liveBytes, stats.liveBytes(), "live bytes");
        assertEquals(logBytes, stats.logBytes(), "bytes of the log");
        assertEquals(logBytes - liveBytes, stats.deadBytes(), "dead bytes");
        assertEquals(records, stats.lastSequence(), "records");
        assertTrue(stats.durableSequence() <= stats.lastSequence(), () -> stats.toString());
    }

    private static int recordLength(final byte[] key, final Entry entry) {
        final int flags = entry.expiresAtMs == Mapcask.NEVER ? 0 : RecordDescriptor.FLAG_EXPIRY;
        return RecordDescriptor.alignedLength(RecordDescriptor.length(flags, key.length, entry.value.length));
    }
}
