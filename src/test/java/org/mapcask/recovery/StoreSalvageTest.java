package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mapcask.format.RecordDescriptor.BATCH_FIRST;
import static org.mapcask.format.RecordDescriptor.BATCH_INSIDE;
import static org.mapcask.format.RecordDescriptor.BATCH_LAST;
import static org.mapcask.format.RecordDescriptor.TYPE_PUT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.RecoverReport;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.StorageSpaceException;
import org.mapcask.errors.StoreIoException;
import org.mapcask.errors.StoreLockedException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.io.SystemFileOps;
import org.mapcask.io.TmpfsMount;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.OpenMappingsExtension;

/**
 * The story: a store is damaged and there is no backup. All that is sound is copied into a new store, which holds
 * exactly that; what was left is listed with its place; and the damaged store stays as it is, for another try.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class StoreSalvageTest {
    private static final int LENGTH = 8192;
    private static final int KEYS = 20;
    private static final int FIRST = HeaderDescriptor.PAGE_LENGTH;
    private static final ProgressListener SILENT = (phase, done, total) -> {
    };

    @TempDir
    private Path temp;
    private Path directory;
    private Path destination;
    private List<String> names;
    private final Map<String, String> model = new TreeMap<>();

    private static String value(final int i) {
        return "value " + i + "+".repeat(900);
    }

    /** Four records a segment, the same length each. */
    @BeforeEach
    void writeStore() throws IOException {
        directory = temp.resolve("store");
        destination = temp.resolve("new");
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            for (int i = 0; i < KEYS; i++) {
                store.put("key" + i, value(i));
                model.put("key" + i, value(i));
            }
        }
        names = inLogOrder(directory);
        assertTrue(names.size() >= 5, names.toString());
    }

    private static List<String> inLogOrder(final Path directory) throws IOException {
        final Map<Long, String> byFirstSequence = new TreeMap<>();
        for (final String name : CrashState.segments(directory)) {
            try (StoreFile file = new SystemFileOps().open(directory.resolve(name), false)) {
                final SegmentHeader header = SegmentHeader.read(file);
                if (header.wasUsed()) {
                    byFirstSequence.put(header.firstSequence(), name);
                }
            }
        }
        return List.copyOf(byFirstSequence.values());
    }

    private static Map<String, String> contents(final Path directory) {
        final Map<String, String> contents = new TreeMap<>();
        try (Mapcask store = Mapcask.open(directory)) {
            store.forEach((key, keyOffset, keyLength, value, valueOffset, valueLength) -> contents.put(
                key.getStringWithoutLengthUtf8(keyOffset, keyLength),
                value.getStringWithoutLengthUtf8(valueOffset, valueLength)));
        }
        return contents;
    }

    /** Recovers, and holds the new store and the report against the model. */
    private RecoverReport recover(final ProgressListener progress) throws IOException {
        final RecoverReport report = Mapcask.recover(directory, destination, progress);
        assertTrue(report.verification().sound());
        assertEquals(model.size(), report.keys(), report.toString());
        assertEquals(model.entrySet().stream().mapToLong(e -> e.getKey().length() + e.getValue().length()).sum(),
            report.bytes());
        assertEquals(model, contents(destination));
        return report;
    }

    private RecoverReport recoverUnchanged() throws IOException {
        final Map<String, ByteBuffer> before = CrashState.bytes(directory);
        final RecoverReport report = recover(SILENT);
        assertEquals(before, CrashState.bytes(directory), "the damaged store stays as it is");
        return report;
    }

    private void lose(final int... lost) {
        Arrays.stream(lost).forEach(i -> model.remove("key" + i));
    }

    private static void checkDamage(final Damage damage, final Damage.Kind kind, final String file, final long offset,
        final long first, final long last) {
        assertEquals(List.of(kind, file, offset, first, last), List.of(damage.kind(), damage.file(), damage.offset(),
            damage.firstSequence(), damage.lastSequence()));
    }

    private static int record(final int index) {
        return FIRST + index * ((24 + 4 + value(0).length() + 7) / 8 * 8);
    }

    /** Nothing is wrong with the store at all. */
    @Test
    void shouldCopyASoundStoreWhole() throws IOException {
        final RecoverReport report = recoverUnchanged();
        assertTrue(report.sound() && report.warnings().isEmpty(), report.toString());
        assertTrue(report.toString().startsWith("everything was sound"), report.toString());
        assertEquals(KEYS, report.records());
    }

    /** One bit of one record is another than it was. */
    @Test
    void shouldLeaveOneFlippedRecordAmongMany() throws IOException {
        CrashState.flip(directory.resolve(names.get(0)), record(1) + 300);
        lose(1);
        final RecoverReport report = recoverUnchanged();
        assertEquals(1, report.damages().size());
        checkDamage(report.damages().get(0), Damage.Kind.RECORD, names.get(0), record(1), 2, 2);
        assertFalse(report.sound() || report.warnings().isEmpty());
        assertTrue(report.toString().contains(names.get(0) + " at offset " + record(1)), report.toString());
    }

    /** The newest value of a key is the damaged one: the older comes back, and the report warns of it. */
    @Test
    void shouldGiveTheOlderValueOfAKeyWhoseNewestRecordIsDamagedAndWarn() throws IOException {
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            store.put("key3", "a newer value, soon damaged");
            store.put("last", "1");
        }
        model.put("last", "1");
        final String file = inLogOrder(directory).stream().filter(this::holdsNewer).findFirst().orElseThrow();
        final byte[] bytes = Files.readAllBytes(directory.resolve(file));
        CrashState.flip(directory.resolve(file), indexOfNewer(bytes) + 3);
        final RecoverReport report = recoverUnchanged();
        assertTrue(report.warnings().get(0).contains("older value"), report.toString());
        assertEquals(KEYS + 1, report.records());
    }

    private boolean holdsNewer(final String name) {
        try {
            return indexOfNewer(Files.readAllBytes(directory.resolve(name))) >= 0;
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static int indexOfNewer(final byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf("a newer value");
    }

    /** A sector came back from the disk as zeros. */
    @Test
    void shouldLeaveWhatLiesInAZeroedSector() throws IOException {
        CrashState.write(directory.resolve(names.get(1)), record(2) - 8 & -512, new byte[512]);
        lose(5, 6);
        final RecoverReport report = recoverUnchanged();
        assertEquals(names.get(1), report.damages().get(0).file());
        assertEquals(6, report.damages().get(0).firstSequence());
        assertEquals(7, report.damages().get(report.damages().size() - 1).lastSequence());
    }

    /** A copy of the file was cut short. */
    @Test
    void shouldCopyWhatIsBeforeTheEndOfATruncatedSegment() throws IOException {
        final Path file = directory.resolve(names.get(1));
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 6_000));
        lose(6, 7);
        final RecoverReport report = recoverUnchanged();
        checkDamage(report.damages().get(0), Damage.Kind.LENGTH, names.get(1), 6_000, 0, 0);
        checkDamage(report.damages().get(1), Damage.Kind.RECORD, names.get(1), record(2), 7, 8);
    }

    /** A file was deleted. */
    @Test
    void shouldTellTheSequencesOfAMissingSegment() throws IOException {
        Files.delete(directory.resolve(names.get(2)));
        lose(8, 9, 10, 11);
        checkDamage(recoverUnchanged().damages().get(0), Damage.Kind.MISSING_SEGMENT, names.get(3), FIRST, 9, 12);
    }

    /** Nobody can tell any more whose segment that is. */
    @Test
    void shouldLeaveASegmentWithADamagedHeaderAndListIt() throws IOException {
        CrashState.flip(directory.resolve(names.get(1)), 20);
        lose(4, 5, 6, 7);
        final RecoverReport report = recoverUnchanged();
        checkDamage(report.damages().get(0), Damage.Kind.HEADER, names.get(1), 0, 0, 0);
        checkDamage(report.damages().get(1), Damage.Kind.MISSING_SEGMENT, names.get(2), FIRST, 5, 8);
    }

    /** The process was killed, and then a header was damaged: what lies behind it was not torn off by the kill. */
    @Test
    void shouldGoOnBehindADamagedHeaderAlsoWhenTheStoreWasNotClosed() throws IOException {
        final Path crashed = temp.resolve("crashed");
        final Path live = temp.resolve("live");
        try (Mapcask store = Mapcask.open(live, CrashState.options(LENGTH).build())) {
            for (int i = 0; i < 10; i++) {
                store.put("key" + i, value(i));
            }
            CrashState.copy(live, crashed);
        }
        directory = crashed;
        model.clear();
        for (final int i : new int[] {0, 1, 2, 3, 8, 9}) {
            model.put("key" + i, value(i));
        }
        CrashState.flip(directory.resolve(inLogOrder(directory).get(1)), 20);
        assertFalse(recoverUnchanged().sound());
    }

    /** No header is left at all: an empty store comes out, with the list of what was lost, not "there is no store". */
    @Test
    void shouldListAStoreOfWhichNothingIsSound() throws IOException {
        for (final String name : CrashState.segments(directory)) {
            CrashState.flip(directory.resolve(name), 20);
        }
        model.clear();
        final RecoverReport report = recoverUnchanged();
        assertEquals(CrashState.segments(directory).size(), report.damages().size());
    }

    /** Every record was read well a moment ago; then, while it is copied, one has a wrong checksum. */
    @Test
    void shouldGoOnBehindARecordThatTurnsOutDamagedWhileItIsCopied() throws IOException {
        final RecoverReport report = recoverWithFlip(record(2) + 300);
        final RecoverReport.LostKey lost = report.lostKeys().get(0);
        assertEquals(List.of(names.get(0), (long)record(2), "key2", "6b657932"),
            List.of(lost.file(), lost.offset(), lost.key(), lost.keyHex()));
        assertTrue(report.toString().contains("key key2 in " + names.get(0)), report.toString());
    }

    /** The key itself is what is damaged: a wrong key would be worse than none. */
    @Test
    void shouldNotNameAKeyThatIsDamagedItself() throws IOException {
        final RecoverReport.LostKey lost = recoverWithFlip(record(2) + 25).lostKeys().get(0);
        assertNull(lost.key());
        assertNull(lost.keyHex());
        assertEquals(record(2), lost.offset());
    }

    private RecoverReport recoverWithFlip(final int offset) throws IOException {
        lose(2);
        final RecoverReport report = recover((phase, done, total) -> {
            if (phase.equals("reading the log") && done == total) {
                flip(directory.resolve(names.get(0)), offset);
            }
        });
        assertTrue(report.damages().isEmpty());
        assertFalse(report.sound());
        assertEquals(1, report.lostKeys().size(), report.toString());
        return report;
    }

    private static void flip(final Path file, final int offset) {
        try {
            CrashState.flip(file, offset);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** The new disk is no better than the old: a copy that is not sound is none. */
    @Test
    void shouldRemoveANewStoreThatDoesNotHoldWhatWasWritten() {
        final StoreIoException ex = assertThrows(StoreIoException.class,
            () -> Mapcask.recover(directory, destination, (phase, done, total) -> {
                if (phase.equals("copying keys") && done == total) {
                    flip(firstInUse(destination), FIRST + 300);
                }
            }));
        assertTrue(ex.getMessage().contains("DAMAGED"), ex.getMessage());
        assertFalse(Files.exists(destination));
    }

    /** The store is open, and the other of its two segments may just be in the making. */
    private static Path firstInUse(final Path store) {
        return Stream.of(1, 2).map(id -> store.resolve(SegmentFileNames.of(id))).filter(Files::exists).filter(path -> {
            try (StoreFile file = new SystemFileOps().open(path, false)) {
                return SegmentHeader.read(file).wasUsed();
            }
        }).findFirst().orElseThrow();
    }

    /** A batch begins before a missing segment and ends behind it: half of it must not come back. */
    @Test
    void shouldNotCopyHalfABatchThatSpannedAMissingSegment() throws IOException {
        final SegmentImage first = new SegmentImage(1, LENGTH, 1).put("a", "1")
            .append(TYPE_PUT, BATCH_FIRST, 0, "a", "batch").sealed();
        final SegmentImage third = new SegmentImage(3, LENGTH, 4).append(TYPE_PUT, BATCH_INSIDE, 0, "b", "batch")
            .append(TYPE_PUT, BATCH_LAST, 0, "c", "batch").put("d", "2").synced();
        directory = Files.createDirectory(temp.resolve("batch"));
        Files.write(directory.resolve(first.name()), first.bytes());
        Files.write(directory.resolve(third.name()), third.bytes());
        model.clear();
        model.putAll(Map.of("a", "1", "d", "2"));
        assertFalse(recoverUnchanged().sound());
    }

    @Test
    void shouldRefuseADestinationThatIsNotEmptyOrLiesInTheStore() throws IOException {
        Files.createDirectory(destination);
        final Path file = Files.writeString(destination.resolve("mine"), "text");
        refuse(ForeignFileException.class, destination);
        refuse(ForeignFileException.class, file);
        assertEquals("text", Files.readString(file));
        final Path link = Files.createSymbolicLink(temp.resolve("link"), directory);
        for (final Path inside : List.of(directory, directory.resolve("a/b"), link, link.resolve("a"))) {
            refuse(InvalidArgumentException.class, inside);
        }
        refuse(InvalidArgumentException.class, null);
        Files.delete(file);
        recoverUnchanged();
    }

    @Test
    void shouldRefuseWhatIsNoStoreOrIsOpenAndMakeNothing() throws IOException {
        try (Mapcask holder = Mapcask.open(directory)) {
            assertEquals(KEYS, holder.size());
            assertThrows(StoreLockedException.class, () -> Mapcask.recover(directory, destination, SILENT));
        }
        final Path empty = Files.createDirectory(temp.resolve("empty"));
        assertThrows(StoreIoException.class, () -> Mapcask.recover(empty, destination, SILENT));
        assertThrows(StoreIoException.class, () -> Mapcask.recover(temp.resolve("none"), destination, SILENT));
        assertFalse(Files.exists(destination) || Files.exists(temp.resolve("none")));
    }

    private void refuse(final Class<? extends MapcaskException> expected, final Path to) throws IOException {
        final Map<String, ByteBuffer> before = CrashState.bytes(directory);
        assertThrows(expected, () -> Mapcask.recover(directory, to, SILENT));
        assertEquals(before, CrashState.bytes(directory));
    }

    @Test
    void shouldRemoveWhatItBeganWhenTheDiskIsFull() throws IOException {
        final Path small = Files.createDirectory(temp.resolve("small"));
        try (TmpfsMount mount = TmpfsMount.mount(small, 1 << 20)) {
            assertThrows(StorageSpaceException.class, () -> Mapcask.recover(directory, mount.directory(), SILENT));
            try (Stream<Path> left = Files.list(mount.directory())) {
                assertEquals(List.of(), left.toList());
            }
            assertThrows(StorageSpaceException.class,
                () -> Mapcask.recover(directory, mount.directory().resolve("deeper"), SILENT));
            assertFalse(Files.exists(mount.directory().resolve("deeper")));
        }
    }
}
