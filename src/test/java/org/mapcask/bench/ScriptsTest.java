package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the scripts make of their arguments, from another directory than the project's; none of them measures here. */
class ScriptsTest {
    private static final Path BENCH = Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("bench");
    private static final String COMMON = "common.sh";

    @TempDir
    Path directory;

    /** What a process wrote, and its status. */
    private record Ended(int status, String out, String err) {
    }

    static List<String> scripts() throws IOException {
        try (Stream<Path> entries = Files.list(BENCH)) {
            return entries.map(path -> path.getFileName().toString())
                .filter(name -> name.endsWith(".sh") && !name.equals(COMMON)).sorted().toList();
        }
    }

    private Ended bash(final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>(List.of("bash"));
        command.addAll(List.of(arguments));
        final Path out = directory.resolve("out");
        final Path err = directory.resolve("err");
        final Process process = new ProcessBuilder(command).directory(directory.toFile())
            .redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        return new Ended(process.waitFor(), Files.readString(out), Files.readString(err));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shouldTellItsUseWhenAskedAndRefuseWhatItDoesNotKnow(final String name) throws Exception {
        final String script = BENCH.resolve(name).toString();
        final Ended help = bash(script, "--help");
        assertEquals(0, help.status(), help.err());
        assertTrue(help.out().startsWith("usage: bench/" + name), help.out());
        assertEquals("", help.err());
        final Ended unknown = bash(script, "--no-such-option");
        assertEquals(2, unknown.status(), unknown.err());
        assertTrue(unknown.err().contains("usage: bench/" + name), unknown.err());
        assertEquals("", unknown.out());
    }

    @Test
    void shouldReadFlagsOptionsAndADirectoryFromWhereTheUserStands() throws Exception {
        final Ended read = options("--json", "--keys", "3 4", "--dir", "da ta", "--seed", "5");
        assertEquals(0, read.status(), read.err());
        final Path home = directory.toRealPath().resolve("da ta");
        assertEquals(List.of("[--json]", "[--keys]", "[3 4]", "[--seed]", "[5]",
            "bench/script.sh --json --keys 3 4 --dir DATA_DIR --seed 5", home.toString(),
            home.resolve("made").toString(), "there"), read.out().lines().toList());
        assertFalse(Files.exists(home.resolve("made")), "the data goes at the end");
    }

    @Test
    void shouldLeaveTheDataWhereItIsWhenAskedTo() throws Exception {
        assertEquals(0, options("--keep", "--dir", "data").status());
        assertTrue(Files.isDirectory(directory.resolve("data/made")));
    }

    @Test
    void shouldRefuseAnOptionWithoutItsValue() throws Exception {
        for (final String option : List.of("--keys", "--dir")) {
            final Ended refused = options("--json", option);
            assertEquals(2, refused.status());
            assertEquals("script.sh: " + option + " needs a value\nusage\n", refused.err());
        }
        assertEquals("script.sh: unknown option '3'\nusage\n", options("3").err());
        assertEquals("script.sh: unknown option '--keys --seed'\nusage\n", options("--keys --seed", "1").err());
    }

    /** Runs a script that shows what it has read. */
    private Ended options(final String... arguments) throws Exception {
        final Path script = directory.resolve("script.sh");
        Files.write(script, List.of("usage() { echo usage; }", ". '" + BENCH.resolve(COMMON) + "'",
            "read_options '--json' '--keys --seed' \"$@\"", "printf '[%s]\\n' ${arguments[@]+\"${arguments[@]}\"}",
            "echo \"$command_line\"", "echo \"$dir\"", "make_data made", "echo \"$data\"",
            "[ -d \"$data\" ] && echo there"), StandardCharsets.UTF_8);
        final String[] all = new String[arguments.length + 1];
        all[0] = script.toString();
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return bash(all);
    }
}
