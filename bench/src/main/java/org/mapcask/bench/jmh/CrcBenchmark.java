package org.mapcask.bench.jmh;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a CRC32C costs by the place of the bytes: on the heap, off the heap, and off the heap but copied to the heap
 * first, which is what a verified get does.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CrcBenchmark {
    private static final int PLACES = 64;

    /** Bytes to sum up. */
    @Param({"128", "4096"})
    public int length;

    private final CRC32C crc = new CRC32C();
    private byte[] array;
    private ByteBuffer direct;
    private UnsafeBuffer buffer;
    private int place;

    /** Fills the buffers, in which each call takes another place. */
    @Setup(Level.Trial)
    public void fill() {
        array = new byte[length];
        direct = ByteBuffer.allocateDirect(length * PLACES);
        buffer = new UnsafeBuffer(direct);
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.putByte(i, (byte) (i * 31));
        }
        buffer.getBytes(0, array);
    }

    /**
     * Bytes on the heap.
     *
     * @return the checksum.
     */
    @Benchmark
    public long heapArray() {
        crc.reset();
        crc.update(array, 0, length);
        return crc.getValue();
    }

    /**
     * Bytes off the heap, by a buffer whose position and limit are moved.
     *
     * @return the checksum.
     */
    @Benchmark
    public long directBuffer() {
        final int offset = nextOffset();
        direct.limit(offset + length).position(offset);
        crc.reset();
        crc.update(direct);
        return crc.getValue();
    }

    /**
     * Bytes off the heap, copied to the heap and summed up there.
     *
     * @return the checksum.
     */
    @Benchmark
    public long copyThenArray() {
        buffer.getBytes(nextOffset(), array, 0, length);
        crc.reset();
        crc.update(array, 0, length);
        return crc.getValue();
    }

    private int nextOffset() {
        place = (place + 1) % PLACES;
        return place * length;
    }
}
