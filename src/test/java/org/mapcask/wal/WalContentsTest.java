package org.mapcask.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mapcask.errors.CorruptionException;
import org.mapcask.errors.ForeignFileException;
import org.mapcask.errors.FormatVersionException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.format.WalChecksum;
import org.mapcask.format.WalDescriptor;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.wal.WalContents.Flaw;
import org.mapcask.wal.WalContents.FlawKind;
import org.mapcask.wal.WalContents.Frame;

/** What reading makes of whole, damaged and foreign files. */
class WalContentsTest {
    private static final long RING_LENGTH = 64 << 10;
    private static final String FIRST = WalFileNames.of(0, 0);
    private static final String SECOND = WalFileNames.of(0, 1);
    private static final long SEED = 0xC0117E;

    private final MemoryFileOps files = new MemoryFileOps();
    private final WalRig rig = new WalRig(files, Path.of("store"));

    /** Seven frames of one record each: three in each of the first two files, one in the third. */
    @BeforeEach
    void write() {
        try (Wal wal = rig.open(RING_LENGTH)) {
            for (long i = 1; i <= 7; i++) {
                WalRig.write(wal, i, 100);
            }
        }
    }

    private List<Long> sequences() {
        return rig.frames().stream().map(Frame::firstSequence).toList();
    }

    private void changeIdentity(final String name, final java.util.function.UnaryOperator<Identity> change) {
        final UnsafeBuffer page = new UnsafeBuffer(files.bytes(name));
        HeaderDescriptor.putIdentity(page, change.apply(HeaderDescriptor.identity(page)));
    }

    @Test
    void shouldFindNothingWhereThereIsNothing() {
        final WalContents none = WalContents.read(files, rig.directory, List.of(), true, 1, 2);
        assertFalse(none.isComplete());
        assertEquals(List.of(), none.flaws());
        assertEquals(0, none.lastSequence());
        assertEquals(0, none.segmentsDurable());
    }

