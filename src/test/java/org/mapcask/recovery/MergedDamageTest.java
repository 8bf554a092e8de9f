package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.CorruptionException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.MergeDescriptor;
import org.mapcask.format.MergeDescriptor.State;
import org.mapcask.recovery.StoreDamage.Place;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.support.EngineStore;
import org.mapcask.support.MemoryFileOps;

/** The story: a disk changes or loses what a merge made, when what it was made of is long gone. */
class MergedDamageTest {
    private final StoreDamage store = new StoreDamage(true);
    private final Map<String, SegmentHeader> merged = headers(store.files);

    private static Map<String, SegmentHeader> headers(final MemoryFileOps files) {
        final Map<String, SegmentHeader> headers = new LinkedHashMap<>();
        for (final String name : files.image().keySet()) {
            final SegmentHeader header = SegmentHeader.read(files.open(Path.of(name), false));
            if (header.isMerged()) {
                headers.put(name, header);
            }
        }
        return headers;
    }

    private String carrier() {
        return merged.keySet().stream().filter(name -> merged.get(name).merge().state() == State.CARRIER).findFirst()
            .orElseThrow();
    }

    @Test
    void shouldReportAFlippedBitWhereverItIs() {
        assertTrue(merged.size() >= 2, merged.toString());
        store.checkUnchanged();
        for (final String name : merged.keySet()) {
            final byte[] bytes = store.files.bytes(name);
            final int end = (int)merged.get(name).seal().endOffset();
            for (int offset = 0; offset < bytes.length;
                offset += offset < HeaderDescriptor.SECTOR_LENGTH ? 1 : offset < end ? 5 : 97) {
                bytes[offset] ^= (byte)(1 << offset % Byte.SIZE);
                store.checkDamaged("flip at " + name + ":" + offset, new Place(name, offset, 1));
                bytes[offset] ^= (byte)(1 << offset % Byte.SIZE);
            }
        }
        store.checkUnchanged();
    }

    @Test
    void shouldReportEveryLengthThatAFileIsCutTo() {
        for (final String name : merged.keySet()) {
            final byte[] bytes = store.files.bytes(name);
            for (int length = 0; length < bytes.length; length += 239) {
                store.files.put(name, Arrays.copyOf(bytes, length));
                final int place = length < HeaderDescriptor.PAGE_LENGTH ? 0 : length;
                store.checkDamaged("cut of " + name + " to " + length, new Place(name, place, 1));
            }
            store.files.put(name, bytes);
        }
        store.checkUnchanged();
    }

    /** Zeros are what an unfinished merge has there; in a store that was closed properly no merge is unfinished. */
    @Test
    void shouldNotTakeAZeroedSectorOfACommitForAMergeThatNeverCounted() {
        final byte[] bytes = store.files.bytes(carrier());
        final byte[] before = bytes.clone();
        for (int sector = 0; sector < MergeDescriptor.SECTOR_COUNT; sector++) {
            final int offset = MergeDescriptor.sectorOffset(sector);
            Arrays.fill(bytes, offset, offset + HeaderDescriptor.SECTOR_LENGTH, (byte)0);
            store.checkDamaged("zeroed sector " + sector, new Place(carrier(), offset, 1));
            assertRefused(store.files.image(), carrier());
            System.arraycopy(before, 0, bytes, 0, before.length);
        }
        store.checkUnchanged();
    }

    /** One sound sector is enough for a stamp. */
    @Test
    void shouldKeepAStampOfWhichOneSectorIsLeft() {
        for (final String name : merged.keySet()) {
            if (name.equals(carrier())) {
                continue;
            }
            for (int sound = 0; sound < MergeDescriptor.SECTOR_COUNT; sound++) {
                final MemoryFileOps files = new MemoryFileOps(store.files.image());
                final byte[] bytes = files.bytes(name);
                for (int sector = 0; sector < MergeDescriptor.SECTOR_COUNT; sector++) {
                    final int offset = MergeDescriptor.sectorOffset(sector);
                    final int length = sector == sound ? 0 : HeaderDescriptor.SECTOR_LENGTH;
                    Arrays.fill(bytes, offset, offset + length, (byte)0);
                }
                try (EngineStore opened = EngineStore.open(files, StoreDamage.DIRECTORY, StoreDamage.SEGMENT_LENGTH)) {
                    assertEquals(store.expected, opened.contents());
                }
                assertTrue(EngineStore.verify(files, StoreDamage.DIRECTORY).sound());
                assertEquals(List.of(), headers(files).get(name).oddities());
            }
        }
    }

    private void assertRefused(final Map<String, byte[]> image, final String where) {
        final MemoryFileOps files = new MemoryFileOps(image);
        final CorruptionException ex = assertThrows(CorruptionException.class,
            () -> EngineStore.open(files, StoreDamage.DIRECTORY, StoreDamage.SEGMENT_LENGTH).close());
        assertTrue(ex.getMessage().contains(where), ex.getMessage());
        assertEquals(image.keySet(), files.image().keySet(), "nothing is removed from a damaged store");
        try (EngineStore salvaged = EngineStore.openReadOnly(files, StoreDamage.DIRECTORY, true)) {
            assertFalse(salvaged.report().damages().isEmpty());
            salvaged.report().damages().forEach(damage -> assertEquals("data", damage.area()));
        }
    }

    /** The last merge tells its outputs, and the log has a hole where no commit says what filled it. */
    @Test
    void shouldMissEveryMergedSegmentThatIsGone() {
        for (final String name : merged.keySet()) {
            final Map<String, byte[]> image = store.files.image();
            image.remove(name);
            final VerifyReport report = EngineStore.verify(new MemoryFileOps(image), StoreDamage.DIRECTORY);
            assertTrue(report.damages().stream().anyMatch(
                damage -> damage.kind() == Damage.Kind.MISSING_SEGMENT), name + ": " + report);
            assertRefused(image, "");
        }
        final Map<String, byte[]> image = store.files.image();
        image.keySet().removeAll(merged.keySet());
        assertFalse(EngineStore.verify(new MemoryFileOps(image), StoreDamage.DIRECTORY).sound());
        assertRefused(image, "");
    }

    /** A bit that flips in a file that is going to be removed anyway harms nobody. */
    @Test
    void shouldNotMindDamageOfWhatWasReplaced() {
        final StoreDamage fresh = new StoreDamage();
        final Map<String, Map<String, byte[]>> images = new LinkedHashMap<>();
        final HandMerge merge = new HandMerge(fresh.files, new Random(2), 4 * HeaderDescriptor.PAGE_LENGTH,
            step -> images.put(step.split(" ")[0], fresh.files.image()));
        assertTrue(merge.run(1));
        final Map<String, byte[]> image = images.get("stamp") == null ? images.get("commit") : images.get("stamp");
        final String input = image.keySet().iterator().next();
        for (final int offset : new int[] {0, 600, 1100, 3000, 4100, 4200, 5000}) {
            final MemoryFileOps files = new MemoryFileOps(image);
            files.bytes(input)[offset] ^= 4;
            assertTrue(EngineStore.verify(files, StoreDamage.DIRECTORY).sound(), input + " at " + offset);
            try (EngineStore opened = EngineStore.open(files, StoreDamage.DIRECTORY, StoreDamage.SEGMENT_LENGTH)) {
                assertEquals(fresh.expected, opened.contents());
                assertTrue(opened.report().removed().contains(input), opened.report().toString());
            }
        }
    }
}
