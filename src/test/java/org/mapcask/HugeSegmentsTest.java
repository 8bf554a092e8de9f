package org.mapcask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mapcask.support.OpenMappingsExtension;

/** Which mappings of a store ask for huge pages: {@code /proc/self/smaps} tells, where the kernel takes the advice. */
@ExtendWith(OpenMappingsExtension.class)
class HugeSegmentsTest {
    private static final int SEGMENT_LENGTH = 8 << 20;
    private static final int VALUE_LENGTH = 1000;
    private static final int LOADED = 40_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final String HUGE = "hg";
    private static final String NOT_HUGE = "nh";

    @TempDir
    Path directory;

    /** A part of a mapping of a segment, with the two letters that tell how it was advised. */
    private record Part(String file, List<String> flags) {
    }

    private List<Part> parts() throws IOException {
        final List<Part> parts = new ArrayList<>();
        String file = null;
        for (final String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            final String[] words = line.trim().split("\\s+");
            if (words[0].matches("[0-9a-f]+-[0-9a-f]+")) {
                file = words.length > 5 && words[5].startsWith(directory.toString()) ? words[5] : null;
            } else if (file != null && words[0].equals("VmFlags:")) {
                parts.add(new Part(file, List.of(words)));
            }
        }
        return parts;
    }

    private long files(final String flag) throws IOException {
        return parts().stream().filter(part -> part.flags().contains(flag)).map(Part::file).distinct().count();
    }

    private static MapcaskOptions.Builder options() {
        return MapcaskOptions.builder().segmentLength(SEGMENT_LENGTH).mergeIntervalMs(0);
    }

    private static void load(final Mapcask store) {
        final UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES));
        final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(VALUE_LENGTH));
        for (int i = 0; i < LOADED; i++) {
            key.putLong(0, i);
            value.putLong(0, i);
            store.put(key, 0, Long.BYTES, value, 0, VALUE_LENGTH);
            if (i == LOADED / 10) {
                store.sync();
            }
        }
        store.sync();
    }

    private static void check(final Mapcask store) {
        final UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES));
        final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(VALUE_LENGTH));
        for (int i = 0; i < LOADED; i++) {
            key.putLong(0, i);
            assertEquals(VALUE_LENGTH, store.get(key, 0, Long.BYTES, value, 0, VALUE_LENGTH));
            assertEquals(i, value.getLong(0));
        }
    }

    /**
     * A store is loaded, which syncs megabytes at a time; then somebody syncs each put. What is written from then on is
     * in small pages, and what was full before is read through mappings that know nothing of the advice.
     */
    @Test
    void shouldAskForHugePagesWhileMuchIsSyncedAtATimeAndGiveThemUpThen() throws Exception {
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            load(store);
            assumeTrue(files(HUGE) > 0, "huge pages are not to be had here");
            final long deadline = System.nanoTime() + PATIENCE_NS;
            while (files(HUGE) > 2) {
                assertTrue(System.nanoTime() < deadline, "sealed segments keep the advice: " + parts());
                Thread.sleep(10);
            }
            check(store);
            assertEquals(0, files(NOT_HUGE));
            for (int i = 0; i < 20; i++) {
                store.put("key " + i, "value " + i);
                store.sync();
            }
            assertEquals(1, files(NOT_HUGE), "the segment that is appended to goes on with small pages");
            check(store);
        }
        try (Mapcask store = Mapcask.open(directory, options().build())) {
            check(store);
            assertEquals("value 19", store.get("key 19"));
        }
    }

    @Test
    void shouldAskForNoneWhereTheyAreNotAllowed() throws Exception {
        try (Mapcask store = Mapcask.open(directory, options().hugeSegments(false).build())) {
            load(store);
            assertEquals(0, files(HUGE));
            assertFalse(parts().isEmpty());
            check(store);
        }
    }
}
