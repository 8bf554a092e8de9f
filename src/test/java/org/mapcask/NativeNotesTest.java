package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The native notes have their form, stand in the index, and link to what is there. */
class NativeNotesTest {
    private static final Path NOTES =
        Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("native-notes");
    private static final List<String> PARTS = List.of("\\*\\*Question\\.\\*\\*", "\\*\\*Mechanism\\.\\*\\*",
        "\\*\\*(Prediction|Expectation)\\.\\*\\*", "\\*\\*Command\\.\\*\\*", "\\*\\*Results?[.,]", "\\*\\*Verdict[.,]",
        "\\*\\*When to look again\\.\\*\\*");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");
    private static final Pattern TABLE =
        Pattern.compile("(?s)<!-- ([a-z-]+): [^>]+ -->\n(.*?)(?=<!-- )");

    private static List<Path> notes() throws IOException {
        try (Stream<Path> files = Files.list(NOTES)) {
            final List<Path> notes = files.filter(file -> file.getFileName().toString().matches("\\d\\d-.*\\.md"))
                .sorted().toList();
            assertTrue(notes.size() > 10, notes.toString());
            return notes;
        }
    }

    @Test
    void shouldHaveEachPartOfItsFormInOrder() throws IOException {
        for (final Path note : notes()) {
            final String text = Files.readString(note);
            int from = 0;
            for (final String part : PARTS) {
                final Matcher matcher = Pattern.compile(part).matcher(text);
                assertTrue(matcher.find(from), note.getFileName() + " has no " + part + " after the part before it");
                from = matcher.end();
            }
        }
    }

    @Test
    void shouldStandInTheIndex() throws IOException {
        final String index = Files.readString(NOTES.resolve("README.md"));
        for (final Path note : notes()) {
            assertTrue(index.contains("(" + note.getFileName() + ")"), note + " is not in the index");
        }
    }

    @Test
    void shouldLinkOnlyToWhatIsThere() throws IOException {
        final List<String> missing = new ArrayList<>();
        for (final Path note : notes()) {
            final Matcher link = LINK.matcher(Files.readString(note));
            while (link.find()) {
                if (!link.group(1).startsWith("http") && !Files.exists(NOTES.resolve(link.group(1)))) {
                    missing.add(note.getFileName() + ": " + link.group(1));
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void shouldHoldATableOfTheNamedRunBetweenTheMarksOfOne() throws IOException {
        for (final Path note : notes()) {
            final String text = Files.readString(note);
            final Matcher table = TABLE.matcher(text);
            int found = 0;
            while (table.find()) {
                found++;
                assertTrue(table.group(2).contains("\n| ") && Pattern.compile("results/\\d{8}-" + table.group(1))
                    .matcher(table.group(2)).find(), note.getFileName() + ": no table of " + table.group(1));
            }
            assertEquals(text.split("<!-- end -->", -1).length - 1, found, note.toString());
        }
    }
}
