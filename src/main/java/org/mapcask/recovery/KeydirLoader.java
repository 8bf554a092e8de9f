package org.mapcask.recovery;

import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.KeyMatcher;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.SegmentTable;

/**
 * Enters records into the keydir in the order of the log, and keeps the live bytes of the segments. Records of a
 * batch wait until its last one has come, so that a batch counts whole or not at all: one whose last record does not
 * follow, because a crash or damage took it, never happened, and its other records stay in the log, dead. One thread.
 */
final class KeydirLoader implements KeyMatcher {
    private final Keydir keydir;
    private final SegmentTable table;
    private final long hashSeed;
    private final RecordReader previous;
    private final RecordReader waitingReader;
    private final LongArrayList waiting = new LongArrayList();

    private DirectBuffer key;
    private int keyOffset;
    private int keyLength;

    KeydirLoader(final Keydir keydir, final SegmentTable table, final long hashSeed) {
        this.keydir = keydir;
        this.table = table;
        this.hashSeed = hashSeed;
        this.previous = new RecordReader(table, true);
        this.waitingReader = new RecordReader(table, true);
    }

    /** A loader that goes on in another table with all of these segments, in the middle of a batch or not. */
    KeydirLoader in(final SegmentTable otherTable) {
        final KeydirLoader loader = new KeydirLoader(keydir, otherTable, hashSeed);
        loader.waiting.addAll(waiting);
        return loader;
    }

    /** Whether the keydir has a record of this key. */
    boolean isKnown(final byte[] candidate) {
        key = new UnsafeBuffer(candidate);
        keyOffset = 0;
        keyLength = candidate.length;
        return keydir.find(KeyHash.hash(key, 0, keyLength, hashSeed), this) != Keydir.NOT_FOUND;
    }

    /** Takes the next record; {@code position} is where it is. */
    void accept(
        final long position, final int length, final long shape, final DirectBuffer buffer, final int keyOffset,
        final int keyLength) {
        final int place = RecordDescriptor.flags(shape) & RecordDescriptor.BATCH_MASK;
        if (place == RecordDescriptor.BATCH_NONE || place == RecordDescriptor.BATCH_FIRST) {
            dropOpenBatch();
        }
        if (place == RecordDescriptor.BATCH_NONE) {
            apply(position, length, RecordDescriptor.type(shape), buffer, keyOffset, keyLength);
            return;
        }
        if (place != RecordDescriptor.BATCH_FIRST && waiting.isEmpty()) {
            return; // damage took the first record of this batch
        }
        waiting.addLong(position);
        if (place == RecordDescriptor.BATCH_LAST) {
            applyWaiting();
        }
    }

    /** How many records have come of a batch whose last one has not. */
    int openBatchRecords() {
        return waiting.size();
    }

    /** Forgets a batch whose last record will not come. */
    void dropOpenBatch() {
        waiting.clear();
    }

    private void applyWaiting() {
        for (int i = 0; i < waiting.size(); i++) {
            final long position = waiting.getLong(i);
            waitingReader.load(position);
            final DirectBuffer record = waitingReader.record();
            apply(position, waitingReader.alignedLength(), waitingReader.type(), record, waitingReader.keyOffset(),
                waitingReader.keyLength());
        }
        waiting.clear();
    }

    private void apply(
        final long position, final int length, final int type, final DirectBuffer buffer, final int offset,
        final int count) {
        key = buffer;
        keyOffset = offset;
        keyLength = count;
        final long hash = KeyHash.hash(buffer, offset, count, hashSeed);
        final long replaced;
        if (type == RecordDescriptor.TYPE_PUT) {
            replaced = keydir.put(hash, position, this);
            table.segmentAt(position).addLiveBytes(RecordDescriptor.alignedLength(length));
        } else {
            replaced = keydir.remove(hash, this);
        }
        if (replaced != Keydir.NOT_FOUND) {
            previous.segment().addLiveBytes(-previous.alignedLength());
        }
    }

    @Override
    public boolean matches(final long position) {
        return previous.load(position, key, keyOffset, keyLength);
    }
}
