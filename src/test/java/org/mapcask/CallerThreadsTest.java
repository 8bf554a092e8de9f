package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.engine.Condition;
import org.mapcask.engine.Engine;
import org.mapcask.engine.EngineSettings;
import org.mapcask.engine.ReadContext;
import org.mapcask.io.FileOps;
import org.mapcask.io.MappedFile;
import org.mapcask.io.StoreFile;
import org.mapcask.io.SystemFileOps;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.merge.MergeScheduler;
import org.mapcask.merge.MergeSettings;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.recovery.Recovery;
import org.mapcask.recovery.RecoverySettings;
import org.mapcask.segment.Segment;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.sync.SyncPolicy;

/**
 * Once a store runs, whoever puts and gets never makes, maps, unmaps, renames or removes a file, and never asks for
 * blocks or gives any back, although segments are rolled, merged, retired and recycled all the time.
 */
@ExtendWith(OpenMappingsExtension.class)
class CallerThreadsTest {
    private static final int SEGMENT_LENGTH = 64 << 10;
    private static final int KEYS = 2000;
    private static final int VALUE_LENGTH = 100;
    private static final int RECORD_LENGTH = 24 + Long.BYTES + VALUE_LENGTH + 4;
    private static final int ROLLS = 60;
    private static final long PATIENCE_S = 120;
    private static final String CALLER = "caller-";

    @TempDir
    private Path directory;

    /** Of each call: the thread that made it, and what it was. */
    private final Queue<Map.Entry<String, String>> calls = new ConcurrentLinkedQueue<>();

    private void record(final String operation) {
        calls.add(Map.entry(Thread.currentThread().getName(), operation));
    }

    private long count(final String threadStart, final String operation) {
        return calls.stream().filter(call ->
            call.getKey().startsWith(threadStart) && call.getValue().equals(operation)).count();
    }

    private final class RecordedFiles extends ForwardingFiles {
        RecordedFiles(final FileOps inner) {
            super(inner);
        }

        @Override
        public StoreFile create(final Path path) {
            record("create");
            return new RecordedFile(super.create(path));
        }

        @Override
        public StoreFile open(final Path path, final boolean writable) {
            record("open");
            return new RecordedFile(super.open(path, writable));
        }

        @Override
        public void rename(final Path from, final Path to) {
            super.rename(from, to);
            record("rename");
        }

        @Override
        public void delete(final Path path) {
            record("unlink");
            super.delete(path);
        }

        @Override
        public void syncDirectory(final Path path) {
            record("sync of the directory");
            super.syncDirectory(path);
        }
    }

    private final class RecordedFile extends ForwardingFiles.File {
        RecordedFile(final StoreFile inner) {
            super(inner);
        }

        @Override
        public void allocate(final long length) {
            record("fallocate");
            super.allocate(length);
        }

        @Override
        public void allocateAgain(final long fileOffset, final long length) {
            record("fallocate again");
            super.allocateAgain(fileOffset, length);
        }

        @Override
        public void clear(final long length) {
            record("fallocate zero range");
            super.clear(length);
        }

        @Override
        public boolean punchHole(final long fileOffset, final long length) {
            record("fallocate punch");
            return super.punchHole(fileOffset, length);
        }

        @Override
        public void sync() {
            record("sync");
            super.sync();
        }

        @Override
        public MappedFile map(final int length, final boolean writable) {
            record("mmap");
            return new ForwardingFiles.Mapping(super.map(length, writable)) {
                @Override
                public void unmap() {
                    record("munmap");
                    super.unmap();
                }
            };
        }

        @Override
        public void close() {
            record("close");
            super.close();
        }
    }

