package org.mapcask.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.lab.results.DataDirectory;

/**
 * Makes the JVM warm for opens: a small store is opened from its checkpoint, from its log, and as kills leave it, until
 * the code of all three is compiled.
 */
final class OpenWarmUp {
    private static final int WARM_OPENS = 600;
    private static final int WARM_REBUILDS = 10;
    private static final int WARM_REPLAYS = 60;
    /** For the compiler to come to an end with what the opens before it left to be compiled. */
    private static final long REST_NS = TimeUnit.SECONDS.toNanos(3);
    private static final int WARM_KEYS = 150_000;
    private static final String WARM_VALUE = "up".repeat(30);

    private final Path directory;
    private final Supplier<MapcaskOptions.Builder> options;

    /**
     * A warm-up.
     *
     * @param directory of the store that will be opened; the small ones are made and removed beside it.
     * @param options   of its opens, made anew at each call.
     */
    OpenWarmUp(final Path directory, final Supplier<MapcaskOptions.Builder> options) {
        this.directory = directory;
        this.options = options;
    }

    /** Opens, beside the store, a small one again and again, and rests. */
    void run() throws IOException {
        final Path small = directory.resolveSibling("warm-up");
        try (Mapcask store = Mapcask.open(small, options.get().build())) {
            fillSmall(store);
            LockSupport.parkNanos(REST_NS); // only then the checkpoint of the close keeps the headers of the segments
        }
        for (int i = 0; i < WARM_OPENS; i++) {
            openOnce(small, i);
        }
        for (int i = 0; i < WARM_REBUILDS; i++) {
            remove(small, ".checkpoint");
            openOnce(small, i);
        }
        warmUpReplay(small);
        DataDirectory.remove(small);
        LockSupport.parkNanos(REST_NS);
    }

    /**
     * What a kill leaves, opened again and again: a copy of the files of a store that is open, with all of its records
     * behind the checkpoint; with its hints, and every other time without.
     */
    private void warmUpReplay(final Path small) throws IOException {
        final Path killed = directory.resolveSibling("warm-up-killed");
        final Path copy = directory.resolveSibling("warm-up-copy");
        try (Mapcask store = Mapcask.open(small, options.get()
            .checkpointBytes(0).checkpointIntervalMs(0).mergeIntervalMs(0).build())) {
            fillSmall(store);
            store.sync();
            LockSupport.parkNanos(REST_NS);
            copy(small, killed);
        }
        for (int i = 0; i < WARM_REPLAYS; i++) {
            copy(killed, copy);
            if (i % 2 == 1) {
                remove(copy, ".hint");
            }
            openOnce(copy, i);
            DataDirectory.remove(copy);
        }
        DataDirectory.remove(killed);
    }

    private static void fillSmall(final Mapcask store) {
        for (int i = 0; i < WARM_KEYS; i++) {
            store.put("warm-" + i, WARM_VALUE);
        }
    }

    private static void copy(final Path from, final Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (final Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private void openOnce(final Path store, final int key) {
        try (Mapcask opened = Mapcask.open(store, options.get().build())) {
            if (!WARM_VALUE.equals(opened.get("warm-" + key))) {
                throw new IllegalStateException("wrong answer after an open");
            }
        }
    }

    /** Removes the files of a store whose names end so. */
    static void remove(final Path store, final String suffix) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            for (final Path file : files.filter(path -> path.toString().endsWith(suffix)).toList()) {
                Files.delete(file);
            }
        }
    }
}
