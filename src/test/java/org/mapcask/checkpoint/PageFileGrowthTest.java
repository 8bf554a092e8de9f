package org.mapcask.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.io.StoreFile;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.support.ForwardingFiles;
import org.mapcask.support.MemoryFileOps;

/** The file of pages grows before its slots are used up, so that a writer need not wait for it. */
class PageFileGrowthTest {
    private final MemoryFileOps memory = new MemoryFileOps();
    private boolean full;
    private final ForwardingFiles files = new ForwardingFiles(memory) {
        @Override
        public StoreFile create(final Path path) {
            return new ForwardingFiles.File(super.create(path)) {
                @Override
                public void allocate(final long length) {
                    if (full) {
                        throw new StorageSpaceException(ErrorText.what("full").where(path).todo("look at the test"));
                    }
                    super.allocate(length);
                }
            };
        }
    };

    private static void allocate(final PageFile pages, final int count) {
        for (int i = 0; i < count; i++) {
            pages.allocate();
        }
    }

    @Test
    void shouldGrowWhenFewSlotsAreLeftAndNotBefore() {
        try (PageFile pages = new CheckpointStore(files, Path.of("store")).createPages(StoreIdentity.random())) {
            assertEquals(0, pages.growthWanted());
            allocate(pages, 1);
            assertEquals(0, pages.growthWanted());
            allocate(pages, 13);
            final int wanted = pages.growthWanted();
            assertTrue(wanted > 256, "wanted " + wanted);
            assertTrue(pages.growAhead(wanted));
            pages.grown(wanted);
            assertEquals(0, pages.growthWanted());
            final long length = pages.length();
            allocate(pages, wanted - 14);
            assertEquals(length, pages.length());
            assertTrue(pages.growthWanted() > wanted);
        }
    }

    @Test
    void shouldLeaveALackOfRoomToTheWriter() {
        try (PageFile pages = new CheckpointStore(files, Path.of("store")).createPages(StoreIdentity.random())) {
            allocate(pages, 14);
            full = true;
            final int wanted = pages.growthWanted();
            assertFalse(pages.growAhead(wanted));
            assertEquals(wanted, pages.growthWanted());
            allocate(pages, 2);
        }
    }
}
