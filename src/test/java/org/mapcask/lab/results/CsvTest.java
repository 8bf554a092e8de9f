package org.mapcask.lab.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written as a table reads back as the same. */
class CsvTest {
    @TempDir
    Path directory;

    @Test
    void shouldReadBackCellsWithCommasAndQuotationMarks() throws IOException {
        final Path file = directory.resolve("a.csv");
        Files.writeString(file, Csv.line("name", "number", "none")
            + Csv.line("put of new keys, 1 thread", 2.5, "") + Csv.line("a \"b\", c", -1L, null));

        assertEquals("name,number,none", Files.readAllLines(file).get(0));
        assertEquals(List.of(Map.of("name", "put of new keys, 1 thread", "number", "2.5", "none", ""),
            Map.of("name", "a \"b\", c", "number", "-1", "none", "null")), Csv.read(file));
    }

    @Test
    void shouldFindNothingInAFileThatIsNotThere() throws IOException {
        assertEquals(List.of(), Csv.read(directory.resolve("none.csv")));
    }
}
