package org.mapcask.crash;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.Mapcask;
import org.mapcask.MapcaskOptions;
import org.mapcask.format.HeaderDescriptor;
import org.mapcask.format.HeaderDescriptor.Seal;
import org.mapcask.format.HeaderDescriptor.SectorState;
import org.mapcask.format.HeaderDescriptor.Watermark;
import org.mapcask.recovery.VerifyReport;
import org.mapcask.support.OpenMappingsExtension;

/**
 * The story: the process is killed while it writes a sector of a segment header into its mapping: when the next segment
 * is taken into use, at a sync, at a seal. Some of the bytes are in place and others not yet, and the checksum, which
 * comes last, is not. That is no damage: the store opens, holds every acknowledged record, and goes on.
 */
@Tag("core")
@ExtendWith(OpenMappingsExtension.class)
class HalfWrittenHeaderTest {
    private static final MapcaskOptions OPTIONS = MapcaskOptions.builder().segmentLength(8 << 10)
        .syncBytes(0).syncIntervalMs(0).build();
    private static final int RECORDS = 10;
    private static final long WAIT_NS_MAX = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    Path directory;

    /** Files of a store that was not closed, by name. */
    private final Map<String, byte[]> files = new HashMap<>();
    /** Prepared, never taken into use. */
    private String spare;
    /** Appended to when the process ended. */
    private String active;
    private int opened;

    @BeforeEach
    void writeAStoreAndTakeItsFilesBeforeItIsClosed() throws Exception {
        try (Mapcask store = Mapcask.open(directory.resolve("written"), OPTIONS)) {
            for (int i = 0; i < RECORDS; i++) {
                store.put("key " + i, "v".repeat(1_000));
            }
            store.sync();
            final long start = System.nanoTime();
            do {
                LockSupport.parkNanos(1_000_000);
                takeFiles(directory.resolve("written"));
            } while (spare == null && System.nanoTime() - start < WAIT_NS_MAX);
        }
        assertNotNull(spare, "no segment was prepared");
        assertNotNull(active);
    }

    private void takeFiles(final Path home) throws IOException {
        files.clear();
        final List<Path> segments;
        try (Stream<Path> entries = Files.list(home)) {
            segments = entries.filter(path -> path.toString().endsWith(".seg")).sorted().toList();
        }
        long newest = -1;
        for (final Path path : segments) {
            final String name = path.getFileName().toString();
            final byte[] bytes = Files.readAllBytes(path);
            files.put(name, bytes);
            final UnsafeBuffer page = new UnsafeBuffer(bytes);
            final Watermark watermark = newest(page);
            if (watermark == null) {
                spare = name;
            } else if (watermark.firstSequence() > newest) {
                newest = watermark.firstSequence();
                active = name;
            }
        }
    }

    private static Watermark newest(final UnsafeBuffer page) {
        Watermark newest = null;
        for (int i = 0; i < HeaderDescriptor.WATERMARK_COUNT; i++) {
            if (HeaderDescriptor.watermarkState(page, salt(page), i) == SectorState.VALID) {
                final Watermark found = HeaderDescriptor.watermark(page, i);
                newest = newest == null || found.generation() > newest.generation() ? found : newest;
            }
        }
        return newest;
    }

    private static long salt(final UnsafeBuffer page) {
        return HeaderDescriptor.identity(page).salt();
    }

    /** What may be in place of a sector of 512 bytes: the start of its new contents, zeros behind. */
    private static List<Integer> prefixes() {
        final List<Integer> lengths = new ArrayList<>();
        for (int length = 8; length <= 48; length += 8) {
            lengths.add(length);
        }
        lengths.add(HeaderDescriptor.SECTOR_LENGTH - 3);
        return lengths;
    }

    private static void cut(final byte[] page, final int sector, final int length) {
        Arrays.fill(page, sector + length, sector + HeaderDescriptor.SECTOR_LENGTH, (byte)0);
    }

    @Test
    void shouldOpenWhenKilledWhileASegmentWasTakenIntoUse() throws Exception {
        for (final int length : prefixes()) {
            final byte[] bytes = files.get(spare).clone();
            final UnsafeBuffer page = new UnsafeBuffer(bytes);
            final Watermark first = new Watermark(1, HeaderDescriptor.PAGE_LENGTH, RECORDS + 1, 0, false, false);
            HeaderDescriptor.putWatermark(page, salt(page), first);
            cut(bytes, HeaderDescriptor.watermarkOffset(1), length);
            openAndGoOn(spare, bytes, "first watermark, " + length + " bytes");
        }
    }

    @Test
    void shouldOpenWhenKilledWhileASyncWasNotedDown() throws Exception {
        for (final int length : prefixes()) {
            final byte[] bytes = files.get(active).clone();
            final UnsafeBuffer page = new UnsafeBuffer(bytes);
            final Watermark last = newest(page);
            HeaderDescriptor.putWatermark(page, salt(page), new Watermark(
                last.generation() + 1, last.endOffset(), last.firstSequence(), RECORDS, false, false));
            cut(bytes, HeaderDescriptor.watermarkOffset(last.generation() + 1), length);
            openAndGoOn(active, bytes, "next watermark, " + length + " bytes");
        }
    }

    @Test
    void shouldOpenWhenKilledWhileASegmentWasSealed() throws Exception {
        for (final int length : prefixes()) {
            final byte[] bytes = files.get(active).clone();
            final UnsafeBuffer page = new UnsafeBuffer(bytes);
            final Watermark last = newest(page);
            HeaderDescriptor.putSeal(page, salt(page), new Seal(last.endOffset(), last.firstSequence(), RECORDS));
            cut(bytes, HeaderDescriptor.SEAL_OFFSET, length);
            openAndGoOn(active, bytes, "seal, " + length + " bytes");
        }
    }

    private void openAndGoOn(final String name, final byte[] changed, final String what) throws IOException {
        final Path home = Files.createDirectory(directory.resolve("store" + opened++));
        for (final Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(home.resolve(file.getKey()), file.getKey().equals(name) ? changed : file.getValue());
        }
        try (Mapcask store = assertDoesNotThrow(() -> Mapcask.open(home, OPTIONS), what)) {
            check(store, RECORDS, what);
            for (int i = RECORDS; i < 2 * RECORDS; i++) {
                store.put("key " + i, "v".repeat(1_000));
            }
        }
        final VerifyReport report = Mapcask.verify(home, (phase, done, total) -> {
        });
        assertTrue(report.sound(), () -> what + ": " + report);
        try (Mapcask store = Mapcask.open(home, OPTIONS)) {
            check(store, 2 * RECORDS, what);
        }
    }

    private static void check(final Mapcask store, final int records, final String what) {
        assertEquals(records, store.size(), what);
        for (int i = 0; i < records; i++) {
            assertEquals(1_000, store.get("key " + i).length(), what);
        }
    }
}
