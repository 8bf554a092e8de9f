package org.mapcask.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.errors.StoreClosedException;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.format.WalDescriptor;
import org.mapcask.io.SystemFileOps;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.wal.WalContents.Frame;

/** One thread and the ring: what was committed is in the files, and nothing older is written over too early. */
@Tag("core")
class WalTest {
    private static final long RING_MIN = 64 << 10;
    private static final int FRAME_MAX = (16 << 10) - 4096;

    private final MemoryFileOps files = new MemoryFileOps();
    private final WalRig rig = new WalRig(files, Path.of("store"));

    @Test
    void shouldHoldWhatWasCommittedInRealFiles(@TempDir final Path directory) {
        final WalRig real = new WalRig(new SystemFileOps(), directory);
        try (Wal wal = real.open(RING_MIN)) {
            for (long i = 1; i <= 9; i++) {
                WalRig.write(wal, i, 100 * (int)i);
                assertEquals(i, wal.durableSequence());
            }
            assertEquals(9, wal.stats().frames());
            assertEquals(9, wal.stats().records());
            assertEquals(9 * 4096, wal.stats().bytes());
            assertEquals(RING_MIN, wal.stats().length());
            assertFalse(wal.stats().method().isEmpty());
        }
        final TreeMap<Long, byte[]> records = real.records(0);
        assertEquals(9, records.size());
        for (long i = 1; i <= 9; i++) {
            real.checkHolds(records, i, 100 * (int)i);
        }
        assertEquals(List.of(), real.syncs);
        assertEquals(9, real.contents().lastSequence());
        assertTrue(real.contents().isComplete());
    }

    @Test
    void shouldPutAllThatWasStagedIntoOneFrame() {
        try (Wal wal = rig.open(RING_MIN)) {
            for (long i = 1; i <= 20; i++) {
                assertTrue(WalRig.stage(wal, WalRig.record(i, 100)));
            }
            assertEquals(0, wal.durableSequence());
            assertEquals(List.of(), rig.frames());
            wal.commit(3);
            assertEquals(20, wal.durableSequence());
            wal.commit(20);
            assertEquals(1, wal.stats().frames());
            assertEquals(20, wal.stats().records());
        }
        assertEquals(List.of(new Frame(WalFileNames.of(0, 0), 4096, 1, 20, 0)), rig.frames());
        assertEquals(List.of(19L, 20L), List.copyOf(rig.records(18).keySet()));
    }

    @Test
    void shouldGoRoundManyTimesAndOverOldFramesOnlyWhenSegmentsAreDurable() {
        final int framesPerFile = 3;
        try (Wal wal = rig.open(RING_MIN)) {
            for (long i = 1; i <= 500; i++) {
                WalRig.write(wal, i, 50);
                final TreeMap<Long, byte[]> records = rig.records(rig.durableSequence());
                assertEquals(i - rig.durableSequence(), records.size(), "nothing lost at " + i);
            }
            // Every file needs one sync before it is written over, up to its own last record.
            assertEquals(500 / framesPerFile - 3, rig.syncs.size(), rig.syncs.toString());
            for (int i = 0; i < rig.syncs.size(); i++) {
                assertEquals(framesPerFile * (i + 1L), rig.syncs.get(i));
            }
            assertEquals(rig.syncs.size(), wal.stats().ringWaits());
        }
    }

    @Test
    void shouldNotWaitForSegmentsThatWereMadeDurableWhenWanted() {
        try (Wal wal = rig.open(RING_MIN)) {
            assertEquals(0, wal.wantedSequence());
            for (long i = 1; i <= 100; i++) {
                WalRig.write(wal, i, 50);
                assertEquals((i - 1) / 3 * 3, wal.wantedSequence());
                rig.makeDurable(wal.wantedSequence());
            }
            assertEquals(0, wal.stats().ringWaits());
            assertEquals(List.of(), rig.syncs);
        }
        assertEquals(99, rig.contents().segmentsDurable() + 3, "a frame tells what was durable");
    }

    @Test
    void shouldMakeWhatWasPassedOverDurableInTheSegmentsFirst() {
        try (Wal wal = rig.open(RING_MIN)) {
            WalRig.write(wal, 1, 10);
            wal.passOver(2);
            assertEquals(1, wal.durableSequence());
            assertEquals(List.of(), rig.syncs);
            WalRig.write(wal, 3, 10);
            assertEquals(List.of(2L), rig.syncs);
            assertEquals(2, rig.frames().get(1).segmentsDurable());

            // Before the gap: the frame needs no sync.
            WalRig.stage(wal, WalRig.record(4, 10));
            wal.passOver(5);
            wal.commit(4);
            assertEquals(List.of(2L), rig.syncs);
            // Across the gap, in one frame.
            WalRig.stage(wal, WalRig.record(6, 10));
            wal.passOver(7);
            WalRig.stage(wal, WalRig.record(8, 10));
            wal.commit(6);
            assertEquals(List.of(2L, 7L), rig.syncs);
            assertEquals(8, wal.durableSequence());

            wal.passOver(9);
            wal.commit(9);
            assertEquals(List.of(2L, 7L, 9L), rig.syncs);
            assertEquals(9, wal.durableSequence());
            wal.passOver(11);
            rig.makeDurable(11);
            WalRig.write(wal, 12, 10);
            assertEquals(3, rig.syncs.size(), "its writer had synced it");
            assertEquals(0, wal.stats().ringWaits());
        }
        assertEquals(List.of(1L, 3L, 4L, 6L, 8L, 12L), List.copyOf(rig.records(0).keySet()));
    }

