package org.mapcask.bench.jmh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.Mapcask;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The same gets and puts as {@code DirectBuffer}, {@code byte[]} and {@code String}: what the comfortable forms cost in
 * time and, with {@code -prof gc}, in garbage. Few keys, so that what differs is not hidden behind cache misses.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class CallFormsBenchmark {
    private static final int KEYS = 1024;
    private static final int VALUE_LENGTH = 100;

    private final String[] texts = new String[KEYS];
    private final byte[][] arrays = new byte[KEYS][];
    private final UnsafeBuffer[] buffers = new UnsafeBuffer[KEYS];
    private final UnsafeBuffer place = new UnsafeBuffer(new byte[VALUE_LENGTH]);
    private final SplittableRandom random = new SplittableRandom(7);
    private final String text = "v".repeat(VALUE_LENGTH);
    private final byte[] array = text.getBytes(StandardCharsets.UTF_8);
    private final UnsafeBuffer buffer = new UnsafeBuffer(array);
    private Path directory;
    private Mapcask store;

    /** Opens a new store and fills it. */
    @Setup(Level.Trial)
    public void load() throws IOException {
        directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "jmh-forms");
        store = Mapcask.open(directory);
        for (int i = 0; i < KEYS; i++) {
            texts[i] = String.format("headword-%07d", i);
            arrays[i] = texts[i].getBytes(StandardCharsets.UTF_8);
            buffers[i] = new UnsafeBuffer(arrays[i]);
            store.put(texts[i], text);
        }
    }

    /** Closes and removes the store. */
    @TearDown(Level.Trial)
    public void remove() {
        store.close();
        IoUtil.delete(directory.toFile(), true);
    }

    /** Into the caller's buffer. */
    @Benchmark
    public int getBuffer() {
        final UnsafeBuffer key = buffers[random.nextInt(KEYS)];
        return store.get(key, 0, key.capacity(), place, 0, VALUE_LENGTH);
    }

    /** As a new array. */
    @Benchmark
    public byte[] getArray() {
        return store.get(arrays[random.nextInt(KEYS)]);
    }

    /** As a new string. */
    @Benchmark
    public String getString() {
        return store.get(texts[random.nextInt(KEYS)]);
    }

    /** From buffers. */
    @Benchmark
    public void putBuffer() {
        final UnsafeBuffer key = buffers[random.nextInt(KEYS)];
        store.put(key, 0, key.capacity(), buffer, 0, VALUE_LENGTH);
    }

    /** From arrays. */
    @Benchmark
    public void putArray() {
        store.put(arrays[random.nextInt(KEYS)], array);
    }

    /** From strings. */
    @Benchmark
    public void putString() {
        store.put(texts[random.nextInt(KEYS)], text);
    }
}
