package org.mapcask.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.mapcask.format.HeaderDescriptor.SectorState;
import org.mapcask.format.HeaderDescriptor.Watermark;

class RecordFormatTest {
    private static final long SEED = 0xF0F0;

    private static int sum(
        final byte[] body, final long sequence, final long shape, final long salt, final int offset, final int length) {
        final RecordChecksum checksum = new RecordChecksum();
        checksum.update(body, 0, body.length);
        return checksum.finish(sequence, shape, salt, offset, length);
    }

    @Test
    void shouldSumUpBodyFirstAndThenTheTrailer() {
        final byte[] body = {1, 2, 3, 4, 5};
        final CRC32C crc = new CRC32C();
        crc.update(body);
        final ByteBuffer trailer = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        trailer.putLong(6).putLong(7).putLong(8).putInt(9).putInt(10).flip();
        crc.update(trailer);
        assertEquals((int)crc.getValue(), sum(body, 6, 7, 8, 9, 10));
        final RecordChecksum pieces = new RecordChecksum();
        pieces.update(body, 0, 2);
        pieces.update(ByteBuffer.wrap(body, 2, 3));
        assertEquals((int)crc.getValue(), pieces.finish(6, 7, 8, 9, 10));
    }

    @Test
    void shouldGiveAnotherChecksumForAStaleOrMisplacedRecord() {
        final byte[] body = new byte[100];
        final Set<Integer> sums = new HashSet<>();
        sums.add(sum(body, 5, 6, 7, 4096, 124));
        assertTrue(sums.add(sum(body, 5, 6, 7, 4104, 124)), "another offset");
        assertTrue(sums.add(sum(body, 5, 6, 8, 4096, 124)), "another salt");
        assertTrue(sums.add(sum(body, 6, 6, 7, 4096, 124)), "another sequence");
        assertTrue(sums.add(sum(body, 5, 5, 7, 4096, 124)), "another shape");
        assertTrue(sums.add(sum(body, 5, 6, 7, 4096, 123)), "another length");
        assertNotEquals(0, sum(new byte[0], 0, 0, 0, 0, 0));
    }

    @Test
    void shouldStartOverAfterReset() {
        final RecordChecksum checksum = new RecordChecksum();
        checksum.update(new byte[] {9}, 0, 1);
        checksum.reset();
        checksum.update(new byte[] {1}, 0, 1);
        assertEquals(sum(new byte[] {1}, 1, 2, 3, 4, 5), checksum.finish(1, 2, 3, 4, 5));
    }

    @Test
    void shouldPackAndUnpackShapesAtTheirLimits() {
        for (final int type : new int[] {RecordDescriptor.TYPE_PUT, RecordDescriptor.TYPE_DELETE}) {
            for (int flags = 0; flags < 8; flags++) {
                for (final int key : new int[] {1, 2, 255, 65_535, RecordDescriptor.KEY_LENGTH_MAX}) {
                    for (final int value : new int[] {0, 1, 65_536, RecordDescriptor.VALUE_LENGTH_MAX}) {
                        final long shape = RecordDescriptor.shape(type, flags, key, value);
                        assertEquals(type, RecordDescriptor.type(shape));
                        assertEquals(flags, RecordDescriptor.flags(shape));
                        assertEquals(key, RecordDescriptor.keyLength(shape));
                        assertEquals(value, RecordDescriptor.valueLength(shape));
                        final int length = RecordDescriptor.length(flags, key, value);
                        assertEquals(type == RecordDescriptor.TYPE_PUT || value == 0,
                            RecordDescriptor.isPlausible(length, shape, length));
                        assertFalse(RecordDescriptor.isPlausible(length, shape, length - 1));
                        assertFalse(RecordDescriptor.isPlausible(length + 1, shape, Long.MAX_VALUE));
                        assertTrue(RecordDescriptor.alignedLength(length) <= RecordDescriptor.RECORD_LENGTH_MAX);
                        assertEquals(0, RecordDescriptor.alignedLength(length) % RecordDescriptor.ALIGNMENT);
                    }
                }
            }
        }
    }

    @Test
    void shouldNotTakeUnknownTypesFlagsAndLengthsForARecord() {
        final long good = RecordDescriptor.shape(RecordDescriptor.TYPE_PUT, 0, 3, 4);
        assertTrue(RecordDescriptor.isPlausible(31, good, 31));
        for (int type = 0; type < 256; type++) {
            final long shape = RecordDescriptor.shape(type, 0, 3, 4);
            assertEquals(type == RecordDescriptor.TYPE_PUT, RecordDescriptor.isPlausible(31, shape, 31),
                "type " + type);
        }
        for (int flags = 8; flags < 256; flags++) {
            final long shape = RecordDescriptor.shape(RecordDescriptor.TYPE_PUT, flags, 3, 4);
            assertFalse(RecordDescriptor.isPlausible(RecordDescriptor.length(flags, 3, 4), shape, 100),
                "flags " + flags);
        }
        for (final int length : new int[] {Integer.MIN_VALUE, -1, 0, 1, 24, 30, 32, Integer.MAX_VALUE}) {
            assertFalse(RecordDescriptor.isPlausible(length, good, Long.MAX_VALUE), "length " + length);
        }
        final Random random = new Random(SEED);
        int plausible = 0;
        for (int i = 0; i < 1_000_000; i++) {
            plausible += RecordDescriptor.isPlausible(random.nextInt(), random.nextLong(), 1 << 26) ? 1 : 0;
        }
        assertEquals(0, plausible, "seed " + SEED);
    }

    @Test
    void shouldTellEmptyValidAndDamagedSectors() {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[HeaderDescriptor.PAGE_LENGTH]);
        assertEquals(SectorState.EMPTY, HeaderDescriptor.identityState(page));
        assertEquals(SectorState.EMPTY, HeaderDescriptor.sealState(page, 5));
        HeaderDescriptor.putWatermark(page, 5, new Watermark(4, 5000, 1, 9, true, false));
        assertEquals(SectorState.VALID, HeaderDescriptor.watermarkState(page, 5, 0));
        assertEquals(SectorState.EMPTY, HeaderDescriptor.watermarkState(page, 5, 1));
        assertEquals(SectorState.DAMAGED, HeaderDescriptor.watermarkState(page, 6, 0), "salt of another use");
        assertEquals(new Watermark(4, 5000, 1, 9, true, false), HeaderDescriptor.watermark(page, 0));
        final byte[] copy = new byte[HeaderDescriptor.SECTOR_LENGTH];
        page.getBytes(HeaderDescriptor.WATERMARK_OFFSET, copy);
        page.putBytes(HeaderDescriptor.SEAL_OFFSET, copy);
        assertEquals(SectorState.DAMAGED, HeaderDescriptor.sealState(page, 5), "sector at the wrong place");
        for (int i = 0; i < HeaderDescriptor.SECTOR_LENGTH * Byte.SIZE; i++) {
            final int at = HeaderDescriptor.WATERMARK_OFFSET + i / Byte.SIZE;
            page.putByte(at, (byte)(page.getByte(at) ^ 1 << i % Byte.SIZE));
            assertEquals(SectorState.DAMAGED, HeaderDescriptor.watermarkState(page, 5, 0), "bit " + i);
            page.putByte(at, (byte)(page.getByte(at) ^ 1 << i % Byte.SIZE));
        }
    }
}
