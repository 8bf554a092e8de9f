package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mapcask.format.RecordDescriptor.BATCH_FIRST;
import static org.mapcask.format.RecordDescriptor.BATCH_INSIDE;
import static org.mapcask.format.RecordDescriptor.BATCH_LAST;
import static org.mapcask.format.RecordDescriptor.TYPE_PUT;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mapcask.errors.MapcaskException;
import org.mapcask.fault.FaultingFileOps;
import org.mapcask.fault.FaultingFileOps.Operation;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Watermark;
import org.mapcask.keydir.DirectChunkAllocator;
import org.mapcask.segment.SegmentFileNames;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.OpenMappingsExtension;
import org.mapcask.support.WalImage;
import org.mapcask.wal.WalFileNames;

/** The story: the power goes; the last records that were acknowledged are in the write-ahead log and nowhere else. */
@ExtendWith(OpenMappingsExtension.class)
class WalReplayTest {
    private static Stream<String> walNames(final MemoryFileOps files) {
        return files.image().keySet().stream().filter(WalFileNames::isWal);
    }

    /** Verifies, opens, writes and closes a few times; each time the records are there. */
    private static void check(
        final Map<String, String> expected, final long walRecords, final MemoryFileOps files,
        final boolean walWanted) {
        final Map<String, String> later = new TreeMap<>(expected);
        for (int i = 0; i < 3; i++) {
            final VerifyReport verified = WalStore.verify(files);
            assertTrue(verified.sound(), verified.toString());
            assertEquals(later.size(), verified.keys());
            assertEquals(i == 0 ? walRecords : 0, verified.walRecords());
            final Map<String, ByteBuffer> before = WalStore.bytes(files);
            try (EngineStore store = EngineStore.openReadOnly(files, WalStore.DIRECTORY, i == 2)) {
                assertEquals(later, store.contents());
                assertEquals(i == 0 ? walRecords : 0, store.report().walRecords());
            }
            assertEquals(before, WalStore.bytes(files), "reading changes nothing");
            try (EngineStore store = WalStore.open(files, walWanted)) {
                assertEquals(later, store.contents(), "opening " + i);
                assertEquals(i == 0 ? walRecords : 0, store.report().walRecords());
                assertEquals(walWanted ? 4 : 0, walNames(files).count());
                store.put("later" + i, "x");
                later.put("later" + i, "x");
            }
            assertEquals(0, files.openFiles());
            assertEquals(0, files.liveMappings());
        }
    }

    private static void check(final Map<String, String> expected, final long walRecords, final WalImage wal,
        final SegmentImage... segments) {
        check(expected, walRecords, WalStore.files(wal, segments), true);
        check(expected, walRecords, WalStore.files(wal, segments), false);
    }

    @Test
    void shouldBringRecordsBehindTheSegmentsIn() {
        check(WalStore.expected(), 6, WalStore.wal(), WalStore.segment());
    }

    @Test
    void shouldTakeNoNoticeOfFramesThatTheSegmentsHave() {
        final SegmentImage all = WalStore.segment().put("d", "4").put("a", "5").delete("b").put("e", "7")
            .put("a", "8").put("f", "9").put("g", "10");
        final Map<String, String> expected = WalStore.expected();
        expected.put("g", "10");
        check(expected, 0, WalStore.wal(), all);
    }

    /** Bytes of later records reached the disk before those of earlier ones. */
    @Test
    void shouldReplaceATornTail() {
        final SegmentImage torn = WalStore.segment().put("d", "4").put("a", "5").delete("b");
        torn.bytes()[torn.offset(3) + 20] ^= 1;
        check(WalStore.expected(), 6, WalStore.wal(), torn);
        final SegmentImage next = new SegmentImage(2, WalStore.LENGTH, 7).put("e", "7");
        check(WalStore.expected(), 6, WalStore.wal(), torn, next);
    }

    @Test
    void shouldMakeSegmentsWhereTheRecordsDoNotFit() {
        final SegmentImage image = WalStore.segment();
        final WalImage wal = new WalImage(1, 16 * WalStore.PAGE, 4);
        final Map<String, String> expected = new TreeMap<>(Map.of("a", "1", "b", "2", "c", "3"));
        for (int i = 0; i < 8; i++) {
            final String value = i + "=".repeat(i == 5 ? 20_000 : 5_000);
            wal.put("k" + i % 6, value).frame(3);
            expected.put("k" + i % 6, value);
        }
        check(expected, 8, wal, image);
        check(expected, 8, wal, image.sealed());
    }

