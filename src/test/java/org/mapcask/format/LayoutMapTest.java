package org.mapcask.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.mapcask.format.HeaderDescriptor.Identity;
import org.mapcask.format.HeaderDescriptor.Seal;
import org.mapcask.format.HeaderDescriptor.Watermark;

/** Holds the byte maps in the documentation of the descriptors against the bytes that the descriptors write. */
class LayoutMapTest {
    private static final Path SOURCES =
        Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("src/main/java/org/mapcask/format");
    private static final Pattern ROW = Pattern.compile("^ \\*\\s+\\|(.*)\\|\\s*([0-9]+( (and|or) [0-9]+)?)?$");
    private static final Pattern RULE = Pattern.compile("^ \\*\\s+\\+-.*");
    private static final Pattern HEADING = Pattern.compile("^ \\*\\s+([A-Z]{4,}),.*");
    private static final Pattern SIZE = Pattern.compile("\\((\\d+)\\)");
    private static final int BYTES_PER_ROW = 16;

    private final UnsafeBuffer page = new UnsafeBuffer(new byte[HeaderDescriptor.PAGE_LENGTH]);

    /** Offset of each field of a map whose cells tell their sizes: "SECTION/start of its text". */
    private static Map<String, Integer> headerMap() throws IOException {
        final Map<String, Integer> fields = new LinkedHashMap<>();
        String section = "";
        int next = 0;
        List<StringBuilder> cells = new ArrayList<>();
        Integer stated = null;
        for (final String line : Files.readAllLines(SOURCES.resolve("HeaderDescriptor.java"))) {
            final Matcher row = ROW.matcher(line);
            final Matcher heading = HEADING.matcher(line);
            if (row.matches()) {
                final String[] texts = row.group(1).split("\\|");
                for (int i = 0; i < texts.length; i++) {
                    if (cells.size() <= i) {
                        cells.add(new StringBuilder());
                    }
                    cells.get(i).append(' ').append(texts[i].strip());
                }
                stated = row.group(2) == null ? stated : Integer.valueOf(row.group(2).split(" ")[0]);
            } else if (heading.matches()) {
                section = heading.group(1);
            } else if (RULE.matcher(line).matches() && !cells.isEmpty()) {
                next = addRow(fields, section, cells, stated == null ? next : stated);
                cells = new ArrayList<>();
                stated = null;
            }
        }
        return fields;
    }

    private static int addRow(
        final Map<String, Integer> fields, final String section, final List<StringBuilder> cells, final int start) {
        int offset = start;
        for (final StringBuilder cell : cells) {
            final Matcher size = SIZE.matcher(cell);
            if (size.find()) {
                fields.put(section + "/" + cell.substring(0, size.start()).strip(), offset);
                offset += Integer.parseInt(size.group(1));
            }
        }
        return start + BYTES_PER_ROW;
    }

    private void check(final Map<String, Integer> fields, final String field, final int base, final long expected) {
        assertNotNull(fields.get(field), field + " in " + fields);
        assertEquals(expected, page.getLong(base + fields.get(field), ByteOrder.LITTLE_ENDIAN), field);
    }