    @Test
    void shouldNotListAFrameOfWhichAnyByteThatCountsIsAnother() {
        final Random random = new Random(SEED);
        final byte[] bytes = files.bytes(FIRST);
        final int end = 2 * 4096 + WalDescriptor.HEADER_LENGTH + WalRig.record(2, 100).capacity();
        for (int i = 2 * 4096; i < end; i++) {
            final byte was = bytes[i];
            bytes[i] ^= (byte)(1 << random.nextInt(8));
            assertEquals(List.of(1L, 3L, 4L, 5L, 6L, 7L), sequences(), "byte " + i + ", seed " + SEED);
            bytes[i] = was;
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), sequences());
    }

    @Test
    void shouldNotListAFrameAtAnotherPlaceOrInAnotherFile() {
        final byte[] first = files.bytes(FIRST);
        System.arraycopy(first, 4096, first, 2 * 4096, 4096);
        System.arraycopy(first, 4096, files.bytes(SECOND), 4096, 4096);
        assertEquals(List.of(1L, 3L, 5L, 6L, 7L), sequences());
    }

    @Test
    void shouldSurviveAnyBytes() {
        final Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            final Map<String, byte[]> image = files.image();
            for (int changes = random.nextInt(40); changes >= 0; changes--) {
                final byte[] bytes = image.get(WalFileNames.of(0, random.nextInt(3)));
                // Fields of headers of frames, mostly.
                final int page = 4096 * (1 + random.nextInt(3));
                bytes[page + random.nextInt(random.nextBoolean() ? 64 : 256)] = (byte)random.nextInt();
            }
            final WalRig changed = new WalRig(new MemoryFileOps(image), rig.directory);
            final TreeMap<Long, byte[]> records = changed.records(0);
            records.keySet().forEach(sequence -> changed.checkHolds(records, sequence, 100));
        }
    }

    @Test
    void shouldTellWhatIsWrongWithFiles() {
        files.bytes(FIRST)[30]++;
        files.put(SECOND, Arrays.copyOf(files.bytes(SECOND), 9000));
        files.put(WalFileNames.of(0, 2), new byte[5000]);
        files.remove(WalFileNames.of(0, 3));
        final WalContents contents = rig.contents();
        assertFalse(contents.isComplete());
        assertEquals(List.of(FIRST + " 0 HEADER", SECOND + " 9000 LENGTH", WalFileNames.of(0, 2) + " 0 MISSING",
            WalFileNames.of(0, 3) + " 0 MISSING"),
            contents.flaws().stream().map(flaw -> flaw.file() + " " + flaw.offset() + " " + flaw.kind()).toList());
        assertEquals(List.of(4L), sequences(), "what is whole in the short file");
    }

    @Test
    void shouldTellAFileWithTheNameOfAnother() {
        final byte[] first = files.bytes(FIRST);
        files.put(FIRST, files.bytes(SECOND));
        files.put(SECOND, first);
        files.put(WalFileNames.of(1, 0), new byte[0]);
        final List<Flaw> flaws = rig.contents().flaws();
        assertTrue(flaws.get(0).detail().contains(SECOND), flaws.toString());
        assertTrue(flaws.get(1).detail().contains(FIRST), flaws.toString());
        assertEquals(6, flaws.size());
        assertEquals(new Flaw(WalFileNames.of(1, 0), 0, FlawKind.MISSING, flaws.get(2).detail()), flaws.get(2));
    }

    @Test
    void shouldTellAHeaderThatMakesNoSense() {
        changeIdentity(FIRST, was -> new Identity(was.version(), HeaderDescriptor.KIND_LOG, was.storeIdHigh(),
            was.storeIdLow(), 0, 0, was.length(), was.salt(), 0));
        changeIdentity(SECOND, was -> new Identity(was.version(), was.kind(), was.storeIdHigh(),
            was.storeIdLow(), 1, 0, Long.MAX_VALUE, was.salt(), 0));
        assertEquals(List.of(FlawKind.HEADER, FlawKind.HEADER),
            rig.contents().flaws().stream().map(Flaw::kind).toList());
    }

    @Test
    void shouldRefuseALaterVersionAndAnotherStore() {
        assertThrows(ForeignFileException.class,
            () -> WalContents.read(files, rig.directory, rig.names(), true, WalRig.ID_HIGH, 1));
        assertEquals(7, WalContents.read(files, rig.directory, rig.names(), false, 0, 0).frames().size());
        changeIdentity(SECOND, was -> new Identity(2, was.kind(), was.storeIdHigh(), was.storeIdLow(),
            was.segmentId(), was.basePosition(), was.length(), was.salt(), 0));
        final FormatVersionException ex = assertThrows(FormatVersionException.class, rig::contents);
        assertTrue(ex.getMessage().contains("version 2"), ex.getMessage());
    }

    /** Changes a frame and makes its checksum right again, as a fault of a writer would. */
    private void assertCorrupt(final long offset, final Consumer<UnsafeBuffer> change) {
        final Map<String, byte[]> image = files.image();
        final byte[] bytes = image.get(FIRST);
        final long salt = HeaderDescriptor.identity(new UnsafeBuffer(bytes)).salt();
        final UnsafeBuffer frame = new UnsafeBuffer(bytes, (int)offset, 4096);
        change.accept(frame);
        WalDescriptor.putChecksum(frame, 0, new WalChecksum().of(
            ByteBuffer.wrap(bytes), (int)offset, WalDescriptor.payloadLength(frame, 0), salt, offset));
        final WalRig changed = new WalRig(new MemoryFileOps(image), rig.directory);
        assertEquals(7, changed.frames().size(), "the frame is sound by its checksum");
        final CorruptionException ex = assertThrows(CorruptionException.class, () -> changed.records(0));
        assertEquals(FIRST, ex.file());
        assertTrue(ex.offset() >= offset && ex.offset() < offset + 4096, ex.getMessage());
    }

    @Test
    void shouldCallASoundFrameCorruptWhoseRecordsMakeNoSense() {
        final int record = WalDescriptor.HEADER_LENGTH;
        assertCorrupt(4096, frame -> frame.putInt(record, 1 << 30));
        assertCorrupt(4096, frame -> frame.putInt(record, 0));
        assertCorrupt(4096, frame -> frame.putInt(record, -1));
        assertCorrupt(4096, frame -> frame.putByte(record + RecordDescriptor.SHAPE_OFFSET + 2, (byte)9));
        assertCorrupt(4096, frame -> frame.putLong(record + RecordDescriptor.SEQUENCE_OFFSET, 9));
        assertCorrupt(4096, frame -> frame.putInt(WalDescriptor.PAYLOAD_LENGTH_OFFSET,
            WalRig.record(1, 100).capacity() + 8));
        assertCorrupt(4096, frame -> frame.putLong(WalDescriptor.LAST_SEQUENCE_OFFSET, 2));
        assertCorrupt(8192, frame -> {
            frame.putLong(record + RecordDescriptor.SEQUENCE_OFFSET, 1);
            frame.putLong(WalDescriptor.FIRST_SEQUENCE_OFFSET, 1);
            frame.putLong(WalDescriptor.LAST_SEQUENCE_OFFSET, 1);
        });
    }
}
