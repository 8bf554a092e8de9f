package org.mapcask.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
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
 * A put that is durable when it returns, by the way in which that is done. The device decides: {@code bench/durable.sh}
 * measures its floor beside it. {@code -t 8} shows what waiting together saves.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SyncBenchmark {
    private static final int VALUE_LENGTH = SyntheticRecords.VALUE_LENGTH;

    /** The store, shared by all threads of a benchmark. */
    @State(Scope.Benchmark)
    public static class Store {
        /** Write-ahead log, or a sync of the segment by that method. */
        @Param({"wal", "msync", "fdatasync"})
        public String method;

        private Path directory;
        private Mapcask mapcask;

        /** Opens a new store. */
        @Setup(Level.Trial)
        public void open() throws IOException {
            directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "jmh-sync");
            final MapcaskOptions.Builder options = MapcaskOptions.builder().syncEveryWrite(true);
            if (!method.equals("wal")) {
                options.wal(false).override("syncMethod", method);
            }
            mapcask = Mapcask.open(directory, options.build());
        }

        /** Closes and removes the store. */
        @TearDown(Level.Trial)
        public void remove() {
            mapcask.close();
            IoUtil.delete(directory.toFile(), true);
        }
    }

    /** Buffers of one thread. */
    @State(Scope.Thread)
    public static class Caller {
        private final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
        private final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        private long next;
    }

    /** Puts, and returns when it is durable. */
    @Benchmark
    public void putDurable(final Store store, final Caller caller) {
        SyntheticRecords.key(caller.next++ % 100_000, caller.key);
        SyntheticRecords.value(caller.next, caller.value, VALUE_LENGTH);
        store.mapcask.put(caller.key, 0, SyntheticRecords.KEY_LENGTH, caller.value, 0, VALUE_LENGTH);
    }
}
