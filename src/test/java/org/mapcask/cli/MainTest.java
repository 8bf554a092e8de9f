package org.mapcask.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Batch;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;

/** The commands on a store, and the exit statuses, end to end. */
class MainTest {
    @TempDir
    private Path temp;

    private Path store() {
        return temp.resolve("store");
    }

    @Test
    void shouldPutGetAndDelete() {
        Cli.run("put", store(), "hello", "wörld").ends(0);
        final Cli get = Cli.run("get", store(), "hello").ends(0);
        assertEquals("wörld", get.out());
        assertEquals("", get.err());
        Cli.run("delete", store(), "hello").ends(0);
        assertEquals("", Cli.run("get", store(), "hello").ends(1).out());
        Cli.run("delete", store(), "hello").ends(1);
    }

    @Test
    void shouldTellAsJsonWhatPutGetAndDeleteDid() {
        assertEquals(Map.of("key", "a \"b\"", "valueLength", 6.0),
            JsonCheck.object(Cli.run("put", store(), "a \"b\"", "wörld", "--json").ends(0).out()));
        assertEquals(Map.of("key", "a \"b\"", "found", true, "value", "wörld"),
            JsonCheck.object(Cli.run("get", store(), "a \"b\"", "--json").ends(0).out()));
        Cli.runWith(new byte[] {'v', 0, (byte) 0xff}, "put", store(), "bytes", "-", "--ttl", "1d").ends(0);
        final Map<String, Object> bytes = JsonCheck.object(Cli.run("get", store(), "bytes", "--json").ends(0).out());
        assertEquals("dgD/", bytes.get("valueBase64"));
        assertTrue((Double) bytes.get("expiresAtMs") > System.currentTimeMillis(), bytes::toString);
        assertEquals(Map.of("key", "none", "found", false),
            JsonCheck.object(Cli.run("get", store(), "none", "--json").ends(1).out()));
        assertEquals(Map.of("key", "bytes", "deleted", true),
            JsonCheck.object(Cli.run("delete", store(), "bytes", "--json").ends(0).out()));
        assertEquals(Map.of("key", "bytes", "deleted", false),
            JsonCheck.object(Cli.run("delete", store(), "bytes", "--json").ends(1).out()));
        Cli.run("get", store(), "a \"b\"", "--json", "--out", temp.resolve("file")).ends(2);
        assertFalse(Files.exists(temp.resolve("file")));
    }

    @Test
    void shouldCarryAnyBytesFromStandardInputToStandardOutputAndToAFile() throws IOException {
        final long seed = 7;
        final byte[] value = new byte[300_000];
        new Random(seed).nextBytes(value);
        Cli.runWith(value, "put", store(), "key", "-").ends(0);
        assertArrayEquals(value, Cli.run("get", store(), "key").ends(0).bytes());
        assertArrayEquals(new byte[0], Cli.run("get", store(), "key", "--out", temp.resolve("out")).ends(0).bytes());
        assertArrayEquals(value, Files.readAllBytes(temp.resolve("out")));
        Cli.runWith(new byte[0], "put", store(), "key", "-").ends(0);
        assertArrayEquals(new byte[0], Cli.run("get", store(), "key").ends(0).bytes());
    }

    @Test
    void shouldTakeKeysAndValuesThatLookLikeOptionsOrFiles() throws IOException {
        Files.writeString(temp.resolve("file"), "a b c");
        final String at = "@" + temp.resolve("file");
        Cli.run("put", store(), at, at).ends(0);
        assertEquals(at, Cli.run("get", store(), at).ends(0).out());
        Cli.run("put", store(), "minus", "--", "-5").ends(0);
        assertEquals("-5", Cli.run("get", store(), "minus").ends(0).out());
    }

