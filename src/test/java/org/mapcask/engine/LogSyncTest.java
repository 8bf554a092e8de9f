package org.mapcask.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.StoreFailedException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.segment.Segment;
import org.mapcask.support.OpenMappingsExtension;

@ExtendWith(OpenMappingsExtension.class)
class LogSyncTest {
    private static final int HALF_SEGMENT = EngineRig.SEGMENT_LENGTH / 2;

    @TempDir
    private Path directory;

    /** A seal says that the records before its end are durable; a watermark says so, too. */
    @Test
    void shouldSyncASealOnlyAfterTheRecordsOfItsSegmentAndOfAllBefore() {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            for (int i = 0; i < 5; i++) {
                rig.put("key-" + i, HALF_SEGMENT);
            }
            rig.engine.sync();
            assertEquals(5, rig.engine.stats().lastSequence());
            assertEquals(5, rig.engine.stats().durableSequence());
            final List<String> syncs = rig.files.events.stream().filter(event -> event.contains("sync"))
                .collect(Collectors.toList());
            final List<Integer> numbers = rig.engine.segments().stream()
                .sorted(Comparator.comparingLong(Segment::firstSequence)).map(rig.files::numberOf).toList();
            assertEquals(9, syncs.size(), () -> "four rolled segments, and the active one: " + syncs);
            for (int i = 0; i < numbers.size(); i++) {
                final int seal = syncs.indexOf("msync " + numbers.get(i));
                for (int before = 0; before < Math.min(i + 1, 4); before++) {
                    assertTrue(syncs.indexOf("sync " + numbers.get(before)) < seal, () -> numbers + ": " + syncs);
                }
            }
            assertEquals(8, syncs.indexOf("msync " + numbers.get(4)), () -> "the end comes last: " + syncs);
        }
    }

    @Test
    void shouldSealSeveralSegmentsSideBySide() throws Exception {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            final CountDownLatch begun = new CountDownLatch(1);
            final CountDownLatch held = new CountDownLatch(1);
            final CountDownLatch together = new CountDownLatch(Segment.SEALED_TOGETHER_MAX);
            rig.files.before(event -> {
                if (event.equals("sync 1")) {
                    begun.countDown();
                    EngineRig.awaitLatch(held);
                } else if (event.startsWith("sync")) {
                    together.countDown();
                    EngineRig.awaitLatch(together);
                }
            });
            rig.put("first", HALF_SEGMENT);
            rig.put("second", HALF_SEGMENT);
            EngineRig.awaitLatch(begun); // the first is sealed by itself
            for (int i = 0; i < Segment.SEALED_TOGETHER_MAX; i++) {
                rig.put("key-" + i, HALF_SEGMENT);
            }
            held.countDown();
            rig.join(rig.start(rig.engine::sync));
            assertEquals(0, together.getCount());
        }
    }

    /** Merges and checkpoints begin at what is sealed: they would fall behind a writer who is not held up. */
    @Test
    void shouldHaveAWriterWaitWhoIsManySegmentsAheadOfTheDisk() throws Exception {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            final CountDownLatch go = new CountDownLatch(1);
            final AtomicInteger written = new AtomicInteger();
            rig.files.before(event -> {
                if (event.startsWith("sync")) {
                    EngineRig.awaitLatch(go);
                }
            });
            final Thread writer = rig.start(() -> {
                for (int i = 0; i < 2 * LogSync.BACKLOG_MAX; i++) {
                    rig.put("key", HALF_SEGMENT);
                    written.incrementAndGet();
                }
            });
            EngineRig.await(() -> written.get() == LogSync.BACKLOG_MAX + 1);
            EngineRig.awaitWaiting(writer);
            Thread.sleep(20);
            assertEquals(LogSync.BACKLOG_MAX + 1, written.get());
            go.countDown();
            rig.join(writer);
            rig.engine.sync();
            assertEquals(2 * LogSync.BACKLOG_MAX, rig.engine.stats().durableSequence());
        }
    }

    /** A merge asks between two groups of segments that are sealed, however many wait. */
    @Test
    void shouldLetOthersHaveTheirTurnBetweenSegmentsThatAreSealed() throws Exception {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            final CountDownLatch first = new CountDownLatch(1);
            final CountDownLatch together = new CountDownLatch(1);
            final CountDownLatch asked = new CountDownLatch(1);
            final AtomicInteger begun = new AtomicInteger();
            rig.files.before(event -> {
                if (event.startsWith("sync")) {
                    final int number = begun.incrementAndGet();
                    final boolean isSecond = number <= 1 + Segment.SEALED_TOGETHER_MAX;
                    EngineRig.awaitLatch(number == 1 ? first : isSecond ? together : asked);
                }
            });
            rig.put("first", HALF_SEGMENT);
            rig.put("second", HALF_SEGMENT);
            EngineRig.await(() -> begun.get() == 1);
            for (int i = 0; i < 3 * Segment.SEALED_TOGETHER_MAX; i++) {
                rig.put("key", HALF_SEGMENT);
            }
            first.countDown();
            EngineRig.await(() -> begun.get() == 1 + Segment.SEALED_TOGETHER_MAX);
            final Thread merge = rig.start(() -> {
                rig.engine.merging().settled(List.of());
                asked.countDown();
            });
            EngineRig.awaitWaiting(merge);
            together.countDown();
            rig.join(merge);
        }
    }

    @Test
    void shouldDoNothingWhenEverythingIsDurable() {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            rig.put("key", 10);
            rig.engine.sync();
            final long syncs = rig.files.events.stream().filter(event -> event.contains("sync")).count();
            rig.engine.sync();
            assertEquals(syncs, rig.files.events.stream().filter(event -> event.contains("sync")).count());
        }
    }

    @Test
    void shouldEndASyncAlthoughSegmentsAreRolledFasterThanTheyAreSealed() throws Exception {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            final AtomicBoolean writing = new AtomicBoolean();
            final AtomicInteger written = new AtomicInteger();
            rig.put("first", HALF_SEGMENT);
            final AtomicInteger sealed = new AtomicInteger();
            rig.files.before(event -> {
                if (event.startsWith("msync")) {
                    sealed.incrementAndGet();
                }
                // A writer who is too far ahead would wait for the seal that waits for him here.
                final boolean isNear = 2 * written.get() - sealed.get() < LogSync.BACKLOG_MAX / 2;
                if (event.startsWith("sync") && isNear && written.get() < 500 && writing.compareAndSet(false, true)) {
                    final CountDownLatch done = new CountDownLatch(1);
                    rig.start(() -> {
                        rig.put("more-" + written.incrementAndGet(), 2 * EngineRig.SEGMENT_LENGTH);
                        rig.put("more-" + written.incrementAndGet(), HALF_SEGMENT);
                        done.countDown();
                    });
                    EngineRig.awaitLatch(done);
                    writing.set(false);
                }
            });
            rig.put("second", HALF_SEGMENT);
            rig.engine.sync();
            final int writtenMeanwhile = written.get();
            written.set(500);
            EngineRig.await(() -> !writing.get());
            assertTrue(writtenMeanwhile < 100, () -> "sync waited for " + writtenMeanwhile + " later writes");
        }
    }

    @Test
    void shouldServeCallersThatWaitTogetherWithOneSync() throws Exception {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            rig.put("first", 10);
            final CountDownLatch go = new CountDownLatch(1);
            rig.files.before(event -> {
                if (event.startsWith("msync")) {
                    EngineRig.awaitLatch(go);
                }
            });
            final List<Thread> syncers = new ArrayList<>();
            syncers.add(rig.start(rig.engine::sync));
            EngineRig.awaitWaiting(syncers.get(0));
            for (int i = 0; i < 10; i++) {
                final int number = i;
                syncers.add(rig.start(() -> {
                    rig.put("key-" + number, 10);
                    rig.engine.sync();
                }));
                EngineRig.awaitWaiting(syncers.get(i + 1));
            }
            go.countDown();
            for (final Thread syncer : syncers) {
                rig.join(syncer);
            }
            assertEquals(2, rig.files.events.stream().filter(event -> event.startsWith("msync")).count());
            assertEquals(11, rig.engine.stats().durableSequence());
        }
    }

    @Test
    void shouldTakeWritesWhileASyncRuns() throws Exception {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            rig.put("before", 10);
            final CountDownLatch go = new CountDownLatch(1);
            rig.files.before(event -> {
                if (event.startsWith("msync")) {
                    EngineRig.awaitLatch(go);
                }
            });
            final Thread syncer = rig.start(rig.engine::sync);
            EngineRig.awaitWaiting(syncer);
            rig.put("meanwhile", HALF_SEGMENT);
            rig.put("in the next segment", HALF_SEGMENT);
            assertEquals(HALF_SEGMENT, rig.get("meanwhile"));
            go.countDown();
            rig.join(syncer);
            assertTrue(rig.engine.stats().durableSequence() >= 1);
            rig.engine.sync();
            assertEquals(3, rig.engine.stats().durableSequence());
        }
    }

    /** A writer that waits for a segment holds the write lock; the write-ahead log has writers wait for syncs, too. */
    @Test
    void shouldSyncWhileAWriterWaitsWithTheWriteLock() throws Exception {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            final CountDownLatch go = new CountDownLatch(1);
            rig.put("before", 10);
            rig.files.before(event -> {
                if (event.startsWith("create")) {
                    EngineRig.awaitLatch(go);
                }
            });
            final Thread writer = rig.start(() -> {
                for (int i = 0; i < 5; i++) {
                    rig.put("key-" + i, HALF_SEGMENT);
                }
            });
            EngineRig.awaitWaiting(writer);
            final long before = rig.files.events.stream().filter(event -> event.startsWith("msync")).count();
            rig.join(rig.start(rig.engine::sync));
            assertTrue(rig.files.events.stream().filter(event -> event.startsWith("msync")).count() > before);
            go.countDown();
            rig.join(writer);
            rig.engine.sync();
            assertEquals(6, rig.engine.stats().durableSequence());
        }
    }

    @Test
    void shouldRefuseEverythingButReadsAfterAFailedSyncAndNotRepeatIt() {
        final EngineRig rig = new EngineRig(directory, true, 1000, 0);
        rig.put("key", 10);
        final AtomicInteger tries = new AtomicInteger();
        rig.files.before(event -> {
            if (event.startsWith("msync")) {
                tries.incrementAndGet();
                throw new StoreIoException("planted");
            }
        });
        assertThrows(StoreIoException.class, rig.engine::sync);
        final StoreFailedException failed = assertThrows(StoreFailedException.class, () -> rig.put("key", 11));
        assertEquals("planted", failed.getCause().getMessage());
        assertSame(failed.getCause(), assertThrows(StoreFailedException.class, rig.engine::sync).getCause());
        assertEquals(10, rig.get("key"));
        assertTrue(rig.engine.stats().latched());
        assertEquals(0, rig.engine.stats().durableSequence());
        assertThrows(StoreFailedException.class, rig::close, "close does not pretend that the data is durable");
        assertEquals(1, tries.get());
    }

    @Test
    void shouldTakeNoHarmWhenUnusedSpaceCannotBeGivenBack() {
        final AtomicInteger tries = new AtomicInteger();
        try (EngineRig rig = new EngineRig(directory, 4 << 20, true, 1000, 0)) {
            rig.files.before(event -> {
                if (event.startsWith("punch")) {
                    tries.incrementAndGet();
                    throw new StoreIoException("planted");
                }
            });
            rig.put("short", 10);
            rig.put("in a segment of its own", 4 << 20);
            rig.engine.sync();
            rig.put("one more", 10);
            rig.engine.sync();
            assertEquals(3, rig.engine.stats().durableSequence());
            assertEquals(1, tries.get());
        }
    }

    @Test
    void shouldSealFromSyncWhileTheBackgroundTakesMappingsAway() throws Exception {
        try (EngineRig rig = new EngineRig(directory, false, 1, 0)) {
            final AtomicBoolean over = new AtomicBoolean();
            final List<Thread> syncers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                syncers.add(rig.start(() -> {
                    while (!over.get()) {
                        rig.engine.sync();
                    }
                }));
            }
            for (int i = 0; i < 300; i++) {
                rig.put("key-" + i % 40, HALF_SEGMENT);
                assertEquals(HALF_SEGMENT, rig.get("key-" + i % 40));
            }
            over.set(true);
            for (final Thread syncer : syncers) {
                rig.join(syncer);
            }
            assertFalse(rig.engine.stats().latched());
        }
    }
}