    @Test
    void shouldMakeNoCallThatChangesFilesOrMappingsWhileTheyPutAndGet() throws Exception {
        final FileOps files = new RecordedFiles(new SystemFileOps(NativeAccess.get()));
        final RecoverySettings recoverySettings = new RecoverySettings(files, directory, new DirectChunkAllocator(),
            true, false, true, 1000, (phase, done, total) -> {
            });
        try (Recovery recovery = new Recovery(recoverySettings);
            Engine engine = new Engine(new EngineSettings(SEGMENT_LENGTH, true, SEGMENT_LENGTH / 2, true, 1000,
                SyncPolicy.NONE, true, "callers"), recovery.run(), recovery.keydir(), 0, true)) {
            recovery.handOver();
            try (MergeScheduler merges = new MergeScheduler(new EngineMergeHost(engine.merging()),
                new MergeSettings(1, 1, 0, 10, 10, 1 << 30, 0, SEGMENT_LENGTH), "callers")) {
                merges.start();
                final AtomicReference<Throwable> failure = new AtomicReference<>();
                final AtomicBoolean over = new AtomicBoolean();
                final Thread writer = start(failure, CALLER + "put", () -> write(engine, merges));
                final Thread reader = start(failure, CALLER + "get", () -> read(engine, over));
                writer.join();
                over.set(true);
                reader.join();
                if (failure.get() != null) {
                    throw new AssertionError(failure.get());
                }
                final Map<String, Long> byCallers = new TreeMap<>();
                calls.stream().filter(call -> call.getKey().startsWith(CALLER))
                    .forEach(call -> byCallers.merge(call.getKey() + ": " + call.getValue(), 1L, Long::sum));
                assertEquals(Map.of(), byCallers);
                assertTrue(merges.stats().runs() >= 3 && merges.stats().recycled() > 0, merges.stats()::toString);
                for (final String operation : List.of("mmap", "munmap", "rename", "unlink", "fallocate")) {
                    assertTrue(count("mapcask-", operation) > 0, "nobody was seen to call " + operation);
                }
            }
        }
    }

    private static Thread start(final AtomicReference<Throwable> failure, final String name, final Runnable work) {
        final Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (final RuntimeException | Error ex) {
                failure.compareAndSet(null, ex);
            }
        }, name);
        thread.start();
        return thread;
    }

    /**
     * As fast as the next segment is made ready, and no faster: on a host where that thread does not get to run, a
     * writer makes its own segment, as it should. Goes on until something was merged and recycled.
     */
    private void write(final Engine engine, final MergeScheduler merges) {
        final Random random = new Random(3);
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[Long.BYTES + VALUE_LENGTH]);
        final int perSegment = SEGMENT_LENGTH / RECORD_LENGTH;
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        long puts = 0;
        while (engine.stats().rolls() < ROLLS || merges.stats().runs() < 3 || merges.stats().recycled() == 0) {
            for (int i = 0; i < perSegment / 4; i++) {
                bytes.putLong(0, puts < KEYS ? puts : random.nextInt(KEYS));
                final ReadContext context = engine.enter();
                try {
                    engine.write(context, Condition.NONE, bytes, 0, Long.BYTES, bytes, Long.BYTES, VALUE_LENGTH, null,
                        0, 0);
                } finally {
                    context.exit();
                }
                puts++;
            }
            awaitNext(engine, end);
        }
    }

    /** Waits until the next segment is there, or not needed yet: it is made when half of the active one is used. */
    private void awaitNext(final Engine engine, final long end) {
        while (count("mapcask-supply-", "rename") <= engine.stats().rolls() &&
            usedOfActive(engine) > SEGMENT_LENGTH / 2) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no segment was made ready");
            }
            Thread.onSpinWait();
        }
    }

    private static int usedOfActive(final Engine engine) {
        return engine.segments().stream().filter(segment -> !segment.isMerged())
            .max(Comparator.comparingLong(Segment::firstSequence)).orElseThrow().endAcquire();
    }

    private static void read(final Engine engine, final AtomicBoolean over) {
        final Random random = new Random(4);
        final UnsafeBuffer key = new UnsafeBuffer(new byte[Long.BYTES]);
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);
        while (!over.get()) {
            key.putLong(0, random.nextInt(KEYS));
            final ReadContext context = engine.enter();
            try {
                engine.get(context, key, 0, Long.BYTES, value, 0, VALUE_LENGTH);
            } finally {
                context.exit();
            }
        }
    }
}
