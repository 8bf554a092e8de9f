package org.mapcask;

import org.agrona.DirectBuffer;

/** Takes the records of {@link Mapcask#forEach}. */
@FunctionalInterface
public interface RecordConsumer {
    /**
     * Takes a record. The buffers belong to the store and are valid during this call only.
     *
     * @param key         buffer that holds the key.
     * @param keyOffset   of the key.
     * @param keyLength   in bytes.
     * @param value       buffer that holds the value; may be the same.
     * @param valueOffset of the value.
     * @param valueLength in bytes.
     */
    void accept(DirectBuffer key, int keyOffset, int keyLength, DirectBuffer value, int valueOffset, int valueLength);
}
