package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.MapcaskException;
import org.mapcask.errors.ReadOnlyStoreException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.io.StoreFile;
import org.mapcask.io.SystemFileOps;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.support.OpenMappingsExtension;

/**
 * The story: a store was closed properly, and afterwards its files were damaged or taken away. What was durable is
 * lost, so this is no torn tail: opening refuses and says where, salvage reads the rest, and neither touches a byte.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class DamagedStoreTest {
    private static final int LENGTH = 8192;
    private static final int KEYS = 20;

    @TempDir
    private Path temp;
    private Path directory;
    private List<String> names;

    private static String value(final int i) {
        return "value " + i + "+".repeat(900);
    }

    @BeforeEach
    void writeStore() throws IOException {
        directory = temp.resolve("store");
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            for (int i = 0; i < KEYS; i++) {
                store.put("key" + i, value(i));
            }
        }
        names = inLogOrder(directory);
        assertTrue(names.size() >= 5, names.toString());
    }

    /** A segment that was prepared in the background may have a lower id than one before it. */
    private static List<String> inLogOrder(final Path directory) throws IOException {
        final Map<Long, String> byFirstSequence = new TreeMap<>();
        for (final String name : CrashState.segments(directory)) {
            try (StoreFile file = new SystemFileOps().open(directory.resolve(name), false)) {
                byFirstSequence.put(SegmentHeader.read(file).firstSequence(), name);
            }
        }
        return List.copyOf(byFirstSequence.values());
    }

    private static VerifyReport verify(final Path directory) {
        return Mapcask.verify(directory, (phase, done, total) -> {
        });
    }

    private void refuse(final String file, final long offset) throws IOException {
        final Map<String, ByteBuffer> before = CrashState.bytes(directory);
        final CorruptionException ex = assertThrows(CorruptionException.class,
            () -> Mapcask.open(directory, CrashState.options(LENGTH).build()).close());
        assertEquals(file, ex.file());
        assertEquals(offset, ex.offset());
        assertTrue(ex.getMessage().contains(file + " at offset " + offset), ex.getMessage());
        assertThrows(CorruptionException.class,
            () -> Mapcask.open(directory, CrashState.options(LENGTH).readOnly(true).build()).close());
        assertFalse(verify(directory).sound());
        assertEquals(before, CrashState.bytes(directory), "a refused opening changes nothing");
    }

    private List<Integer> salvage() throws IOException {
        final Map<String, ByteBuffer> before = CrashState.bytes(directory);
        final List<Integer> lost = new ArrayList<>();
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).salvageReadOnly(true).build())) {
            assertFalse(store.recoveryReport().damages().isEmpty());
            assertThrows(ReadOnlyStoreException.class, () -> store.put("a", "b"));
            assertThrows(ReadOnlyStoreException.class, () -> store.delete("key0"));
            for (int i = 0; i < KEYS; i++) {
                final String found = store.get("key" + i);
                if (found == null) {
                    lost.add(i);
                } else {
                    assertEquals(value(i), found);
                }
            }
        }
        assertEquals(before, CrashState.bytes(directory), "salvage changes nothing");
        return lost;
    }

    @Test
    void shouldRefuseDamageBelowTheWatermarkAndSalvageTheRest() throws IOException {
        final int second = HeaderDescriptor.PAGE_LENGTH + (24 + 4 + value(0).length() + 7) / 8 * 8;
        CrashState.flip(directory.resolve(names.get(0)), second + 300);
        refuse(names.get(0), second);
        assertEquals(List.of(1), salvage());
    }

    @Test
    void shouldRefuseDamageInTheLastSegment() throws IOException {
        final Path last = directory.resolve(names.get(names.size() - 1));
        CrashState.flip(last, HeaderDescriptor.PAGE_LENGTH + 100);
        refuse(names.get(names.size() - 1), HeaderDescriptor.PAGE_LENGTH);
        assertEquals(1, salvage().size());
    }

    @Test
    void shouldRefuseADamagedHeader() throws IOException {
        CrashState.flip(directory.resolve(names.get(1)), 20);
        refuse(names.get(1), 0);
        assertEquals(List.of(4, 5, 6, 7), salvage());
    }

    @Test
    void shouldRefuseAMissingSegmentInTheMiddle() throws IOException {
        Files.delete(directory.resolve(names.get(2)));
        refuse(names.get(3), HeaderDescriptor.PAGE_LENGTH);
        final Damage damage = verify(directory).damages().get(0);
        assertEquals(Damage.Kind.MISSING_SEGMENT, damage.kind());
        assertEquals(9, damage.firstSequence());
        assertEquals(12, damage.lastSequence());
        assertEquals(List.of(8, 9, 10, 11), salvage());
    }

    @Test
    void shouldRefuseAMissingFirstSegment() throws IOException {
        Files.delete(directory.resolve(names.get(0)));
        refuse(names.get(1), HeaderDescriptor.PAGE_LENGTH);
        assertEquals(List.of(0, 1, 2, 3), salvage());
    }

    /** Only the newest segment is left, and it has no record yet: its header still tells that there were some. */
    @Test
    void shouldNotTakeALoneEmptySegmentForAnEmptyStore() throws IOException {
        final Path live = temp.resolve("live");
        try (Mapcask store = Mapcask.open(live, CrashState.options(LENGTH).build())) {
            store.put("long", "x".repeat(20_000));
        }
        final Path copy = CrashState.copy(live, temp.resolve("copy"));
        final List<String> files = CrashState.segments(copy);
        assertEquals(2, files.size());
        for (final String name : files) {
            if (Files.size(copy.resolve(name)) > LENGTH) {
                Files.delete(copy.resolve(name));
            }
        }
        assertThrows(CorruptionException.class,
            () -> Mapcask.open(copy, CrashState.options(LENGTH).build()).close());
        assertFalse(verify(copy).sound());
    }

    @Test
    void shouldRefuseAnEmptySegmentFile() throws IOException {
        Files.write(directory.resolve(names.get(1)), new byte[0]);
        refuse(names.get(1), 0);
        assertEquals(List.of(4, 5, 6, 7), salvage());
    }

    @Test
    void shouldRefuseAFileThatWasCut() throws IOException {
        final Path file = directory.resolve(names.get(1));
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 6_000));
        refuse(names.get(1), 6_000);
        assertEquals(List.of(6, 7), salvage().subList(0, 2));
    }

    /** With neither seal nor watermark the file looks prepared and unused, but its records tell otherwise. */
    @Test
    void shouldNotRemoveASegmentWhoseSectorsOfUseAreDamaged() throws IOException {
        final String last = names.get(names.size() - 1);
        final Path file = directory.resolve(last);
        CrashState.flip(file, HeaderDescriptor.WATERMARK_OFFSET + 3);
        CrashState.flip(file, HeaderDescriptor.WATERMARK_OFFSET + HeaderDescriptor.SECTOR_LENGTH + 3);
        final Damage damage = verify(directory).damages().get(0);
        assertEquals(last, damage.file());
        assertEquals(HeaderDescriptor.WATERMARK_OFFSET, damage.offset());
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            for (int i = 0; i < KEYS; i++) {
                assertEquals(value(i), store.get("key" + i));
            }
            assertTrue(store.recoveryReport().notes().stream().anyMatch(note -> note.startsWith(last)));
        }
        assertTrue(Files.exists(file));
    }

    @Test
    void shouldOpenWithADamagedSealThatIsNotNeededAndMendIt() throws IOException {
        CrashState.flip(directory.resolve(names.get(0)), HeaderDescriptor.SEAL_OFFSET + 8);
        assertFalse(verify(directory).sound());
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            assertEquals(value(1), store.get("key1"));
            assertEquals(KEYS, store.size());
            assertFalse(store.recoveryReport().notes().isEmpty());
        }
        assertTrue(verify(directory).sound(), verify(directory).toString());
    }

    @Test
    void shouldRefuseASegmentOfAnotherStoreAndACopyUnderAnotherName() throws IOException {
        final Path other = temp.resolve("other");
        try (Mapcask store = Mapcask.open(other, CrashState.options(LENGTH).build())) {
            store.put("a", "b");
        }
        final String foreign = "00000000000000ff.seg";
        Files.copy(directory.resolve(names.get(0)), directory.resolve(foreign));
        final MapcaskException copied = assertThrows(CorruptionException.class,
            () -> Mapcask.open(directory, CrashState.options(LENGTH).build()).close());
        assertTrue(copied.getMessage().contains(foreign), copied.getMessage());
        Files.delete(directory.resolve(foreign));
        Files.delete(directory.resolve(names.get(0)));
        Files.copy(other.resolve(CrashState.segments(other).get(0)), directory.resolve(names.get(0)));
        final Map<String, ByteBuffer> before = CrashState.bytes(directory);
        assertThrows(ForeignFileException.class,
            () -> Mapcask.open(directory, CrashState.options(LENGTH).build()).close());
        assertEquals(before, CrashState.bytes(directory));
    }

    @Test
    void shouldChangeNothingWhenItIsOpenedReadOnlyAfterACrash() throws IOException {
        final Path crashed;
        try (Mapcask store = Mapcask.open(directory, CrashState.options(LENGTH).build())) {
            store.put("later", "a");
            store.put("last", "b");
            crashed = CrashState.copy(directory, temp.resolve("crashed"));
        }
        final List<String> files = CrashState.segments(crashed);
        Files.write(crashed.resolve("00000000000000aa.seg.tmp"), new byte[10]);
        final Map<String, ByteBuffer> before = CrashState.bytes(crashed);
        try (Mapcask store = Mapcask.open(crashed, CrashState.options(LENGTH).readOnly(true).build())) {
            assertEquals("b", store.get("last"));
            assertNull(store.get("none"));
        }
        assertTrue(verify(crashed).sound());
        assertEquals(before, CrashState.bytes(crashed));
        assertEquals(files, CrashState.segments(crashed));
    }
}
