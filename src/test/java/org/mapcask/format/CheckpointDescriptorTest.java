package org.mapcask.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.mapcask.format.CheckpointDescriptor.Fixed;
import org.mapcask.format.CheckpointDescriptor.SegmentFigures;

/** The bytes of a checkpoint of format version 1, one by one. */
class CheckpointDescriptorTest {
    /** A row of 16 bytes each. */
    private static final String GOLDEN = String.join("",
        "01000000000000000200000000000000",
        "03000000000000000010000000000000",
        "0500000000000000" + "01000000" + "02000000",
        "03000000" + "03000000" + "0000000000000000",
        "11000000000000001200000000000000",
        "13000000000000001400000000000000",
        "03000000000000000000000000000000",
        "00000000000000000000000000000000",
        "15000000000000001600000000000000",
        "1700000000000000" + "2100000000000000",
        "2200000000000000" + "07000000" + "31000000",
        "08000000" + "32000000" + "09000000" + "33000000",
        "01" + "02" + "02" + "0000000000");

    private static final Fixed FIXED = new Fixed(1, 2, 3, 4096, 5, 1, 2, 3, 3);
    private static final SegmentFigures FIGURES = new SegmentFigures(
        0x11, 0x12, 0x13, 0x14, new long[] {0x15, 0x16, 0x17});

    @Test
    void shouldWriteAndReadTheseBytes() {
        final byte[] golden = HexFormat.of().parseHex(GOLDEN);
        final UnsafeBuffer body = new UnsafeBuffer(new byte[golden.length]);
        CheckpointDescriptor.putFixed(body, FIXED);
        CheckpointDescriptor.putSegment(body, FIXED, 0, FIGURES, 0);
        for (int i = 0; i < 2; i++) {
            CheckpointDescriptor.putWaiting(body, FIXED, i, 0x21 + i);
        }
        for (int i = 0; i < 3; i++) {
            CheckpointDescriptor.putPage(body, FIXED, i, 7 + i, 0x31 + i, (byte)(i == 0 ? 1 : 2));
        }
        assertEquals(GOLDEN, HexFormat.of().formatHex(body.byteArray()));
        assertEquals(golden.length, FIXED.bodyLength());
        assertEquals(HeaderDescriptor.PAGE_LENGTH + golden.length + 4, FIXED.fileLength());

        body.putBytes(0, golden);
        assertEquals(FIXED, CheckpointDescriptor.fixed(body));
        final SegmentFigures read = CheckpointDescriptor.segment(body, FIXED, 0, 0);
        assertArrayEquals(FIGURES.expiring(), read.expiring());
        assertEquals(FIGURES, new SegmentFigures(
            read.id(), read.salt(), read.liveBytes(), read.tombstoneBytes(), FIGURES.expiring()));
        for (int i = 0; i < 2; i++) {
            assertEquals(0x21 + i, CheckpointDescriptor.waiting(body, FIXED, i));
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(7 + i, CheckpointDescriptor.slot(body, FIXED, i));
            assertEquals(0x31 + i, CheckpointDescriptor.pageChecksum(body, FIXED, i));
            assertEquals(i == 0 ? 1 : 2, CheckpointDescriptor.depth(body, FIXED, i));
        }
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
