package org.mapcask.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.Mapcask;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.recovery.ProgressListener;
import org.mapcask.support.ChildJvm;
import org.mapcask.support.OpenMappingsExtension;

/**
 * The story: a process is ended with SIGKILL in the middle of a backup. The store is sound and has everything; the
 * part of the backup says what it is; and a second backup comes out whole.
 */
@ExtendWith(OpenMappingsExtension.class)
class KillInBackupTest {
    private static final int KILLED = 128 + 9;
    private static final ProgressListener SILENT = (phase, done, total) -> {
    };

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldLeaveTheStoreSoundAndNoBackupThatLooksWhole(final int report) throws Exception {
        final Path home = directory.resolve("store");
        final Path part = directory.resolve("part");
        try (ChildJvm child =
            ChildJvm.start(BackupMain.class, home.toString(), part.toString(), Integer.toString(report))) {
            assertEquals("middle", child.nextLine());
            assertEquals(KILLED, child.kill());
        }
        final String text = assertThrows(ForeignFileException.class, () -> Mapcask.open(part).close()).getMessage();
        assertTrue(text.contains("the backup in this directory was not finished"), text);
        final Path whole = directory.resolve("whole");
        try (Mapcask store = Mapcask.open(home, BackupMain.options())) {
            check(store);
            assertEquals(BackupMain.KEYS, store.backup(whole).sequence());
        }
        for (final Path each : new Path[] {home, whole}) {
            assertTrue(Mapcask.verify(each, SILENT).sound());
            try (Mapcask store = Mapcask.open(each, BackupMain.options())) {
                assertTrue(store.recoveryReport().clean());
                check(store);
            }
        }
    }

    private static void check(final Mapcask store) {
        assertEquals(BackupMain.KEYS, store.size());
        for (int i = 0; i < BackupMain.KEYS; i++) {
            assertEquals(BackupMain.value(i), store.get("key-" + i));
        }
    }
}
