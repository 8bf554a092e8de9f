package org.mapcask;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.agrona.DirectBuffer;
import org.mapcask.engine.Condition;

/**
 * Conditional writes of values that expire: each of them a time after it is written, rounded up to milliseconds; see
 * <em>Expiry</em> in {@link Mapcask}. A key whose value has expired has none for the condition either. Made by {@link
 * Mapcask#expiringAfter}; of use as long as the store. Thread-safe.
 */
public final class TimedWrites {
    private final Calls calls;
    private final Duration timeToLive;

    TimedWrites(final Calls calls, final Duration timeToLive) {
        Arguments.checkTimeToLive(timeToLive);
        this.calls = calls;
        this.timeToLive = timeToLive;
    }

    /** As {@link Mapcask#putIfAbsent(String, String)}. */
    public boolean putIfAbsent(final String key, final String value) {
        return putIfAbsent(Arguments.utf8("key", key), Arguments.utf8("value", value));
    }

    /** As {@link Mapcask#putIfAbsent(byte[], byte[])}. */
    public boolean putIfAbsent(final byte[] key, final byte[] value) {
        return calls.write(Condition.ABSENT, key, value, timeToLive, null, Durability.POLICY);
    }

    /** As {@link Mapcask#putIfAbsent(ByteBuffer, ByteBuffer)}. */
    public boolean putIfAbsent(final ByteBuffer key, final ByteBuffer value) {
        return calls.write(Condition.ABSENT, key, value, timeToLive, null, Durability.POLICY);
    }

    /** As {@link Mapcask#putIfAbsent(DirectBuffer, int, int, DirectBuffer, int, int)}. */
    public boolean putIfAbsent(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength) {
        return write(
            Condition.ABSENT, key, keyOffset, keyLength, value, valueOffset, valueLength, null, 0, 0);
    }

    /** As {@link Mapcask#replace(String, String)}. */
    public boolean replace(final String key, final String value) {
        return replace(Arguments.utf8("key", key), Arguments.utf8("value", value));
    }

    /** As {@link Mapcask#replace(byte[], byte[])}. */
    public boolean replace(final byte[] key, final byte[] value) {
        return calls.write(Condition.PRESENT, key, value, timeToLive, null, Durability.POLICY);
    }

    /** As {@link Mapcask#replace(ByteBuffer, ByteBuffer)}. */
    public boolean replace(final ByteBuffer key, final ByteBuffer value) {
        return calls.write(Condition.PRESENT, key, value, timeToLive, null, Durability.POLICY);
    }

    /** As {@link Mapcask#replace(DirectBuffer, int, int, DirectBuffer, int, int)}. */
    public boolean replace(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength) {
        return write(
            Condition.PRESENT, key, keyOffset, keyLength, value, valueOffset, valueLength, null, 0, 0);
    }

    /** As {@link Mapcask#compareAndSet(String, String, String)}. */
    public boolean compareAndSet(final String key, final String expected, final String update) {
        return compareAndSet(
            Arguments.utf8("key", key), Arguments.utf8("expected value", expected), Arguments.utf8("value", update));
    }

    /** As {@link Mapcask#compareAndSet(byte[], byte[], byte[])}. */
    public boolean compareAndSet(final byte[] key, final byte[] expected, final byte[] update) {
        Arguments.requirePresent("expected value", expected);
        return calls.write(Condition.EQUAL, key, update, timeToLive, expected, Durability.POLICY);
    }

    /** As {@link Mapcask#compareAndSet(ByteBuffer, ByteBuffer, ByteBuffer)}. */
    public boolean compareAndSet(final ByteBuffer key, final ByteBuffer expected, final ByteBuffer update) {
        Arguments.requirePresent("expected value", expected);
        return calls.write(Condition.EQUAL, key, update, timeToLive, expected, Durability.POLICY);
    }

    /** As {@link #compareAndSet(byte[], byte[], byte[])}. */
    public boolean compareAndSet(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength,
        final DirectBuffer update, final int updateOffset, final int updateLength) {
        Arguments.checkRange("expected value", expected, expectedOffset, expectedLength);
        return write(Condition.EQUAL, key, keyOffset, keyLength, update, updateOffset, updateLength, expected,
            expectedOffset, expectedLength);
    }

    private boolean write(
        final Condition condition, final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength) {
        return calls.write(condition, key, keyOffset, keyLength, value, valueOffset, valueLength,
            calls.expiryIn(timeToLive), expected, expectedOffset, expectedLength, Durability.POLICY);
    }
}
