package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.FormatVersionException;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.format.WalDescriptor;
import org.mapcask.recovery.Damage.Kind;
import org.mapcask.segment.SegmentImage;
import org.mapcask.segment.StoreIdentity;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.support.WalImage;
import org.mapcask.wal.WalFileNames;

/**
 * The story: files of the write-ahead log are gone, foreign, cut, damaged or old. In a store that was not closed each
 * is damage of the area {@code wal}, and told from damage of the segments; in one that was closed nothing needs them.
 */
@ExtendWith(OpenMappingsExtension.class)
class WalFlawsTest {
    private static final long SEED = 0xF1A75L;
    private static final String FIRST = WalFileNames.of(1, 0);
    private static final String SECOND = WalFileNames.of(1, 1);
    private static final String LAST = WalFileNames.of(1, 3);

    private static MemoryFileOps crashed() {
        return WalStore.files(WalStore.wal(), WalStore.segment());
    }

    private static SegmentImage everything() {
        return WalStore.segment().put("d", "4").put("a", "5").delete("b").put("e", "7").put("a", "8").put("f", "9");
    }

    private static MemoryFileOps closed() {
        return WalStore.files(WalStore.wal(), everything().closed());
    }

    /** Verify reports it, opening is refused with it, and changes nothing; salvage shows the rest. */
    private static List<Damage> checkRefused(final MemoryFileOps files, final Map<String, String> salvaged) {
        final Map<String, ByteBuffer> before = WalStore.bytes(files);
        final VerifyReport report = WalStore.verify(files);
        assertFalse(report.sound(), report.toString());
        for (final boolean wanted : new boolean[] {true, false}) {
            final CorruptionException refused =
                assertThrowsExactly(CorruptionException.class, () -> WalStore.open(files, wanted));
            assertEquals(report.damages().get(0).file(), refused.file());
            assertTrue(refused.getMessage().contains(report.damages().get(0).toString()), refused.getMessage());
        }
        try (EngineStore store = EngineStore.openReadOnly(files, WalStore.DIRECTORY, true)) {
            assertEquals(salvaged, store.contents());
            assertEquals(report.damages(), store.report().damages());
        }
        assertEquals(before, WalStore.bytes(files));
        assertEquals(0, files.openFiles());
        assertEquals(0, files.liveMappings());
        return report.damages();
    }

    private static void checkFlaw(final MemoryFileOps files, final Kind kind, final String file) {
        checkFlaw(files, kind, file, WalStore.expected());
    }

    private static void checkFlaw(
        final MemoryFileOps files, final Kind kind, final String file, final Map<String, String> salvaged) {
        final List<Damage> damages = checkRefused(files, salvaged);
        assertTrue(damages.stream().anyMatch(damage ->
            damage.kind() == kind && damage.file().equals(file) && damage.area().equals("wal")), damages.toString());
        assertTrue(damages.stream().allMatch(damage -> damage.area().equals("wal")), damages.toString());
    }

    private static void checkNote(
        final MemoryFileOps files, final Map<String, String> expected, final String part) {
        final VerifyReport report = WalStore.verify(files);
        assertTrue(report.sound(), report.toString());
        assertTrue(report.notes().stream().anyMatch(note -> note.contains(part)), report.toString());
        for (final boolean wanted : new boolean[] {true, false}) {
            try (EngineStore store = WalStore.open(new MemoryFileOps(files.image()), wanted)) {
                assertEquals(expected, store.contents());
            }
        }
    }

    private static byte[] foreign(final int length) {
        final byte[] bytes = new byte[length];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }

    @Test
    void shouldMissAFileThatIsGone() {
        final MemoryFileOps files = crashed();
        files.remove(LAST);
        checkFlaw(files, Kind.WAL_MISSING, LAST);
        for (final String name : List.of(FIRST, SECOND, WalFileNames.of(1, 2))) {
            files.remove(name);
        }
        checkFlaw(files, Kind.WAL_MISSING, FIRST, Map.of("a", "1", "b", "2", "c", "3"));
    }

    @Test
    void shouldRefuseForeignBytesInPlaceOfAFile() {
        final MemoryFileOps files = crashed();
        files.put(LAST, foreign(WalStore.WAL_FILE_LENGTH));
        checkFlaw(files, Kind.WAL_HEADER, LAST);
        files.put(LAST, new byte[] {1, 2, 3});
        checkFlaw(files, Kind.WAL_HEADER, LAST);
    }

    @Test
    void shouldRefuseAFileThatWasCut() {
        final MemoryFileOps files = crashed();
        files.put(LAST, Arrays.copyOf(files.bytes(LAST), 2 * WalStore.PAGE));
        checkFlaw(files, Kind.WAL_LENGTH, LAST);
        files.put(LAST, Arrays.copyOf(files.bytes(LAST), 5 * WalStore.PAGE));
        checkFlaw(files, Kind.WAL_LENGTH, LAST);
    }

