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

    @Test
    void shouldSyncSegmentsInTheOrderOfTheLogAndHeadersAfterRecords() {
        try (EngineRig rig = new EngineRig(directory, true, 1000, 0)) {
            for (int i = 0; i < 5; i++) {
                rig.put("key-" + i, HALF_SEGMENT);
            }
            rig.engine.sync();
            assertEquals(5, rig.engine.stats().lastSequence());
            assertEquals(5, rig.engine.stats().durableSequence());
            final List<String> syncs = rig.files.events.stream().filter(event -> event.contains("sync"))
                .collect(Collectors.toList());
            final List<String> expected = new ArrayList<>();
            rig.engine.segments().stream().sorted(Comparator.comparingLong(Segment::firstSequence))
                .mapToInt(rig.files::numberOf).forEach(number -> {
                    expected.add("sync " + number);
                    expected.add("msync " + number);
                });
            expected.remove(expected.size() - 2); // only the rolled ones are sealed
            assertEquals(expected, syncs);
            assertEquals(9, syncs.size(), "four rolled segments, and the active one");
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
            rig.files.before(event -> {
                if (event.startsWith("sync") && written.get() < 500 && writing.compareAndSet(false, true)) {
                    rig.put("more-" + written.incrementAndGet(), 2 * EngineRig.SEGMENT_LENGTH);
                    rig.put("more-" + written.incrementAndGet(), HALF_SEGMENT);
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
