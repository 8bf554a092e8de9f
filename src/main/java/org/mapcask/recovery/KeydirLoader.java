package org.mapcask.recovery;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.keydir.KeyHash;
import org.mapcask.keydir.KeyMatcher;
import org.mapcask.keydir.Keydir;
import org.mapcask.segment.RecordReader;
import org.mapcask.segment.Segment;
import org.mapcask.segment.SegmentTable;

/**
 * Enters records into the keydir, first those of merged segments, then those of the log in its order, and keeps the
 * bytes that live, and those of deletions, of each segment. Records of a
 * batch wait until its last one has come, so that a batch counts whole or not at all: one whose last record does not
 * follow, because a crash or damage took it, never happened, and its other records stay in the log, dead. One thread.
 */
final class KeydirLoader implements KeyMatcher {
    private final Keydir keydir;
    private final SegmentTable table;
    private final long hashSeed;
    private final LongSupplier clock;
    private final RecordReader previous;
    private final RecordReader waitingReader;
    private final LongArrayList waiting = new LongArrayList();

    /** The newest deletion of each key that a merge kept: older values may come after it. */
    private final Map<ByteBuffer, Long> deletions = new HashMap<>();
    private boolean behindMerged;
    private CheckpointStart start;

    private DirectBuffer key;
    private int keyOffset;
    private int keyLength;

    KeydirLoader(
        final Keydir keydir, final SegmentTable table, final long hashSeed, final LongSupplier clock) {
        this.keydir = keydir;
        this.table = table;
        this.hashSeed = hashSeed;
        this.clock = clock;
        this.previous = new RecordReader(table, true);
        this.waitingReader = new RecordReader(table, true);
    }

    /** A loader that goes on in another table with all of these segments, in the middle of a batch or not. */
    KeydirLoader in(final SegmentTable otherTable) {
        final KeydirLoader loader = new KeydirLoader(keydir, otherTable, hashSeed, clock);
        loader.waiting.addAll(waiting);
        loader.behindMerged = behindMerged;
        loader.start = start;
        return loader;
    }

    /** Tells whether a checkpoint is used: then figures have counted some of the records that come. */
    void startFrom(final CheckpointStart newStart) {
        start = newStart.isUsed() ? newStart : null;
    }

    /** Whether the keydir has a record of this key. */
    boolean isKnown(final byte[] candidate) {
        key = new UnsafeBuffer(candidate);
        keyOffset = 0;
        keyLength = candidate.length;
        return keydir.find(KeyHash.hash(key, 0, keyLength, hashSeed), this) != Keydir.NOT_FOUND;
    }

    /** Takes a record of a merged segment, in no order; before the log, and never part of a batch. */
    void acceptMerged(
        final long position, final int length, final long shape, final long sequence, final long hash,
        final DirectBuffer buffer, final int keyOffset, final int keyLength) {
        final int type = RecordDescriptor.type(shape);
        countTombstone(position, length, type, sequence);
        if (type == RecordDescriptor.TYPE_DELETE) {
            final byte[] deleted = new byte[keyLength];
            buffer.getBytes(keyOffset, deleted);
            deletions.merge(ByteBuffer.wrap(deleted), sequence, Math::max);
        }
        apply(position, length, shape, sequence, hash, buffer, keyOffset, keyLength);
    }

    /** Forgets what merged deletions there were, when no older value can come any more. */
    void forgetDeletions() {
        deletions.clear();
    }

    /**
     * Tells that a merge took away what stood between the record before and the next one. A merge takes a segment that
     * goes on with a batch only together with the one before it: so a batch that waits never got its last record, and
     * one that goes on from here began in what was taken, and counts if its last record comes.
     */
    void skipMerged() {
        dropOpenBatch();
        behindMerged = true;
    }

    private void countTombstone(final long position, final int length, final int type, final long sequence) {
        if (type == RecordDescriptor.TYPE_DELETE && (start == null || !start.isCounted(sequence))) {
            table.segmentAt(position).addTombstoneBytes(RecordDescriptor.alignedLength(length));
        }
    }

