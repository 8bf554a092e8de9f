package org.mapcask;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.engine.BatchEntries;

/**
 * Puts and deletes that {@link Mapcask#write(Batch)} writes as one: readers see all of them or none, and so does
 * whoever opens the store after a crash.
 * <pre>
 *   final Batch batch = new Batch();
 *   batch.put("from", "70");
 *   batch.put("to", "30");
 *   batch.delete("order");
 *   store.write(batch);
 *   batch.clear();
 * </pre>
 * Keys and values are copied when they are added, into memory of the batch that grows by doubling and is kept by {@link
 * #clear()}: a batch that is used again allocates nothing, but for the encoding of strings. To give a lot of memory
 * back, drop the batch. It belongs to no store; the same may be written to several.
 * <p>
 * When a key is added more than once, the last entry counts; those before it are not written. The order of the other
 * entries is without meaning.
 * <p>
 * It holds {@link #COUNT_MAX} entries and {@link #LENGTH_MAX_BYTES} bytes at the most, and each entry has to fit into
 * one segment of the store. The limits keep short what others wait for: writers while the records are copied, summed up
 * and entered, readers while the keydir entries change. Of 1,000 puts of 100 bytes a busy virtual machine with two
 * processors held the write lock for 0.15 ms when the keys were there and 0.3 ms when they were new, and readers up for
 * 0.03 and 0.05 ms; of the greatest batch, 65,536 such puts, for 12 to 20 ms, and readers for 4 to 8 ms. Segments that
 * are not prepared by then are made under the lock, which takes as long as the disk does to sync them.
 * <p>
 * Not thread-safe: one thread at a time, and {@code write} is a use like any other.
 */
public final class Batch {
    /** Most entries. */
    public static final int COUNT_MAX = BatchEntries.COUNT_MAX;
    /** Most bytes, counted as {@link #lengthBytes()} does. */
    public static final int LENGTH_MAX_BYTES = BatchEntries.LENGTH_MAX;

    private final BatchEntries entries = new BatchEntries();
    private final UnsafeBuffer keyView = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer valueView = new UnsafeBuffer(0, 0);

    /** An empty batch. */
    public Batch() {
    }

    /**
     * Adds the put of a value under a key, in place of any other.
     *
     * @throws org.mapcask.errors.InvalidArgumentException when key or value is one that no store takes, or the batch is
     *      full; it is as it was then.
     */
    public void put(final String key, final String value) {
        put(Arguments.utf8("key", key), Arguments.utf8("value", value));
    }

    /** Adds the put of a value under a key; as {@link #put(String, String)}. */
    public void put(final byte[] key, final byte[] value) {
        put(key, value, Mapcask.NEVER);
    }

    /** Adds the put of a value under a key, each from position to limit; as {@link #put(String, String)}. */
    public void put(final ByteBuffer key, final ByteBuffer value) {
        put(key, value, Mapcask.NEVER);
    }

    /** Adds the put of a value under a key; as {@link #put(String, String)}. */
    public void put(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength) {
        put(key, keyOffset, keyLength, value, valueOffset, valueLength, Mapcask.NEVER);
    }

    /**
     * Adds the put of a value that expires; as {@link #put(String, String)}.
     *
     * @param expiresAtMs in milliseconds since 1970, for example from {@link Mapcask#expiryIn}, or {@link
     *                    Mapcask#NEVER}.
     */
    public void put(final String key, final String value, final long expiresAtMs) {
        put(Arguments.utf8("key", key), Arguments.utf8("value", value), expiresAtMs);
    }

    /** Adds the put of a value that expires; as {@link #put(String, String, long)}. */
    public void put(final byte[] key, final byte[] value, final long expiresAtMs) {
        Arguments.requirePresent("key", key);
        Arguments.requirePresent("value", value);
        keyView.wrap(key);
        valueView.wrap(value);
        addViews(valueView, expiresAtMs);
    }

    /** Adds the put of a value that expires; as {@link #put(String, String, long)}. */
    public void put(final ByteBuffer key, final ByteBuffer value, final long expiresAtMs) {
        Arguments.requirePresent("key", key);
        Arguments.requirePresent("value", value);
        keyView.wrap(key, key.position(), key.remaining());
        valueView.wrap(value, value.position(), value.remaining());
        addViews(valueView, expiresAtMs);
    }

    /** Adds the put of a value that expires; as {@link #put(String, String, long)}. */
    public void put(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength, final long expiresAtMs) {
        Arguments.checkKey(key, keyOffset, keyLength);
        Arguments.checkValue(value, valueOffset, valueLength);
        Arguments.checkExpiry(expiresAtMs);
        entries.add(key, keyOffset, keyLength, value, valueOffset, valueLength, expiresAtMs);
    }

    /**
     * Adds the delete of a key; it does nothing if the key is not there when the batch is written.
     *
     * @throws org.mapcask.errors.InvalidArgumentException as {@link #put(String, String)}.
     */
    public void delete(final String key) {
        delete(Arguments.utf8("key", key));
    }

    /** Adds the delete of a key; as {@link #delete(String)}. */
    public void delete(final byte[] key) {
        Arguments.requirePresent("key", key);
        keyView.wrap(key);
        addViews(null, Mapcask.NEVER);
    }

    /** Adds the delete of a key, from position to limit; as {@link #delete(String)}. */
    public void delete(final ByteBuffer key) {
        Arguments.requirePresent("key", key);
        keyView.wrap(key, key.position(), key.remaining());
        addViews(null, Mapcask.NEVER);
    }

    /** Adds the delete of a key; as {@link #delete(String)}. */
    public void delete(final DirectBuffer key, final int keyOffset, final int keyLength) {
        Arguments.checkKey(key, keyOffset, keyLength);
        entries.add(key, keyOffset, keyLength, null, 0, 0);
    }

    /** Number of entries that were added since the batch was empty. */
    public int count() {
        return entries.count();
    }

    /** Bytes of the entries as they would stand in the log: keys, values, and a header for each. */
    public int lengthBytes() {
        return entries.length();
    }

    /** Removes all entries, and keeps the memory for the next. */
    public void clear() {
        entries.clear();
    }

    BatchEntries entries() {
        return entries;
    }

    /** The views let go of the caller's memory afterwards, so that an idle batch does not keep it alive. */
    private void addViews(final DirectBuffer value, final long expiresAtMs) {
        try {
            Arguments.checkExpiry(expiresAtMs);
            Arguments.checkKeyLength(keyView.capacity());
            final int valueLength = value == null ? 0 : value.capacity();
            Arguments.checkValueLength(valueLength);
            entries.add(keyView, 0, keyView.capacity(), value, 0, valueLength, expiresAtMs);
        } finally {
            keyView.wrap(0, 0);
            valueView.wrap(0, 0);
        }
    }
}
