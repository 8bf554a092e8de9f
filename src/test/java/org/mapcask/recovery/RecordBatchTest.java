package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.Keydir;

/** What goes from the thread that reads to the one that enters arrives there, whatever the batch held before. */
class RecordBatchTest {
    private static final long SEED = 17;
    private static final long HASH_SEED = 99;
    private static final int ROOM = 2048;

    private record Sent(int offset, long shape, long sequence, byte[] key, long expiry) {
        int flags() {
            return RecordDescriptor.flags(shape);
        }
    }

    private final Random random = new Random(SEED);
    private final UnsafeBuffer record =
        new UnsafeBuffer(new byte[RecordDescriptor.HEADER_LENGTH + Long.BYTES + RecordDescriptor.KEY_LENGTH_MAX]);

    private Sent random(final int keyLength) {
        final byte[] key = new byte[keyLength];
        random.nextBytes(key);
        final boolean expires = random.nextInt(3) == 0;
        return new Sent(random.nextInt(1 << 30) & -8, RecordDescriptor.shape(RecordDescriptor.TYPE_PUT,
            expires ? RecordDescriptor.FLAG_EXPIRY : 0, keyLength, random.nextInt(1000)), random.nextLong() >>> 1, key,
            expires ? random.nextLong() >>> 1 : 0);
    }

    private boolean send(final RecordBatch batch, final Sent sent) {
        final int body = RecordDescriptor.bodyOffset(sent.flags());
        record.putLong(RecordDescriptor.HEADER_LENGTH, sent.expiry(), ByteOrder.LITTLE_ENDIAN);
        record.putBytes(body, sent.key());
        return batch.add(sent.offset(), sent.shape(), sent.sequence(), record, body, HASH_SEED);
    }

    private void checkNext(final List<Sent> expected, final boolean withKeys, final int offset, final long shape,
        final long sequence, final long hash, final UnsafeBuffer buffer, final int keyOffset) {
        final Sent sent = expected.remove(0);
        assertEquals(sent.offset(), offset, "seed " + SEED);
        assertEquals(sent.shape(), shape);
        assertEquals(sent.sequence(), sequence);
        assertEquals(KeyHash.hash(new UnsafeBuffer(sent.key()), 0, sent.key().length, HASH_SEED), hash);
        final boolean expires = (sent.flags() & RecordDescriptor.FLAG_EXPIRY) != 0;
        if (withKeys || expires) {
            final byte[] key = new byte[sent.key().length];
            buffer.getBytes(keyOffset, key);
            assertArrayEquals(sent.key(), key);
        }
        if (expires) {
            assertEquals(sent.expiry(),
                RecordDescriptor.expiry(buffer, keyOffset - RecordDescriptor.bodyOffset(sent.flags())));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldHandOutWhatWasAddedInTheSameOrder(final boolean withKeys) {
        final RecordBatch batch = new RecordBatch(withKeys);
        try (Keydir keydir = new Keydir(new DirectChunkAllocator())) {
            for (int round = 0; round < 4; round++) {
                final List<Sent> sent = new ArrayList<>();
                Sent next = random(1 + random.nextInt(60));
                while (send(batch, next)) {
                    sent.add(next);
                    next = random(random.nextInt(200) == 0 ? RecordDescriptor.KEY_LENGTH_MAX : 1 + random.nextInt(60));
                }
                assertTrue(sent.size() > 10 && sent.size() <= ROOM, sent.size() + " records");
                batch.forEach(keydir.newTouch(), (offset, shape, sequence, hash, buffer, keyOffset) ->
                    checkNext(sent, withKeys, offset, shape, sequence, hash, buffer, keyOffset));
                assertEquals(List.of(), sent);
                batch.clear();
            }
        }
    }

    @Test
    void shouldHaveRoomForKeysThatExpireAlthoughNoneWereAskedFor() {
        final RecordBatch batch = new RecordBatch(false);
        final long shape = RecordDescriptor.shape(
            RecordDescriptor.TYPE_PUT, RecordDescriptor.FLAG_EXPIRY, RecordDescriptor.KEY_LENGTH_MAX, 0);
        final Sent longest = new Sent(8, shape, 1, new byte[RecordDescriptor.KEY_LENGTH_MAX], 1);
        assertTrue(send(batch, longest), "the first always fits");
        assertFalse(send(batch, longest), "a second one of this length does not");
        final long plain = RecordDescriptor.shape(RecordDescriptor.TYPE_PUT, 0, RecordDescriptor.KEY_LENGTH_MAX, 0);
        assertTrue(send(batch, new Sent(16, plain, 2, new byte[RecordDescriptor.KEY_LENGTH_MAX], 0)),
            "one whose key is not kept takes no room");
    }
}
