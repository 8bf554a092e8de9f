package org.mapcask.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;

/**
 * The operations of a store on byte arrays, carried out through one of the forms that a caller may use: strings,
 * arrays, buffers of all kinds. So one test serves all forms. The implementations check that arguments stay as they
 * were.
 */
public interface StoreCalls {
    /** Puts. */
    void put(byte[] key, byte[] value);

    /** Puts with a time to live. */
    void put(byte[] key, byte[] value, Duration timeToLive);

    /** When the key expires. */
    long expiresAt(byte[] key);

    /** The value, or null. */
    byte[] get(byte[] key);

    /** Puts if the key is absent. */
    boolean putIfAbsent(byte[] key, byte[] value);

    /** Puts if the key is present. */
    boolean replace(byte[] key, byte[] value);

    /** Puts if the value is the expected one. */
    boolean compareAndSet(byte[] key, byte[] expected, byte[] update);

    /** Removes. */
    boolean delete(byte[] key);

    /** Whether the key is there. */
    boolean contains(byte[] key);

    /** Length of the value, or {@link Mapcask#NOT_FOUND}. */
    int valueLength(byte[] key);

    /** The forms. */
    enum Form {
        /** Strings; the bytes must be UTF-8. */
        STRING(TextCalls::new),
        /** Byte arrays. */
        ARRAY(ArrayCalls::new),
        /** Heap buffers over a whole array. */
        HEAP_BUFFER(store -> new BufferCalls(store, ByteBuffer::wrap)),
        /** Direct buffers with a position. */
        DIRECT_BUFFER(store -> new BufferCalls(store,
            bytes -> window(ByteBuffer.allocateDirect(bytes.length + 7), bytes))),
        /** Heap buffers that cannot be written. */
        READ_ONLY_HEAP(store -> new BufferCalls(store, bytes -> ByteBuffer.wrap(bytes).asReadOnlyBuffer())),
        /** Direct buffers that cannot be written. */
        READ_ONLY_DIRECT(store -> new BufferCalls(store,
            bytes -> window(ByteBuffer.allocateDirect(bytes.length + 7), bytes).asReadOnlyBuffer())),
        /** Slices of heap buffers. */
        SLICED_HEAP(store -> new BufferCalls(store,
            bytes -> window(ByteBuffer.allocate(bytes.length + 7), bytes).slice())),
        /** Slices of direct buffers. */
        SLICED_DIRECT(store -> new BufferCalls(store,
            bytes -> window(ByteBuffer.allocateDirect(bytes.length + 7), bytes).slice())),
        /** Agrona buffers over a part of an array. */
        UNSAFE_ARRAY(store -> new UnsafeCalls(store, length -> new UnsafeBuffer(new byte[length + 9], 4, length + 5))),
        /** Agrona buffers over memory outside of the heap. */
        UNSAFE_DIRECT(store -> new UnsafeCalls(store,
            length -> new UnsafeBuffer(ByteBuffer.allocateDirect(length + 5))));

        private final Function<Mapcask, StoreCalls> maker;

        Form(final Function<Mapcask, StoreCalls> maker) {
            this.maker = maker;
        }

        /** The operations of a store through this form. */
        public StoreCalls on(final Mapcask store) {
            return maker.apply(store);
        }

        private static ByteBuffer window(final ByteBuffer buffer, final byte[] bytes) {
            return buffer.position(3).put(bytes).flip().position(3);
        }
    }

