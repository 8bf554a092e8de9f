package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mapcask.checkpoint.Checkpoint;
import org.mapcask.checkpoint.CheckpointStore;
import org.mapcask.checkpoint.PageFile;
import org.mapcask.errors.MapcaskException;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.keydir.KeyPairs;
import org.mapcask.keydir.Keydir;
import org.mapcask.keydir.KeydirCursor;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.sync.SyncPolicy;

/** The pages of a checkpoint, made ready with a thread beside, and without. */
@Tag("core")
class PagesAheadTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int KEYS = 3000;
    private static final List<Integer> WITH_AND_WITHOUT_A_THREAD = List.of(1, Integer.MAX_VALUE);

    private final MemoryFileOps files = new MemoryFileOps();
    private CheckpointStore store;
    private Checkpoint checkpoint;

    @BeforeEach
    void fill() {
        try (EngineStore filled = EngineStore.openWithoutThreads(new RecoverySettings(files, DIRECTORY,
            new DirectChunkAllocator(), true, false, false, false, 1000, (phase, done, total) -> {
            }, System::currentTimeMillis, true, 1 << 20), 1 << 16, SyncPolicy.NONE, 0)) {
            filled.spread(5);
            for (int i = 0; i < KEYS; i++) {
                filled.put("key" + i, "value" + i);
                filled.housekeep();
            }
        }
        store = new CheckpointStore(files, DIRECTORY);
        checkpoint = store.newest(files.list(DIRECTORY));
        assertTrue(checkpoint.pages() > 4, checkpoint.pages() + " pages");
    }

    @Test
    void shouldMakeTheSameOfThePagesWithAThreadAndWithout() {
        for (final int pagesMin : WITH_AND_WITHOUT_A_THREAD) {
            try (Keydir keydir = new Keydir(new DirectChunkAllocator());
                PagesAhead ahead = new PagesAhead(store, checkpoint, false, keydir, pagesMin);
                PageFile pages = ahead.file()) {
                keydir.attach(pages, 1 << 20, new NoPairs());
                keydir.restore(ahead.table(), checkpoint.keys());
                assertEquals(KEYS, keydir.size());
                assertEquals(checkpoint.pages(), keydir.pages());
                final KeydirCursor cursor = keydir.cursor();
                int found = 0;
                while (cursor.nextPage()) {
                    found += cursor.count();
                }
                assertEquals(KEYS, found);
            }
            assertEquals(0, files.openFiles());
        }
    }

    @Test
    void shouldLeaveNothingOpenWhenTheCheckpointDoesNotFit() {
        for (final int pagesMin : WITH_AND_WITHOUT_A_THREAD) {
            for (int spins = 0; spins < 2000; spins += 10) {
                try (Keydir keydir = new Keydir(new DirectChunkAllocator())) {
                    final PagesAhead ahead = new PagesAhead(store, checkpoint, false, keydir, pagesMin);
                    for (int i = 0; i < spins; i++) {
                        Thread.onSpinWait();
                    }
                    ahead.close();
                    assertEquals(0, files.openFiles(), "closed after " + spins + " looks");
                    assertEquals(1, keydir.pages());
                }
            }
        }
    }

    @Test
    void shouldThrowWhatOpeningThePagesThrewWhenTheyAreAskedFor() {
        files.delete(DIRECTORY.resolve(files.list(DIRECTORY).stream().filter(name -> name.endsWith(".pages"))
            .findFirst().orElseThrow()));
        for (final int pagesMin : WITH_AND_WITHOUT_A_THREAD) {
            try (Keydir keydir = new Keydir(new DirectChunkAllocator());
                PagesAhead ahead = new PagesAhead(store, checkpoint, false, keydir, pagesMin)) {
                assertThrows(MapcaskException.class, ahead::file);
            }
            assertEquals(0, files.openFiles());
        }
    }

    /** Nothing waits for pages of a checkpoint that was made at a close. */
    private static final class NoPairs implements KeyPairs {
        @Override
        public boolean sameKey(final long position, final long otherPosition) {
            throw new AssertionError("no key has to be compared");
        }

        @Override
        public void touch(final long[] positions, final int count) {
            throw new AssertionError("no record is looked at");
        }

        @Override
        public void onReplaced(final long position) {
            throw new AssertionError("no record is replaced");
        }
    }
}
