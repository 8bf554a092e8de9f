package org.mapcask.recovery;

import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.KeydirTouch;
import org.mapcask.segment.SegmentScanner;

/**
 * Sound records of one segment on their way from the thread that reads them to the one that enters them: what the
 * headers say, the hashes, and the keys where they are asked for, without values. The last one of a segment also says
 * how the reading ended. Belongs to one thread at a time.
 * <p>
 * Every line of it goes from one processor to the other and back again, which both of them wait for: so a record takes
 * half a line, four words side by side.
 */
final class RecordBatch {
    private static final int RECORDS = 2048;
    /** Of keys and what is before them: room for any. */
    private static final int BYTES = 1 << 17;
    private static final int WORDS = 4;
    private static final int SHAPE = 1;
    private static final int SEQUENCE = 2;
    /** Offset in the segment, and behind it that of the key in the buffer. */
    private static final int OFFSETS = 3;

    private final boolean withKeys;
    private final long[] words = new long[RECORDS * WORDS];
    private final long[] hashes = new long[KeydirTouch.KEYS_MAX];
    /** Made for the first key that is kept. */
    private byte[] bytes;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int count;
    private int used;
    /** How the reading of the segment ended; null while more batches of it follow. */
    SegmentScanner.Result result;
    /** Why it failed, or null. */
    Throwable failure;

    /**
     * An empty one.
     *
     * @param withKeys whether keys are needed. Those of records that expire come in any case, with what is before them.
     */
    RecordBatch(final boolean withKeys) {
        this.withKeys = withKeys;
    }

    /** As {@link SegmentScanner.RecordVisitor}, with the hash of the key. */
    interface Visitor {
        /** A sound record, whose length its shape tells. */
        void onRecord(int offset, long shape, long sequence, long hash, UnsafeBuffer buffer, int keyOffset);
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
    boolean add(final int offset, final long shape, final long sequence, final UnsafeBuffer from,
        final int keyOffset, final long hashSeed) {
        final int flags = RecordDescriptor.flags(shape);
        final int keyLength = RecordDescriptor.keyLength(shape);
        final int body = RecordDescriptor.bodyOffset(flags);
        final int kept = withKeys || (flags & RecordDescriptor.FLAG_EXPIRY) != 0 ? body + keyLength : 0;
        if (count == RECORDS || used + kept > BYTES) {
            return false;
        }
        if (kept > 0) {
            makeRoomForKeys();
            from.getBytes(keyOffset - body, bytes, used, kept);
        }
        add(offset, shape, sequence, KeyHash.hash(from, keyOffset, keyLength, hashSeed), kept,
            used + (kept > 0 ? body : 0));
        return true;
    }

    private void makeRoomForKeys() {
        if (bytes == null) {
            bytes = new byte[BYTES];
            buffer.wrap(bytes);
        }
    }

    private void add(final int offset, final long shape, final long sequence, final long hash, final int kept,
        final int keyOffset) {
        final int at = count * WORDS;
        words[at] = hash;
        words[at + SHAPE] = shape;
        words[at + SEQUENCE] = sequence;
        words[at + OFFSETS] = (long)offset << Integer.SIZE | keyOffset;
        used += kept;
        count++;
    }

    /** Has the cache lines of the keydir that its records need brought near, from whatever thread. */
    long touch(final KeydirTouch keydir) {
        long sum = 0;
        for (int from = 0; from < count; from += KeydirTouch.KEYS_MAX) {
            sum += touch(keydir, from, Math.min(count, from + KeydirTouch.KEYS_MAX));
        }
        return sum;
    }

    private long touch(final KeydirTouch keydir, final int from, final int to) {
        for (int i = from; i < to; i++) {
            hashes[i - from] = words[i * WORDS];
        }
        return keydir.touch(hashes, 0, to - from);
    }

    /**
     * Hands all out, and has the cache lines of the keydir on their way before they are needed.
     *
     * @return some word, as {@link KeydirTouch#touch}.
     */
    long forEach(final KeydirTouch keydir, final Visitor visitor) {
        long sum = 0;
        for (int from = 0; from < count; from += KeydirTouch.KEYS_MAX) {
            final int to = Math.min(count, from + KeydirTouch.KEYS_MAX);
            sum += touch(keydir, from, to);
            for (int i = from; i < to; i++) {
                final int at = i * WORDS;
                final long offsets = words[at + OFFSETS];
                visitor.onRecord((int)(offsets >>> Integer.SIZE), words[at + SHAPE], words[at + SEQUENCE], words[at],
                    buffer, (int)offsets);
            }
        }
        return sum;
    }

    static {
        if (RecordDescriptor.bodyOffset(RecordDescriptor.FLAG_EXPIRY) + RecordDescriptor.KEY_LENGTH_MAX > BYTES) {
            throw new AssertionError("a key must fit into a batch");
        }
    }
}
