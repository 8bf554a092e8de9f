package org.mapcask;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.mapcask.engine.Condition;
import org.mapcask.engine.Engine;
import org.mapcask.engine.ReadContext;
import org.mapcask.segment.RecordReader;

/** Checks the arguments of a call, in whatever form they come, and runs it inside a context. Thread-safe. */
final class Calls {
    /** What is done with a key inside a context. */
    interface KeyOperation<T> {
        T apply(ReadContext context, DirectBuffer key);
    }

    private final Engine engine;

    Calls(final Engine engine) {
        this.engine = engine;
    }

    <T> T locate(final byte[] key, final KeyOperation<T> operation) {
        Arguments.requirePresent("key", key);
        Arguments.checkKeyLength(key.length);
        final ReadContext context = engine.enter();
        try {
            context.keyView().wrap(key);
            return operation.apply(context, context.keyView());
        } finally {
            context.releaseViews();
            context.exit();
        }
    }

    <T> T locate(final ByteBuffer key, final KeyOperation<T> operation) {
        Arguments.requirePresent("key", key);
        Arguments.checkKeyLength(key.remaining());
        final ReadContext context = engine.enter();
        try {
            context.keyView().wrap(key, key.position(), key.remaining());
            return operation.apply(context, context.keyView());
        } finally {
            context.releaseViews();
            context.exit();
        }
    }

    boolean contains(final byte[] key) {
        return locate(key, (context, view) -> engine.locate(context, view, 0, view.capacity()));
    }

    boolean contains(final ByteBuffer key) {
        return locate(key, (context, view) -> engine.locate(context, view, 0, view.capacity()));
    }

    void forEach(final RecordConsumer consumer) {
        Arguments.requirePresent("consumer", consumer);
        engine.forEach((record, reader) -> consumer.accept(
            record, reader.keyOffset(), reader.keyLength(), record, reader.valueOffset(), reader.valueLength()));
    }

    boolean compareAndSet(final byte[] key, final byte[] expected, final byte[] update) {
        Arguments.requirePresent("expected value", expected);
        return write(Condition.EQUAL, key, update, expected, Durability.POLICY);
    }

    boolean compareAndSet(final ByteBuffer key, final ByteBuffer expected, final ByteBuffer update) {
        Arguments.requirePresent("expected value", expected);
        return write(Condition.EQUAL, key, update, expected, Durability.POLICY);
    }

    boolean compareAndSet(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength,
        final DirectBuffer update, final int updateOffset, final int updateLength) {
        Arguments.checkRange("expected value", expected, expectedOffset, expectedLength);
        return write(Condition.EQUAL, key, keyOffset, keyLength, update, updateOffset, updateLength, expected,
            expectedOffset, expectedLength, Durability.POLICY);
    }

