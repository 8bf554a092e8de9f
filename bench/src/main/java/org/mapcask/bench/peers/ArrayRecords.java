package org.mapcask.bench.peers;

import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.RecordConsumer;

/** Hands records that a store has as arrays to a consumer of buffers, valid during the call only. One thread. */
final class ArrayRecords {
    private final RecordConsumer consumer;
    private final UnsafeBuffer keyBuffer = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer valueBuffer = new UnsafeBuffer(0, 0);

    ArrayRecords(final RecordConsumer consumer) {
        this.consumer = consumer;
    }

    void accept(final byte[] key, final byte[] value) {
        keyBuffer.wrap(key);
        valueBuffer.wrap(value);
        consumer.accept(keyBuffer, 0, key.length, valueBuffer, 0, value.length);
    }
}
