package org.mapcask.wal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.io.FileOps;
import org.mapcask.wal.WalContents.Frame;

/** A store without segments around a write-ahead log: a directory, a latch, and segments that only keep count. */
class WalRig implements Wal.SegmentSyncs {
    static final long ID_HIGH = 0x0123456789ABCDEFL;
    static final long ID_LOW = 0x76543210FEDCBA98L;

    final FileOps files;
    final Path directory;
    /** The syncs that the ring asked for. */
    final List<Long> syncs = new ArrayList<>();
    final AtomicReference<Throwable> latched = new AtomicReference<>();
    private volatile long segmentsDurable;

    WalRig(final FileOps files, final Path directory) {
        this.files = files;
        this.directory = directory;
    }

    Wal open(final long length) {
        return new Wal(new WalSettings(files, directory, ID_HIGH, ID_LOW, length,
            failure -> latched.compareAndSet(null, failure)), this);
    }

    List<String> names() {
        return files.list(directory).stream().filter(WalFileNames::isWal).toList();
    }

    WalContents contents() {
        return WalContents.read(files, directory, names(), true, ID_HIGH, ID_LOW);
    }

    /** What the background of an engine does. */
    void makeDurable(final long sequence) {
        segmentsDurable = Math.max(segmentsDurable, sequence);
    }

    @Override
    public long durableSequence() {
        return segmentsDurable;
    }

    @Override
    public synchronized void sync(final long sequence) {
        syncs.add(sequence);
        makeDurable(sequence);
    }

    synchronized int syncCount() {
        return syncs.size();
    }

    /** A record as the log has it, with a value that follows from its sequence. */
    static UnsafeBuffer record(final long sequence, final int valueLength, final int batch) {
        final byte[] key = ("key " + sequence).getBytes(StandardCharsets.US_ASCII);
        final int length = RecordDescriptor.length(batch, key.length, valueLength);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[RecordDescriptor.alignedLength(length)]);
        RecordDescriptor.putHeader(buffer, 0, (int)sequence, sequence,
            RecordDescriptor.shape(RecordDescriptor.TYPE_PUT, batch, key.length, valueLength));
        buffer.putBytes(RecordDescriptor.HEADER_LENGTH, key);
        buffer.setMemory(RecordDescriptor.HEADER_LENGTH + key.length, valueLength, (byte)sequence);
        RecordDescriptor.publishLength(buffer, 0, length);
        return buffer;
    }

    static UnsafeBuffer record(final long sequence, final int valueLength) {
        return record(sequence, valueLength, RecordDescriptor.BATCH_NONE);
    }

    static boolean stage(final Wal wal, final UnsafeBuffer record) {
        return wal.stage(record, 0, record.capacity(), RecordDescriptor.sequence(record, 0));
    }

    /** Stages a record and commits it. */
    static void write(final Wal wal, final long sequence, final int valueLength) {
        stage(wal, record(sequence, valueLength));
        wal.commit(sequence);
    }

    /** The records of the ring behind a sequence, as they would be appended again. */
    TreeMap<Long, byte[]> records(final long afterSequence) {
        final TreeMap<Long, byte[]> records = new TreeMap<>();
        contents().forEachRecord(afterSequence, (buffer, offset, length, shape, sequence, frame) -> {
            final byte[] bytes = new byte[RecordDescriptor.alignedLength(length)];
            buffer.getBytes(offset, bytes);
            if (records.put(sequence, bytes) != null || records.lastKey() != sequence) {
                throw new AssertionError("sequence " + sequence + " comes twice or late: " + frame);
            }
        });
        return records;
    }

    /** Throws unless the ring holds this record. */
    void checkHolds(final TreeMap<Long, byte[]> records, final long sequence, final int valueLength) {
        final byte[] expected = record(sequence, valueLength).byteArray();
        if (!Arrays.equals(expected, records.get(sequence))) {
            throw new AssertionError("sequence " + sequence + " is not in the ring, or is another record; frames: "
                + frames());
        }
    }

    List<Frame> frames() {
        return contents().frames();
    }
}