    String get(final String key) {
        final byte[] value = get(Arguments.utf8("key", key));
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    byte[] get(final byte[] key) {
        return locate(key, (context, view) -> {
            if (!engine.locate(context, view, 0, view.capacity())) {
                return null;
            }
            final RecordReader reader = context.reader();
            final byte[] value = new byte[reader.valueLength()];
            context.valueView().wrap(value);
            reader.copyValue(context.valueView(), 0);
            return value;
        });
    }

    int get(final ByteBuffer key, final ByteBuffer destination) {
        Arguments.requireWritable(destination);
        return locate(key, (context, view) -> {
            context.valueView().wrap(destination, destination.position(), destination.remaining());
            final int length = engine.get(context, view, 0, view.capacity(), context.valueView(), 0,
                destination.remaining());
            if (length >= 0 && length <= destination.remaining()) {
                destination.position(destination.position() + length);
            }
            return length;
        });
    }

    int get(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final MutableDirectBuffer destination, final int destinationOffset, final int destinationLength) {
        Arguments.checkKey(key, keyOffset, keyLength);
        Arguments.checkDestination(destination, destinationOffset, destinationLength);
        final ReadContext context = engine.enter();
        try {
            return engine.get(context, key, keyOffset, keyLength, destination, destinationOffset, destinationLength);
        } finally {
            context.exit();
        }
    }

    long expiresAt(final ReadContext context, final DirectBuffer key, final int keyOffset, final int keyLength) {
        return engine.locateHead(context, key, keyOffset, keyLength) ? context.expiry() : Engine.NOT_FOUND;
    }

    long expiresAt(final DirectBuffer key, final int keyOffset, final int keyLength) {
        Arguments.checkKey(key, keyOffset, keyLength);
        final ReadContext context = engine.enter();
        try {
            return expiresAt(context, key, keyOffset, keyLength);
        } finally {
            context.exit();
        }
    }

    /** The moment at which a time that begins now is over; never, if that is later than a long can tell. */
    long expiryIn(final Duration timeToLive) {
        Arguments.checkTimeToLive(timeToLive);
        final ReadContext context = engine.enter();
        try {
            return expiryIn(context, timeToLive);
        } finally {
            context.exit();
        }
    }

    private static long expiryIn(final ReadContext context, final Duration timeToLive) {
        final long nowMs = context.nowMs();
        try {
            final long roundedUpMs = timeToLive.plusNanos(999_999).toMillis();
            return Math.max(1, Math.addExact(nowMs, roundedUpMs));
        } catch (final ArithmeticException ex) {
            return Mapcask.NEVER;
        }
    }

    int valueLength(final ReadContext context, final DirectBuffer key, final int keyOffset, final int keyLength) {
        return engine.locateHead(context, key, keyOffset, keyLength) ? context.reader().valueLength() :
            Engine.NOT_FOUND;
    }

    int valueLength(final DirectBuffer key, final int keyOffset, final int keyLength) {
        Arguments.checkKey(key, keyOffset, keyLength);
        final ReadContext context = engine.enter();
        try {
            return valueLength(context, key, keyOffset, keyLength);
        } finally {
            context.exit();
        }
    }

    boolean remove(final byte[] key, final Durability durability) {
        Arguments.requirePresent("durability", durability);
        return locate(key, (context, view) -> remove(context, view, 0, view.capacity(), durability));
    }

    boolean remove(final ByteBuffer key, final Durability durability) {
        Arguments.requirePresent("durability", durability);
        return locate(key, (context, view) -> remove(context, view, 0, view.capacity(), durability));
    }

    private boolean remove(
        final ReadContext context, final DirectBuffer key, final int keyOffset, final int keyLength,
        final Durability durability) {
        return concluded(context, durability,
            engine.write(context, Condition.PRESENT, key, keyOffset, keyLength, null, 0, 0, null, 0, 0));
    }

    boolean remove(final DirectBuffer key, final int keyOffset, final int keyLength, final Durability durability) {
        Arguments.requirePresent("durability", durability);
        Arguments.checkKey(key, keyOffset, keyLength);
        final ReadContext context = engine.enter();
        try {
            return remove(context, key, keyOffset, keyLength, durability);
        } finally {
            context.exit();
        }
    }

    void write(final Batch batch, final Durability durability) {
        Arguments.requirePresent("batch", batch);
        Arguments.requirePresent("durability", durability);
        final ReadContext context = engine.enter();
        try {
            engine.write(context, batch.entries());
            concluded(context, durability, batch.count() > 0);
        } finally {
            context.exit();
        }
    }

    /** Waits, if the call is to return only when it is durable. */
    private boolean concluded(final ReadContext context, final Durability durability, final boolean written) {
        if (durability == Durability.SYNC) {
            engine.makeDurable(context, written);
        }
        return written;
    }

    boolean write(
        final Condition condition, final byte[] key, final byte[] value, final byte[] expected,
        final Durability durability) {
        return write(condition, key, value, null, expected, durability);
    }

    void put(final byte[] key, final byte[] value, final Duration timeToLive) {
        Arguments.checkTimeToLive(timeToLive);
        write(Condition.NONE, key, value, timeToLive, null, Durability.POLICY);
    }

    boolean write(
        final Condition condition, final byte[] key, final byte[] value, final Duration timeToLive,
        final byte[] expected, final Durability durability) {
        Arguments.requirePresent("durability", durability);
        Arguments.requirePresent("value", value);
        Arguments.checkValueLength(value.length);
        return locate(key, (context, view) -> {
            context.valueView().wrap(value);
            if (expected != null) {
                context.expectedView().wrap(expected);
            }
            return concluded(context, durability, engine.write(context, condition, view, 0, view.capacity(),
                context.valueView(), 0, value.length,
                timeToLive == null ? Mapcask.NEVER : expiryIn(context, timeToLive),
                context.expectedView(), 0, expected == null ? 0 : expected.length));
        });
    }

    boolean write(
        final Condition condition, final ByteBuffer key, final ByteBuffer value, final ByteBuffer expected,
        final Durability durability) {
        return write(condition, key, value, null, expected, durability);
    }

    void put(final ByteBuffer key, final ByteBuffer value, final Duration timeToLive) {
        Arguments.checkTimeToLive(timeToLive);
        write(Condition.NONE, key, value, timeToLive, null, Durability.POLICY);
    }

    boolean write(
        final Condition condition, final ByteBuffer key, final ByteBuffer value, final Duration timeToLive,
        final ByteBuffer expected, final Durability durability) {
        Arguments.requirePresent("durability", durability);
        Arguments.requirePresent("value", value);
        Arguments.checkValueLength(value.remaining());
        return locate(key, (context, view) -> {
            context.valueView().wrap(value, value.position(), value.remaining());
            if (expected != null) {
                context.expectedView().wrap(expected, expected.position(), expected.remaining());
            }
            return concluded(context, durability, engine.write(context, condition, view, 0, view.capacity(),
                context.valueView(), 0, value.remaining(),
                timeToLive == null ? Mapcask.NEVER : expiryIn(context, timeToLive),
                context.expectedView(), 0, expected == null ? 0 : expected.remaining()));
        });
    }

    void put(
        final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength, final long expiresAtMs) {
        Arguments.checkExpiry(expiresAtMs);
        write(Condition.NONE, key, keyOffset, keyLength, value, valueOffset, valueLength, expiresAtMs, null, 0, 0,
            Durability.POLICY);
    }

    boolean write(
        final Condition condition, final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength) {
        return write(condition, key, keyOffset, keyLength, value, valueOffset, valueLength, Durability.POLICY);
    }

    boolean write(
        final Condition condition, final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength, final Durability durability) {
        return write(condition, key, keyOffset, keyLength, value, valueOffset, valueLength, null, 0, 0, durability);
    }

    boolean write(
        final Condition condition, final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength,
        final Durability durability) {
        return write(condition, key, keyOffset, keyLength, value, valueOffset, valueLength, Mapcask.NEVER, expected,
            expectedOffset, expectedLength, durability);
    }

    boolean write(
        final Condition condition, final DirectBuffer key, final int keyOffset, final int keyLength,
        final DirectBuffer value, final int valueOffset, final int valueLength, final long expiresAtMs,
        final DirectBuffer expected, final int expectedOffset, final int expectedLength,
        final Durability durability) {
        Arguments.requirePresent("durability", durability);
        Arguments.checkKey(key, keyOffset, keyLength);
        Arguments.checkValue(value, valueOffset, valueLength);
        final ReadContext context = engine.enter();
        try {
            return concluded(context, durability, engine.write(context, condition, key, keyOffset, keyLength, value,
                valueOffset, valueLength, expiresAtMs, expected, expectedOffset, expectedLength));
        } finally {
            context.exit();
        }
    }
}