    /** No flag on the disk yet, but a frame with records that the segments need not have. */
    @Test
    void shouldMissAFileAlsoWhenOnlyTheFramesTellOfUse() {
        final MemoryFileOps files = WalStore.files(
            WalStore.wal(), new SegmentImage(1, WalStore.LENGTH, 1).put("a", "1").put("b", "2").put("c", "3"));
        files.remove(LAST);
        checkFlaw(files, Kind.WAL_MISSING, LAST);
    }

    @Test
    void shouldTakeAWholeRingBesideAFlawedOne() {
        final MemoryFileOps files = crashed();
        new WalImage(2, WalStore.WAL_FILE_LENGTH, 1).image().forEach((name, bytes) ->
            files.put(name, name.endsWith("2.wal") ? foreign(bytes.length) : bytes));
        files.put(WalFileNames.of(3, 0), new byte[WalStore.PAGE]);
        final VerifyReport report = WalStore.verify(files);
        assertTrue(report.sound(), report.toString());
        try (EngineStore store = WalStore.open(files, false)) {
            assertEquals(WalStore.expected(), store.contents());
            assertTrue(files.image().keySet().stream().noneMatch(WalFileNames::isWal));
        }
    }

    /** A crash while the first ring was made, or the last one removed. */
    @Test
    void shouldTakeNoNoticeOfARingThatWasNeverInUse() {
        final SegmentImage image = new SegmentImage(1, WalStore.LENGTH, 1).put("a", "1").put("b", "2").put("c", "3")
            .put("d", "4").synced();
        final MemoryFileOps files = WalStore.files(null, image);
        final Map<String, String> expected = Map.of("a", "1", "b", "2", "c", "3", "d", "4");
        files.put(FIRST, new byte[WalStore.PAGE]);
        files.put(SECOND, new byte[0]);
        checkNote(files, expected, FIRST + ": ");
        final WalImage old = new WalImage(1, WalStore.WAL_FILE_LENGTH, 2).put("b", "2").frame(1).put("c", "3").frame(1);
        files.put(FIRST, old.image().get(FIRST));
        files.remove(SECOND);
        checkNote(files, expected, SECOND + ": ");
    }

    @Test
    void shouldNeedNoWriteAheadLogInAStoreThatWasClosed() {
        for (final String name : List.of(FIRST, LAST)) {
            final MemoryFileOps files = closed();
            files.remove(name);
            checkNote(files, WalStore.expected(), name);
            files.put(name, foreign(100));
            checkNote(files, WalStore.expected(), name);
            files.put(name, Arrays.copyOf(closed().bytes(name), 3 * WalStore.PAGE));
            checkNote(files, WalStore.expected(), name);
        }
        final MemoryFileOps none = WalStore.files(null, everything().closed());
        assertTrue(WalStore.verify(none).sound());
    }

    /** The mark of the clean close is taken back and nothing more; no ring is there, and nothing must miss one. */
    @Test
    void shouldNotMissAWriteAheadLogThatTheLastOpeningDidNotHave() {
        for (final boolean wanted : new boolean[] {true, false}) {
            final MemoryFileOps files = closed();
            files.remove(SECOND);
            try (Recovery recovery = new Recovery(WalStore.settings(files, wanted))) {
                recovery.run();
            }
            final VerifyReport report = WalStore.verify(files);
            assertTrue(report.sound() && report.notes().contains("the store was not closed properly"),
                report.toString());
        }
    }

    @Test
    void shouldRefuseAFileOfAnotherStoreOrALaterVersion() {
        final StoreIdentity other = new StoreIdentity(1, 2, 3);
        for (final MemoryFileOps files : List.of(crashed(), closed())) {
            files.put(LAST, new WalImage(
                1, WalStore.WAL_FILE_LENGTH, 1, other, FormatVersion.CURRENT).image().get(LAST));
            final Map<String, ByteBuffer> before = WalStore.bytes(files);
            assertTrue(assertThrowsExactly(ForeignFileException.class, () -> WalStore.open(files, true)).getMessage()
                .contains(other.id()));
            assertThrowsExactly(ForeignFileException.class, () -> WalStore.verify(files));
            files.put(LAST, new WalImage(
                1, WalStore.WAL_FILE_LENGTH, 1, SegmentImage.STORE, FormatVersion.CURRENT + 1).image().get(LAST));
            assertTrue(assertThrowsExactly(FormatVersionException.class, () -> WalStore.open(files, false))
                .getMessage().contains("found: version " + (FormatVersion.CURRENT + 1)));
            files.put(LAST, before.get(LAST).array());
            assertEquals(before, WalStore.bytes(files));
        }
    }

