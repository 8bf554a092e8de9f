package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.support.OpenMappingsExtension;

/** The files of a backup are those of the store, which uses the files of merged segments again: but not these. */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class BackupRecyclingTest {
    @TempDir
    private Path directory;

    @Test
    void shouldNeverBecomeTheFilesOfNewSegments() throws Exception {
        final Path backup = directory.resolve("backup");
        final int keys = 1000;
        final int recycled = 5;
        final MapcaskOptions options = BackupTest.options().mergeIntervalMs(1).mergeMinSegments(1).build();
        try (Mapcask store = Mapcask.open(directory.resolve("store"), options)) {
            BackupTest.putAll(store, keys, "old");
            store.backup(backup);
            final Map<String, Integer> before = BackupTest.contents(backup);
            for (int round = 0; store.stats().merge().recycled() < recycled; round++) {
                assertTrue(round < 10_000, "files of removed segments are used again");
                BackupTest.putAll(store, keys, "round " + round);
            }
            assertEquals(before, BackupTest.contents(backup));
        }
        BackupTest.check(backup, BackupTest.model(keys, "old"));
    }
}
