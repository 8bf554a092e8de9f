package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mapcask.format.RecordDescriptor.BATCH_FIRST;
import static org.mapcask.format.RecordDescriptor.BATCH_INSIDE;
import static org.mapcask.format.RecordDescriptor.BATCH_LAST;
import static org.mapcask.format.RecordDescriptor.TYPE_DELETE;
import static org.mapcask.format.RecordDescriptor.TYPE_PUT;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/** The story: the power goes while a batch is being written. It must come back whole or not at all. */
class BatchRecoveryTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int LENGTH = 8192;

    private static SegmentImage batch(final SegmentImage image) {
        return image.append(TYPE_PUT, BATCH_FIRST, 0, "a", "batch")
            .append(TYPE_DELETE, BATCH_INSIDE, 0, "b", "")
            .append(TYPE_PUT, BATCH_LAST, 0, "c", "batch");
    }

    private static SegmentImage before() {
        return new SegmentImage(1, LENGTH, 1).put("a", "1").put("b", "1");
    }

    private static void check(final Map<String, String> expected, final SegmentImage... images) {
        final MemoryFileOps files = new MemoryFileOps();
        for (final SegmentImage image : images) {
            files.put(image.name(), image.bytes().clone());
        }
        final Map<String, String> later = new TreeMap<>(expected);
        for (int i = 0; i < 3; i++) {
            final VerifyReport report = EngineStore.verify(files, DIRECTORY);
            assertTrue(report.sound(), report.toString());
            assertEquals(later.size(), report.keys());
            try (EngineStore store = EngineStore.open(files, DIRECTORY, LENGTH)) {
                assertEquals(later, store.contents(), "opening " + i);
                store.put("later" + i, "x");
                later.put("later" + i, "x");
            }
        }
    }

    @Test
    void shouldApplyACompleteBatch() {
        check(Map.of("a", "batch", "c", "batch"), batch(before()));
    }

    @Test
    void shouldDropABatchWithoutItsLastRecordWhole() {
        final SegmentImage image = batch(before());
        image.bytes()[image.offset(4) + 25] ^= 1;
        check(Map.of("a", "1", "b", "1"), image);
    }

    /** The records that did reach the disk are durable and sound; still they do not count. */
    @Test
    void shouldDropABatchWithoutItsLastRecordAlsoBelowTheWatermark() {
        final SegmentImage image = before().append(TYPE_PUT, BATCH_FIRST, 0, "a", "batch")
            .append(TYPE_DELETE, BATCH_INSIDE, 0, "b", "").synced();
        check(Map.of("a", "1", "b", "1"), image);
    }

    @Test
    void shouldApplyABatchThatReachesIntoTheNextSegment() {
        final SegmentImage first = before().append(TYPE_PUT, BATCH_FIRST, 0, "a", "batch").sealed();
        final SegmentImage second = new SegmentImage(2, LENGTH, 4).append(TYPE_DELETE, BATCH_INSIDE, 0, "b", "")
            .append(TYPE_PUT, BATCH_LAST, 0, "c", "batch");
        check(Map.of("a", "batch", "c", "batch"), first, second);
    }

    @Test
    void shouldDropABatchThatReachesIntoTheNextSegmentWhole() {
        final SegmentImage sealed = before().append(TYPE_PUT, BATCH_FIRST, 0, "a", "batch").sealed();
        final SegmentImage open = before().append(TYPE_PUT, BATCH_FIRST, 0, "a", "batch");
        final SegmentImage second = new SegmentImage(2, LENGTH, 4).append(TYPE_DELETE, BATCH_INSIDE, 0, "b", "");
        check(Map.of("a", "1", "b", "1"), sealed, second);
        check(Map.of("a", "1", "b", "1"), open, second);
        check(Map.of("a", "1", "b", "1"), sealed);
        check(Map.of("a", "1", "b", "1"), open, new SegmentImage(2, LENGTH, 4));
    }

    @Test
    void shouldForgetAnOpenBatchWhenOtherRecordsFollowIt() {
        final SegmentImage image = before().append(TYPE_PUT, BATCH_FIRST, 0, "a", "lost").put("d", "alone");
        check(Map.of("a", "1", "b", "1", "d", "alone"), image);
        check(Map.of("a", "batch", "c", "batch", "d", "alone"), batch(image));
    }

    /** Damage takes the first record of a batch: what salvage gives has nothing of that batch. */
    @Test
    void shouldNotSalvageHalfABatch() {
        final SegmentImage image = batch(before()).put("e", "5").synced();
        image.bytes()[image.offset(2) + 26] ^= 1;
        final MemoryFileOps files = new MemoryFileOps(Map.of(image.name(), image.bytes()));
        try (EngineStore store = EngineStore.openReadOnly(files, DIRECTORY, true)) {
            assertEquals(Map.of("a", "1", "b", "1", "e", "5"), store.contents());
            assertEquals(3, store.report().damages().get(0).firstSequence());
        }
    }
}
