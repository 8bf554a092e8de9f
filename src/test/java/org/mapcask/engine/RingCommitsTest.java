package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreFailedException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.sync.SyncPolicy;

@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class RingCommitsTest {
    private static final long SHORTEST_RING = 64 << 10;
    private static final long LONG_RING = 4 << 20;

    @TempDir
    private Path directory;

    @Test
    void shouldShareFramesBetweenWritersWhoWaitAtTheSameTime() throws Exception {
        try (EngineRig rig = EngineRig.withWal(directory, LONG_RING)) {
            final CountDownLatch go = new CountDownLatch(1);
            rig.files.before(event -> {
                if (event.equals("wal write")) {
                    EngineRig.awaitLatch(go);
                }
            });
            final List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                final int number = i;
                writers.add(rig.start(() -> rig.put("key-" + number, 100)));
            }
            EngineRig.await(() -> rig.engine.stats().lastSequence() == 12);
            assertEquals(0, rig.engine.stats().durableSequence());
            go.countDown();
            for (final Thread writer : writers) {
                rig.join(writer);
            }
            assertEquals(12, rig.engine.stats().durableSequence());
            assertEquals(12, rig.engine.stats().wal().records());
            assertTrue(rig.engine.stats().wal().frames() < 12, rig.engine.stats()::toString);
        }
    }

    @Test
    void shouldReturnFromEachWriteWhenItIsDurableWithoutASyncOfSegments() {
        try (EngineRig rig = EngineRig.withWal(directory, LONG_RING)) {
            final long syncs = rig.engine.stats().segmentSyncs();
            for (int i = 1; i <= 20; i++) {
                rig.put("key-" + i, 100);
                assertEquals(i, rig.engine.stats().durableSequence());
                assertEquals(i, rig.engine.stats().wal().frames());
            }
            rig.engine.sync();
            assertEquals(20, rig.engine.stats().wal().frames());
            assertEquals(syncs, rig.engine.stats().segmentSyncs());
        }
    }

    @Test
    void shouldSyncInTheSegmentsWhatTheRingDoesNotTake() {
        try (EngineRig rig = EngineRig.withWal(directory, SHORTEST_RING)) {
            rig.put("short", 100);
            assertEquals(1, rig.engine.stats().wal().records());
            rig.put("longer than a frame of the ring", 13 << 10);
            rig.put("longer than a segment", 2 * EngineRig.SEGMENT_LENGTH);
            assertEquals(1, rig.engine.stats().wal().records());
            assertEquals(3, rig.engine.stats().durableSequence());
            rig.put("short again", 100);
            assertEquals(2, rig.engine.stats().wal().records());
            assertEquals(4, rig.engine.stats().durableSequence());
            rig.engine.sync();
            rig.put("longer than a segment", 2 * EngineRig.SEGMENT_LENGTH);
            rig.engine.sync();
            assertEquals(5, rig.engine.stats().durableSequence());
        }
    }

    @Test
    void shouldStageABatchWholeOrNotAtAll() {
        try (EngineRig rig = EngineRig.withWal(directory, SHORTEST_RING)) {
            write(rig, batch(5, 1000));
            assertEquals(5, rig.engine.stats().wal().records());
            assertEquals(1, rig.engine.stats().wal().frames());
            assertEquals(5, rig.engine.stats().durableSequence());
            write(rig, batch(20, 1000));
            assertEquals(5, rig.engine.stats().wal().records());
            assertEquals(25, rig.engine.stats().durableSequence());
            write(rig, new BatchEntries());
            assertEquals(25, rig.engine.stats().durableSequence());
        }
    }

    /** A writer may hold the write lock while it waits for a frame, and the frame may wait for a sync of the log. */
    @Test
    void shouldNeverHangHoweverShortTheRingAndHoweverMixedTheWrites() throws Exception {
        try (EngineRig rig = EngineRig.withWal(directory, SHORTEST_RING)) {
            final List<Thread> writers = new ArrayList<>();
            for (int t = 0; t < 6; t++) {
                final int thread = t;
                writers.add(rig.start(() -> {
                    for (int i = 0; i < 150; i++) {
                        if (i % 50 == 49) {
                            rig.put(thread + "-oversize", EngineRig.SEGMENT_LENGTH);
                        } else if (i % 10 == 9) {
                            write(rig, batch(4, 3000));
                        } else {
                            rig.put(thread + "-" + i, i * 89 % 9000);
                        }
                    }
                    rig.engine.sync();
                }));
            }
            for (final Thread writer : writers) {
                rig.join(writer);
            }
            assertEquals(rig.engine.stats().lastSequence(), rig.engine.stats().durableSequence());
            assertEquals(148 * 89 % 9000, rig.get("3-148"));
            assertEquals(EngineRig.SEGMENT_LENGTH, rig.get("5-oversize"));
        }
    }

    @Test
    void shouldRefuseEverythingButReadsAfterAFailedFrameAndNotRepeatIt() {
        final EngineRig rig = EngineRig.withWal(directory, LONG_RING);
        rig.put("before", 10);
        final AtomicInteger tries = new AtomicInteger();
        rig.files.before(event -> {
            if (event.equals("wal write")) {
                tries.incrementAndGet();
                throw new StoreIoException("planted");
            }
        });
        assertEquals("planted", assertThrows(MapcaskException.class, () -> rig.put("key", 11)).getMessage());
        final StoreFailedException failed = assertThrows(StoreFailedException.class, () -> rig.put("key", 12));
        assertEquals("planted", failed.getCause().getMessage());
        assertTrue(failed.getMessage().contains("planted"), failed::getMessage);
        assertSame(failed.getCause(), assertThrows(StoreFailedException.class, rig.engine::sync).getCause());
        assertThrows(StoreFailedException.class, () -> rig.put("oversize", 2 * EngineRig.SEGMENT_LENGTH));
        assertThrows(StoreFailedException.class, () -> write(rig, batch(2, 10)));
        assertEquals(10, rig.get("before"));
        assertTrue(rig.engine.stats().latched());
        assertEquals(1, rig.engine.stats().durableSequence());
        assertThrows(StoreFailedException.class, rig::close, "close does not pretend that the data is durable");
        assertEquals(1, tries.get());
    }

    @Test
    void shouldAskTheBackgroundToFreeTheRingBeforeItComesRound() throws Exception {
        try (EngineRig rig = EngineRig.withWal(directory, SHORTEST_RING)) {
            for (int i = 0; i < 4; i++) {
                rig.put("key-" + i, 100);
            }
            EngineRig.await(() -> rig.engine.stats().segmentSyncs() > 1);
            assertTrue(rig.files.count("wal write") >= 4);
        }
    }

    @Test
    void shouldBeginToWriteBehindTheWriterButNeverThePageThatItIsIn() throws Exception {
        final int step = 8192;
        try (EngineRig rig = new EngineRig(directory, new EngineSettings(1 << 20, true, 0, true, 1000, SyncPolicy.NONE,
            true, "writeback", false, step, System::currentTimeMillis), 0)) {
            for (int i = 0; i < 30; i++) {
                rig.put("key-" + i, 1000);
            }
            final int wholeSteps = 3;
            EngineRig.await(() -> writebacks(rig).size() >= wholeSteps);
            final List<String> expected = new ArrayList<>();
            for (int i = 0; i < wholeSteps; i++) {
                expected.add("writeback 1 " + (4096 + i * step) + "+" + step);
            }
            assertEquals(expected, writebacks(rig), "31 KB of records behind the header page");
            assertEquals(0, rig.engine.stats().durableSequence());
        }
    }

    private static List<String> writebacks(final EngineRig rig) {
        return rig.files.events.stream().filter(event -> event.startsWith("writeback")).toList();
    }

    private static BatchEntries batch(final int count, final int valueLength) {
        final BatchEntries batch = new BatchEntries();
        final UnsafeBuffer value = new UnsafeBuffer(new byte[valueLength]);
        for (int i = 0; i < count; i++) {
            final UnsafeBuffer key = new UnsafeBuffer(("batch-" + i).getBytes(StandardCharsets.UTF_8));
            batch.add(key, 0, key.capacity(), value, 0, valueLength);
        }
        return batch;
    }

    private static void write(final EngineRig rig, final BatchEntries batch) {
        final ReadContext context = rig.engine.enter();
        try {
            rig.engine.write(context, batch);
        } finally {
            context.exit();
        }
    }
}
