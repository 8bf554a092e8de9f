package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mapcask.checkpoint.CheckpointStore;
import org.mapcask.checkpoint.PageFile;
import org.mapcask.errors.StoreIoException;
import org.mapcask.io.StoreFile;
import org.mapcask.keydir.FewFrames;
import org.mapcask.nativeaccess.Uninterruptible;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.support.EngineStore;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/**
 * The sync of the name of a checkpoint that a killed process may have made: it goes on beside the replay, but nothing
 * is written before it has ended.
 */
@Tag("core")
@Timeout(60)
class SyncBesideTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int SEGMENT_LENGTH = 1 << 15;
    /** So few that a page has to go for most keys. */
    private static final int FRAMES = 8;
    private static final long KEYDIR_MEMORY = 16 << 10;
    private static final int KEYS = 200;
    private static final int SYNC_MS = 100;
    private static final String SYNC_BEGINS = "sync begins";
    private static final String SYNC_ENDS = "sync ends";

    private final MemoryFileOps memory = new MemoryFileOps();
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean failing;
    private volatile String syncingThread;
    private final ForwardingFiles files = new ForwardingFiles(memory) {
        @Override
        public StoreFile open(final Path path, final boolean writable) {
            return new File(super.open(path, writable)) {
                @Override
                public void write(final long fileOffset, final ByteBuffer directBuffer) {
                    events.add("write " + path.getFileName());
                    super.write(fileOffset, directBuffer);
                }
            };
        }

        @Override
        public void delete(final Path path) {
            events.add("delete " + path.getFileName());
            super.delete(path);
        }

        @Override
        public void syncDirectory(final Path directory) {
            if (syncingThread != null) {
                super.syncDirectory(directory);
                return;
            }
            syncingThread = Thread.currentThread().getName();
            events.add(SYNC_BEGINS);
            Uninterruptible.await(() -> Thread.sleep(SYNC_MS));
            events.add(SYNC_ENDS);
            if (failing) {
                throw new StoreIoException("no sync of the directory");
            }
            super.syncDirectory(directory);
        }
    };

    private EngineStore open(final ForwardingFiles on) {
        return EngineStore.openWithoutThreads(new RecoverySettings(on, DIRECTORY, new FewFrames(FRAMES), true,
            false, false, false, 1000, (phase, done, total) -> {
            }, System::currentTimeMillis, true, KEYDIR_MEMORY), SEGMENT_LENGTH, SyncPolicy.NONE, 0);
    }

    /** Makes a store with a checkpoint of so many pages, and writes behind it, and is killed. */
    private void fillAndBeKilled(final int pages) {
        final EngineStore store = open(new ForwardingFiles(memory));
        store.spread(pages);
        store.put("first", "v".repeat(FRAMES << 10));
        store.housekeep();
        for (int i = 0; i < KEYS; i++) {
            store.put("key" + i, "value" + i);
        }
        memory.put("0000000000000fff.seg.tmp", new byte[10]);
        store.abandon();
    }

    private void openAndCompare() {
        final EngineStore store = open(files);
        assertTrue(store.report().checkpoint() >= 0, store.report().toString());
        assertEquals(List.of(SYNC_BEGINS, SYNC_ENDS), events.subList(0, 2), "before anything was written");
        assertTrue(events.size() > 4, events.toString());
        for (int i = 0; i < KEYS; i++) {
            assertEquals("value" + i, store.get("key" + i));
        }
        store.abandon();
    }

    private void openAndBeRefused() {
        failing = true;
        assertEquals("no sync of the directory",
            assertThrows(StoreIoException.class, () -> open(files)).getMessage());
        assertEquals(List.of(SYNC_BEGINS, SYNC_ENDS), events, "nothing was written");
        failing = false;
        events.clear();
        syncingThread = null;
    }

    @Test
    void shouldSyncBesideTheReplayOfALargeStoreAndWriteNothingBeforeItSucceeded() {
        fillAndBeKilled(CheckpointStart.BESIDE_PAGES_MIN);
        openAndBeRefused();
        openAndCompare();
        assertEquals("mapcask-recovery", syncingThread);
        assertTrue(events.contains("write 0000000000000001.pages"), events.toString());
    }

    @Test
    void shouldSyncBeforeTheReplayOfASmallStore() {
        fillAndBeKilled(10);
        openAndBeRefused();
        openAndCompare();
        assertEquals(Thread.currentThread().getName(), syncingThread);
    }

    @Test
    void shouldDealOutNoSlotBeforeTheSyncHasEnded() throws InterruptedException {
        final CountDownLatch mayEnd = new CountDownLatch(1);
        try (PageFile pages = new CheckpointStore(memory, DIRECTORY).createPages(StoreIdentity.random());
            SyncBeside sync = new SyncBeside(() -> Uninterruptible.await(mayEnd::await), true)) {
            pages.awaitBeforeWriting(sync::await);
            final Thread writer = new Thread(() -> events.add("slot " + pages.allocate()));
            writer.start();
            Thread.sleep(50);
            assertEquals(List.of(), events);
            assertEquals(List.of(), memory.list(DIRECTORY));
            mayEnd.countDown();
            Uninterruptible.join(writer);
            assertEquals(List.of("slot 0"), events);
            assertEquals(1, pages.allocate());
        }
    }

    @Test
    void shouldDealOutNoSlotAtAllWhenTheSyncFailed() {
        final StoreIoException failure = new StoreIoException("no sync of the directory");
        try (PageFile pages = new CheckpointStore(memory, DIRECTORY).createPages(StoreIdentity.random());
            SyncBeside sync = new SyncBeside(() -> {
                throw failure;
            }, true)) {
            pages.awaitBeforeWriting(sync::await);
            for (int i = 0; i < 3; i++) {
                assertSame(failure, assertThrows(StoreIoException.class, pages::allocate));
                assertSame(failure, assertThrows(StoreIoException.class, sync::await));
            }
            assertEquals(List.of(), memory.list(DIRECTORY));
        }
    }

    @Test
    void shouldThrowAtOnceWithoutAThread() {
        final Error failure = new AssertionError("killed");
        assertSame(failure, assertThrows(Error.class, () -> new SyncBeside(() -> {
            throw failure;
        }, false)));
    }

    @Test
    void shouldKeepAnInterruptOfTheWaitingThread() {
        try (SyncBeside sync = new SyncBeside(() -> Uninterruptible.await(() -> Thread.sleep(20)), true)) {
            Thread.currentThread().interrupt();
            sync.await();
            assertTrue(Thread.interrupted());
        }
    }
}
