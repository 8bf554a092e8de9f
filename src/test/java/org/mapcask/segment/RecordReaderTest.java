package org.mapcask.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mapcask.errors.CorruptionException;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.support.MemoryFileOps;

/** Every case for a mapped segment and for one that is read through its file. */
class RecordReaderTest {
    private static final int LENGTH = 1 << 20;
    private static final int COPY = RecordReader.COPY_LENGTH;

    private final MemoryFileOps files = new MemoryFileOps();
    private final SegmentTable table = new SegmentTable();

    private RecordReader open(final SegmentImage image, final boolean mapped, final boolean verify) {
        files.put(image.name(), image.bytes());
        final SegmentFactory factory = new SegmentFactory(files, Path.of("store"), SegmentImage.STORE, table, 99);
        table.add(factory.open(
            SegmentHeader.read(files.open(Path.of("store", image.name()), false)), false, mapped));
        return new RecordReader(table, verify);
    }

    private static long position(final SegmentImage image, final int index) {
        return image.identity().basePosition() + image.offset(index);
    }

    private static DirectBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String value(final RecordReader reader) {
        final byte[] value = new byte[reader.valueLength() + 3];
        reader.copyValue(new UnsafeBuffer(value), 3);
        return new String(value, 3, value.length - 3, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadRecordsOfEveryLengthAroundItsCopy(final boolean mapped) {
        final int[] lengths = {0, 1, 7, 8, 990, 1000, 1024, 2000, COPY - 34, COPY - 33, COPY - 32, COPY - 31,
            COPY, COPY + 1, 2 * COPY, 2 * COPY + 24, 100_000};
        final SegmentImage image = new SegmentImage(2, LENGTH, 1);
        final Random random = new Random(11);
        final String[] values = new String[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            final byte[] value = new byte[lengths[i]];
            random.nextBytes(value);
            values[i] = new String(value, StandardCharsets.ISO_8859_1);
            image.put("key " + i, values[i]);
        }
        final RecordReader reader = open(image, mapped, true);
        for (int i = 0; i < lengths.length; i++) {
            final DirectBuffer key = bytes("key " + i);
            assertTrue(reader.load(position(image, i), key, 0, key.capacity()));
            assertEquals(lengths[i], reader.valueLength());
            assertEquals(key.capacity(), reader.keyLength());
            assertEquals(values[i], value(reader));
            assertEquals(i + 1, reader.sequence());
            assertEquals(RecordDescriptor.TYPE_PUT, reader.type());
            assertEquals(image.offset(i), reader.offset());
            assertTrue(reader.valueEquals(bytes(values[i]), 0, lengths[i]));
            assertFalse(reader.valueEquals(bytes(values[i] + "x"), 0, lengths[i] + 1));
            if (lengths[i] > 0) {
                final byte[] other = values[i].getBytes(StandardCharsets.ISO_8859_1);
                other[other.length - 1] ^= 1;
                assertFalse(reader.valueEquals(new UnsafeBuffer(other), 0, other.length));
            }
            checkWholeRecord(reader, position(image, i), "key " + i, values[i]);
            final DirectBuffer absent = bytes("kez " + i);
            assertFalse(reader.load(position(image, i), absent, 0, absent.capacity()));
        }
        table.segments().forEach(Segment::close);
    }

    private static void checkWholeRecord(
        final RecordReader reader, final long position, final String key, final String value) {
        reader.load(position);
        final DirectBuffer record = reader.record();
        final byte[] keyBytes = new byte[reader.keyLength()];
        record.getBytes(reader.keyOffset(), keyBytes);
        assertArrayEquals(key.getBytes(StandardCharsets.ISO_8859_1), keyBytes);
        final byte[] valueBytes = new byte[reader.valueLength()];
        record.getBytes(reader.valueOffset(), valueBytes);
        assertArrayEquals(value.getBytes(StandardCharsets.ISO_8859_1), valueBytes);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCompareKeysOfEveryLengthToTheLastByte(final boolean mapped) {
        final int[] lengths = {1, 2, 8, 9, COPY / 2 - 1, COPY / 2, COPY / 2 + 1, COPY, 3 * COPY + 5,
            RecordDescriptor.KEY_LENGTH_MAX};
        final SegmentImage image = new SegmentImage(2, LENGTH, 1);
        for (final int length : lengths) {
            image.put("k".repeat(length), "value of " + length);
        }
        final RecordReader reader = open(image, mapped, true);
        for (int i = 0; i < lengths.length; i++) {
            final byte[] key = "k".repeat(lengths[i]).getBytes(StandardCharsets.ISO_8859_1);
            assertTrue(reader.load(position(image, i), new UnsafeBuffer(key), 0, key.length));
            assertEquals("value of " + lengths[i], value(reader));
            checkWholeRecord(reader, position(image, i), "k".repeat(lengths[i]), "value of " + lengths[i]);
            key[key.length - 1] = 'K';
            assertFalse(reader.load(position(image, i), new UnsafeBuffer(key), 0, key.length));
            final byte[] longer = Arrays.copyOf(key, key.length + 1);
            assertFalse(reader.load(position(image, i), new UnsafeBuffer(longer), 0, longer.length));
        }
        table.segments().forEach(Segment::close);
    }

    /** A key that differs is a miss only when the record is sound; else the damage may be in the key. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellDamageInAKeyInsteadOfAMiss(final boolean mapped) {
        final SegmentImage image = new SegmentImage(2, LENGTH, 1).put("short", "v").put("long", "L".repeat(3 * COPY));
        final RecordReader reader = open(image, mapped, true);
        final String[] keys = {"short", "long"};
        for (int i = 0; i < keys.length; i++) {
            final int index = i;
            final DirectBuffer key = bytes(keys[i]);
            image.bytes()[image.offset(i) + RecordDescriptor.HEADER_LENGTH] ^= 2;
            final CorruptionException ex = assertThrows(CorruptionException.class,
                () -> reader.load(position(image, index), key, 0, key.capacity()));
            assertEquals(image.name(), ex.file());
            assertEquals(image.offset(i), ex.offset());
            image.bytes()[image.offset(i) + RecordDescriptor.HEADER_LENGTH] ^= 2;
            assertTrue(reader.load(position(image, i), key, 0, key.capacity()));
        }
        table.segments().forEach(Segment::close);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellDamageInEveryPartOfARecord(final boolean mapped) {
        for (final int valueLength : new int[] {40, 2 * COPY}) {
            final SegmentImage image =
                new SegmentImage(valueLength, LENGTH, 1).put("key", "v".repeat(valueLength));
            final RecordReader reader = open(image, mapped, true);
            final DirectBuffer key = bytes("key");
            final int end = image.offset(0) + 27 + valueLength;
            for (int at = image.offset(0); at < end; at += at < image.offset(0) + 40 ? 1 : 97) {
                image.bytes()[at] ^= 0x20;
                assertThrows(CorruptionException.class, () -> {
                    reader.load(position(image, 0), key, 0, 3);
                    value(reader);
                }, "byte " + at);
                assertThrows(CorruptionException.class, () -> {
                    reader.load(position(image, 0));
                    reader.record();
                }, "byte " + at);
                image.bytes()[at] ^= 0x20;
            }
            assertTrue(reader.load(position(image, 0), key, 0, 3));
            assertEquals("v".repeat(valueLength), value(reader));
        }
        table.segments().forEach(Segment::close);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldHandOutWhatIsThereWhenItIsToldNotToCheck(final boolean mapped) {
        final SegmentImage image = new SegmentImage(2, LENGTH, 1).put("key", "abc");
        image.bytes()[image.offset(0) + 27] = 'A';
        final RecordReader reader = open(image, mapped, false);
        assertTrue(reader.load(position(image, 0), bytes("key"), 0, 3));
        assertEquals("Abc", value(reader));
        table.segments().forEach(Segment::close);
    }

    /** Shown by a value that changes in between: what was copied before does not see it. */
    @ParameterizedTest
    @ValueSource(ints = {40, 4096, 2 * COPY})
    void shouldReadTheValueOnlyWhenItIsAskedForIfTheHeadWasWanted(final int valueLength) {
        final SegmentImage image = new SegmentImage(2, LENGTH, 1).put("key", "v".repeat(valueLength));
        final RecordReader reader = open(image, true, true);
        final int last = image.offset(0) + 27 + valueLength - 1;
        assertTrue(reader.loadHead(position(image, 0), bytes("key"), 0, 3));
        assertEquals(valueLength, reader.valueLength());
        image.bytes()[last] ^= 1;
        assertThrows(CorruptionException.class, () -> value(reader));
        image.bytes()[last] ^= 1;
        assertTrue(reader.loadHead(position(image, 0), bytes("key"), 0, 3));
        assertEquals("v".repeat(valueLength), value(reader));
        table.segments().forEach(Segment::close);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTouchRecordsUpToTheEndOfTheirSegment(final boolean mapped) {
        final SegmentImage image = new SegmentImage(2, HeaderDescriptor.PAGE_LENGTH + 4096, 1)
            .put("a", "v".repeat(100)).put("b", "w".repeat(3900));
        final RecordReader reader = open(image, mapped, true);
        final long[] positions = {position(image, 1), position(image, 0), 0};
        new RecordTouch(table).whole(positions, 0, 2);
        reader.load(positions[0]);
        assertEquals("w".repeat(3900), value(reader));
        table.segments().forEach(Segment::close);
    }

    /** What lies before the cut is read, in spite of the read-ahead; what lies behind it is damage. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 24, 40})
    void shouldReadWholeRecordsOfAFileThatWasCutBehindThem(final int behind) {
        final SegmentImage image = new SegmentImage(2, LENGTH, 1).put("key", "abc").put("kez", "x".repeat(50));
        final RecordReader reader = open(image, false, true);
        files.put(image.name(), image.bytes());
        final SegmentTable cutTable = new SegmentTable();
        final MemoryFileOps cut = new MemoryFileOps();
        cut.put(image.name(), Arrays.copyOf(image.bytes(), image.offset(1) + behind));
        cutTable.add(new SegmentFactory(cut, Path.of("store"), SegmentImage.STORE, cutTable, 99).open(
            SegmentHeader.read(cut.open(Path.of("store", image.name()), false)), false, false));
        final RecordReader cutReader = new RecordReader(cutTable, true);
        assertTrue(cutReader.load(position(image, 0), bytes("key"), 0, 3));
        assertEquals("abc", value(cutReader));
        assertThrows(CorruptionException.class, () -> {
            cutReader.load(position(image, 1), bytes("kez"), 0, 3);
            value(cutReader);
        });
        assertTrue(reader.load(position(image, 1), bytes("kez"), 0, 3));
        assertEquals(HeaderDescriptor.PAGE_LENGTH, image.offset(0));
        table.segments().forEach(Segment::close);
    }
}
