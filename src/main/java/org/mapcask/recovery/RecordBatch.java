package org.mapcask.recovery;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.KeydirTouch;
import org.mapcask.segment.SegmentScanner;

/**
 * Sound records of one segment on their way from the thread that reads them to the one that enters them: headers, keys
 * and hashes, without values. The last one of a segment also says how the reading ended. Belongs to one thread at a
 * time.
 */
final class RecordBatch {
    private static final int RECORDS = 2048;
    private static final int BYTES = 1 << 17;

    private final int[] offsets = new int[RECORDS];
    private final int[] lengths = new int[RECORDS];
    private final int[] keyOffsets = new int[RECORDS];
    private final long[] shapes = new long[RECORDS];
    private final long[] sequences = new long[RECORDS];
    private final long[] hashes = new long[RECORDS];
    private byte[] bytes = new byte[BYTES];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private int count;
    private int used;
    /** How the reading of the segment ended; null while more batches of it follow. */
    SegmentScanner.Result result;
    /** Why it failed, or null. */
    Throwable failure;

    /** As {@link SegmentScanner.RecordVisitor}, with the hash of the key. */
    interface Visitor {
        /** A sound record. */
        void onRecord(
            int offset, int length, long shape, long sequence, long hash, UnsafeBuffer buffer, int keyOffset);
    }

    void clear() {
        count = 0;
        used = 0;
        result = null;
        failure = null;
    }

    boolean isEnd() {
        return result != null || failure != null;
    }

    /**
     * Adds a record.
     *
     * @return false if there is no room.
     */
    boolean add(final int offset, final int length, final long shape, final long sequence, final UnsafeBuffer from,
        final int keyOffset, final long hashSeed) {
        final int body = RecordDescriptor.bodyOffset(RecordDescriptor.flags(shape));
        final int keyLength = RecordDescriptor.keyLength(shape);
        if (count == RECORDS || used + body + keyLength > bytes.length && count > 0) {
            return false;
        }
        if (body + keyLength > bytes.length) {
            bytes = Arrays.copyOf(bytes, body + keyLength);
            buffer.wrap(bytes);
        }
        from.getBytes(keyOffset - body, bytes, used, body + keyLength);
        offsets[count] = offset;
        lengths[count] = length;
        shapes[count] = shape;
        sequences[count] = sequence;
        keyOffsets[count] = used + body;
        hashes[count] = KeyHash.hash(from, keyOffset, keyLength, hashSeed);
        used += body + keyLength;
        count++;
        return true;
    }

    /** Has the cache lines of the keydir that its records need brought near, from whatever thread. */
    long touch(final KeydirTouch keydir) {
        long words = 0;
        for (int from = 0; from < count; from += KeydirTouch.KEYS_MAX) {
            words += keydir.touch(hashes, from, Math.min(count, from + KeydirTouch.KEYS_MAX));
        }
        return words;
    }

    /**
     * Hands all out, and has the cache lines of the keydir on their way before they are needed.
     *
     * @return some word, as {@link KeydirTouch#touch}.
     */
    long forEach(final KeydirTouch keydir, final Visitor visitor) {
        long words = 0;
        for (int from = 0; from < count; from += KeydirTouch.KEYS_MAX) {
            final int to = Math.min(count, from + KeydirTouch.KEYS_MAX);
            words += keydir.touch(hashes, from, to);
            for (int i = from; i < to; i++) {
                visitor.onRecord(offsets[i], lengths[i], shapes[i], sequences[i], hashes[i], buffer, keyOffsets[i]);
            }
        }
        return words;
    }
}
