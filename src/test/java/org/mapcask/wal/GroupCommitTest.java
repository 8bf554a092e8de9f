package org.mapcask.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreFailedException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.SystemFileOps;
import org.mapcask.support.MemoryFileOps;

/** Many threads and the ring: they share writes, fail together, and wait for nobody longer than they must. */
@Tag("core")
@Timeout(60)
class GroupCommitTest {
    private static final long RING_LENGTH = 1 << 20;

    private final HookedFileOps files = new HookedFileOps(new MemoryFileOps());
    private final WalRig rig = new WalRig(files, Path.of("store"));
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void joinAll() throws InterruptedException {
        for (final Thread thread : threads) {
            thread.join();
        }
    }

    private Thread start(final Runnable work) {
        final Thread thread = new Thread(work, "mapcask-test-" + threads.size());
        threads.add(thread);
        thread.start();
        return thread;
    }

    private static void awaitState(final Thread thread, final Thread.State state) {
        while (thread.getState() != state) {
            Thread.onSpinWait();
        }
    }

    /** Holds each frame up until it is let through; tells when one has come. */
    private final class Gate {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);

        void before(final String operation) {
            if (operation.equals("write")) {
                reached.countDown();
                awaitLatch(open);
            }
        }
    }

    private static void awaitLatch(final CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldWriteInTheThreadOfTheCallerWhenItIsAlone() {
        try (Wal wal = rig.open(RING_LENGTH)) {
            final AtomicInteger own = new AtomicInteger();
            final Thread caller = Thread.currentThread();
            files.hook((operation, path, offset) -> {
                assertSame(caller, Thread.currentThread());
                own.incrementAndGet();
            });
            for (long i = 1; i <= 50; i++) {
                WalRig.write(wal, i, 10);
            }
            assertEquals(50, own.get());
        }
    }

    @Test
    void shouldServeAllThatWaitedWithOneWrite() {
        final int waiting = 64;
        try (Wal wal = rig.open(RING_LENGTH)) {
            final Gate gate = new Gate();
            files.hook((operation, path, offset) -> gate.before(operation));
            start(() -> WalRig.write(wal, 1, 10));
            awaitLatch(gate.reached);
            for (long i = 2; i <= waiting + 1; i++) {
                final long sequence = i;
                WalRig.stage(wal, WalRig.record(sequence, 10));
                awaitState(start(() -> wal.commit(sequence)), Thread.State.WAITING);
            }
            assertEquals(0, wal.durableSequence());
            gate.open.countDown();
            wal.commit(waiting + 1);
            assertEquals(2, wal.stats().frames(), "the first, and one for all that waited");
            assertEquals(waiting + 1, wal.stats().records());
        }
    }

    @Test
    void shouldCommitFromManyThreadsWithFewWrites() throws InterruptedException {
        final int threadCount = 64;
        final int each = 300;
        final AtomicLong sequences = new AtomicLong();
        final AtomicReference<Throwable> fault = new AtomicReference<>();
        final Object writers = new Object();
        try (Wal wal = rig.open(RING_LENGTH)) {
            files.hook((operation, path, offset) -> Thread.yield());
            final CountDownLatch done = new CountDownLatch(threadCount);
            for (int t = 0; t < threadCount; t++) {
                start(() -> {
                    try {
                        for (int i = 0; i < each; i++) {
                            final long sequence;
                            synchronized (writers) {
                                sequence = sequences.incrementAndGet();
                                WalRig.stage(wal, WalRig.record(sequence, 60));
                            }
                            wal.commit(sequence);
                            assertTrue(wal.durableSequence() >= sequence);
                            rig.makeDurable(wal.wantedSequence());
                        }
                    } catch (final Throwable e) {
                        fault.compareAndSet(null, e);
                    } finally {
                        done.countDown();
                    }
                });
            }
            done.await();
            assertNull(fault.get());
            assertEquals(threadCount * each, wal.durableSequence());
            assertEquals(threadCount * each, wal.stats().records());
            assertTrue(wal.stats().frames() < threadCount * each / 2, wal.stats().toString());
        }
        assertEquals(threadCount * each - rig.durableSequence(), rig.records(rig.durableSequence()).size());
    }

    @Test
    void shouldFailAllWaitersAndLaterCallersWithTheFirstCauseAndTryOnce() throws InterruptedException {
        final MapcaskException cause = new StoreIoException("EIO of the test");
        final AtomicInteger tried = new AtomicInteger();
        final Gate gate = new Gate();
        final List<Throwable> failures = new ArrayList<>();
        try (Wal wal = rig.open(RING_LENGTH)) {
            files.hook((operation, path, offset) -> {
                tried.incrementAndGet();
                gate.before(operation);
                throw cause;
            });
            for (long i = 1; i <= 9; i++) {
                final long sequence = i;
                WalRig.stage(wal, WalRig.record(sequence, 10));
                final Thread thread = start(() -> {
                    final Throwable failure = assertThrows(MapcaskException.class, () -> wal.commit(sequence));
                    assertNotNull(rig.latched.get(), "the store is latched before anybody is told");
                    synchronized (failures) {
                        failures.add(failure);
                    }
                });
                if (i == 1) {
                    awaitLatch(gate.reached);
                } else {
                    awaitState(thread, Thread.State.WAITING);
                }
            }
            gate.open.countDown();
            for (final Thread thread : threads) {
                thread.join();
            }
            assertEquals(1, tried.get());
            assertSame(cause, rig.latched.get());
            assertEquals(9, failures.size());
            assertEquals(1, failures.stream().filter(failure -> failure == cause).count(), "the one that wrote");
            assertEquals(8, failures.stream().filter(
                failure -> failure instanceof StoreFailedException && failure.getCause() == cause).count());
            assertTrue(assertThrows(StoreFailedException.class, () -> wal.commit(9)).getMessage()
                .contains("EIO of the test"));
            assertThrows(StoreFailedException.class, () -> WalRig.stage(wal, WalRig.record(10, 10)));
            assertThrows(StoreFailedException.class, () -> wal.passOver(10));
            assertThrows(StoreFailedException.class, () -> wal.beginBatch(100));
            assertEquals(1, tried.get(), "never again");
            assertEquals(0, wal.durableSequence());
        }
    }

    @Test
    void shouldFailWhenTheSegmentsCannotBeSynced() {
        final MapcaskException cause = new StoreIoException("EIO of a segment");
        final Wal.SegmentSyncs broken = new Wal.SegmentSyncs() {
            @Override
            public long durableSequence() {
                return 0;
            }

            @Override
            public void sync(final long sequence) {
                throw cause;
            }
        };
        try (Wal wal = new Wal(new WalSettings(files, rig.directory, 1, 2, RING_LENGTH, rig.latched::set), broken)) {
            WalRig.write(wal, 1, 10);
            wal.passOver(2);
            WalRig.stage(wal, WalRig.record(3, 10));
            assertSame(cause, assertThrows(StoreIoException.class, () -> wal.commit(3)));
            assertSame(cause, rig.latched.get());
            assertSame(cause, assertThrows(StoreFailedException.class, () -> wal.commit(3)).getCause());
            wal.commit(1);
            assertEquals(1, wal.stats().frames());
        }
    }

    @Test
    void shouldNeitherEndAWaitByAnInterruptNorLoseIt() throws InterruptedException {
        final Gate gate = new Gate();
        final AtomicInteger interrupted = new AtomicInteger();
        try (Wal wal = rig.open(RING_LENGTH)) {
            files.hook((operation, path, offset) -> gate.before(operation));
            for (long i = 1; i <= 2; i++) {
                final long sequence = i;
                WalRig.stage(wal, WalRig.record(sequence, 10));
                final Thread thread = start(() -> {
                    wal.commit(sequence);
                    assertTrue(wal.durableSequence() >= sequence);
                    if (Thread.interrupted()) {
                        interrupted.incrementAndGet();
                    }
                });
                awaitLatch(gate.reached);
                awaitState(thread, Thread.State.WAITING);
                thread.interrupt();
                thread.interrupt();
            }
            for (final Thread thread : threads) {
                thread.join(50);
                assertTrue(thread.isAlive(), "an interrupt ended the wait");
            }
            gate.open.countDown();
            joinAll();
            assertEquals(2, interrupted.get());
        }
    }

    @Test
    void shouldWaitForTheWriteWhenThereIsNoRoomButNotForTheSegments() throws InterruptedException {
        final int valueLength = 5000;
        final Gate write = new Gate();
        final Gate sync = new Gate();
        final WalRig slow = new WalRig(files, rig.directory) {
            @Override
            public void sync(final long sequence) {
                sync.before("write");
                super.sync(sequence);
            }
        };
        try (Wal wal = slow.open(64 << 10)) {
            files.hook((operation, path, offset) -> write.before(operation));
            WalRig.stage(wal, WalRig.record(1, valueLength));
            start(() -> wal.commit(1));
            awaitLatch(write.reached);
            WalRig.stage(wal, WalRig.record(2, valueLength));
            WalRig.stage(wal, WalRig.record(3, valueLength));
            final Thread stager = start(() -> assertTrue(WalRig.stage(wal, WalRig.record(4, valueLength))));
            awaitState(stager, Thread.State.WAITING);
            write.open.countDown();
            stager.join();

            wal.passOver(5);
            WalRig.stage(wal, WalRig.record(6, valueLength));
            final Thread committer = start(() -> wal.commit(6));
            awaitLatch(sync.reached);
            // The one that writes frames is in the segments now, and may need the lock of the writers there.
            WalRig.stage(wal, WalRig.record(7, valueLength));
            WalRig.stage(wal, WalRig.record(8, valueLength));
            assertFalse(WalRig.stage(wal, WalRig.record(9, valueLength)));
            sync.open.countDown();
            committer.join();
            wal.commit(9);
            assertEquals(9, wal.durableSequence());
        }
    }

    @Test
    void shouldNotTakeAFrameInTheMiddleOfABatch() throws InterruptedException {
        try (Wal wal = rig.open(RING_LENGTH)) {
            WalRig.stage(wal, WalRig.record(1, 10));
            final UnsafeBuffer record = WalRig.record(2, 10);
            assertTrue(wal.beginBatch(2 * record.capacity()));
            WalRig.stage(wal, record);
            final Thread committer = start(() -> wal.commit(1));
            awaitState(committer, Thread.State.WAITING);
            WalRig.stage(wal, WalRig.record(3, 10));
            wal.endBatch();
            committer.join();
            assertEquals(1, wal.stats().frames());
            assertEquals(3, wal.durableSequence());
        }
    }

    @Test
    void shouldAllocateNothingPerCommit() throws InterruptedException {
        final int warmUp = 40_000;
        final int commits = 20_000;
        final com.sun.management.ThreadMXBean threadBean =
            (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        final AtomicLong sequences = new AtomicLong();
        final AtomicLong allocated = new AtomicLong();
        final UnsafeBuffer record = WalRig.record(1, 90);
        final Object writers = new Object();
        try (Wal wal = rig.open(RING_LENGTH)) {
            for (int t = 0; t < 4; t++) {
                start(() -> {
                    long before = 0;
                    for (int i = 0; i < warmUp + commits; i++) {
                        if (i == warmUp) {
                            before = threadBean.getCurrentThreadAllocatedBytes();
                        }
                        final long sequence;
                        synchronized (writers) {
                            sequence = sequences.incrementAndGet();
                            wal.stage(record, 0, record.capacity(), sequence);
                        }
                        wal.commit(sequence);
                        rig.makeDurable(wal.wantedSequence());
                    }
                    allocated.addAndGet(threadBean.getCurrentThreadAllocatedBytes() - before);
                });
            }
            joinAll();
            final double perCommit = allocated.get() / (4.0 * commits);
            assertTrue(perCommit < 1, perCommit + " bytes per commit");
        }
    }

    @Test
    void shouldAllocateNothingPerCommitToRealFiles(@TempDir final Path directory) {
        final com.sun.management.ThreadMXBean threadBean =
            (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        final WalRig real = new WalRig(new SystemFileOps(), directory);
        final UnsafeBuffer record = WalRig.record(1, 90);
        final int commits = 500;
        double perCommit = Double.MAX_VALUE;
        try (Wal wal = real.open(RING_LENGTH)) {
            long sequence = 0;
            // What the compiler has not seen to yet may allocate: once it has, nothing does.
            for (int round = 0; round < 60 && perCommit >= 1; round++) {
                final long before = threadBean.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < commits; i++) {
                    wal.stage(record, 0, record.capacity(), ++sequence);
                    wal.commit(sequence);
                    real.makeDurable(wal.wantedSequence());
                }
                perCommit = (threadBean.getCurrentThreadAllocatedBytes() - before) / (double)commits;
            }
        }
        assertTrue(perCommit < 1, perCommit + " bytes per commit");
    }
}