    /** Strings. */
    record TextCalls(Mapcask store) implements StoreCalls {
        private static String text(final byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public void put(final byte[] key, final byte[] value) {
            store.put(text(key), text(value));
        }

        @Override
        public void put(final byte[] key, final byte[] value, final Duration timeToLive) {
            store.put(text(key), text(value), timeToLive);
        }

        @Override
        public long expiresAt(final byte[] key) {
            return store.expiresAt(text(key));
        }

        @Override
        public byte[] get(final byte[] key) {
            final String value = store.get(text(key));
            return value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public boolean putIfAbsent(final byte[] key, final byte[] value) {
            return store.putIfAbsent(text(key), text(value));
        }

        @Override
        public boolean replace(final byte[] key, final byte[] value) {
            return store.replace(text(key), text(value));
        }

        @Override
        public boolean compareAndSet(final byte[] key, final byte[] expected, final byte[] update) {
            return store.compareAndSet(text(key), text(expected), text(update));
        }

        @Override
        public boolean delete(final byte[] key) {
            return store.delete(text(key));
        }

        @Override
        public boolean contains(final byte[] key) {
            return store.contains(text(key));
        }

        @Override
        public int valueLength(final byte[] key) {
            return store.valueLength(text(key));
        }
    }

    /** Arrays. */
    record ArrayCalls(Mapcask store) implements StoreCalls {
        @Override
        public void put(final byte[] key, final byte[] value) {
            store.put(key, value);
        }

        @Override
        public void put(final byte[] key, final byte[] value, final Duration timeToLive) {
            store.put(key, value, timeToLive);
        }

        @Override
        public long expiresAt(final byte[] key) {
            return store.expiresAt(key);
        }

        @Override
        public byte[] get(final byte[] key) {
            return store.get(key);
        }

        @Override
        public boolean putIfAbsent(final byte[] key, final byte[] value) {
            return store.putIfAbsent(key, value);
        }

        @Override
        public boolean replace(final byte[] key, final byte[] value) {
            return store.replace(key, value);
        }

        @Override
        public boolean compareAndSet(final byte[] key, final byte[] expected, final byte[] update) {
            return store.compareAndSet(key, expected, update);
        }

        @Override
        public boolean delete(final byte[] key) {
            return store.delete(key);
        }

        @Override
        public boolean contains(final byte[] key) {
            return store.contains(key);
        }

        @Override
        public int valueLength(final byte[] key) {
            return store.valueLength(key);
        }
    }

    /** Buffers that a function makes of an array. */
    record BufferCalls(Mapcask store, Function<byte[], ByteBuffer> maker) implements StoreCalls {
        private <T> T with(final byte[] key, final byte[] value, final Call<T> call) {
            final ByteBuffer keyBuffer = maker.apply(key);
            final ByteBuffer valueBuffer = maker.apply(value);
            final int keyStart = keyBuffer.position();
            final int valueStart = valueBuffer.position();
            final T result = call.apply(keyBuffer, valueBuffer);
            assertEquals(keyStart, keyBuffer.position(), "position of the key");
            assertEquals(valueStart, valueBuffer.position(), "position of the value");
            assertEquals(key.length, keyBuffer.remaining());
            assertEquals(value.length, valueBuffer.remaining());
            return result;
        }

        @Override
        public void put(final byte[] key, final byte[] value) {
            with(key, value, (k, v) -> {
                store.put(k, v);
                return true;
            });
        }

        @Override
        public void put(final byte[] key, final byte[] value, final Duration timeToLive) {
            with(key, value, (k, v) -> {
                store.put(k, v, timeToLive);
                return true;
            });
        }

        @Override
        public long expiresAt(final byte[] key) {
            return with(key, new byte[0], (k, v) -> store.expiresAt(k));
        }

        @Override
        public byte[] get(final byte[] key) {
            final ByteBuffer model = maker.apply(key);
            final int length = Math.max(0, store.valueLength(maker.apply(key)));
            final ByteBuffer target =
                model.isDirect() ? ByteBuffer.allocateDirect(length + 5) : ByteBuffer.allocate(length + 5);
            target.position(2).limit(length + 2);
            final int found = store.get(model, target);
            assertEquals(2 + Math.max(0, found), target.position(), "the position moves behind the value");
            assertEquals(length + 2, target.limit());
            target.clear();
            for (final int outside : new int[] {0, 1, length + 2, length + 3, length + 4}) {
                assertEquals(0, target.get(outside), "byte " + outside + " is not of the destination");
            }
            final byte[] value = new byte[length];
            target.position(2).get(value);
            return found == Mapcask.NOT_FOUND ? null : value;
        }

        @Override
        public boolean putIfAbsent(final byte[] key, final byte[] value) {
            return with(key, value, store::putIfAbsent);
        }

        @Override
        public boolean replace(final byte[] key, final byte[] value) {
            return with(key, value, store::replace);
        }

        @Override
        public boolean compareAndSet(final byte[] key, final byte[] expected, final byte[] update) {
            return with(key, update, (k, v) -> store.compareAndSet(k, maker.apply(expected), v));
        }

        @Override
        public boolean delete(final byte[] key) {
            return with(key, new byte[0], (k, v) -> store.delete(k));
        }

        @Override
        public boolean contains(final byte[] key) {
            return with(key, new byte[0], (k, v) -> store.contains(k));
        }

        @Override
        public int valueLength(final byte[] key) {
            return with(key, new byte[0], (k, v) -> store.valueLength(k));
        }

        private interface Call<T> {
            T apply(ByteBuffer key, ByteBuffer value);
        }
    }

    /** Agrona buffers with an offset; the bytes around the range are kept apart from zero. */
    record UnsafeCalls(Mapcask store, Function<Integer, UnsafeBuffer> maker) implements StoreCalls {
        private static final int OFFSET = 3;

        private UnsafeBuffer buffer(final byte[] bytes) {
            final UnsafeBuffer buffer = maker.apply(bytes.length);
            buffer.setMemory(0, buffer.capacity(), (byte)0x5A);
            buffer.putBytes(OFFSET, bytes);
            return buffer;
        }

        @Override
        public void put(final byte[] key, final byte[] value) {
            store.put(buffer(key), OFFSET, key.length, buffer(value), OFFSET, value.length);
        }

        @Override
        public void put(final byte[] key, final byte[] value, final Duration timeToLive) {
            store.put(buffer(key), OFFSET, key.length, buffer(value), OFFSET, value.length,
                store.expiryIn(timeToLive));
        }

        @Override
        public long expiresAt(final byte[] key) {
            return store.expiresAt(buffer(key), OFFSET, key.length);
        }

        @Override
        public byte[] get(final byte[] key) {
            final int length = Math.max(0, store.valueLength(buffer(key), OFFSET, key.length));
            final UnsafeBuffer target = buffer(new byte[length]);
            final int found = store.get(buffer(key), OFFSET, key.length, target, OFFSET, length);
            final byte[] value = new byte[length];
            target.getBytes(OFFSET, value);
            final byte[] outside = new byte[OFFSET];
            target.getBytes(0, outside);
            final byte[] untouched = new byte[OFFSET];
            Arrays.fill(untouched, (byte)0x5A);
            assertArrayEquals(untouched, outside, "bytes before the destination");
            assertEquals(0x5A, target.getByte(OFFSET + length), "byte behind the destination");
            return found == Mapcask.NOT_FOUND ? null : value;
        }

        @Override
        public boolean putIfAbsent(final byte[] key, final byte[] value) {
            return store.putIfAbsent(buffer(key), OFFSET, key.length, buffer(value), OFFSET, value.length);
        }

        @Override
        public boolean replace(final byte[] key, final byte[] value) {
            return store.replace(buffer(key), OFFSET, key.length, buffer(value), OFFSET, value.length);
        }

        @Override
        public boolean compareAndSet(final byte[] key, final byte[] expected, final byte[] update) {
            return store.compareAndSet(buffer(key), OFFSET, key.length, buffer(expected), OFFSET, expected.length,
                buffer(update), OFFSET, update.length);
        }

        @Override
        public boolean delete(final byte[] key) {
            return store.delete(buffer(key), OFFSET, key.length);
        }

        @Override
        public boolean contains(final byte[] key) {
            return store.contains(buffer(key), OFFSET, key.length);
        }

        @Override
        public int valueLength(final byte[] key) {
            return store.valueLength(buffer(key), OFFSET, key.length);
        }
    }
}