    @Test
    void shouldTakeRecordsUpToItsLimitsOnly() {
        try (Wal wal = rig.open(RING_MIN)) {
            final int payloadMax = FRAME_MAX - WalDescriptor.HEADER_LENGTH;
            assertTrue(wal.takes(payloadMax));
            assertFalse(wal.takes(payloadMax + 8));
            assertTrue(wal.takesBatch(payloadMax));
            assertFalse(wal.takesBatch(payloadMax + 8));
            final int valueLength = payloadMax - RecordDescriptor.HEADER_LENGTH - "key 1".length() - 3;
            assertEquals(payloadMax, WalRig.record(1, valueLength).capacity());
            WalRig.write(wal, 1, valueLength);
            WalRig.write(wal, 2, valueLength);
            final TreeMap<Long, byte[]> records = rig.records(0);
            rig.checkHolds(records, 1, valueLength);
            rig.checkHolds(records, 2, valueLength);
        }
        try (Wal wal = new WalRig(new MemoryFileOps(), Path.of("large")).open(8 << 20)) {
            assertTrue(wal.takes(Wal.RECORD_LENGTH_MAX));
            assertFalse(wal.takes(Wal.RECORD_LENGTH_MAX + 8));
            assertTrue(wal.takesBatch(WalDescriptor.PAYLOAD_LENGTH_MAX));
            assertFalse(wal.takesBatch(WalDescriptor.PAYLOAD_LENGTH_MAX + 8));
        }
    }

    @Test
    void shouldPassOverWhatFindsNoRoom() {
        final int valueLength = 5000;
        try (Wal wal = rig.open(RING_MIN)) {
            // Two records fill a frame, and there are two frames; nobody writes them meanwhile.
            for (long i = 1; i <= 4; i++) {
                assertTrue(WalRig.stage(wal, WalRig.record(i, valueLength)), "record " + i);
            }
            assertFalse(WalRig.stage(wal, WalRig.record(5, valueLength)));
            wal.commit(5);
            assertEquals(List.of(5L), rig.syncs, "the fifth is durable in the segments");
            wal.commit(4);
            assertEquals(2, wal.stats().frames());
            WalRig.write(wal, 6, valueLength);
            assertEquals(6, wal.durableSequence());
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 6L), List.copyOf(rig.records(0).keySet()));
    }

    @Test
    void shouldPutABatchIntoOneFrame() {
        try (Wal wal = rig.open(RING_MIN)) {
            WalRig.stage(wal, WalRig.record(1, 6000));
            final UnsafeBuffer first = WalRig.record(2, 4000, RecordDescriptor.BATCH_FIRST);
            final UnsafeBuffer last = WalRig.record(3, 4000, RecordDescriptor.BATCH_LAST);
            assertTrue(wal.beginBatch(first.capacity() + last.capacity()));
            WalRig.stage(wal, first);
            WalRig.stage(wal, last);
            wal.endBatch();
            wal.commit(3);
            assertEquals(2, wal.stats().frames());
        }
        final Frame batch = rig.frames().get(1);
        assertEquals(2, batch.firstSequence());
        assertEquals(3, batch.lastSequence());
        assertArrayEquals(WalRig.record(3, 4000, RecordDescriptor.BATCH_LAST).byteArray(), rig.records(2).get(3L));
    }

    @Test
    void shouldRefuseWhatWasNeverStagedAndEverythingAfterItsClose() {
        final Wal wal = rig.open(RING_MIN);
        assertThrows(IllegalArgumentException.class, () -> wal.commit(1));
        WalRig.write(wal, 1, 10);
        assertThrows(IllegalArgumentException.class, () -> wal.commit(2));
        wal.close();
        wal.close();
        assertThrows(StoreClosedException.class, () -> WalRig.write(wal, 2, 10));
        assertThrows(StoreClosedException.class, () -> wal.commit(2));
        assertEquals(0, files.openFiles());
    }

    @Test
    void shouldFillFramesUpWithZeros() {
        try (Wal wal = rig.open(RING_MIN)) {
            WalRig.write(wal, 1, 1000);
            WalRig.write(wal, 2, 1000);
            WalRig.write(wal, 3, 10);
        }
        final byte[] bytes = files.bytes(WalFileNames.of(0, 0));
        for (int i = 3 * 4096 + WalDescriptor.HEADER_LENGTH + WalRig.record(3, 10).capacity(); i < 4 * 4096; i++) {
            assertEquals(0, bytes[i], "byte " + i);
        }
    }
}