    @Test
    void shouldNameTheSequencesAndTheKeyThatAFrameLost() {
        final WalImage wal = WalStore.wal();
        final MemoryFileOps files = WalStore.files(wal, WalStore.segment());
        final WalImage.Place lost = wal.frames().get(1);
        assertEquals(4, lost.firstSequence());
        files.bytes(lost.file())[lost.offset() + WalDescriptor.HEADER_LENGTH + RecordDescriptor.HEADER_LENGTH + 1] ^= 1;
        final Map<String, String> rest = WalStore.expected();
        rest.remove("d");
        final Damage damage = checkRefused(files, rest).get(0);
        assertEquals(Kind.WAL_GAP, damage.kind());
        assertEquals("wal", damage.asMap().get("area"));
        assertEquals(lost.file(), damage.file());
        assertEquals(lost.offset(), damage.offset());
        assertEquals(4, damage.firstSequence());
        assertEquals(5, damage.lastSequence());
        assertEquals("d", damage.key());
        assertTrue(damage.toString().contains("(sequences 4 to 5), key d"), damage.toString());
        assertTrue(damage.detail().contains("may be damaged itself"), damage.detail());
    }

    /** The frame at the start of the second file. */
    @Test
    void shouldFindThePlaceOfALostFrameInTheNextFile() {
        final WalImage wal = WalStore.wal();
        final WalImage.Place lost = wal.frames().get(3);
        assertEquals(SECOND, lost.file());
        final MemoryFileOps files = WalStore.files(wal, WalStore.segment());
        files.bytes(lost.file())[lost.offset()] ^= 1;
        final Map<String, String> rest = WalStore.expected();
        rest.remove("e");
        final Damage damage = checkRefused(files, rest).get(0);
        assertEquals(SECOND, damage.file());
        assertEquals(lost.offset(), damage.offset());
        assertEquals(7, damage.firstSequence());
        assertEquals(7, damage.lastSequence());
    }

    /** Nobody was told that the records of the last frame are durable, for all that can be known. */
    @Test
    void shouldDropTheLastFrameIfItIsTorn() {
        final WalImage wal = WalStore.wal();
        final WalImage.Place torn = wal.frames().get(4);
        final MemoryFileOps files = WalStore.files(wal, WalStore.segment());
        files.bytes(torn.file())[torn.offset() + 20] ^= 1;
        assertTrue(WalStore.verify(files).sound());
        try (EngineStore store = WalStore.open(files, true)) {
            assertEquals(Map.of("a", "5", "c", "3", "d", "4", "e", "7"), store.contents());
            assertEquals(7, store.report().lastSequence());
        }
    }

    /** What the segments had durable, by the word of a frame, is damage of theirs when it is not there. */
    @Test
    void shouldTellDamageOfTheSegmentsFromThatOfTheWriteAheadLog() {
        final WalImage wal = new WalImage(1, WalStore.WAL_FILE_LENGTH, 6).put("f", "6").frame(5);
        final MemoryFileOps files = WalStore.files(wal, WalStore.segment());
        final Map<String, String> rest = new TreeMap<>(Map.of("a", "1", "b", "2", "c", "3", "f", "6"));
        final List<Damage> ended = checkRefused(files, rest);
        assertEquals(1, ended.size());
        assertEquals("data", ended.get(0).area());
        assertEquals(Kind.RECORD, ended.get(0).kind());
        assertEquals(4, ended.get(0).firstSequence());
        assertEquals(5, ended.get(0).lastSequence());

        final SegmentImage torn = WalStore.segment().put("c", "4").put("e", "5");
        torn.bytes()[torn.offset(3) + 25] ^= 1;
        rest.put("e", "5");
        final Damage damage = checkRefused(WalStore.files(wal, torn), rest).get(0);
        assertEquals("data", damage.area());
        assertEquals(4, damage.firstSequence());
        assertEquals(4, damage.lastSequence());
        assertEquals("c", damage.key());
        assertFalse(damage.detail().contains("itself"), damage.detail());
    }

    @Test
    void shouldReportBothKindsOfDamage() {
        final WalImage wal = new WalImage(1, WalStore.WAL_FILE_LENGTH, 8).put("h", "8").frame(5);
        final List<Damage> damages = checkRefused(WalStore.files(wal, WalStore.segment()),
            Map.of("a", "1", "b", "2", "c", "3", "h", "8"));
        assertEquals(List.of("data", "wal"), damages.stream().map(Damage::area).toList());
        assertEquals(6, damages.get(1).firstSequence());
        assertEquals(7, damages.get(1).lastSequence());
        assertNull(damages.get(1).key());
    }

    @Test
    void shouldMissTheSegments() {
        final List<Damage> damages = checkRefused(WalStore.files(WalStore.wal()),
            Map.of("a", "8", "c", "3", "d", "4", "e", "7", "f", "9"));
        assertEquals(Kind.MISSING_SEGMENT, damages.get(0).kind());
        assertEquals(1, damages.get(0).firstSequence());
        assertEquals(2, damages.get(0).lastSequence());
    }
}
