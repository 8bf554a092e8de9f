package org.mapcask.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.lab.workload.SyntheticRecords;

class BareLogTest {
    private static final int SEGMENT_LENGTH = 64 * 1024;
    private static final int VALUE_LENGTH = 100;
    private static final int RECORDS = 2000;

    @TempDir
    Path directory;

    private final UnsafeBuffer key = new UnsafeBuffer(new byte[SyntheticRecords.KEY_LENGTH]);
    private final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_LENGTH]);

    @Test
    void shouldReadBackEachRecordAtThePositionThatFollowsFromItsIndex() {
        final int recordLength = BareLog.recordLength(SyntheticRecords.KEY_LENGTH, VALUE_LENGTH);
        try (BareLog log = new BareLog(directory, SEGMENT_LENGTH, (long) RECORDS * recordLength * 2)) {
            for (int i = 0; i < RECORDS; i++) {
                assertEquals(log.position(i, recordLength), append(log, i), "record " + i);
            }
            final BareLog.Reader reader = log.newReader();
            for (int i = 0; i < RECORDS; i++) {
                assertEquals(VALUE_LENGTH, reader.read(log.position(i, recordLength)), "record " + i);
                assertTrue(
                    SyntheticRecords.matches(i, reader.copy(), reader.valueOffset(), VALUE_LENGTH), "record " + i);
            }
        }
    }

    @Test
    void shouldRefuseARecordWhoseBytesHaveChanged() throws IOException {
        try (BareLog log = new BareLog(directory, SEGMENT_LENGTH, SEGMENT_LENGTH)) {
            final long position = append(log, 0);
            try (FileChannel file = FileChannel.open(directory.resolve("bare-00000.log"), StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[] {(byte) 0xFF, 0x11}), position + 60);
            }
            assertEquals(-1, log.newReader().read(position));
        }
    }

    @Test
    void shouldNoticeAnyChangedByteOfASyntheticValue() {
        SyntheticRecords.value(42, value, VALUE_LENGTH);
        assertTrue(SyntheticRecords.matches(42, value, 0, VALUE_LENGTH));
        assertFalse(SyntheticRecords.matches(43, value, 0, VALUE_LENGTH));
        for (int i = 0; i < VALUE_LENGTH; i++) {
            value.putByte(i, (byte) (value.getByte(i) ^ 1));
            assertFalse(SyntheticRecords.matches(42, value, 0, VALUE_LENGTH), "byte " + i);
            value.putByte(i, (byte) (value.getByte(i) ^ 1));
        }
    }

    private long append(final BareLog log, final long index) {
        SyntheticRecords.key(index, key);
        SyntheticRecords.value(index, value, VALUE_LENGTH);
        return log.append(key, SyntheticRecords.KEY_LENGTH, value, VALUE_LENGTH);
    }
}
