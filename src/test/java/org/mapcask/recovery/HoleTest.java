package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/**
 * The story: the kernel writes dirty pages in any order. The power goes after a late page has reached the disk and
 * before an earlier one has. The file then has a hole: sound records, zeros, and sound records behind them. They
 * are the dangerous ones: if new records of the same size fill the hole, the old ones would follow them with the
 * right sequence, the right salt and the right offset.
 */
class HoleTest {
    private static final Path DIRECTORY = Path.of("store");
    private static final int PAGE = HeaderDescriptor.PAGE_LENGTH;
    private static final int LENGTH = 4 * PAGE;

    /** Records of this value take 1024 bytes each, so four fill a page. */
    private static String value(final String tag) {
        return tag + ".".repeat(1024 - 24 - 4 - tag.length());
    }

    private static String key(final int i) {
        return String.format("k%03d", i);
    }

    private static SegmentImage image(final long id, final long first, final int count) {
        final SegmentImage image = new SegmentImage(id, LENGTH, first);
        for (int i = 0; i < count; i++) {
            image.put(key((int)first + i), value("old" + (first + i)));
        }
        return image;
    }

    private static void zeroPage(final SegmentImage image, final int page) {
        Arrays.fill(image.bytes(), page * PAGE, (page + 1) * PAGE, (byte)0);
    }

    private static MemoryFileOps files(final SegmentImage... images) {
        final MemoryFileOps files = new MemoryFileOps();
        for (final SegmentImage image : images) {
            files.put(image.name(), image.bytes());
        }
        return files;
    }

    /** The state of a killed process, recovered, written to in the same sizes, killed again, and recovered again. */
    private static void checkNothingOldComesBack(final MemoryFileOps files, final int kept, final int written) {
        for (int fill = 0; fill <= written; fill++) {
            final MemoryFileOps state = new MemoryFileOps(files.image());
            final MemoryFileOps killed;
            final Map<String, String> expected = new TreeMap<>();
            for (int i = 1; i <= kept; i++) {
                expected.put(key(i), value("old" + i));
            }
            try (EngineStore store = EngineStore.open(state, DIRECTORY, LENGTH)) {
                assertEquals(expected, store.contents(), "after the first recovery");
                for (int i = 0; i < fill; i++) {
                    store.put(key(500 + i), value("new" + i));
                    expected.put(key(500 + i), value("new" + i));
                }
                killed = new MemoryFileOps(state.image());
            }
            assertTrue(EngineStore.verify(state, DIRECTORY).sound(), EngineStore.verify(state, DIRECTORY).toString());
            assertTrue(EngineStore.verify(killed, DIRECTORY).sound(), EngineStore.verify(killed, DIRECTORY).toString());
            for (final MemoryFileOps next : List.of(killed, state)) {
                try (EngineStore store = EngineStore.open(next, DIRECTORY, LENGTH)) {
                    assertEquals(expected.keySet(), store.contents().keySet(), fill + " new records");
                    assertEquals(expected, store.contents());
                    assertEquals(kept + fill, store.report().lastSequence());
                }
            }
        }
    }

    @Test
    void shouldCutAtAHoleAndNeverBringBackWhatWasBehindIt() {
        final SegmentImage image = image(1, 1, 12);
        zeroPage(image, 2);
        checkNothingOldComesBack(files(image), 4, 9);
    }

    @Test
    void shouldCutAtAHoleAtTheVeryStart() {
        final SegmentImage image = image(1, 1, 12);
        zeroPage(image, 1);
        checkNothingOldComesBack(files(image), 0, 9);
    }

    @Test
    void shouldDropSegmentsBehindAHole() {
        final SegmentImage first = image(1, 1, 12);
        zeroPage(first, 3);
        final SegmentImage second = image(2, 13, 12);
        final SegmentImage third = image(3, 25, 2);
        final MemoryFileOps files = files(first, second, third);
        try (EngineStore store = EngineStore.open(new MemoryFileOps(files.image()), DIRECTORY, LENGTH)) {
            assertEquals(List.of(third.name(), second.name()), store.report().dropped());
        }
        checkNothingOldComesBack(files, 8, 7);
    }

    /** The next segment was just taken into use when the power went: its header is there, no record is. */
    @Test
    void shouldCutAtAHoleBeforeASegmentWithoutRecords() {
        final SegmentImage first = image(1, 1, 12);
        zeroPage(first, 2);
        checkNothingOldComesBack(files(first, new SegmentImage(2, LENGTH, 13)), 4, 9);
    }

    @Test
    void shouldDropSegmentsBehindAGap() {
        final SegmentImage first = image(1, 1, 12);
        zeroPage(first, 3);
        zeroPage(first, 2);
        checkNothingOldComesBack(files(first, image(2, 13, 3)), 4, 9);
    }

    /**
     * Nothing was ever synced. The header page of the first segment has not reached the disk again after it was
     * made, so it looks unused; the second segment is there. All of it was never durable, and nothing is damaged.
     */
    @Test
    void shouldDropEverythingWhenTheFirstSegmentNeverReachedTheDisk() {
        final SegmentImage first = new SegmentImage(image(1, 1, 12).identity(), 0);
        System.arraycopy(image(1, 1, 12).bytes(), PAGE, first.bytes(), PAGE, LENGTH - PAGE);
        final MemoryFileOps files = files(first, image(2, 13, 3));
        assertTrue(EngineStore.verify(files, DIRECTORY).sound());
        checkNothingOldComesBack(files, 0, 9);
    }

    /** A clean store is opened again, records are added, and the power goes before the header page is written. */
    @Test
    void shouldNotTrustTheMarkOfAnEarlierClose() {
        final MemoryFileOps files = files(image(1, 1, 4).closed());
        final byte[] headerOnDisk = Arrays.copyOf(files.bytes(image(1, 1, 0).name()), PAGE);
        try (EngineStore store = EngineStore.open(
            new RecordingSyncs(files).settings(DIRECTORY, headerOnDisk), LENGTH)) {
            for (int i = 5; i <= 12; i++) {
                store.put(key(i), value("old" + i));
            }
            final MemoryFileOps crashed = new MemoryFileOps(files.image());
            final byte[] bytes = crashed.bytes(image(1, 1, 0).name());
            System.arraycopy(headerOnDisk, 0, bytes, 0, PAGE);
            Arrays.fill(bytes, 2 * PAGE, 3 * PAGE, (byte)0);
            checkNothingOldComesBack(crashed, 4, 9);
        }
    }

    @Test
    void shouldRefuseAHoleBelowTheWatermark() {
        final SegmentImage image = image(1, 1, 12).synced();
        zeroPage(image, 2);
        final MemoryFileOps files = files(image);
        final VerifyReport report = EngineStore.verify(files, DIRECTORY);
        assertFalse(report.sound());
        final Damage damage = report.damages().get(0);
        assertEquals(image.name(), damage.file());
        assertEquals(2 * PAGE, damage.offset());
        assertEquals(Damage.Kind.RECORD, damage.kind());
        assertEquals(5, damage.firstSequence());
        assertEquals(8, damage.lastSequence());
        try (EngineStore store = EngineStore.open(
            EngineStore.settings(files, DIRECTORY, true, true), LENGTH)) {
            assertEquals(8, store.contents().size());
            assertNull(store.get(key(5)));
            assertEquals(value("old9"), store.get(key(9)));
            assertNotEquals(List.of(), store.report().damages());
        }
    }
}
