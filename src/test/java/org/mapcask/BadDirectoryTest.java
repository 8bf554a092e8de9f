package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.FormatVersionException;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.errors.StoreLockedException;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.io.TmpfsMount;
import org.mapcask.support.ChildJvm;
import org.mapcask.support.OpenMappingsExtension;

/**
 * Directories that are no store, not only a store, or somebody else's: each is a particular exception that says what,
 * where, what was found and what to do, and nothing in the directory is changed.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class BadDirectoryTest {
    private static final MapcaskOptions SMALL = MapcaskOptions.builder().segmentLength(8 << 10).build();
    private static final MapcaskOptions READ_ONLY = MapcaskOptions.builder().readOnly(true).build();

    @TempDir
    Path directory;

    private static void fails(
        final Class<? extends MapcaskException> type, final Executable call, final Object... parts) {
        final String text = assertThrowsExactly(type, call).getMessage();
        for (final Object part : parts) {
            assertTrue(text.contains(part.toString()), () -> "'" + part + "' is not in: " + text);
        }
        for (final String label : List.of("; where: ", "; expected: ", "; found: ", "; what to do: ")) {
            assertTrue(text.contains(label), text);
        }
    }

    /** A store with some segments. */
    private Path store(final String name) {
        final Path home = directory.resolve(name);
        try (Mapcask store = Mapcask.open(home, SMALL)) {
            for (int i = 0; i < 12; i++) {
                store.put("key " + i, "v".repeat(1_000));
            }
        }
        return home;
    }

    private static List<Path> segments(final Path home) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            return entries.filter(path -> path.toString().endsWith(".seg")).sorted().toList();
        }
    }

    private static void assertWhole(final Path home) {
        try (Mapcask store = Mapcask.open(home, SMALL)) {
            assertTrue(store.recoveryReport().clean());
            assertEquals(12, store.size());
            assertEquals(1_000, store.valueLength("key 7"));
        }
    }

    @Test
    void shouldRefuseAFileInPlaceOfADirectory() throws Exception {
        final Path file = Files.writeString(directory.resolve("file"), "some text");
        fails(ForeignFileException.class, () -> Mapcask.open(file), "not a directory", file, "found: a file");
        fails(StoreIoException.class, () -> Mapcask.open(file.resolve("below")), "ENOTDIR", file);
        assertEquals("some text", Files.readString(file));
    }

    @Test
    void shouldRefuseToReadAStoreThatIsNotThere() throws Exception {
        final Path nowhere = directory.resolve("nowhere");
        final MapcaskOptions existing = MapcaskOptions.builder().createIfMissing(false).build();
        fails(StoreIoException.class, () -> Mapcask.open(nowhere, existing), "no store", nowhere, "no such directory");
        fails(StoreIoException.class, () -> Mapcask.open(nowhere, READ_ONLY), "no store", nowhere);
        fails(StoreIoException.class, () -> Mapcask.verify(nowhere, (phase, done, total) -> {
        }), "no store", nowhere);
        assertTrue(Files.notExists(nowhere));

        Files.createDirectory(nowhere);
        fails(StoreIoException.class, () -> Mapcask.open(nowhere, existing), "no store", "found: none in it");
        fails(StoreIoException.class, () -> Mapcask.open(nowhere, READ_ONLY), "no store", "found: none in it");
        assertEquals(0, segments(nowhere).size());
    }

    @Test
    void shouldRefuseAFileSystemThatCannotBeWritten() throws Exception {
        try (TmpfsMount mount = TmpfsMount.mount(directory, 8 << 20)) {
            final Path home = store("store");
            mount.makeReadOnly();
            fails(StoreIoException.class, () -> Mapcask.open(home), "EROFS", home, "open the store read-only");
            fails(StoreIoException.class, () -> Mapcask.open(directory.resolve("new")), "EROFS", "new");
            try (Mapcask store = Mapcask.open(home, READ_ONLY)) {
                assertEquals(12, store.size());
            }
        }
    }

    /** Root may write anywhere, so a child of root gives that up; it is still the owner of all that it has to read. */
    @Test
    void shouldRefuseADirectoryThatThisUserMustNotWrite() throws Exception {
        final Path home = store("store");
        Files.delete(home.resolve("mapcask.lock"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("r-xr-xr-x"));
        final boolean root = "root".equals(System.getProperty("user.name"));
        Assumptions.assumeTrue(!root || Files.isExecutable(Path.of("/usr/bin/setpriv")), "root needs setpriv");
        final List<String> prefix = root ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search",
            "--inh-caps=-dac_override,-dac_read_search") : List.of();
        try (ChildJvm child = ChildJvm.start(prefix, List.of("-Xmx64m"), Opener.class, home.toString())) {
            child.await("ready");
            child.tell("open");
            final String answer = child.nextLine();
            assertTrue(answer.startsWith("StoreIoException lock failed; where: " + home) && answer.contains("EACCES")
                && answer.contains("; expected: ") && answer.contains("rights on that path"), answer);
        } finally {
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertWhole(home);
    }

    @Test
    void shouldRefuseAStoreThatAnotherProcessHolds() throws Exception {
        final Path home = store("store");
        try (ChildJvm child = ChildJvm.start(Opener.class, home.toString())) {
            child.await("ready");
            child.tell("open");
            child.await("opened");
            fails(StoreLockedException.class, () -> Mapcask.open(home), "process " + child.pid(), home,
                "the lock ends");
            fails(StoreLockedException.class, () -> Mapcask.open(home, READ_ONLY), "process " + child.pid());
            fails(StoreLockedException.class, () -> Mapcask.verify(home, (phase, done, total) -> {
            }), "process " + child.pid());
            child.tell("close");
            child.await("closed");
            assertWhole(home);

            child.tell("open");
            child.await("opened");
            child.kill();
            try (Mapcask store = Mapcask.open(home)) {
                assertEquals(12, store.size(), "the lock ended with its process");
            }
        }
    }

    @Test
    void shouldRefuseASecondOpenInThisProcess() throws Exception {
        final Path home = store("store");
        final Path link = Files.createSymbolicLink(directory.resolve("link"), home);
        final String pid = "PID " + ProcessHandle.current().pid();
        try (Mapcask store = Mapcask.open(home)) {
            fails(StoreLockedException.class, () -> Mapcask.open(home), pid, home, "close it first");
            fails(StoreLockedException.class, () -> Mapcask.open(link, READ_ONLY), pid, link, "opened as " + home);
            assertEquals(12, store.size());
        }
        assertWhole(link);
    }

    @Test
    void shouldRefuseAFormatVersionOfAnotherRelease() throws Exception {
        final Path home = store("store");
        final Path segment = segments(home).get(1);
        final byte[] bytes = Files.readAllBytes(segment);
        final UnsafeBuffer page = new UnsafeBuffer(bytes);
        final Identity found = HeaderDescriptor.identity(page);
        final int later = FormatVersion.CURRENT + 1;
        HeaderDescriptor.putIdentity(page, new Identity(later, found.kind(), found.storeIdHigh(), found.storeIdLow(),
            found.segmentId(), found.basePosition(), found.length(), found.salt(), found.hashSeed()));
        Files.write(segment, bytes);
        for (final MapcaskOptions options : List.of(
            SMALL, READ_ONLY, MapcaskOptions.builder().salvageReadOnly(true).build())) {
            fails(FormatVersionException.class, () -> Mapcask.open(home, options), segment,
                "expected: version " + FormatVersion.CURRENT, "found: version " + later, "release of Mapcask");
        }
        HeaderDescriptor.putIdentity(page, found);
        Files.write(segment, bytes);
        assertWhole(home);
    }

    @Test
    void shouldRefuseAForeignFileAndTakeNoNoticeOfHiddenOnes() throws Exception {
        final Path home = store("store");
        Files.createDirectory(home.resolve("lost+found"));
        Files.writeString(home.resolve(".hidden"), "x");
        assertWhole(home);
        for (final String name : List.of(
            "notes.txt", "0000000000000001.seg.bak", "1.seg", "Mapcask.lock", "data.tmp")) {
            final Path file = Files.writeString(home.resolve(name), "mine");
            fails(ForeignFileException.class, () -> Mapcask.open(home), "is not Mapcask's", file, "move the file");
            fails(ForeignFileException.class, () -> Mapcask.open(home, READ_ONLY), file);
            assertEquals("mine", Files.readString(file));
            Files.delete(file);
        }
        assertWhole(home);
    }

    @Test
    void shouldRefuseASegmentOfAnotherStore() throws Exception {
        final Path home = store("store");
        final Path other = store("other");
        try (Mapcask store = Mapcask.open(other, SMALL)) {
            for (int i = 0; i < 60; i++) {
                store.put("more " + i, "v".repeat(1_000));
            }
        }
        final List<Path> theirs = segments(other);
        final Path stray = home.resolve(theirs.get(theirs.size() - 1).getFileName());
        assertTrue(Files.notExists(stray), "the other store has more segments");
        Files.copy(theirs.get(theirs.size() - 1), stray);
        fails(ForeignFileException.class, () -> Mapcask.open(home), "belongs to another store", stray,
            "move the segments");
        Files.delete(stray);
        assertWhole(home);
    }

    @Test
    void shouldRefuseASegmentUnderTheNameOfAnother() throws Exception {
        final Path home = store("store");
        final Path copy = home.resolve("00000000000000ff.seg");
        Files.copy(segments(home).get(0), copy);
        fails(CorruptionException.class, () -> Mapcask.open(home), "the name of another", copy.getFileName());
        Files.delete(copy);
        assertWhole(home);
    }

    /** A process that opens and closes a store when it is told to. */
    static final class Opener {
        private Opener() {
        }

        /** Entry of the child: the directory. */
        public static void main(final String[] arguments) throws IOException {
            ChildJvm.toParent("ready");
            Mapcask store = null;
            for (String line = ChildJvm.fromParent(); line != null; line = ChildJvm.fromParent()) {
                if (line.equals("open")) {
                    try {
                        store = Mapcask.open(Path.of(arguments[0]));
                        ChildJvm.toParent("opened");
                    } catch (final MapcaskException ex) {
                        ChildJvm.toParent(ex.getClass().getSimpleName() + " " + ex.getMessage());
                    }
                } else if (store != null) {
                    store.close();
                    ChildJvm.toParent("closed");
                }
            }
        }
    }
}