    @Test
    void shouldPlaceTheFieldsOfTheHeaderWhereItsMapSays() throws IOException {
        final Map<String, Integer> map = headerMap();
        HeaderDescriptor.putIdentity(page, new Identity(101, 102, 103, 104, 105, 106, 107, 108, 109));
        HeaderDescriptor.putSeal(page, 108, new Seal(201, 202, 203));
        HeaderDescriptor.putWatermark(page, 108, new Watermark(2, 302, 303, 304, true, false));
        assertEquals(0, map.get("IDENTITY/magic \"MAPCASK\\n\""));
        assertEquals("MAPCASK\n", page.getStringWithoutLengthAscii(0, 8));
        assertEquals(101, page.getInt(map.get("IDENTITY/format version"), ByteOrder.LITTLE_ENDIAN));
        assertEquals(102, page.getInt(map.get("IDENTITY/kind"), ByteOrder.LITTLE_ENDIAN));
        check(map, "IDENTITY/store id", 0, 103);
        check(map, "IDENTITY/store id", 8, 104);
        check(map, "IDENTITY/segment id", 0, 105);
        check(map, "IDENTITY/base position", 0, 106);
        check(map, "IDENTITY/length of the file", 0, 107);
        check(map, "IDENTITY/salt", 0, 108);
        check(map, "IDENTITY/hash seed of the store", 0, 109);
        check(map, "SEAL/end offset", 0, 201);
        check(map, "SEAL/first sequence", 0, 202);
        check(map, "SEAL/last sequence", 0, 203);
        check(map, "WATERMARK/generation, from 1", 0, 2);
        check(map, "WATERMARK/durable end offset", 0, 302);
        check(map, "WATERMARK/first sequence", 0, 303);
        check(map, "WATERMARK/last durable sequence", 0, 304);
        check(map, "WATERMARK/flags", 0, 1);
        assertEquals(HeaderDescriptor.SEAL_OFFSET, map.get("SEAL/end offset"));
        assertEquals(HeaderDescriptor.WATERMARK_OFFSET, map.get("WATERMARK/generation, from 1"));
        assertEquals(HeaderDescriptor.SEAL_OFFSET - 4, map.get("IDENTITY/CRC"));
        assertEquals(HeaderDescriptor.WATERMARK_OFFSET - 4, map.get("SEAL/CRC"));
        assertEquals(HeaderDescriptor.WATERMARK_OFFSET + HeaderDescriptor.SECTOR_LENGTH - 4, map.get("WATERMARK/CRC"));
        for (final String section : List.of("IDENTITY", "SEAL", "WATERMARK")) {
            assertTrue(page.getInt(map.get(section + "/CRC")) != 0, section);
        }
    }

    /** Rows of the record's map: start of the text, offset. */
    private static Map<String, String> recordMap() throws IOException {
        final Map<String, String> rows = new LinkedHashMap<>();
        String pending = null;
        for (final String line : Files.readAllLines(SOURCES.resolve("RecordDescriptor.java"))) {
            final Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                continue;
            }
            final String text = row.group(1).split("\\|")[0].strip();
            final String offset = row.group(2) == null ? pending : row.group(2);
            pending = text.isEmpty() ? offset : null;
            if (!text.isEmpty()) {
                rows.put(text.split("[:;]")[0], offset);
            }
        }
        return rows;
    }

    @Test
    void shouldPlaceTheFieldsOfARecordWhereItsMapSays() throws IOException {
        final Map<String, String> expected = new LinkedHashMap<>();
        expected.put("length", String.valueOf(RecordDescriptor.LENGTH_OFFSET));
        expected.put("checksum", String.valueOf(RecordDescriptor.CHECKSUM_OFFSET));
        expected.put("sequence", String.valueOf(RecordDescriptor.SEQUENCE_OFFSET));
        expected.put("key length - 1", String.valueOf(RecordDescriptor.SHAPE_OFFSET));
        expected.put("value length", String.valueOf(RecordDescriptor.SHAPE_OFFSET + 4));
        expected.put("expiry", String.valueOf(RecordDescriptor.HEADER_LENGTH));
        expected.put("key, then value, then zeros up to a multiple of 8",
            RecordDescriptor.bodyOffset(0) + " or " + RecordDescriptor.bodyOffset(RecordDescriptor.FLAG_EXPIRY));
        assertEquals(expected, recordMap());

        RecordDescriptor.putHeader(page, 8, 0x0A0B0C0D, 0x1122334455667788L,
            RecordDescriptor.shape(RecordDescriptor.TYPE_PUT, RecordDescriptor.BATCH_LAST, 0x1235, 0x01020304));
        RecordDescriptor.publishLength(page, 8, 0x51525354);
        RecordDescriptor.putExpiry(page, 8, 77);
        assertEquals(0x51525354, page.getInt(8, ByteOrder.LITTLE_ENDIAN));
        assertEquals(0x0A0B0C0D, page.getInt(12, ByteOrder.LITTLE_ENDIAN));
        assertEquals(0x1122334455667788L, page.getLong(16, ByteOrder.LITTLE_ENDIAN));
        assertEquals(0x1234, page.getShort(24, ByteOrder.LITTLE_ENDIAN));
        assertEquals(1, page.getByte(26));
        assertEquals(6, page.getByte(27));
        assertEquals(0x01020304, page.getInt(28, ByteOrder.LITTLE_ENDIAN));
        assertEquals(77, page.getLong(32, ByteOrder.LITTLE_ENDIAN));
    }
}
