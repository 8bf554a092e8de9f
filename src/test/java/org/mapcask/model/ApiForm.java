package org.mapcask.model;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Batch;
import org.mapcask.Mapcask;

/** The forms in which the operations of the store come, each made to look like the one with arrays. */
enum ApiForm {
    ARRAY {
        @Override
        byte[] get(final Mapcask store, final byte[] key) {
            return store.get(key);
        }

        @Override
        void add(final Batch batch, final byte[] key, final byte[] value, final long expiresAtMs) {
            if (value == null) {
                batch.delete(key);
            } else {
                batch.put(key, value, expiresAtMs);
            }
        }

        @Override
        void put(final Mapcask store, final byte[] key, final byte[] value, final Duration timeToLive) {
            store.put(key, value, timeToLive);
        }

        @Override
        boolean write(
            final Mapcask store, final Write write, final byte[] key, final byte[] expected, final byte[] value) {
            switch (write) {
                case PUT:
                    store.put(key, value);
                    return true;
                case PUT_IF_ABSENT:
                    return store.putIfAbsent(key, value);
                case REPLACE:
                    return store.replace(key, value);
                case COMPARE_AND_SET:
                    return store.compareAndSet(key, expected, value);
                default:
                    return store.delete(key);
            }
        }
    },
    BYTE_BUFFER {
        @Override
        byte[] get(final Mapcask store, final byte[] key) {
            final ByteBuffer keyBuffer = placed(key);
            final int length = store.valueLength(keyBuffer);
            if (length == Mapcask.NOT_FOUND) {
                return store.contains(keyBuffer) ? new byte[] {-1} : null;
            }
            final byte[] value = new byte[length];
            final ByteBuffer destination = placed(value);
            final int start = destination.position();
            if (store.get(keyBuffer, destination) != length || destination.position() != start + length) {
                throw new AssertionError("length told " + length + ", position " + destination.position());
            }
            destination.position(start).get(value);
            return value;
        }

        @Override
        void add(final Batch batch, final byte[] key, final byte[] value, final long expiresAtMs) {
            if (value == null) {
                batch.delete(placed(key));
            } else {
                batch.put(placed(key), placed(value), expiresAtMs);
            }
        }

        @Override
        void put(final Mapcask store, final byte[] key, final byte[] value, final Duration timeToLive) {
            store.put(placed(key), placed(value), timeToLive);
        }

        @Override
        boolean write(
            final Mapcask store, final Write write, final byte[] key, final byte[] expected, final byte[] value) {
            switch (write) {
                case PUT:
                    store.put(placed(key), placed(value));
                    return true;
                case PUT_IF_ABSENT:
                    return store.putIfAbsent(placed(key), placed(value));
                case REPLACE:
                    return store.replace(placed(key), placed(value));
                case COMPARE_AND_SET:
                    return store.compareAndSet(placed(key), placed(expected), placed(value));
                default:
                    return store.delete(placed(key));
            }
        }
    },
    DIRECT_BUFFER {
        @Override
        byte[] get(final Mapcask store, final byte[] key) {
            final UnsafeBuffer keyBuffer = new UnsafeBuffer(key);
            final UnsafeBuffer tooSmall = new UnsafeBuffer(new byte[0]);
            final int length = store.get(keyBuffer, 0, key.length, tooSmall, 0, 0);
            if (length == Mapcask.NOT_FOUND) {
                return null;
            }
            final byte[] value = new byte[length];
            final ExpandableArrayBuffer destination = new ExpandableArrayBuffer(length + 8);
            store.get(keyBuffer, 0, key.length, destination, 3, length);
            destination.getBytes(3, value);
            return value;
        }

        @Override
        void add(final Batch batch, final byte[] key, final byte[] value, final long expiresAtMs) {
            if (value == null) {
                batch.delete(new UnsafeBuffer(placed(key)), OFFSET, key.length);
            } else {
                batch.put(new UnsafeBuffer(placed(key)), OFFSET, key.length,
                    new UnsafeBuffer(placed(value)), OFFSET, value.length, expiresAtMs);
            }
        }

        @Override
        void put(final Mapcask store, final byte[] key, final byte[] value, final Duration timeToLive) {
            store.put(new UnsafeBuffer(placed(key)), OFFSET, key.length,
                new UnsafeBuffer(placed(value)), OFFSET, value.length, store.expiryIn(timeToLive));
        }

        @Override
        boolean write(
            final Mapcask store, final Write write, final byte[] key, final byte[] expected, final byte[] value) {
            final UnsafeBuffer k = new UnsafeBuffer(placed(key));
            final UnsafeBuffer v = new UnsafeBuffer(placed(value));
            final int from = OFFSET;
            switch (write) {
                case PUT:
                    store.put(k, from, key.length, v, from, value.length);
                    return true;
                case PUT_IF_ABSENT:
                    return store.putIfAbsent(k, from, key.length, v, from, value.length);
                case REPLACE:
                    return store.replace(k, from, key.length, v, from, value.length);
                case COMPARE_AND_SET:
                    return store.compareAndSet(k, from, key.length, new UnsafeBuffer(expected), 0, expected.length,
                        v, from, value.length);
                default:
                    return store.delete(k, from, key.length);
            }
        }
    };

    private static final int OFFSET = 5;

    /** What is written. */
    enum Write {
        PUT, PUT_IF_ABSENT, REPLACE, COMPARE_AND_SET, DELETE
    }

    abstract byte[] get(Mapcask store, byte[] key);

    abstract boolean write(Mapcask store, Write write, byte[] key, byte[] expected, byte[] value);

    /** Adds a put, or a delete when there is no value, to a batch. */
    abstract void add(Batch batch, byte[] key, byte[] value, long expiresAtMs);

    /** Puts with a time to live. */
    abstract void put(Mapcask store, byte[] key, byte[] value, Duration timeToLive);

    /** The bytes somewhere in a larger buffer, on or off the heap. */
    private static ByteBuffer placed(final byte[] bytes) {
        final int capacity = OFFSET + bytes.length + 2;
        final ByteBuffer buffer = (bytes.length & 1) == 0 ?
            ByteBuffer.allocate(capacity) : ByteBuffer.allocateDirect(capacity);
        return buffer.position(OFFSET).put(bytes).flip().position(OFFSET);
    }
}
