package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.NativeChunkAllocator;
import org.mapcask.nativeaccess.NativeAccess;
import org.mapcask.segment.Log;
import org.mapcask.segment.SegmentFactory;
import org.mapcask.segment.SegmentTable;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.sync.SyncPolicy;
import org.mapcask.wal.Wal;
import org.mapcask.wal.WalSettings;

/** An engine on a new log of recorded files, with operations on strings, and threads whose failures come out. */
final class EngineRig implements AutoCloseable {
    static final int SEGMENT_LENGTH = 16 << 10;
    /** Longest wait for what is certain to come. */
    private static final long PATIENCE_S = 60;

    final RecordingFiles files = new RecordingFiles();
    final Engine engine;

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    EngineRig(final Path directory, final boolean mapSealed, final int mappedSegmentsMax, final int prefaultWindow) {
        this(directory, SEGMENT_LENGTH, mapSealed, mappedSegmentsMax, prefaultWindow);
    }

    EngineRig(
        final Path directory, final int segmentLength, final boolean mapSealed, final int mappedSegmentsMax,
        final int prefaultWindow) {
        this(directory, new EngineSettings(segmentLength, true, prefaultWindow, mapSealed, mappedSegmentsMax,
            SyncPolicy.NONE, true, String.valueOf(directory.getFileName())), 0);
    }

    /** An engine that commits through a write-ahead log of this length, or without one if it is 0. */
    EngineRig(final Path directory, final EngineSettings settings, final long walLength) {
        final SegmentTable table = new SegmentTable();
        final StoreIdentity identity = StoreIdentity.random();
        final Log log = new Log(
            identity, table, new SegmentFactory(files, directory, identity, table, 1), null, 0, 0);
        final WalMaker walMaker = (segments, latch) -> new Wal(new WalSettings(
            files, directory, identity.idHigh(), identity.idLow(), walLength, latch), segments);
        engine = new Engine(settings, log, new Keydir(new NativeChunkAllocator(NativeAccess.get())), 0, true,
            walLength == 0 ? null : walMaker);
    }

    /** A rig whose every write is durable through a write-ahead log of this length. */
    static EngineRig withWal(final Path directory, final long walLength) {
        return new EngineRig(directory, new EngineSettings(SEGMENT_LENGTH, true, 0, true, 1000,
            new SyncPolicy(0, 0, true), true, String.valueOf(directory.getFileName())), walLength);
    }

    void put(final String key, final int valueLength) {
        final UnsafeBuffer k = new UnsafeBuffer(key.getBytes(StandardCharsets.UTF_8));
        final UnsafeBuffer v = new UnsafeBuffer(new byte[valueLength]);
        v.setMemory(0, valueLength, (byte)valueLength);
        final ReadContext context = engine.enter();
        try {
            engine.write(context, Condition.NONE, k, 0, k.capacity(), v, 0, valueLength, null, 0, 0);
        } finally {
            context.exit();
        }
    }

    /** Length of the value, or -1. */
    int get(final String key) {
        final UnsafeBuffer k = new UnsafeBuffer(key.getBytes(StandardCharsets.UTF_8));
        final ExpandableArrayBuffer place = new ExpandableArrayBuffer();
        final ReadContext context = engine.enter();
        try {
            final int length = engine.get(context, k, 0, k.capacity(), place, 0, 1 << 20);
            if (length > 0) {
                assertEquals((byte)length, place.getByte(length - 1), key);
            }
            return length;
        } finally {
            context.exit();
        }
    }

    /** Starts a thread; {@link #join} passes on what it throws. */
    Thread start(final Runnable work) {
        final Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (final RuntimeException | Error ex) {
                failures.add(ex);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits until a thread is over. */
    void join(final Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        assertFalse(thread.isAlive(), () -> "hangs: " + String.join("\n", stack(thread)));
        assertNull(failures.peek(), () -> "a thread failed: " + failures.peek());
    }

    /** Waits until a thread waits for a lock, or for a latch in {@link #awaitLatch}. */
    static void awaitWaiting(final Thread thread) throws InterruptedException {
        await(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.BLOCKED
            || thread.getState() == Thread.State.TIMED_WAITING
                && Stream.of(thread.getStackTrace()).anyMatch(at -> at.getMethodName().equals("awaitLatch")));
    }

    /** Waits for what is certain to come. */
    static void await(final BooleanSupplier condition) throws InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!condition.getAsBoolean()) {
            assertFalse(System.nanoTime() > deadline, "what was waited for did not come");
            Thread.sleep(1);
        }
    }

    /**
     * Waits for a latch in the middle of a file operation, which nothing may interrupt. A latch that nobody opens fails
     * that operation: a close that waits for it is to end, too.
     */
    static void awaitLatch(final CountDownLatch latch) {
        try {
            if (!latch.await(2 * PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a latch that was waited for did not open");
            }
        } catch (final InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static String[] stack(final Thread thread) {
        final StackTraceElement[] elements = thread.getStackTrace();
        final String[] lines = new String[elements.length];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = elements[i].toString();
        }
        return lines;
    }

    @Override
    public void close() {
        files.before(event -> {
        });
        engine.close();
    }
}
