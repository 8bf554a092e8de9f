package org.mapcask.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.FormatVersionException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.HeaderDescriptor.Seal;
import org.mapcask.format.HeaderDescriptor.Watermark;
import org.mapcask.support.MemoryFileOps;

class SegmentHeaderTest {
    private static final int PAGE = HeaderDescriptor.PAGE_LENGTH;
    private static final int LENGTH = 2 * PAGE;
    private static final int SECTOR = HeaderDescriptor.SECTOR_LENGTH;

    private static SegmentHeader read(final String name, final byte[] bytes) {
        return SegmentHeader.read(new MemoryFileOps(Map.of(name, bytes)).open(Path.of("store", name), false));
    }

    private static SegmentHeader read(final SegmentImage image) {
        return read(image.name(), image.bytes());
    }

    @Test
    void shouldTellAPreparedAUsedAndASealedSegment() {
        final SegmentImage used = new SegmentImage(5, LENGTH, 3);
        final SegmentHeader prepared = read(new SegmentImage(used.identity(), 0));
        assertFalse(prepared.wasUsed());
        assertEquals(used.identity(), prepared.identity());
        assertEquals(PAGE, prepared.durableEnd());
        assertEquals(0, prepared.durableSequence());
        final SegmentHeader header = read(used);
        assertTrue(header.wasUsed() && header.hasWholeFile());
        assertNull(header.seal());
        assertEquals(3, header.firstSequence());
        assertEquals(new Watermark(1, PAGE, 3, 0, false, false), header.watermark());
        final SegmentHeader sealed = read(used.put("a", "b").sealed());
        assertEquals(new Seal(used.end(), 3, 3), sealed.seal());
        assertEquals(used.end(), sealed.durableEnd());
        assertEquals(3, sealed.durableSequence());
        assertEquals(List.of(), sealed.oddities());
    }

    @Test
    void shouldTakeTheNewestWatermarkAndFallBackToTheOtherWhenItIsDamaged() {
        final SegmentImage image = new SegmentImage(5, LENGTH, 1).put("a", "b").synced().put("c", "d").closed();
        final SegmentHeader header = read(image);
        assertTrue(header.isClean());
        assertEquals(4, header.watermark().generation());
        image.bytes()[HeaderDescriptor.watermarkOffset(4)] ^= 1;
        final SegmentHeader older = read(image);
        assertEquals(3, older.watermark().generation());
        assertFalse(older.isClean());
        assertEquals(HeaderDescriptor.watermarkOffset(4), older.oddities().get(0).offset());
        Arrays.fill(image.bytes(), HeaderDescriptor.watermarkOffset(4), HeaderDescriptor.watermarkOffset(4) + SECTOR,
            (byte)0);
        assertEquals(1, read(image).oddities().size(), "a sector that must have been in use is empty");
    }

    /** A crash may take the watermark of the first use and leave records: recovery writes the very first one then. */
    @Test
    void shouldNotMissASectorThatNoWatermarkWasWrittenTo() {
        final SegmentImage image = new SegmentImage(5, LENGTH, 1);
        final UnsafeBuffer page = new UnsafeBuffer(image.bytes());
        page.setMemory(HeaderDescriptor.WATERMARK_OFFSET, HeaderDescriptor.WATERMARK_COUNT * SECTOR, (byte)0);
        HeaderDescriptor.putWatermark(
            page, image.identity().salt(), new Watermark(1, PAGE + 100, 1, 3, false, false));
        assertEquals(List.of(), read(image).oddities());
        HeaderDescriptor.putWatermark(
            page, image.identity().salt(), new Watermark(3, PAGE + 100, 1, 3, false, false));
        assertEquals(1, read(image).oddities().size(), "the second one must have been in the other sector");
    }

    /** Two watermarks of a page that was not synced in between may reach the disk without the first of them. */
    @Test
    void shouldNotWonderAboutAnEmptySectorWhileNothingWasSynced() {
        final SegmentImage image = new SegmentImage(5, LENGTH, 1).watermark(PAGE, 0, false);
        Arrays.fill(image.bytes(), HeaderDescriptor.watermarkOffset(1), HeaderDescriptor.watermarkOffset(1) + SECTOR,
            (byte)0);
        assertEquals(List.of(), read(image).oddities());
        assertTrue(read(image).wasUsed());
    }

    @Test
    void shouldRefuseAFileThatIsNoSegment() {
        final SegmentImage image = new SegmentImage(5, LENGTH, 1);
        for (int length = 0; length < PAGE; length += 500) {
            final byte[] cut = Arrays.copyOf(image.bytes(), length);
            assertThrows(CorruptionException.class, () -> read(image.name(), cut));
        }
        final CorruptionException other =
            assertThrows(CorruptionException.class, () -> read(SegmentFileNames.of(6), image.bytes()));
        assertTrue(other.getMessage().contains(SegmentFileNames.of(5)), other.getMessage());
        assertThrows(CorruptionException.class, () -> read(image.name(), new byte[LENGTH]));
    }

    @Test
    void shouldRefuseAnIdentityThatMakesNoSenseThoughItsChecksumIsRight() {
        final Identity good = new SegmentImage(5, LENGTH, 1).identity();
        for (final Identity bad : List.of(
            new Identity(1, 2, good.storeIdHigh(), good.storeIdLow(), 5, 0, LENGTH, 1, 1),
            new Identity(1, 1, good.storeIdHigh(), good.storeIdLow(), 5, 8, LENGTH, 1, 1),
            new Identity(1, 1, good.storeIdHigh(), good.storeIdLow(), 5, -1L << 20, LENGTH, 1, 1),
            new Identity(1, 1, good.storeIdHigh(), good.storeIdLow(), 5, 0, PAGE, 1, 1),
            new Identity(1, 1, good.storeIdHigh(), good.storeIdLow(), 5, 0, LENGTH + 8, 1, 1),
            new Identity(1, 1, good.storeIdHigh(), good.storeIdLow(), 5, 0,
                SegmentFactory.SEGMENT_LENGTH_MAX + 4096L, 1, 1))) {
            final byte[] bytes = new byte[LENGTH];
            HeaderDescriptor.putIdentity(new UnsafeBuffer(bytes), bad);
            assertThrows(CorruptionException.class, () -> read(SegmentFileNames.of(5), bytes), bad.toString());
        }
    }

    @Test
    void shouldRefuseALaterVersionByItsNumber() {
        final Identity good = new SegmentImage(5, LENGTH, 1).identity();
        final SegmentImage later = new SegmentImage(new Identity(2, good.kind(), good.storeIdHigh(),
            good.storeIdLow(), 5, good.basePosition(), LENGTH, good.salt(), good.hashSeed()), 1);
        final FormatVersionException ex = assertThrows(FormatVersionException.class, () -> read(later));
        assertTrue(ex.getMessage().contains("version 2") && ex.getMessage().contains("version 1"), ex.getMessage());
    }

    @Test
    void shouldTellAChangedLengthAndBytesInTheReservedPart() {
        final SegmentImage image = new SegmentImage(5, LENGTH, 1);
        assertFalse(read(image.name(), Arrays.copyOf(image.bytes(), LENGTH - 1)).hasWholeFile());
        image.bytes()[3000] = 1;
        assertEquals(List.of(new SegmentHeader.Oddity(3000, "reserved part of the header is not zero")),
            read(image).oddities());
    }
}
