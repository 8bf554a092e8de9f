package org.mapcask.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mapcask.format.RecordDescriptor.BATCH_FIRST;
import static org.mapcask.format.RecordDescriptor.BATCH_INSIDE;
import static org.mapcask.format.RecordDescriptor.BATCH_LAST;
import static org.mapcask.format.RecordDescriptor.FLAG_EXPIRY;
import static org.mapcask.format.RecordDescriptor.TYPE_DELETE;
import static org.mapcask.format.RecordDescriptor.TYPE_PUT;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.errors.FormatVersionException;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.segment.ScanStop;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentImage;
import org.mapcask.segment.SegmentScanner;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.OpenMappingsExtension;

/**
 * A store of version 1, byte for byte, as every release has to write and read it: a sealed segment with each kind of
 * record, and the segment that follows it, closed cleanly. The files never change; a later version gets files of its
 * own beside them.
 */
@ExtendWith(OpenMappingsExtension.class)
class GoldenFileTest {
    private static final int LENGTH = 8192;
    /** The first day of the year 2100. */
    private static final long EXPIRY_MS = 4_102_444_800_000L;

    private static final Map<String, String> EXPECTED = new TreeMap<>(Map.of(
        "hello", "new world", "expires", "in 2100", "batch 1", "first", "batch 3", "last",
        "later", "in the next segment"));

    private static SegmentImage first() {
        return new SegmentImage(1, LENGTH, 1)
            .put("hello", "world")
            .put("gone", "soon")
            .delete("gone")
            .append(TYPE_PUT, FLAG_EXPIRY, EXPIRY_MS, "expires", "in 2100")
            .append(TYPE_PUT, BATCH_FIRST, 0, "batch 1", "first")
            .append(TYPE_DELETE, BATCH_INSIDE, 0, "empty", "")
            .append(TYPE_PUT, BATCH_LAST | FLAG_EXPIRY, EXPIRY_MS, "batch 3", "last")
            .synced()
            .sealed();
    }

    private static SegmentImage second() {
        return new SegmentImage(2, LENGTH, 8).put("later", "in the next segment").put("hello", "new world").closed();
    }

    private static List<SegmentImage> images() {
        return List.of(first(), second());
    }

    private static byte[] golden(final String name) throws IOException {
        try (InputStream in = GoldenFileTest.class.getResourceAsStream("/golden/v1/" + name)) {
            assertNotNull(in, "golden/v1/" + name);
            return in.readAllBytes();
        }
    }

    private static Path copy(final Path directory) throws IOException {
        for (final SegmentImage image : images()) {
            Files.write(directory.resolve(image.name()), golden(image.name()));
        }
        return directory;
    }

    @Test
    void shouldWriteExactlyTheseBytes() throws IOException {
        assertEquals(1, FormatVersion.CURRENT, "a later version needs golden files of its own");
        for (final SegmentImage image : images()) {
            assertArrayEquals(golden(image.name()), image.bytes(), image.name());
        }
    }

    @Test
    void shouldScanThemRecordByRecord() throws IOException {
        final List<String> records = new ArrayList<>();
        for (final SegmentImage image : images()) {
            final MemoryFileOps files = new MemoryFileOps(Map.of(image.name(), golden(image.name())));
            final SegmentHeader header = SegmentHeader.read(files.open(Path.of(image.name()), false));
            final SegmentScanner.Result result = new SegmentScanner().scan(
                files.open(Path.of(image.name()), false), header, HeaderDescriptor.PAGE_LENGTH, header.firstSequence(),
                (offset, length, shape, sequence, buffer, keyOffset) -> records.add(sequence + " " + offset + " " +
                    RecordDescriptor.type(shape) + " " + RecordDescriptor.flags(shape) + " " +
                    buffer.getStringWithoutLengthAscii(keyOffset, RecordDescriptor.keyLength(shape)) +
                    (keyOffset % 8 == 0 && (RecordDescriptor.flags(shape) & FLAG_EXPIRY) != 0 ?
                        " " + buffer.getLong(keyOffset - 8) : "")));
            assertEquals(ScanStop.END, result.stop());
            assertEquals(List.of(), header.oddities());
            assertEquals(SegmentImage.STORE.idHigh(), header.identity().storeIdHigh());
        }
        assertEquals(List.of("1 4096 1 0 hello", "2 4136 1 0 gone", "3 4168 2 0 gone",
            "4 4200 1 1 expires " + EXPIRY_MS, "5 4248 1 2 batch 1", "6 4288 2 4 empty",
            "7 4320 1 7 batch 3 " + EXPIRY_MS, "8 4096 1 0 later", "9 4144 1 0 hello"), records);
    }

    @Test
    void shouldOpenACopyWithTheRightValues(@TempDir final Path directory) throws IOException {
        copy(directory);
        final VerifyReport report = Mapcask.verify(directory, (phase, done, total) -> {
        });
        assertTrue(report.sound() && report.notes().isEmpty(), report.toString());
        assertEquals(9, report.records());
        try (Mapcask store = Mapcask.open(directory, MapcaskOptions.builder().segmentLength(LENGTH).build())) {
            assertTrue(store.recoveryReport().clean());
            assertEquals(9, store.recoveryReport().lastSequence());
            EXPECTED.forEach((key, value) -> assertEquals(value, store.get(key), key));
            assertEquals(EXPECTED.size(), store.size());
            assertEquals("01234567-89ab-cdef-7654-3210fedcba98", store.stats().storeId());
            store.put("added", "today");
        }
        try (Mapcask store = Mapcask.open(directory)) {
            EXPECTED.forEach((key, value) -> assertEquals(value, store.get(key), key));
            assertEquals("today", store.get("added"));
        }
    }

    @Test
    void shouldRefuseAVersionThatItDoesNotKnow(@TempDir final Path directory) throws IOException {
        for (final int version : new int[] {0, 2, 3, Integer.MAX_VALUE, -1}) {
            copy(directory);
            final byte[] bytes = golden(second().name());
            final UnsafeBuffer page = new UnsafeBuffer(bytes);
            final Identity was = HeaderDescriptor.identity(page);
            HeaderDescriptor.putIdentity(page, new Identity(version, was.kind(), was.storeIdHigh(), was.storeIdLow(),
                was.segmentId(), was.basePosition(), was.length(), was.salt(), was.hashSeed()));
            Files.write(directory.resolve(second().name()), bytes);
            for (final MapcaskOptions options : List.of(MapcaskOptions.defaults(),
                MapcaskOptions.builder().readOnly(true).salvageReadOnly(true).build())) {
                final FormatVersionException ex =
                    assertThrows(FormatVersionException.class, () -> Mapcask.open(directory, options).close());
                assertTrue(ex.getMessage().contains("version " + version), ex.getMessage());
            }
            assertArrayEquals(bytes, Files.readAllBytes(directory.resolve(second().name())));
            assertArrayEquals(golden(first().name()), Files.readAllBytes(directory.resolve(first().name())));
        }
    }
}