    /** The header of the first segment's use was never synced, so by the disk the segment is not in use. */
    @Test
    void shouldBringRecordsIntoAStoreWhoseSegmentWasNeverSynced() {
        final WalImage wal = new WalImage(1, WalStore.WAL_FILE_LENGTH, 1).put("a", "1").frame(0).put("b", "2").frame(0);
        check(Map.of("a", "1", "b", "2"), 2, wal, new SegmentImage(new SegmentImage(
            1, WalStore.LENGTH, 1).identity(), 0));
    }

    @Test
    void shouldPutABatchTogetherThatReachesFromTheLogIntoTheWriteAheadLog() {
        final SegmentImage image = WalStore.segment().append(TYPE_PUT, BATCH_FIRST, 0, "a", "batch")
            .append(TYPE_PUT, BATCH_INSIDE, 0, "x", "batch");
        final WalImage wal = new WalImage(1, WalStore.WAL_FILE_LENGTH, 4).add(TYPE_PUT, BATCH_FIRST, "a", "batch")
            .add(TYPE_PUT, BATCH_INSIDE, "x", "batch").add(TYPE_PUT, BATCH_LAST, "y", "batch").frame(3);
        check(Map.of("a", "batch", "b", "2", "c", "3", "x", "batch", "y", "batch"), 1, wal, image);
    }

    @Test
    void shouldPutABatchTogetherBehindASegmentThatIsDropped() {
        final SegmentImage image = WalStore.segment().append(TYPE_PUT, BATCH_FIRST, 0, "a", "batch");
        final SegmentImage next = new SegmentImage(2, WalStore.LENGTH, 6)
            .append(TYPE_PUT, BATCH_LAST, 0, "y", "batch");
        final WalImage wal = new WalImage(1, WalStore.WAL_FILE_LENGTH, 4).add(TYPE_PUT, BATCH_FIRST, "a", "batch")
            .add(TYPE_PUT, BATCH_INSIDE, "x", "batch").add(TYPE_PUT, BATCH_LAST, "y", "batch").frame(3);
        check(Map.of("a", "batch", "b", "2", "c", "3", "x", "batch", "y", "batch"), 2, wal, image, next);
    }

    @Test
    void shouldDropABatchThatEndsNowhere() {
        final SegmentImage image = WalStore.segment().append(TYPE_PUT, BATCH_FIRST, 0, "a", "batch");
        final WalImage wal = new WalImage(1, WalStore.WAL_FILE_LENGTH, 5).add(TYPE_PUT, BATCH_INSIDE, "x", "batch")
            .frame(3);
        check(Map.of("a", "1", "b", "2", "c", "3"), 1, wal, image);
    }

    /** Sequence 4 was too long for the write-ahead log, and durable in the segments before the next frame. */
    @Test
    void shouldAcceptSequencesThatTheSegmentsAloneHave() {
        final WalImage wal = new WalImage(1, WalStore.WAL_FILE_LENGTH, 2).put("b", "2").put("c", "3").passOver(1)
            .put("d", "5").frame(4).put("e", "6").frame(4);
        check(Map.of("a", "1", "b", "2", "c", "3", "long", "4", "d", "5", "e", "6"), 2, wal,
            WalStore.segment().put("long", "4"));
    }

    /** The header of the store is what the next opening believes. */
    @Test
    void shouldLeaveADurableWatermarkOverAllRecordsAndTheFlagOnlyWithAWriteAheadLog() {
        for (final boolean wanted : new boolean[] {true, false}) {
            final MemoryFileOps files = WalStore.files(WalStore.wal(), WalStore.segment());
            final byte[] onDisk = new byte[WalStore.PAGE];
            final RecoverySettings recording = new RecordingSyncs(files).settings(WalStore.DIRECTORY, onDisk);
            try (Recovery recovery = new Recovery(new RecoverySettings(recording.files(), WalStore.DIRECTORY,
                recording.memory(), true, wanted, false, true, 1000, recording.progress()))) {
                assertEquals(9, recovery.run().durableSequence());
            }
            final UnsafeBuffer page = new UnsafeBuffer(onDisk);
            final Watermark first = HeaderDescriptor.watermark(page, 0);
            final Watermark second = HeaderDescriptor.watermark(page, 1);
            final Watermark newest = first.generation() > second.generation() ? first : second;
            assertEquals(9, newest.lastDurableSequence());
            assertEquals(wanted, newest.wal());
            assertFalse(newest.clean());
            assertEquals(wanted ? 4 : 0, walNames(files).count());
            final VerifyReport report = WalStore.verify(files);
            assertTrue(report.sound(), report.toString());
        }
    }

