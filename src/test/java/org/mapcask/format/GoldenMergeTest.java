package org.mapcask.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mapcask.format.RecordDescriptor.FLAG_EXPIRY;
import static org.mapcask.format.RecordDescriptor.TYPE_PUT;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.format.MergeDescriptor.Commit;
import org.mapcask.format.MergeDescriptor.Range;
import org.mapcask.format.MergeDescriptor.State;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.segment.SegmentHeader;
import org.mapcask.segment.SegmentImage;
import org.mapcask.support.MemoryFileOps;
import org.mapcask.support.OpenMappingsExtension;

/**
 * The store of {@link GoldenFileTest} after a merge of its first segment into two, byte for byte: the one that is
 * stamped, the one that carries the commit, and the log behind them. The files never change.
 */
@ExtendWith(OpenMappingsExtension.class)
class GoldenMergeTest {
    private static final int LENGTH = 8192;
    private static final long EXPIRY_MS = 4_102_444_800_000L;
    private static final Commit COMMIT = new Commit(List.of(3L, 4L), List.of(1L), List.of(new Range(1, 7)));

    private static final Map<String, String> EXPECTED = new TreeMap<>(Map.of(
        "hello", "new world", "expires", "in 2100", "batch 1", "first", "batch 3", "last",
        "later", "in the next segment"));

    private static List<SegmentImage> images() {
        final SegmentImage stamped = SegmentImage.merged(3, LENGTH)
            .at(7).append(TYPE_PUT, FLAG_EXPIRY, EXPIRY_MS, "batch 3", "last")
            .at(3).delete("gone").sealed(3, 7).stamped();
        final SegmentImage carrier = SegmentImage.merged(4, LENGTH)
            .at(4).append(TYPE_PUT, FLAG_EXPIRY, EXPIRY_MS, "expires", "in 2100")
            .at(5).put("batch 1", "first").sealed(4, 5)
            .commit(COMMIT.outputIds(), COMMIT.inputIds(), COMMIT.ranges().get(0));
        final SegmentImage log =
            new SegmentImage(2, LENGTH, 8).put("later", "in the next segment").put("hello", "new world").closed();
        return List.of(stamped, carrier, log);
    }

    private static byte[] golden(final String name) throws IOException {
        try (InputStream in = GoldenMergeTest.class.getResourceAsStream("/golden/v1-merged/" + name)) {
            assertNotNull(in, "golden/v1-merged/" + name);
            return in.readAllBytes();
        }
    }

    @Test
    void shouldWriteExactlyTheseBytes() throws IOException {
        for (final SegmentImage image : images()) {
            assertArrayEquals(golden(image.name()), image.bytes(), image.name());
        }
    }

    @Test
    void shouldReadTheHeaders() throws IOException {
        final MemoryFileOps files = new MemoryFileOps();
        for (final SegmentImage image : images()) {
            files.put(image.name(), golden(image.name()));
        }
        final List<SegmentHeader> headers = images().stream()
            .map(image -> SegmentHeader.read(files.open(Path.of(image.name()), false))).toList();
        headers.forEach(header -> assertEquals(List.of(), header.oddities()));
        assertEquals(new MergeDescriptor.Region(State.STAMPED, null), headers.get(0).merge());
        assertEquals(new MergeDescriptor.Region(State.CARRIER, COMMIT), headers.get(1).merge());
        assertEquals(3, headers.get(0).seal().firstSequence());
        assertEquals(7, headers.get(0).seal().lastSequence());
        assertTrue(headers.get(0).isMerged() && !headers.get(2).isMerged());
    }

    @Test
    void shouldOpenACopyWithTheRightValues(@TempDir final Path directory) throws IOException {
        for (final SegmentImage image : images()) {
            Files.write(directory.resolve(image.name()), golden(image.name()));
        }
        final VerifyReport report = Mapcask.verify(directory, (phase, done, total) -> {
        });
        assertTrue(report.sound() && report.notes().isEmpty(), report.toString());
        assertEquals(6, report.records());
        for (int i = 0; i < 2; i++) {
            try (Mapcask store = Mapcask.open(directory, MapcaskOptions.builder().segmentLength(LENGTH).build())) {
                assertTrue(store.recoveryReport().clean());
                assertEquals(2, store.recoveryReport().merged());
                assertEquals(9 + i, store.recoveryReport().lastSequence());
                EXPECTED.forEach((key, value) -> assertEquals(value, store.get(key), key));
                assertEquals(EXPECTED.size() + i, store.size());
                store.put("added", "today");
            }
        }
    }
}