    @Test
    void shouldScanByPrefixAndLimitAndEscapeWhatIsNoText() {
        Cli.run("put", store(), "a1", "x\ty\\z\n").ends(0);
        Cli.run("put", store(), "a2", "ü").ends(0);
        Cli.runWith(new byte[] {'v', 0, (byte) 0xff}, "put", store(), "b", "-").ends(0);
        assertEquals("a1\tx\\ty\\\\z\\n", Cli.run("scan", store(), "--prefix", "a1").ends(0).out().strip());
        assertEquals("b\tv\\x00\\xff\n", Cli.run("scan", store(), "--prefix", "b").ends(0).out());
        assertEquals(3, Cli.run("scan", store()).ends(0).out().lines().count());
        assertEquals(2, Cli.run("scan", store(), "--limit", "2").ends(0).out().lines().count());
        assertEquals("", Cli.run("scan", store(), "--limit", "0").ends(0).out());
        assertEquals("", Cli.run("scan", store(), "--prefix", "a12").ends(0).out());
        assertEquals("a2\n", Cli.run("scan", store(), "--keys", "--prefix", "a2").ends(0).out());
        final Map<String, Object> shown = new TreeMap<>();
        Cli.run("scan", store(), "--json").ends(0).out().lines().map(JsonCheck::object).forEach(record ->
            shown.put((String) record.get("key"), record.getOrDefault("value", record.get("valueBase64"))));
        assertEquals(Map.of("a1", "x\ty\\z\n", "a2", "ü", "b", "dgD/"), shown);
    }

    @Test
    void shouldPutWithATimeToLiveAndShowWhenItEnds() {
        final long before = System.currentTimeMillis();
        Cli.run("put", store(), "lives", "value", "--ttl", "10d").ends(0);
        final long after = System.currentTimeMillis();
        Cli.run("put", store(), "--ttl", "36500d", "for long", "value").ends(0);
        Cli.run("put", store(), "stays", "value").ends(0);
        try (Mapcask mapcask = Mapcask.open(store())) {
            final Batch batch = new Batch();
            batch.put("gone", "value", 1);
            mapcask.write(batch);
        }
        assertEquals("value", Cli.run("get", store(), "lives").ends(0).out());
        assertEquals("", Cli.run("get", store(), "gone").ends(1).out());
        final Map<Object, Object> shown = new TreeMap<>();
        Cli.run("scan", store(), "--json").ends(0).out().lines().map(JsonCheck::object).forEach(record ->
            shown.put(record.get("key"), record.getOrDefault("expiresAtMs", "never")));
        assertEquals(Set.of("lives", "for long", "stays"), shown.keySet());
        assertEquals("never", shown.get("stays"));
        final double expiresAtMs = (Double) shown.get("lives");
        assertTrue(expiresAtMs >= before + 864_000_000L && expiresAtMs <= after + 864_000_000L, shown::toString);
        Cli.run("delete", store(), "gone").ends(1);
        for (final String wrong : new String[] {"0s", "10", "-1s", "1.5h", "m", "10 m", "1w", "",
            "9223372036854775807d", "99999999999999999999s"}) {
            final String err = Cli.run("put", store(), "k", "v", "--ttl=" + wrong).ends(2).err();
            assertTrue(err.contains("ttl"), err);
        }
        Cli.run("get", store(), "k").ends(1);
    }

    @Test
    void shouldShowFiguresAndVerifyASoundStore() {
        putSmall("a", "1");
        putSmall("b", "2");
        final Map<String, Object> stat = JsonCheck.object(Cli.run("stat", store(), "--json").ends(0).out());
        assertEquals(2.0, stat.get("keys"));
        assertTrue(stat.get("recovery") instanceof Map, stat::toString);
        assertTrue(stat.get("durability") instanceof Map, stat::toString);
        assertEquals("read only", ((Map<?, ?>)stat.get("durability")).get("policy"));
        final String figures = Cli.run("stat", store()).ends(0).out();
        assertTrue(figures.contains("\nkeys                 2\n"), figures);
        final double keydirBytes = (Double)stat.get("keydirBytes");
        assertTrue(keydirBytes >= 65_536 && keydirBytes < 80_000, stat::toString);
        assertTrue(figures.contains("\nbytesPerKey          " + keydirBytes / 2 + "\n"), figures);
        final Map<String, Object> verify = JsonCheck.object(Cli.run("verify", store(), "--json").ends(0).out());
        assertEquals(true, verify.get("sound"));
        assertEquals(2.0, verify.get("keys"));
        assertTrue(Cli.run("verify", store()).ends(0).out().startsWith("sound"));
        assertTrue(Cli.run("verify", store(), "--progress").ends(0).err().contains("\r"));
    }

    @Test
    void shouldChangeNoFileByReading() throws IOException {
        putSmall("a", "1");
        final Map<String, String> before = files();
        Cli.run("get", store(), "a").ends(0);
        Cli.run("scan", store()).ends(0);
        Cli.run("stat", store()).ends(0);
        Cli.run("verify", store()).ends(0);
        assertEquals(before, files());
    }

