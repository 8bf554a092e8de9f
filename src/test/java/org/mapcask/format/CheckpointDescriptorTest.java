package org.mapcask.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.mapcask.format.CheckpointDescriptor.Fixed;
import org.mapcask.format.CheckpointDescriptor.HeaderCopy;
import org.mapcask.format.CheckpointDescriptor.SegmentFigures;
import org.mapcask.format.HeaderDescriptor.Seal;
import org.mapcask.format.HeaderDescriptor.Watermark;

/** The bytes of a checkpoint of format version 1, layout 2, one by one. */
class CheckpointDescriptorTest {
    /** A row of 16 bytes each. */
    private static final String GOLDEN = String.join("",
        "01000000000000000200000000000000",
        "03000000000000000010000000000000",
        "0500000000000000" + "02000000" + "02000000",
        "03000000" + "03000000" + "02000000" + "00000000",
        "11000000000000001200000000000000",
        "13000000000000001400000000000000",
        "0300000000000000" + "01000000" + "0f000000",
        "41000000000000004200000000000000",
        "43000000000000004400000000000000",
        "45000000000000004600000000000000",
        "47000000000000004800000000000000",
        "49000000000000004a00000000000000",
        "4b000000000000000000000000000000",
        "61000000000000006200000000000000",
        "63000000000000006400000000000000",
        "00000000000000000000000000000000",
        "00000000000000000000000000000000",
        "00000000000000000000000000000000",
        "00000000000000000000000000000000",
        "00000000000000000000000000000000",
        "00000000000000000000000000000000",
        "00000000000000000000000000000000",
        "15000000000000001600000000000000",
        "1700000000000000" + "2100000000000000",
        "2200000000000000" + "07000000" + "08000000",
        "09000000" + "31000000" + "32000000" + "33000000",
        "01" + "02" + "02" + "0000000000");

    private static final Fixed FIXED = new Fixed(1, 2, 3, 4096, 5, 2, 2, 3, 3);
    private static final SegmentFigures FIGURES = new SegmentFigures(
        0x11, 0x12, 0x13, 0x14, new long[] {0x15, 0x16, 0x17}, new HeaderCopy(0x41, 0x42, 1, 0x43, 0x44,
        new Seal(0x45, 0x46, 0x47), new Watermark(0x48, 0x49, 0x4a, 0x4b, true, true)));
    private static final SegmentFigures BARE = new SegmentFigures(0x61, 0x62, 0x63, 0x64, new long[0], null);

    @Test
    void shouldWriteAndReadTheseBytes() {
        final byte[] golden = HexFormat.of().parseHex(GOLDEN);
        final ByteBuffer bytes = ByteBuffer.allocateDirect(golden.length);
        final UnsafeBuffer body = new UnsafeBuffer(bytes);
        CheckpointDescriptor.putFixed(body, FIXED);
        CheckpointDescriptor.putSegment(body, FIXED, 0, FIGURES, 0);
        CheckpointDescriptor.putSegment(body, FIXED, 1, BARE, 3);
        for (int i = 0; i < 2; i++) {
            CheckpointDescriptor.putWaiting(body, FIXED, i, 0x21 + i);
        }
        CheckpointDescriptor.putPages(bytes, FIXED, new int[] {7, 8, 9, 10}, new int[] {0x31, 0x32, 0x33},
            new byte[] {1, 2, 2});
        final byte[] written = new byte[golden.length];
        body.getBytes(0, written);
        assertEquals(GOLDEN, HexFormat.of().formatHex(written));
        assertEquals(golden.length, FIXED.bodyLength());
        assertEquals(HeaderDescriptor.PAGE_LENGTH + golden.length + 4, FIXED.fileLength());

        body.putBytes(0, golden);
        assertEquals(FIXED, CheckpointDescriptor.fixed(body));
        assertEquals(CheckpointDescriptor.LAYOUT, CheckpointDescriptor.layout(body));
        final SegmentFigures read = CheckpointDescriptor.segment(body, FIXED, 0, 0);
        assertArrayEquals(FIGURES.expiring(), read.expiring());
        assertEquals(FIGURES, new SegmentFigures(read.id(), read.salt(), read.liveBytes(), read.tombstoneBytes(),
            FIGURES.expiring(), read.header()));
        assertNull(CheckpointDescriptor.segment(body, FIXED, 1, 3).header());
        for (int i = 0; i < 2; i++) {
            assertEquals(0x21 + i, CheckpointDescriptor.waiting(body, FIXED, i));
        }
        final int[] words = new int[6];
        final byte[] depths = new byte[3];
        bytes.clear().position(FIXED.headLength()).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
        bytes.position(FIXED.headLength() + Integer.BYTES * words.length).get(depths);
        assertArrayEquals(new int[] {7, 8, 9, 0x31, 0x32, 0x33}, words);
        assertEquals(FIXED.bodyLength(), bytes.position() + FIXED.paddingLength());
        assertArrayEquals(new byte[] {1, 2, 2}, depths);
    }

    @Test
    void shouldKeepTheHeaderOfAMergedSegment() {
        final UnsafeBuffer body = new UnsafeBuffer(new byte[(int)FIXED.bodyLength()]);
        final SegmentFigures merged = new SegmentFigures(0x61, 0x62, 0x63, 0x64, new long[0],
            new HeaderCopy(1, 2, HeaderDescriptor.KIND_MERGED, 0, 8192, new Seal(5000, 1, 9), null));
        CheckpointDescriptor.putSegment(body, FIXED, 1, merged, 3);
        assertEquals(merged.header(), CheckpointDescriptor.segment(body, FIXED, 1, 3).header());
    }

    @Test
    void shouldFitAFileOfItsOwnLengthAlone() {
        assertTrue(FIXED.fits(FIXED.fileLength()));
        assertFalse(FIXED.fits(FIXED.fileLength() - 1));
        assertFalse(FIXED.fits(FIXED.fileLength() + 1));
        assertFalse(new Fixed(1, 2, 3, 4096, 5, 1, 2, 0, 0).fits(new Fixed(1, 2, 3, 4096, 5, 1, 2, 0, 0).fileLength()));
        final Fixed negative = new Fixed(1, 2, 3, 4096, 5, -1, 2, 3, 3);
        assertFalse(negative.fits(negative.fileLength()));
    }

    @Test
    void shouldPlaceSlotsBehindTheHeaderPage() {
        assertEquals(4096, CheckpointDescriptor.slotFileOffset(0));
        assertEquals(4096L + (1L << 43) - 4096, CheckpointDescriptor.slotFileOffset(Integer.MAX_VALUE));
    }

    @Test
    void shouldEndAChecksumWithTheBytesOfANumber() {
        final CRC32C bytes = new CRC32C();
        final UnsafeBuffer number = new UnsafeBuffer(new byte[8]);
        number.putLong(0, 0x0102_0304_8586_8788L, ByteOrder.LITTLE_ENDIAN);
        bytes.update(number.byteArray());
        final CRC32C crc = new CRC32C();
        CheckpointDescriptor.update(crc, 0x0102_0304_8586_8788L);
        assertEquals(bytes.getValue(), crc.getValue());
    }
}