    /** What is behind the hole goes, and the last segment that stays is sealed and has no mapping. */
    @Test
    void shouldMarkASealedSegmentWithoutAMapping() {
        for (final boolean wanted : new boolean[] {true, false}) {
            final SegmentImage sealed = WalStore.segment().synced().sealed();
            final MemoryFileOps files = WalStore.files(new WalImage(1, WalStore.WAL_FILE_LENGTH, 1), sealed,
                new SegmentImage(2, WalStore.LENGTH, 6).walInUse().watermark(WalStore.PAGE, 0, false).put("lost", "6"));
            try (Recovery recovery = new Recovery(new RecoverySettings(files, WalStore.DIRECTORY,
                new DirectChunkAllocator(), true, wanted, false, false, 1, (phase, done, total) -> {
                }))) {
                assertNull(recovery.run().active());
                assertEquals(1, recovery.report().dropped().size());
            }
            final UnsafeBuffer page = new UnsafeBuffer(files.bytes(sealed.name()));
            final Watermark first = HeaderDescriptor.watermark(page, 0);
            final Watermark second = HeaderDescriptor.watermark(page, 1);
            final Watermark newest = first.generation() > second.generation() ? first : second;
            assertEquals(4, newest.generation());
            assertEquals(3, newest.lastDurableSequence());
            assertEquals(wanted, newest.wal());
            assertEquals(wanted ? 4 : 0, walNames(files).count());
            check(Map.of("a", "1", "b", "2", "c", "3"), 0, files, wanted);
        }
    }

    @Test
    void shouldRemoveTheWriteAheadLogOfAStoreThatHoldsNothing() {
        final MemoryFileOps files = WalStore.files(new WalImage(1, WalStore.WAL_FILE_LENGTH, 1));
        assertEquals(4, walNames(files).count());
        try (EngineStore store = WalStore.open(files, true)) {
            assertEquals(Map.of(), store.contents());
            assertEquals(0, walNames(files).count());
            assertEquals(4, store.report().removed().size());
        }
        assertEquals(1, files.image().keySet().stream().filter(SegmentFileNames::isSegment).count());
    }

    /** The process dies a second time while it brings the records in, after any number of its steps. */
    @Test
    void shouldGiveTheSameContentsAfterACrashAtEveryStep() {
        final SegmentImage torn = WalStore.segment().put("d", "4").put("a", "5");
        torn.bytes()[torn.offset(3) + 20] ^= 1;
        final WalImage wal = WalStore.wal(2 * WalStore.WAL_FILE_LENGTH);
        for (int i = 0; i < 4; i++) {
            wal.put("long" + i, "=".repeat(6_000)).frame(2);
        }
        final SegmentImage dropped = new SegmentImage(2, WalStore.LENGTH, 7).put("e", "7");
        for (final boolean wanted : new boolean[] {true, false}) {
            assertTrue(crashAtEveryStep(WalStore.files(wal, torn, dropped), wanted) >= (wanted ? 15 : 20));
        }
    }

    private static long crashAtEveryStep(final MemoryFileOps crashed, final boolean wanted) {
        final Map<String, String> expected = WalStore.expected();
        for (int i = 0; i < 4; i++) {
            expected.put("long" + i, "=".repeat(6_000));
        }
        long steps = 0;
        while (true) {
            final MemoryFileOps files = new MemoryFileOps(crashed.image());
            final FaultingFileOps faulty = new FaultingFileOps(files);
            faulty.failAt(Operation.CHANGING, steps + 1, true, FaultingFileOps::ioError);
            try (Recovery recovery = new Recovery(new RecoverySettings(faulty, WalStore.DIRECTORY,
                new DirectChunkAllocator(), true, wanted, false, true, 1000, (phase, done, total) -> {
                }))) {
                recovery.run();
            } catch (final MapcaskException ex) {
                assertTrue(ex.getMessage().contains("injected"), ex.getMessage());
            }
            final String where = "crash at step " + (steps + 1) + ", wal wanted: " + wanted;
            assertEquals(0, files.openFiles(), where);
            assertEquals(0, files.liveMappings(), where);
            final VerifyReport report = WalStore.verify(files);
            assertTrue(report.sound(), where + ": " + report);
            for (final boolean later : new boolean[] {true, false}) {
                try (EngineStore store = WalStore.open(new MemoryFileOps(files.image()), later)) {
                    assertEquals(expected, store.contents(), where);
                }
            }
            if (faulty.failures() == 0) {
                return steps;
            }
            steps++;
        }
    }

    @Test
    void shouldSayWhatIsInTheWriteAheadLogAlone() {
        final MemoryFileOps files = WalStore.files(WalStore.wal(), WalStore.segment());
        final VerifyReport report = WalStore.verify(files);
        assertEquals(6L, report.asMap().get("walRecords"));
        assertTrue(report.toString().contains("6 records are in the write-ahead log alone"), report.toString());
        assertNull(report.tornFile());
        try (EngineStore store = WalStore.open(files, false)) {
            assertEquals(9, store.report().lastSequence());
            assertTrue(store.report().toString().contains("6 of the records were in the write-ahead log alone"));
        }
    }
}