    @Test
    void shouldMakeNoStoreByReading() throws IOException {
        for (final String command : new String[] {"get", "scan", "stat", "verify", "delete"}) {
            final boolean withKey = "get".equals(command) || "delete".equals(command);
            final Cli missing = withKey ? Cli.run(command, store(), "k") : Cli.run(command, store());
            final String err = missing.ends(4).err();
            assertTrue(err.startsWith("mapcask: there is no store; where: " + store()), err);
            assertEquals(1, err.lines().count(), err);
            assertFalse(Files.exists(store()), command);
        }
        Files.createDirectory(store());
        Cli.run("stat", store()).ends(4);
        try (Stream<Path> entries = Files.list(store())) {
            assertEquals(0, entries.count());
        }
        Files.writeString(temp.resolve("file"), "no directory");
        Cli.run("stat", temp.resolve("file")).ends(4);
    }

    @Test
    void shouldEndWithThreeAndNamePlaceWhenAByteIsDamaged() throws IOException {
        final String value = "a value that is easy to find in a file";
        putSmall("first", value);
        putSmall("second", "2");
        final Path damaged = flip(value);
        final Cli text = Cli.run("verify", store()).ends(3);
        assertTrue(text.out().contains(damaged.getFileName() + " at offset "), text.out());
        final Map<String, Object> json = JsonCheck.object(Cli.run("verify", store(), "--json").ends(3).out());
        assertEquals(false, json.get("sound"));
        final Cli get = Cli.run("get", store(), "first").ends(3);
        assertEquals("", get.out());
        assertTrue(get.err().contains(damaged.getFileName().toString()), get.err());
    }

    @Test
    void shouldRecoverWhatIsSoundAndTellByTheStatusWhetherThatIsAll() throws IOException {
        final String value = "a value that is easy to find in a file";
        putSmall("first", value);
        putSmall("second", "2");
        final Map<String, Object> sound =
            JsonCheck.object(Cli.run("recover", store(), temp.resolve("whole"), "--json").ends(0).out());
        assertEquals(true, sound.get("sound"));
        assertEquals(2.0, sound.get("keys"));
        final Path damaged = flip(value);
        final Map<String, Object> rest =
            JsonCheck.object(Cli.run("recover", store(), temp.resolve("rest"), "--json").ends(3).out());
        assertEquals(false, rest.get("sound"));
        assertEquals(1.0, rest.get("keys"));
        assertEquals("second\t2\n", Cli.run("scan", temp.resolve("rest")).ends(0).out());
        final Cli text = Cli.run("recover", store(), temp.resolve("text"), "--progress").ends(3);
        assertTrue(text.out().contains(damaged.getFileName() + " at offset "), text.out());
        assertTrue(text.err().contains("copying keys"), text.err());
        final String full = Cli.run("recover", store(), temp.resolve("rest")).ends(4).err();
        assertEquals(1, full.lines().count(), full);
        Cli.run("recover", temp.resolve("none"), temp.resolve("new")).ends(4);
        assertFalse(Files.exists(temp.resolve("new")));
        Cli.run("recover", store(), store().resolve("inside")).ends(2);
        Cli.run("recover", store()).ends(2);
        assertTrue(Cli.run("get", store(), "first").ends(3).err().contains("recover DIR DEST"));
    }

    @Test
    void shouldBackUpAStoreThatNobodyHasOpen() throws IOException {
        putSmall("first", "1");
        putSmall("second", "2");
        final Path backup = temp.resolve("backup");
        final Map<String, Object> json =
            JsonCheck.object(Cli.run("backup", store(), backup, "--json").ends(0).out());
        assertEquals(2.0, json.get("keys"));
        assertEquals(2.0, json.get("sequence"));
        putSmall("second", "3");
        assertEquals("2", Cli.run("get", backup, "second").ends(0).out().strip());
        Cli.run("verify", backup).ends(0);
        final Cli text = Cli.run("backup", store(), temp.resolve("text"), "--progress").ends(0);
        assertTrue(text.out().startsWith("backup of 2 keys, up to sequence 3, to "), text.out());
        assertTrue(text.err().contains("backing up: "), text.err());
        final String full = Cli.run("backup", store(), backup).ends(4).err();
        assertEquals(1, full.lines().count(), full);
        assertTrue(full.contains("the place of the backup is not empty"), full);
        Cli.run("backup", temp.resolve("none"), temp.resolve("new")).ends(4);
        assertFalse(Files.exists(temp.resolve("new")));
        Cli.run("backup", store(), store().resolve("inside")).ends(2);
        Cli.run("backup", store()).ends(2);
        try (Mapcask open = Mapcask.open(store())) {
            assertEquals(2, open.size());
            final String locked = Cli.run("backup", store(), temp.resolve("new")).ends(4).err();
            assertTrue(locked.contains("lock") || locked.contains("open"), locked);
            assertFalse(Files.exists(temp.resolve("new")));
        }
    }

