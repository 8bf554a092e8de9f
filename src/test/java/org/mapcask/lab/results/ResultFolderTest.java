package org.mapcask.lab.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {
    private static final LocalDate DAY = LocalDate.of(2026, 2, 3);

    @TempDir
    Path root;

    @Test
    void shouldNameTheFolderByDateAndLabelAndNeverTouchAnEarlierOne() throws IOException {
        assertEquals("20260203-quick", name(create("quick").close()));
        assertEquals("20260203-quick-2", name(create("quick").close()));
        assertEquals("20260203-quick-3", name(create("quick").close()));
        assertEquals("20260203-other", name(create("other").close()));
    }

    @Test
    void shouldMarkAFailedRunInItsNameAndKeepItsFiles() throws IOException {
        final ResultFolder folder = create("quick");
        folder.write("summary.json", "{}");
        folder.fail("readrandom missed its rate");

        final Path closed = folder.close();

        assertEquals("20260203-quick.FAIL", name(closed));
        assertEquals("{}", Files.readString(closed.resolve("summary.json")));
        assertTrue(Files.notExists(root.resolve("20260203-quick")));
        assertEquals("20260203-quick-2", name(create("quick").close()), "a failed run keeps its number");
    }

    @Test
    void shouldRefuseALabelThatLeavesTheResults() {
        assertThrows(IllegalArgumentException.class, () -> create("../elsewhere"));
        assertThrows(IllegalArgumentException.class, () -> create(""));
    }

    private ResultFolder create(final String label) throws IOException {
        return ResultFolder.create(root, DAY, label);
    }

    private static String name(final Path path) {
        return path.getFileName().toString();
    }
}
