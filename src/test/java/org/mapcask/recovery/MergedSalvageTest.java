package org.mapcask.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.RecoverReport;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.RecordDescriptor;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentScanner;
import org.mapcask.support.OpenMappingsExtension;

/** The story: a store that was merged is damaged, and what is sound of it is wanted. */
@ExtendWith(OpenMappingsExtension.class)
class MergedSalvageTest {
    private final StoreDamage store = new StoreDamage(true);

    @TempDir
    private Path temp;
    private Path directory;
    private String damagedFile;
    private int recordOffset;
    private String recordKey;

    @BeforeEach
    void writeFiles() throws IOException {
        directory = Files.createDirectory(temp.resolve("store"));
        for (final Map.Entry<String, byte[]> file : store.files.image().entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
            final SegmentHeader header = SegmentHeader.read(store.files.open(directory.resolve(file.getKey()), false));
            if (header.isMerged()) {
                new SegmentScanner().scan(store.files.open(directory.resolve(file.getKey()), false), header,
                    HeaderDescriptor.PAGE_LENGTH, SegmentScanner.ANY_ORDER,
                    (offset, length, shape, sequence, buffer, keyOffset) -> {
                        final String key =
                            buffer.getStringWithoutLengthAscii(keyOffset, RecordDescriptor.keyLength(shape));
                        if (recordKey == null && RecordDescriptor.valueLength(shape) > 1 && !key.equals("key0")) {
                            damagedFile = file.getKey();
                            recordOffset = offset;
                            recordKey = key;
                        }
                    });
            }
        }
    }

    private RecoverReport recover() {
        return Mapcask.recover(directory, temp.resolve("copy"), (phase, done, total) -> {
        });
    }

    @Test
    void shouldCopyTheNewestOfEachKey() {
        final RecoverReport report = recover();
        assertTrue(report.sound(), report.toString());
        try (Mapcask copy = Mapcask.open(temp.resolve("copy"))) {
            assertEquals(store.expected.size(), copy.size());
            store.expected.forEach((key, value) -> assertEquals(value, copy.get(key), key));
        }
    }

    @Test
    void shouldCopyAllButADamagedMergedRecordAndNameItsKey() throws IOException {
        final byte[] bytes = Files.readAllBytes(directory.resolve(damagedFile));
        bytes[recordOffset + RecordDescriptor.HEADER_LENGTH + recordKey.length()] ^= 1;
        Files.write(directory.resolve(damagedFile), bytes);
        final RecoverReport report = recover();
        assertFalse(report.sound(), report.toString());
        final Damage damage = report.damages().get(0);
        assertEquals(damagedFile, damage.file());
        assertEquals(recordOffset, damage.offset());
        assertEquals(recordKey, damage.key());
        assertEquals("data", damage.area());
        try (Mapcask copy = Mapcask.open(temp.resolve("copy"))) {
            assertEquals(store.expected.size() - 1, copy.size());
            assertNull(copy.get(recordKey));
            store.expected.forEach((key, value) -> assertTrue(
                key.equals(recordKey) || value.equals(copy.get(key)), key));
        }
    }
}