    @Test
    void shouldEndWithTwoOnWrongUsage() {
        final Object[][] wrong = {
            {}, {"bogus"}, {"put"}, {"put", store(), "k"}, {"put", store(), "k", "v", "--bogus"},
            {"put", store(), "", "v"},
            {"scan", store(), "--limit", "-1"}, {"scan", store(), "--limit", "x"}, {"dict"}, {"dict", "bogus"},
            {"put", store(), "k", "v", "--option", "segmentLength=1"},
            {"put", store(), "k", "v", "--option", "bogus=1"},
            {"put", store(), "k", "v", "--option", "noEqualsSign"}};
        for (final Object[] args : wrong) {
            final Cli run = Cli.run(args).ends(2);
            assertTrue(run.err().startsWith("mapcask: "), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
            assertEquals("", run.out());
        }
    }

    @Test
    void shouldEndWithFourAndOneLineOnStoreErrorsAndTraceThemOnDemand() throws IOException {
        Files.writeString(temp.resolve("file"), "no directory");
        final Cli run = Cli.run("put", temp.resolve("file"), "k", "v").ends(4);
        assertEquals(1, run.err().lines().count(), run.err());
        final Cli traced = Cli.run("put", temp.resolve("file"), "k", "v", "--debug").ends(4);
        assertTrue(traced.err().contains("\tat org.mapcask"), traced.err());
        Cli.run("put", store(), "k", "v").ends(0);
        Cli.run("get", store(), "k", "--out", temp.resolve("no/such/file")).ends(4);
        Cli.run("get", store(), "k", "--options", temp.resolve("none")).ends(4);
        try (Mapcask holder = Mapcask.open(store())) {
            assertEquals("v", holder.get("k"));
            Cli.run("put", store(), "k", "w").ends(4);
        }
    }

    @Test
    void shouldEndWithFourWhenStandardOutputIsBroken() {
        Cli.run("put", store(), "k", "v").ends(0);
        final String full = errorOfGetInto("No space left on device");
        assertTrue(full.contains("standard output") && full.contains("No space left on device"), full);
        assertEquals("", errorOfGetInto("Broken pipe"), "a reader that has enough needs no words");
    }

    private String errorOfGetInto(final String failure) {
        final OutputStream broken = new OutputStream() {
            @Override
            public void write(final int b) throws IOException {
                throw new IOException(failure);
            }
        };
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final String[] args = {"get", store().toString(), "k"};
        assertEquals(4, Main.run(args, new ByteArrayInputStream(new byte[0]), broken, err));
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldTakeStoreOptionsFromFileAndArgumentsAndLeaveTheProcessAsItWas() throws IOException {
        final Path options = Files.writeString(temp.resolve("options"), "segmentLength=128k\nreadOnly=true\n");
        Cli.run("put", store(), "k", "v", "--options", options, "--option", "readOnly=false").ends(0);
        assertEquals("v", Cli.run("get", store(), "k", "--option", "createIfMissing=true").ends(0).out());
        Cli.run("put", store(), "k", "w", "--option", "readOnly=true", "--option", "createIfMissing=false").ends(4);
        assertEquals(null, System.getProperty("mapcask.readOnly"));
        try (Stream<Path> entries = Files.list(store())) {
            assertTrue(entries.allMatch(file -> file.toFile().length() <= 128 << 10), "segments of 128 KiB");
        }
    }

    @Test
    void shouldHelpEverywhereOnStandardOutput() {
        final String[] commands = {"", "put", "get", "delete", "scan", "stat", "verify", "recover", "compact", "backup",
            "dict", "dict import", "dict lookup", "dict update", "dict random", "dict license", "doctor", "probe",
            "explain", "bench", "report", "sweep", "recommend"};
        for (final String command : commands) {
            final Cli help = Cli.run((Object[]) (command + " --help").strip().split(" ")).ends(0);
            assertTrue(help.out().startsWith("Usage: " + ("mapcask " + command).strip()), help.out());
            assertTrue(help.out().contains("Exit status:"), help.out());
            assertTrue(help.out().lines().allMatch(line -> line.length() <= 80), help.out());
            assertEquals("", help.err());
        }
        final String options = Cli.run("--help").out();
        assertTrue(options.contains("\nsegmentLength        64MiB    (8KiB to 1GiB,"), options);
        assertTrue(options.contains("\n" + " ".repeat(32) + "that is read, on the bytes"), options);
        assertTrue(options.lines().allMatch(line -> line.length() <= 80), options);
        assertTrue(Cli.run("--version").ends(0).out().startsWith("mapcask "));
    }

    /** Puts into a store with short segments, which are quick to read as a whole. */
    private void putSmall(final String key, final String value) {
        Cli.run("put", store(), key, value, "--option", "segmentLength=128k").ends(0);
    }

    private Map<String, String> files() throws IOException {
        final Map<String, String> files = new TreeMap<>();
        try (Stream<Path> entries = Files.list(store())) {
            for (final Path file : (Iterable<Path>) entries::iterator) {
                final String name = file.getFileName().toString();
                final Object changed = name.endsWith(".lock") ? "held meanwhile" : Files.getLastModifiedTime(file);
                files.put(name, changed + " " + Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    /** Changes one byte of the text in the file that holds it. */
    private Path flip(final String text) throws IOException {
        final byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> entries = Files.list(store())) {
            for (final Path file : (Iterable<Path>) entries::iterator) {
                final byte[] bytes = Files.readAllBytes(file);
                final int found = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
                if (found >= 0) {
                    bytes[found + wanted.length / 2] ^= 1;
                    Files.write(file, bytes);
                    return file;
                }
            }
        }
        throw new AssertionError("no file holds: " + text);
    }

    @Test
    void shouldExamineTheHostAndMakeNothing() throws IOException {
        final Cli text = Cli.run("doctor", temp);
        final Cli json = Cli.run("doctor", temp, "--json");
        final boolean passed = json.out().contains("\"passed\":true");
        text.ends(passed ? 0 : 1);
        json.ends(passed ? 0 : 1);
        assertTrue(text.out().contains("file system") && text.out().contains(" checks: "), text.out());
        JsonCheck.object(json.out());
        assertTrue(Cli.run("doctor", temp, "--all").out().lines().count() > text.out().lines().count());
        try (Stream<Path> entries = Files.list(temp)) {
            assertEquals(0, entries.count());
        }
    }

    @Test
    void shouldRefuseToProbeWhatIsNoDirectoryOrForTooLong() throws IOException {
        final Path file = Files.writeString(temp.resolve("file"), "x");
        assertTrue(Cli.run("probe", temp.resolve("missing")).ends(2).err().contains("found: nothing"));
        assertTrue(Cli.run("probe", file).ends(2).err().contains("found: a file"));
        assertTrue(Cli.run("probe", temp, "--seconds", "61").ends(2).err().contains("0.01 to 60"));
        assertTrue(Cli.run("probe", temp, "--seconds", "NaN").ends(2).err().contains("0.01 to 60"));
        Cli.run("probe").ends(2);
        try (Stream<Path> entries = Files.list(temp)) {
            assertEquals(1, entries.count());
        }
    }

    @Test
    void shouldExplainOneOptionOrListAll() {
        final Cli list = Cli.run("explain").ends(0);
        assertEquals(MapcaskOptions.descriptions().size() + 3, list.out().lines().count(),
            "native, gc and heap, too");
        final Cli one = Cli.run("explain", "syncmethod").ends(0);
        assertTrue(one.out().startsWith("syncMethod = msync"), one.out());
        assertTrue(one.out().contains("native-notes/05-durable-writes.md"), one.out());
        assertTrue(one.out().contains("results/20261123-durable"), one.out());
        assertTrue(one.out().contains("in the source tree, not in the jar"), one.out());
        for (final String ofJvm : new String[] {"native", "gc", "heap"}) {
            assertTrue(Cli.run("explain", ofJvm).ends(0).out().startsWith(ofJvm + " = "), ofJvm);
        }
        assertEquals("syncMethod", JsonCheck.object(Cli.run("explain", "syncMethod", "--json").out()).get("name"));
        final Cli wrong = Cli.run("explain", "merge").ends(2);
        assertTrue(wrong.err().contains("mergeRate"), wrong.err());
        assertEquals("", wrong.out());
    }
}
