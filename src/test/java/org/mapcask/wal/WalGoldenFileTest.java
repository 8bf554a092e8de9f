package org.mapcask.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.mapcask.format.FormatVersion;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.wal.WalContents.FlawKind;
import org.mapcask.wal.WalContents.Frame;

/**
 * A file of the write-ahead log of version 1, byte for byte, as every release has to write and read it: a frame of two
 * records, and a longer one behind a gap. It never changes.
 */
class WalGoldenFileTest {
    private static final String NAME = "00000007-01.wal";
    private static final int LENGTH = 16 << 10;
    private static final long SALT = 0x5A17_0000_0701L;

    private static byte[] golden() throws IOException {
        try (InputStream in = WalGoldenFileTest.class.getResourceAsStream("/golden/v1/" + NAME)) {
            assertNotNull(in, "golden/v1/" + NAME);
            return in.readAllBytes();
        }
    }

    private static void add(final FrameBuffer frame, final UnsafeBuffer record, final long required) {
        frame.add(record, 0, record.capacity(), RecordDescriptor.sequence(record, 0), required);
    }

    /** The bytes as this release writes them. */
    static byte[] written() {
        final byte[] bytes = new byte[LENGTH];
        HeaderDescriptor.putIdentity(new UnsafeBuffer(bytes), new Identity(FormatVersion.CURRENT,
            HeaderDescriptor.KIND_WAL, WalRig.ID_HIGH, WalRig.ID_LOW, 1, 7, LENGTH, SALT, 0));
        final FrameBuffer frame = new FrameBuffer(8 << 10);
        add(frame, WalRig.record(5, 3), 0);
        add(frame, WalRig.record(6, 20, RecordDescriptor.BATCH_FIRST), 0);
        final ByteBuffer first = frame.complete(4, SALT, 4096);
        first.get(bytes, 4096, first.remaining());
        frame.clear();
        add(frame, WalRig.record(8, 5000), 7);
        final ByteBuffer second = frame.complete(7, SALT, 8192);
        second.get(bytes, 8192, second.remaining());
        frame.free();
        return bytes;
    }

    @Test
    void shouldWriteExactlyTheseBytes() throws IOException {
        assertEquals(1, FormatVersion.CURRENT, "a later version needs golden files of its own");
        assertArrayEquals(golden(), written());
    }

    @Test
    void shouldReadThem() throws IOException {
        final WalRig rig = new WalRig(new MemoryFileOps(Map.of(NAME, golden())), Path.of("store"));
        final WalContents contents = rig.contents();
        assertEquals(List.of(new Frame(NAME, 4096, 5, 6, 4), new Frame(NAME, 8192, 8, 8, 7)), contents.frames());
        assertEquals(7, contents.segmentsDurable());
        assertEquals(8, contents.lastSequence());
        assertEquals(List.of("00000007-00.wal MISSING", "00000007-02.wal MISSING", "00000007-03.wal MISSING"),
            contents.flaws().stream().map(flaw -> flaw.file() + " " + flaw.kind()).toList());
        assertEquals(3, contents.flaws().stream().filter(flaw -> flaw.kind() == FlawKind.MISSING).count());
        final List<String> records = new ArrayList<>();
        contents.forEachRecord(0, (buffer, offset, length, shape, sequence, frame) -> records.add(
            sequence + " " + length + " " + RecordDescriptor.flags(shape) + " " + buffer.getStringWithoutLengthAscii(
                offset + RecordDescriptor.HEADER_LENGTH, RecordDescriptor.keyLength(shape)) + " " + frame.offset()));
        assertEquals(List.of("5 32 0 key 5 4096", "6 49 2 key 6 4096", "8 5029 0 key 8 8192"), records);
    }
}