    /** Takes the next record of the log; {@code position} is where it is. */
    void accept(
        final long position, final int length, final long shape, final long sequence, final long hash,
        final DirectBuffer buffer, final int keyOffset, final int keyLength) {
        countTombstone(position, length, RecordDescriptor.type(shape), sequence);
        final boolean first = behindMerged;
        behindMerged = false;
        final int place = RecordDescriptor.flags(shape) & RecordDescriptor.BATCH_MASK;
        if (place == RecordDescriptor.BATCH_NONE || place == RecordDescriptor.BATCH_FIRST) {
            dropOpenBatch();
        }
        if (place == RecordDescriptor.BATCH_NONE) {
            apply(position, length, shape, sequence, hash, buffer, keyOffset, keyLength);
            return;
        }
        if (place != RecordDescriptor.BATCH_FIRST && waiting.isEmpty() && !first) {
            return; // damage took the first record of this batch
        }
        waiting.addLong(position);
        if (place == RecordDescriptor.BATCH_LAST) {
            applyWaiting();
        }
    }

    /** Hash of a key as the keydir of this store takes it. */
    long hash(final DirectBuffer buffer, final int offset, final int length) {
        return KeyHash.hash(buffer, offset, length, hashSeed);
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
            apply(position, waitingReader.alignedLength(), waitingReader.shape(), waitingReader.sequence(),
                hash(record, waitingReader.keyOffset(), waitingReader.keyLength()), record,
                waitingReader.keyOffset(), waitingReader.keyLength());
        }
        waiting.clear();
    }

    /** The newest record of a key counts, whatever order they come in. */
    private void apply(
        final long position, final int length, final long shape, final long sequence, final long hash,
        final DirectBuffer buffer, final int offset, final int count) {
        key = buffer;
        keyOffset = offset;
        keyLength = count;
        final boolean put = RecordDescriptor.type(shape) == RecordDescriptor.TYPE_PUT;
        if (start != null) {
            final int flags = RecordDescriptor.flags(shape);
            final boolean expires = (flags & RecordDescriptor.FLAG_EXPIRY) != 0;
            start.tail().take(hash, position, RecordDescriptor.alignedLength(length), sequence, !put, expires,
                expires ? RecordDescriptor.expiry(key, keyOffset - RecordDescriptor.bodyOffset(flags)) :
                    RecordDescriptor.EXPIRY_NEVER);
            return;
        }
        final boolean found = keydir.locate(hash, this) != Keydir.NOT_FOUND;
        if (found && previous.sequence() >= sequence + (put ? 0 : 1) || put && deletedAt() >= sequence) {
            return;
        }
        if (put) {
            keydir.putLocated(position);
            countLive(position, length, shape);
        } else {
            keydir.removeLocated();
        }
        if (found) {
            previous.segment().addLiveBytes(-previous.alignedLength());
            previous.segment().removeExpiring(previous.expiry(), previous.alignedLength());
        }
    }

    /** Counts a record whose key is at hand as live. */
    private void countLive(final long position, final int length, final long shape) {
        final Segment segment = table.segmentAt(position);
        segment.addLiveBytes(RecordDescriptor.alignedLength(length));
        final int flags = RecordDescriptor.flags(shape);
        if ((flags & RecordDescriptor.FLAG_EXPIRY) != 0) {
            segment.addExpiring(RecordDescriptor.expiry(key, keyOffset - RecordDescriptor.bodyOffset(flags)),
                RecordDescriptor.alignedLength(length), clock.getAsLong());
        }
    }

    /** Sequence of the newest merged deletion of the key at hand, or 0. */
    private long deletedAt() {
        if (deletions.isEmpty()) {
            return 0;
        }
        final byte[] bytes = new byte[keyLength];
        key.getBytes(keyOffset, bytes);
        return deletions.getOrDefault(ByteBuffer.wrap(bytes), 0L);
    }

    @Override
    public boolean matches(final long position) {
        return previous.loadHead(position, key, keyOffset, keyLength);
    }
}
