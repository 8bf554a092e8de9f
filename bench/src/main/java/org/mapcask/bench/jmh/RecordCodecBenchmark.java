package org.mapcask.bench.jmh;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.format.RecordChecksum;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.lab.workload.SyntheticRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to write a record into a buffer, and to check one that was read: no mapping, no keydir, no lock. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class RecordCodecBenchmark {
    private static final int KEY_LENGTH = SyntheticRecords.KEY_LENGTH;
    private static final int SALT = 0x5A17;
    private static final int OFFSET = 64;

    /** Bytes of the value. */
    @Param({"100", "4000"})
    public int valueLength;

    private final UnsafeBuffer key = new UnsafeBuffer(new byte[KEY_LENGTH]);
    private final RecordChecksum checksum = new RecordChecksum();
    private UnsafeBuffer value;
    private ByteBuffer bytes;
    private UnsafeBuffer log;
    private long sequence;

    /** Writes a first record. */
    @Setup
    public void write() {
        value = new UnsafeBuffer(new byte[valueLength]);
        bytes = ByteBuffer.allocateDirect(2 * OFFSET + RecordDescriptor.HEADER_LENGTH + KEY_LENGTH + valueLength);
        log = new UnsafeBuffer(bytes);
        SyntheticRecords.key(1, key);
        SyntheticRecords.value(1, value, valueLength);
        encode();
    }

    /**
     * Copies key and value, and writes the header, the length last.
     *
     * @return length of the record.
     */
    @Benchmark
    public int encode() {
        final int length = RecordDescriptor.length(0, KEY_LENGTH, valueLength);
        final int body = OFFSET + RecordDescriptor.bodyOffset(0);
        log.putBytes(body, key, 0, KEY_LENGTH);
        log.putBytes(body + KEY_LENGTH, value, 0, valueLength);
        final long shape = RecordDescriptor.shape(RecordDescriptor.TYPE_PUT, 0, KEY_LENGTH, valueLength);
        sequence++;
        RecordDescriptor.putHeader(log, OFFSET, sum(sequence, shape, length), sequence, shape);
        RecordDescriptor.publishLength(log, OFFSET, length);
        return length;
    }

    /**
     * Reads the header, judges whether it can be true, and checks the checksum.
     *
     * @return length of the value.
     */
    @Benchmark
    public int decode() {
        final int length = RecordDescriptor.lengthAcquire(log, OFFSET);
        final long shape = RecordDescriptor.shape(log, OFFSET);
        if (!RecordDescriptor.isPlausible(length, shape, log.capacity() - OFFSET)
            || sum(RecordDescriptor.sequence(log, OFFSET), shape, length) != RecordDescriptor.checksum(log, OFFSET)) {
            throw new IllegalStateException("the record is not what was written");
        }
        return RecordDescriptor.valueLength(shape);
    }

    private int sum(final long ofSequence, final long shape, final int length) {
        bytes.limit(OFFSET + length).position(OFFSET + RecordDescriptor.bodyOffset(0));
        checksum.reset();
        checksum.update(bytes);
        return checksum.finish(ofSequence, shape, SALT, OFFSET, length);
    }
}
