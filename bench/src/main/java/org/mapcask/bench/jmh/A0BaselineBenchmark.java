package org.mapcask.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.bench.BareLog;
import org.mapcask.lab.workload.SyntheticRecords;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The floor for {@link PutGetBenchmark}: append to, and random read of, a mapped log without an index that copies the
 * same bytes and computes the same checksum.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class A0BaselineBenchmark {
    private static final int VALUE_LENGTH = SyntheticRecords.VALUE_LENGTH;
    private static final int RECORD_LENGTH = BareLog.recordLength(SyntheticRecords.KEY_LENGTH, VALUE_LENGTH);
    private static final int SEGMENT_LENGTH = 64 * 1024 * 1024;
    private static final long APPEND_CAPACITY = 4L * 1024 * 1024 * 1024;

    /** Records in the log that is read. */
    @Param({"1000000"})
    public long keys;

    private final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
    private final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
    private final SplittableRandom random = new SplittableRandom(1);
    private Path directory;
    private BareLog loaded;
    private BareLog.Reader reader;
    private BareLog growing;
    private int generation;
    private long index;
    private long appended;

    /** Makes and fills the log that is read. */
    @Setup(Level.Trial)
    public void load() throws IOException {
        directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "jmh-baseline");
        loaded = new BareLog(directory.resolve("loaded"), SEGMENT_LENGTH, keys * RECORD_LENGTH * 2);
        for (long i = 0; i < keys; i++) {
            SyntheticRecords.key(i, key);
            SyntheticRecords.value(i, value, VALUE_LENGTH);
            loaded.append(key, SyntheticRecords.KEY_LENGTH, value, VALUE_LENGTH);
        }
        reader = loaded.newReader();
    }

    /** Makes an empty log for the appends of one iteration. */
    @Setup(Level.Iteration)
    public void fresh() {
        growing = new BareLog(directory.resolve("growing-" + generation++), SEGMENT_LENGTH, APPEND_CAPACITY);
        appended = 0;
    }

    /** Removes that log. */
    @TearDown(Level.Iteration)
    public void drop() {
        growing.close();
        IoUtil.delete(directory.resolve("growing-" + (generation - 1)).toFile(), true);
    }

    /** Removes everything. */
    @TearDown(Level.Trial)
    public void remove() {
        loaded.close();
        IoUtil.delete(directory.toFile(), true);
    }

    /**
     * Appends one record; when the log is full, it is made anew.
     *
     * @return its position.
     */
    @Benchmark
    public long append() {
        if (++appended * RECORD_LENGTH >= APPEND_CAPACITY) {
            drop();
            fresh();
        }
        SyntheticRecords.key(index++, key);
        return growing.append(key, SyntheticRecords.KEY_LENGTH, value, VALUE_LENGTH);
    }

    /**
     * Reads one record at a random position, and checks its checksum.
     *
     * @return length of the value.
     */
    @Benchmark
    public int read() {
        final int length = reader.read(loaded.position(random.nextLong(keys), RECORD_LENGTH));
        if (length != VALUE_LENGTH) {
            throw new IllegalStateException("value length: expected " + VALUE_LENGTH + ", found " + length);
        }
        return length;
    }
}
